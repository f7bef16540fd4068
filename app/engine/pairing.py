"""The lines of a claim, each with the line of the order that it is about."""

from app.engine.claim import Claim, ClaimLine
from app.engine.order import Order, OrderLine

Pairs = tuple[tuple[ClaimLine, OrderLine], ...]


def pairs(claim: Claim, order: Order) -> Pairs:
    """In the claim's order. Lines that the order does not have are left out: a guard refuses them."""
    known = {line.line_id: line for line in order.lines}
    return tuple([(claimed, line) for claimed in claim.lines if (line := known.get(claimed.line_id)) is not None])
