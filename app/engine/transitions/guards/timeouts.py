"""What time ends: holds, offers, and the patience of whoever waits for an answer."""

from collections.abc import Iterator

from app.engine.model.commands import HoldClaim, LapseOffer
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import OfferStatus
from app.engine.policy.deadlines import end_of_limit
from app.engine.transitions.context import Case


def hold_ends_in_time(case: Case, command: HoldClaim) -> Iterator[Refusal]:
    limit = case.facts.policy.hold_within
    latest = end_of_limit(limit, case.facts)
    if limit and latest and command.until is not None and command.until > latest:
        yield refuse(Code.HOLD_TOO_LONG, until=latest.isoformat(), citation=limit.citation, field="until")


def the_answer_is_late(case: Case) -> Iterator[Refusal]:
    respond_by = case.before.deadlines.respond_by
    if case.before.escalated_at is not None:
        yield refuse(Code.OVERDUE_ALREADY)
    elif respond_by is not None and case.facts.now < respond_by:
        yield refuse(Code.NOT_YET, until=respond_by.isoformat())


def offer_has_lapsed(case: Case, command: LapseOffer) -> Iterator[Refusal]:
    offer = case.before.offer(command.offer_id)
    if offer is None:
        yield refuse(Code.UNKNOWN_OFFER, offer=command.offer_id, field="offer_id")
    elif offer.status is not OfferStatus.OPEN:
        yield refuse(Code.OFFER_CLOSED, offer=offer.offer_id, status=offer.status, field="offer_id")
    elif offer.until is None or case.facts.now < offer.until:
        until = "it is answered" if offer.until is None else offer.until.isoformat()
        yield refuse(Code.NOT_YET, until=until, field="offer_id")
