"""One use case = one function = one transaction, committed before its answer exists."""
