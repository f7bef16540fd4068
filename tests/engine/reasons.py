"""The reasons about which a law can say something."""

from app.engine.model.vocabulary import Reason

REASONS_OF_LAW = tuple(reason for reason in Reason if reason is not Reason.GOODWILL)
"""Goodwill is an amount that the seller gives, and no right of the buyer: no law knows it."""
