"""Throughput next to what the database alone can do with the very same SQL, in one run on one machine."""
