"""Recourse: decides what a buyer is owed, and by when, after a cancellation, return, exchange or refund."""

__version__ = "0.2.0"
