"""The rights of each law, by article."""
