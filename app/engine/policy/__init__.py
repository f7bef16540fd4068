"""Policies as data, and what follows from them: windows, deadlines, eligibility, checked terms."""
