"""Whose turn a claim is: the rows say who must act next, by the hold, the offer, the refunds and the state."""

from collections.abc import Callable, Mapping
from datetime import datetime

from app.engine.model.claim import Claim, Deadlines
from app.engine.model.copies import replace
from app.engine.model.offers import offer_to_answer
from app.engine.model.parties import Party, Turn
from app.engine.model.vocabulary import FINAL, HoldReason, Kind, State

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_SELLER, _BUYER, _PROVIDER = Party.SELLER, Party.BUYER, Party.PROVIDER

OF_HOLD: Mapping[HoldReason, Party] = {
    HoldReason.RETURN_FEE_UNPAID: Party.BUYER,
    HoldReason.EXTRA_FEE_UNPAID: Party.BUYER,
    HoldReason.GOODS_NOT_ARRIVED: Party.BUYER,
    HoldReason.EXCHANGE_FEE_UNPAID: Party.BUYER,
    HoldReason.EXCHANGE_GOODS_NOT_READY: Party.SELLER,
    HoldReason.SELLER_CHECK: Party.SELLER,
    HoldReason.BUYER_QUESTION: Party.BUYER,
    HoldReason.OTHER: Party.SELLER,
}
"""Who must act, by the reason of a hold."""

OF_STATE: Mapping[State, Party] = {
    State.REQUESTED: Party.SELLER,
    State.APPROVED: Party.BUYER,
    State.COLLECTING: Party.CARRIER,
    State.RECEIVED: Party.SELLER,
    State.ACCEPTED: Party.SELLER,
    State.REPAIRED: Party.SELLER,
    State.RESHIPPING: Party.CARRIER,
}
"""Who must act on a claim without a hold, an offer or a refund."""

OWES_MONEY = frozenset({(Kind.CANCEL, State.APPROVED), (Kind.REFUND, State.APPROVED), (Kind.RETURN, State.ACCEPTED)})
"""Where a claim waits for its refunds: for the seller, who must send them to the provider, for the buyer, who must name
an account, and then for the provider."""


def with_turn(claim: Claim, now: datetime, *, outstanding: int, in_progress: int, waiting: int = 0) -> Claim:
    """The claim with its turn. `outstanding` counts its refunds that are not paid. `in_progress` are those of them that
    are with the provider, and `waiting` those for which the buyer was asked for an account and has named none."""
    if claim.state in FINAL:
        return claim if claim.turn is None else replace(claim, turn=None)
    party, ends_by = _turn_of(claim, outstanding, in_progress, waiting)
    turn = _passed_to(party, ends_by, claim.turn, now)
    return claim if turn is claim.turn else replace(claim, turn=turn)


def turn_in_state(state: State, deadlines: Deadlines, claim: Claim, now: datetime) -> Turn | None:
    """The turn that a claim has as it enters a state, so that one copy sets both. A hold, an offer and refunds decide
    by `with_turn`, after the steps of the decision."""
    if state in FINAL:
        return None
    if depends_on_more_than_state(claim, state):
        return claim.turn
    return _passed_to(OF_STATE[state], _ENDS.get(state, _no_end)(deadlines), claim.turn, now)


def depends_on_more_than_state(claim: Claim, state: State) -> bool:
    """True if a hold, an offer or refunds decide whose turn the claim is in this state."""
    return claim.hold is not None or bool(claim.offers) or (claim.kind, state) in OWES_MONEY


def _passed_to(party: Party, ends_by: datetime | None, before: Turn | None, now: datetime) -> Turn:
    """The turn before, if the same party has it until the same instant."""
    if before is None or before.party is not party:
        return Turn(party=party, began_at=now, ends_by=ends_by)
    return before if before.ends_by == ends_by else replace(before, ends_by=ends_by)


def answer_late_from(claim: Claim) -> datetime | None:
    """The first instant at which the seller's answer is late. None while the time to answer stands still."""
    deadlines = claim.deadlines
    if offer_to_answer(claim) is None or deadlines.respond_by is None:
        return deadlines.respond_by
    latest = deadlines.respond_latest_by
    return latest and max(latest, deadlines.respond_by)


def _turn_of(claim: Claim, outstanding: int, in_progress: int, waiting: int) -> tuple[Party, datetime | None]:
    state, deadlines = claim.state, claim.deadlines
    if claim.hold is not None:
        return OF_HOLD[claim.hold.reason], claim.hold.ends_at
    if claim.offers and (offer := offer_to_answer(claim)) is not None:
        return _BUYER, offer.expires_at
    if (claim.kind, state) in OWES_MONEY:
        return _payer_of(outstanding, in_progress, waiting), deadlines.refund_due_by
    return OF_STATE[state], _ENDS.get(state, _no_end)(deadlines)


def _payer_of(outstanding: int, in_progress: int, waiting: int) -> Party:
    """The law's day for the money runs on while the buyer is asked, so the turn ends on that day for each party."""
    if not 0 < outstanding == in_progress + waiting:
        return _SELLER
    return _BUYER if waiting else _PROVIDER


def _no_end(_: Deadlines) -> datetime | None:
    return None


_ENDS: Mapping[State, Callable[[Deadlines], datetime | None]] = {
    State.REQUESTED: lambda deadlines: deadlines.respond_by,
    State.APPROVED: lambda deadlines: deadlines.collect_by,
}
