"""When a hold or an offer may end, and when an answer is late."""

from collections.abc import Iterator

from app.engine.model.commands import HoldClaim, LapseOffer, MakeOffer
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.turn import answer_late_from
from app.engine.model.vocabulary import OfferStatus, State
from app.engine.policy.deadlines import end_of_limit
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import local_instant


def hold_ends_in_time(context: DecisionContext, command: HoldClaim) -> Iterator[Refusal]:
    limit = context.facts.policy.hold_within
    latest = end_of_limit(limit, context.facts)
    if limit and latest and command.ends_at is not None and command.ends_at > latest:
        ends_by = local_instant(latest, context)
        yield refuse(Code.HOLD_TOO_LONG, ends_by=ends_by, citation=limit.citation, field="ends_at")


def offer_ends_in_time(context: DecisionContext, command: MakeOffer) -> Iterator[Refusal]:
    """An open offer lets the time to answer stand still, as a hold does, and so it may not last longer."""
    limit = context.facts.policy.hold_within
    latest = end_of_limit(limit, context.facts)
    undecided = context.before.state is State.REQUESTED
    if undecided and limit and latest and command.expires_at is not None and command.expires_at > latest:
        ends_by = local_instant(latest, context)
        yield refuse(Code.OFFER_TOO_LONG, ends_by=ends_by, citation=limit.citation, field="expires_at")


def the_answer_is_late(context: DecisionContext) -> Iterator[Refusal]:
    late_from = answer_late_from(context.before)
    if context.before.escalated_at is not None:
        yield refuse(Code.OVERDUE_ALREADY)
    elif late_from is None and (offer := context.before.open_offer) is not None:
        ends_at = offer.expires_at
        yield refuse(Code.NOT_YET, due_by=local_instant(ends_at, context)) if ends_at else refuse(Code.NOT_YET)
    elif late_from is not None and context.facts.now < late_from:
        yield refuse(Code.NOT_YET, due_by=local_instant(late_from, context))


def offer_has_lapsed(context: DecisionContext, command: LapseOffer) -> Iterator[Refusal]:
    offer = context.before.offer(command.offer_id)
    if offer is None:
        yield refuse(Code.UNKNOWN_OFFER, offer_id=command.offer_id, field="offer_id")
    elif offer.status is not OfferStatus.OPEN:
        yield refuse(Code.OFFER_CLOSED, offer_id=offer.offer_id, status=offer.status, field="offer_id")
    elif offer.expires_at is None:
        yield refuse(Code.NOT_YET, field="offer_id")
    elif context.facts.now < offer.expires_at:
        yield refuse(Code.NOT_YET, due_by=local_instant(offer.expires_at, context), field="offer_id")
