"""What a refusal says about when something happened, and about times that have not passed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.engine.model.commands import CompleteRepair, ConfirmDelivery, HoldClaim, LapseOffer, MakeOffer, Reship
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Alternative, Ground, HoldReason, Kind, OfferStatus, Reason
from tests.engine.commands import (
    APPROVE,
    DISPATCH,
    MARK_OVERDUE,
    PARCEL,
    RESHIP,
    SELLER,
    SYSTEM,
    inspect,
    pay,
    receive,
    reject,
    request,
)
from tests.engine.orders import NO_FEES, NOW, SOON, delivered_line, line, order
from tests.engine.story import Step, Story, given, wait_until

BROKEN = Reason.DEFECTIVE
MINUTES, MOMENT, DAY = timedelta(minutes=5), timedelta(microseconds=1), timedelta(days=1)
HOME = given(order(delivered_line(quantity=2)), policy=NO_FEES)
DEFECT = HOME.when(request(Kind.RETURN, BROKEN))
APPROVED = DEFECT.when(APPROVE)
RECEIVED = APPROVED.when(wait_until(NOW + DAY), receive())
REPAIR = HOME.when(request(Kind.REPAIR, BROKEN), APPROVE, receive(), wait_until(NOW + DAY), inspect())
REPAIRED = REPAIR.when(wait_until(NOW + 2 * DAY), CompleteRepair(by=SELLER), wait_until(NOW + 3 * DAY))
RESHIPPED = HOME.when(
    request(Kind.EXCHANGE, BROKEN),
    APPROVE,
    receive(),
    inspect(),
    wait_until(NOW + DAY),
    RESHIP,
    wait_until(NOW + 2 * DAY),
)
INDEBTED = given(order(delivered_line(unit_price=2_000))).when(request(Kind.RETURN), APPROVE, receive(), inspect())
NO_LIMIT = replace(NO_FEES, hold_within=None, offer_within=None)
LIMIT_ENDS = datetime.fromisoformat("2026-06-25T00:00:00+09:00")
OFFER = MakeOffer(
    by=SELLER, offer_id="offer", alternative=Alternative.DISCOUNT_COUPON, message="This?", amount=500, expires_at=SOON
)
LAPSE = LapseOffer(by=SYSTEM, offer_id="offer")
ANSWER_BY = DEFECT.claim.deadlines.respond_by or NOW


def hold(ends_at: datetime) -> HoldClaim:
    return HoldClaim(by=SELLER, reason=HoldReason.SELLER_CHECK, ends_at=ends_at)


def early(name: str, happened_at: str, not_before: str) -> list[Refusal]:
    return [refuse(Code.HAPPENED_TOO_EARLY, name=name, happened_at=happened_at, not_before=not_before, field=name)]


HAPPENED: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "in the future": (
        APPROVED,
        replace(DISPATCH, dispatched_at=(NOW + MINUTES + MOMENT).astimezone(UTC)),
        [
            refuse(
                Code.HAPPENED_IN_FUTURE,
                name="dispatched_at",
                happened_at="2026-06-10T10:05:00.000001+09:00",
                field="dispatched_at",
            )
        ],
    ),
    "within the difference of clocks": (APPROVED, replace(DISPATCH, dispatched_at=NOW + MINUTES), []),
    "sent back before the request": (
        APPROVED,
        replace(DISPATCH, dispatched_at=NOW - MINUTES - MOMENT),
        early("dispatched_at", "2026-06-10T09:54:59.999999+09:00", "2026-06-10T10:00:00+09:00"),
    ),
    "sent back with the request": (APPROVED, replace(DISPATCH, dispatched_at=NOW - MINUTES), []),
    "sent back before the shipping": (
        APPROVED.with_order(lines=(replace(APPROVED.order.lines[0], shipped_at=NOW + DAY),)).when(
            wait_until(NOW + 2 * DAY)
        ),
        replace(DISPATCH, dispatched_at=NOW),
        early("dispatched_at", "2026-06-10T10:00:00+09:00", "2026-06-11T10:00:00+09:00"),
    ),
    "back before they were sent": (
        APPROVED.when(wait_until(NOW + DAY), DISPATCH),
        replace(receive(), received_at=NOW),
        early("received_at", "2026-06-10T10:00:00+09:00", "2026-06-11T10:00:00+09:00"),
    ),
    "inspected before they were back": (
        RECEIVED,
        replace(inspect(), inspected_at=NOW),
        early("inspected_at", "2026-06-10T10:00:00+09:00", "2026-06-11T10:00:00+09:00"),
    ),
    "repaired before the inspection": (
        REPAIR,
        CompleteRepair(by=SELLER, completed_at=NOW),
        early("completed_at", "2026-06-10T10:00:00+09:00", "2026-06-11T10:00:00+09:00"),
    ),
    "sent to the buyer before the repair": (
        REPAIRED,
        Reship(by=SELLER, tracking=PARCEL, reshipped_at=NOW + DAY),
        early("reshipped_at", "2026-06-11T10:00:00+09:00", "2026-06-12T10:00:00+09:00"),
    ),
    "with the buyer before the repair": (
        REPAIRED,
        ConfirmDelivery(by=SELLER, delivered_at=NOW + DAY),
        early("delivered_at", "2026-06-11T10:00:00+09:00", "2026-06-12T10:00:00+09:00"),
    ),
    "with the buyer before it was sent": (
        RESHIPPED,
        ConfirmDelivery(by=SELLER, delivered_at=NOW),
        early("delivered_at", "2026-06-10T10:00:00+09:00", "2026-06-11T10:00:00+09:00"),
    ),
    "paid with the request, for goods that were never sent": (
        given(order(line(unit_price=2_000), line("2", unit_price=49_000))).when(request(Kind.CANCEL), APPROVE),
        replace(pay(1_000), paid_at=NOW),
        [],
    ),
    "paid before the request": (
        INDEBTED,
        replace(pay(1_000), paid_at=NOW - DAY),
        early("paid_at", "2026-06-09T10:00:00+09:00", "2026-06-10T10:00:00+09:00"),
    ),
}
TOO_LONG: dict[str, Any] = {
    "ends_by": LIMIT_ENDS.isoformat(),
    "citation": NO_FEES.hold_within and NO_FEES.hold_within.citation,
}
LIMITS: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "a hold as long as the limit": (DEFECT, hold(LIMIT_ENDS), []),
    "a hold above the limit": (
        DEFECT,
        hold((LIMIT_ENDS + MOMENT).astimezone(UTC)),
        [refuse(Code.HOLD_TOO_LONG, field="ends_at", **TOO_LONG)],
    ),
    "a hold where there is no limit": (DEFECT.under(NO_LIMIT), hold(LIMIT_ENDS + DAY), []),
    "an offer as long as the limit": (DEFECT, replace(OFFER, expires_at=LIMIT_ENDS), []),
    "an offer above the limit": (
        DEFECT,
        replace(OFFER, expires_at=LIMIT_ENDS + MOMENT),
        [refuse(Code.OFFER_TOO_LONG, field="expires_at", **TOO_LONG)],
    ),
    "an offer above the limit, after the decision": (APPROVED, replace(OFFER, expires_at=LIMIT_ENDS + DAY), []),
    "an offer where there is no limit": (DEFECT.under(NO_LIMIT), replace(OFFER, expires_at=LIMIT_ENDS + DAY), []),
}
NOT_PASSED: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "the time to answer": (
        DEFECT.when(wait_until(ANSWER_BY - MOMENT)),
        MARK_OVERDUE,
        [refuse(Code.NOT_YET, due_by="2026-06-16T00:00:00+09:00")],
    ),
    "the time to answer, on its end": (DEFECT.when(wait_until(ANSWER_BY)), MARK_OVERDUE, []),
    "a second time": (DEFECT.when(wait_until(ANSWER_BY), MARK_OVERDUE), MARK_OVERDUE, [refuse(Code.OVERDUE_ALREADY)]),
    "the time to answer, while the buyer has an offer": (
        DEFECT.when(replace(OFFER, expires_at=SOON + 7 * DAY), wait_until(ANSWER_BY)),
        MARK_OVERDUE,
        [refuse(Code.NOT_YET, due_by="2026-06-17T11:00:00+09:00")],
    ),
    "the time to answer, while the buyer has an offer without an end": (
        DEFECT.under(NO_LIMIT).when(replace(OFFER, expires_at=None), wait_until(ANSWER_BY)),
        MARK_OVERDUE,
        [refuse(Code.NOT_YET)],
    ),
    "an offer that was never made": (
        DEFECT,
        LAPSE,
        [refuse(Code.UNKNOWN_OFFER, offer_id="offer", field="offer_id")],
    ),
    "an offer that was closed": (
        DEFECT.when(OFFER, reject(Ground.DUPLICATE, evidence=("claim 1",))),
        LAPSE,
        [refuse(Code.OFFER_CLOSED, offer_id="offer", status=OfferStatus.SUPERSEDED, field="offer_id")],
    ),
    "an offer without an end": (
        DEFECT.under(NO_LIMIT).when(replace(OFFER, expires_at=None)),
        LAPSE,
        [refuse(Code.NOT_YET, field="offer_id")],
    ),
    "the time of an offer": (
        DEFECT.when(OFFER, wait_until(SOON - MOMENT)),
        LAPSE,
        [refuse(Code.NOT_YET, due_by="2026-06-10T11:00:00+09:00", field="offer_id")],
    ),
    "the time of an offer, on its end": (DEFECT.when(OFFER, wait_until(SOON)), LAPSE, []),
}
CASES = HAPPENED | LIMITS | NOT_PASSED


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals
