"""The lines of a claim, each with the order line that it claims."""

from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.order import Order, OrderLine

Pairs = list[tuple[ClaimLine, OrderLine]]


def pairs(claim: Claim, order: Order) -> Pairs:
    """In the claim's order. A line that the order does not have is omitted: a guard refuses this line."""
    if len(claim.lines) == 1:  # as most claims: a search takes less time than an index
        ordered_line = order.line(claim.lines[0].line_id)
        return [] if ordered_line is None else [(claim.lines[0], ordered_line)]
    side_by_side = zip(claim.lines, order.lines, strict=False)
    alike = [(line, ordered) for line, ordered in side_by_side if line.line_id == ordered.line_id]
    if len(alike) == len(claim.lines):  # as in a claim for every line: no index is needed
        return alike
    ordered = {line.line_id: line for line in order.lines}
    return [(line, ordered[line.line_id]) for line in claim.lines if line.line_id in ordered]


def goods(claim: Claim, order: Order) -> Pairs:
    """The lines whose units can be sent back."""
    return [(claimed, line) for claimed, line in pairs(claim, order) if line.comes_back]


def nothing_comes_back(claim: Claim, order: Order) -> bool:
    """True if the claim pays for digital content and services alone."""
    for claimed in claim.lines:
        line = order.line(claimed.line_id)
        if line is not None and line.comes_back and claimed.payable:
            return False
    return True


def is_prepared(claim: Claim, order: Order) -> bool:
    """True if the shop has begun to prepare the order, and has shipped nothing of the claim's lines."""
    begun = order.confirmed_at is not None or order.ready_to_ship_at is not None
    return begun and not any(line.shipped for _, line in pairs(claim, order))
