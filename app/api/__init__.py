"""HTTP in, HTTP out. This package makes no decisions."""
