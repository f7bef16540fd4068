"""The command that the system gives to a claim because time has passed, and when.

The result depends on the claim alone, so a change of the claim changes it too, and no deadline has to be cancelled.
While a claim is on hold, its other deadlines wait.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.engine.model.claim import Actor, Claim
from app.engine.model.commands import Command, Expire, LapseOffer, MarkOverdue, Release
from app.engine.model.turn import answer_late_from
from app.engine.model.vocabulary import FINAL, OfferStatus, Role, State, Word
from app.engine.transitions.index import ROWS

CLOCK = Actor(role=Role.SYSTEM, name="deadline")


class DeadlineName(Word):
    RESPOND_BY = "respond_by"
    COLLECT_BY = "collect_by"
    HOLD_UNTIL = "hold_until"
    OFFER_UNTIL = "offer_until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """The system gives `command` from the instant `at` on."""

    name: DeadlineName
    at: datetime
    command: Command


def next_timeout(claim: Claim) -> Timeout | None:
    """The next timeout. None if only people can continue the claim."""
    timeouts = (each for each in _timeouts(claim) if (claim.kind, claim.state, type(each.command)) in ROWS)
    return min(timeouts, key=lambda timeout: timeout.at, default=None)


def due_at(claim: Claim) -> datetime | None:
    """The first instant at which somebody is late with the claim. While the claim waits for the buyer's answer, only
    the law's days count. None while it waits on hold for anything else."""
    deadlines, state = claim.deadlines, claim.state
    if state in FINAL:
        return None
    if claim.hold is not None:
        return deadlines.respond_latest_by
    if state is State.REQUESTED:
        return answer_late_from(claim)
    return deadlines.refund_due_by or (deadlines.collect_by if state in _COMING_BACK else None)


_COMING_BACK = frozenset({State.APPROVED, State.COLLECTING})


def _timeouts(claim: Claim) -> Iterator[Timeout]:
    if claim.hold is not None:
        if claim.hold.ends_at is not None:
            yield Timeout(name=DeadlineName.HOLD_UNTIL, at=claim.hold.ends_at, command=Release(by=CLOCK))
        return
    deadlines = claim.deadlines
    if claim.escalated_at is None and (late_from := answer_late_from(claim)) is not None:
        yield Timeout(name=DeadlineName.RESPOND_BY, at=late_from, command=MarkOverdue(by=CLOCK))
    if (
        deadlines.collect_by is not None and claim.state is State.APPROVED
    ):  # goods that were sent in time may come later
        yield Timeout(name=DeadlineName.COLLECT_BY, at=deadlines.collect_by, command=Expire(by=CLOCK))
    for offer in claim.offers:
        if offer.status is OfferStatus.OPEN and offer.expires_at is not None:
            command = LapseOffer(by=CLOCK, offer_id=offer.offer_id)
            yield Timeout(name=DeadlineName.OFFER_UNTIL, at=offer.expires_at, command=command)
