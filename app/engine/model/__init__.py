"""The words and values of the domain. Nothing here decides."""
