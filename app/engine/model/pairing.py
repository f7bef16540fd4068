"""The lines of a claim, each with the line of the order that it is about."""

from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.order import Order, OrderLine

Pairs = list[tuple[ClaimLine, OrderLine]]


def pairs(claim: Claim, order: Order) -> Pairs:
    """In the claim's order. Lines that the order does not have are left out: a guard refuses them."""
    known = {}
    for line in order.lines:
        known[line.line_id] = line
    found = []
    for claimed in claim.lines:
        named = known.get(claimed.line_id)
        if named is not None:
            found.append((claimed, named))
    return found
