"""Units that were shipped while their cancellation was open."""

from app.engine.model.claim import Actor, Claim, ClaimLine
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.copies import replace
from app.engine.model.vocabulary import Kind, State
from app.engine.policy.facts import Facts
from app.engine.policy.rules import Overtaken


def overtaken_units(line: ClaimLine, facts: Facts) -> int:
    """The shipped units of one line that the claim still holds."""
    ordered = facts.order.line(line.line_id)
    if ordered is None or ordered.shipped_at is None:
        return 0
    short = ordered.units.open_cancel - ordered.unshipped
    return max(0, min(short, line.quantity))


def is_overtaken(claim: Claim, facts: Facts) -> bool:
    """True if units were shipped after the request, or if some but not all were shipped before it. If all were shipped
    before the request, that is a ground against the claim."""
    if claim.kind is not Kind.CANCEL or claim.state is not State.REQUESTED:
        return False
    gone = [line for line in claim.lines if overtaken_units(line, facts)]
    return any(_has_left_since(claim, line, facts) for line in gone) or bool(gone and stoppable_lines(claim, facts))


def _has_left_since(claim: Claim, line: ClaimLine, facts: Facts) -> bool:
    ordered = facts.order.line(line.line_id)
    shipped_at = ordered.shipped_at if ordered else None
    return shipped_at is not None and shipped_at > claim.submission.requested_at


def return_of_what_left(asked: Claim, then: Claim, facts: Facts, *, claim_id: str, by: Actor) -> Request | None:
    """The return that follows if only some units of a cancellation were shipped. The policy says who bears its cost.

    `asked` is the cancellation before the shipment, `then` the cancellation after it. Units that were shipped before
    the request are free again, and come back as usual.
    """
    if then.kind is not Kind.CANCEL or facts.policy.overtaken is Overtaken.REFUSE:
        return None
    left = tuple(
        RequestedLine(line_id=line.line_id, quantity=gone)
        for line in asked.lines
        if _has_left_since(asked, line, facts) and (gone := line.quantity - _quantity_in(then, line.line_id)) > 0
    )
    if not left:
        return None
    submission = asked.submission
    return Request(
        by=by,
        claim_id=claim_id,
        kind=Kind.RETURN,
        reason=asked.reason,
        lines=left,
        requested_at=submission.requested_at,
        discovered_at=submission.discovered_at,
        conditions=submission.conditions,
        note=submission.note,
        fault=asked.fault,
        split_from=asked.claim_id,
        seller_pays_return=facts.policy.overtaken is Overtaken.RETURN_AT_SELLERS_COST,
    )


def _quantity_in(claim: Claim, line_id: str) -> int:
    line = claim.line(line_id)
    return line.quantity if line else 0


def stoppable_lines(claim: Claim, facts: Facts) -> tuple[ClaimLine, ...]:
    """The claim's lines with only the units that have not been shipped, and no more used parts than these units
    have."""
    left = ((line, line.quantity - overtaken_units(line, facts)) for line in claim.lines)
    return tuple(_cut_down(line, quantity, facts) for line, quantity in left if quantity > 0)


def _cut_down(line: ClaimLine, quantity: int, facts: Facts) -> ClaimLine:
    ordered = facts.order.line(line.line_id)
    parts = quantity * ordered.parts if ordered else 0
    return replace(line, quantity=quantity, used_parts=min(line.used_parts, parts))
