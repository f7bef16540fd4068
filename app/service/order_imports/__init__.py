"""Imports of orders and parcels from files: read, matched, previewed, and carried out by a worker."""
