"""Policies as data, and their results: windows, deadlines, eligibility, checked terms."""
