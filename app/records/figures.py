"""Figures about the orders of a merchant."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayFigures:
    """The orders whose buyers were told of a delay, by what became of them: the sum of the others is `orders`."""

    orders: int
    kept: int
    partly_cancelled: int
    cancelled: int
