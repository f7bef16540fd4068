"""The words and values of the domain. This package makes no decisions."""
