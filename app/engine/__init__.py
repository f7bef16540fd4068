"""The pure core: what may happen to a claim, and what it is worth.

Law of this room: the standard library alone; no clock, no I/O, no async. Time and holidays arrive as
arguments, answers leave as values.
"""
