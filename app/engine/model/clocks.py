"""How far the clocks of those who report may differ from ours."""

from datetime import timedelta

CLOCKS_DIFFER = timedelta(minutes=5)
"""A stated instant may be ahead of ours by so much, and before what it follows. It is stored as it was stated."""
