"""One use case = one function = one transaction. The transaction is committed before the answer is sent."""
