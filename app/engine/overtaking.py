"""How many units of an open cancellation have left in spite of it."""

from app.engine.claim import Claim, ClaimLine
from app.engine.copying import replace
from app.engine.facts import Facts
from app.engine.vocabulary import Kind, State


def overtaken_units(claim: Claim, line: ClaimLine, facts: Facts) -> int:
    """Units of one line that were shipped after the buyer asked to cancel them.

    Shipped before that, they are a ground against the claim instead.
    """
    ordered = facts.order.line(line.line_id)
    if ordered is None or ordered.shipped_at is None:
        return 0
    if ordered.shipped_at <= claim.submission.requested_at:
        return 0
    short = ordered.units.open_cancel - ordered.unshipped
    return max(0, min(short, line.quantity))


def is_overtaken(claim: Claim, facts: Facts) -> bool:
    return (
        claim.kind is Kind.CANCEL
        and claim.state is State.REQUESTED
        and any(overtaken_units(claim, line, facts) for line in claim.lines)
    )


def what_can_still_be_stopped(claim: Claim, facts: Facts) -> tuple[ClaimLine, ...]:
    """The claim's lines cut down to the units that have not left."""
    left = ((line, line.quantity - overtaken_units(claim, line, facts)) for line in claim.lines)
    return tuple(replace(line, quantity=quantity) for line, quantity in left if quantity > 0)
