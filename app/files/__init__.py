"""Files that show facts of a claim: their types, the cleaning of images, and the stores of bytes."""
