"""The words and values of the domain: nothing here decides."""
