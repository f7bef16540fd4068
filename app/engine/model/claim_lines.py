"""The lines of a claim, each with the order line that it claims."""

from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.order import Order, OrderLine

Pairs = list[tuple[ClaimLine, OrderLine]]


def pairs(claim: Claim, order: Order) -> Pairs:
    """In the claim's order. A line that the order does not have is omitted: a guard refuses this line."""
    ordered = {line.line_id: line for line in order.lines}
    return [(line, ordered[line.line_id]) for line in claim.lines if line.line_id in ordered]
