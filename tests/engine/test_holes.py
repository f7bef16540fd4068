"""Holes that were found and mended: each a rule that the engine keeps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.decide import Decision, decide
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import AcceptOffer, Approve, MakeOffer, Receive, Reclassify, Request
from app.engine.model.order import Order
from app.engine.model.refund import Refund, Report, Reported, take
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Deduction, Ground, Kind, Nature, Reason, Record
from app.engine.policy.eligibility import assess
from app.presets.loader import preset
from tests.engine.commands import APPROVE, BUYER, CONFIRM_DELIVERY, RESHIP, SELLER, inspect, receive, request
from tests.engine.orders import NO_FEES, NOW, POLICY, SHIPPED, TOO_LATE, delivered_line, facts_of, line, order
from tests.engine.story import Step, full_refund, given, pay_refunds, ship, wait_until

BROKEN = Reason.DEFECTIVE
PARTS = {Deduction.MISSING_PARTS: 5_000}
EXCHANGED = (APPROVE, receive(), inspect(), RESHIP, CONFIRM_DELIVERY)
IN_ADVANCE = replace(POLICY, advance_exchange=True)


# Grounds and faults that only the seller could know


@pytest.mark.parametrize(
    ("reason", "condition", "ground"),
    [
        (Reason.DELAYED_DELIVERY, Condition.AS_SOLD, Ground.NOTHING_WRONG_FOUND),
        (Reason.NOT_AS_DESCRIBED, Condition.OPENED, Ground.NOTHING_WRONG_FOUND),
        (Reason.MISSING_ITEM, Condition.INCOMPLETE, Ground.NOT_RETURNED),
        (Reason.WRONG_ITEM, Condition.WRONG_ITEM, Ground.NOT_RETURNED),
    ],
)
def test_goods_that_bear_out_the_buyer_are_not_sent_back(reason: Reason, condition: Condition, ground: Ground) -> None:
    story = given(order(delivered_line()))
    result = inspect({"1": 0}, ground=ground, message="We are sorry.")
    came = (APPROVE, receive(condition=condition), result)
    story.when(request(Kind.RETURN, reason), *came).then(refused=[Code.NO_GROUND_FOR_REJECTION])
    story.when(request(Kind.RETURN, BROKEN), *came).then()


def test_nothing_is_taken_off_for_the_part_that_never_came() -> None:
    story = given(order(delivered_line()))
    result = inspect(deductions=PARTS)
    missing = request(Kind.RETURN, Reason.MISSING_ITEM)
    story.when(missing, APPROVE, receive(), result).then(refused=[Code.DEDUCTION_NOT_ALLOWED])
    story.when(request(Kind.RETURN, BROKEN), APPROVE, receive(), result).then()


def test_the_seller_s_fault_is_not_talked_away() -> None:
    story = given(order(delivered_line(records=frozenset({Record.NOTICE}), nature=Nature.CUSTOM_MADE)))
    for away in (Reason.CHANGE_OF_MIND, Reason.OTHER):
        unproved = Reclassify(by=SELLER, reason=away, note="It looks fine.")
        story.when(request(Kind.RETURN, BROKEN), unproved).then(refused=[Code.PROOF_REQUIRED])
        story.when(request(Kind.RETURN, BROKEN), replace(unproved, evidence=("photo-1",))).then()
    story.when(request(Kind.RETURN, BROKEN), Reclassify(by=SELLER, reason=Reason.WRONG_ITEM)).then()
    story.when(request(Kind.RETURN), Reclassify(by=SELLER, reason=BROKEN)).then()


# Numbers that a command should not bring


def test_a_deduction_below_zero_is_refused() -> None:
    story = given(order(delivered_line()))
    assert story.when(
        request(Kind.RETURN, BROKEN), APPROVE, receive(), inspect(deductions={Deduction.MISSING_PARTS: -100})
    ).codes


def test_fewer_than_no_units_cannot_be_accepted() -> None:
    story = given(order(delivered_line(unit_price=0)))
    came = receive(condition=Condition.DAMAGED_BY_BUYER)
    result = inspect({"1": -1}, ground=Ground.DAMAGED_BY_BUYER, message="Broken by a fall.")
    assert story.when(request(Kind.RETURN, BROKEN), APPROVE, came, result).codes


@pytest.mark.parametrize("amount", [0, -100])
def test_a_refund_of_nothing_or_less_cannot_be_asked_for(amount: int) -> None:
    assert given(order(delivered_line())).when(request(Kind.REFUND, BROKEN, amount=amount)).codes


@pytest.mark.parametrize("alternative", [Alternative.PARTIAL_REFUND, Alternative.STORE_CREDIT])
def test_an_offer_below_zero_is_refused(alternative: Alternative) -> None:
    offer = MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?", amount=-100)
    assert given(order(delivered_line())).when(request(Kind.RETURN), offer).codes


@pytest.mark.parametrize("kind", Kind)
def test_a_claim_without_lines_is_refused(kind: Kind) -> None:
    assert given(order(delivered_line())).when(request(kind, units={})).codes


def test_a_fault_cannot_be_discovered_in_the_future() -> None:
    assert given(order(delivered_line())).when(request(Kind.RETURN, BROKEN, discovered_at=TOO_LATE)).codes


# What an exchange carries


def test_a_replacement_carries_what_its_units_were_worth_at_the_inspection() -> None:
    story = given(order(delivered_line(quantity=3, unit_price=4, discount=2)), policy=NO_FEES)
    exchange = story.when(request(Kind.EXCHANGE, BROKEN), APPROVE, receive(), inspect())
    returned = exchange.when(*full_refund(Kind.RETURN, claim_id="second"))
    story = returned.with_claim(exchange.claim).when(RESHIP)
    original, sent = story.order.lines
    one_by_one = [story.order.paid_for(sent), returned.amounts.total, _worth(story.order, {"1": 1})]
    assert sum(one_by_one) == story.order.paid_for(original) == 10


def test_what_was_paid_back_on_exchanged_units_is_not_paid_back_again() -> None:
    story = (
        given(order(delivered_line(unit_price=30_000), delivered_line("2")), policy=NO_FEES)
        .when(request(Kind.REFUND, BROKEN, amount=10_000), APPROVE, pay_refunds)
        .when(request(Kind.EXCHANGE, BROKEN, claim_id="second"), *EXCHANGED)
    )
    sent = story.order.lines[-1]
    assert _worth(story.order, {sent.line_id: 1}) == 20_000


def test_a_unit_is_never_worth_less_than_nothing() -> None:
    story = given(
        order(delivered_line(quantity=3, unit_price=1, discount=1), delivered_line("2")), policy=NO_FEES
    ).when(request(Kind.REFUND, BROKEN, amount=1), APPROVE, pay_refunds)
    for name in ("second", "third", "fourth"):
        story = story.when(*full_refund(Kind.RETURN, claim_id=name)).then(buyer_owes=0)


def test_a_deduction_is_covered_by_what_is_left_of_the_value() -> None:
    story = given(order(delivered_line()), policy=NO_FEES).when(
        request(Kind.REFUND, BROKEN, amount=9_000), APPROVE, pay_refunds
    )
    way = (request(Kind.RETURN, BROKEN, claim_id="second"), APPROVE, receive(), inspect(deductions=PARTS))
    story.when(*way).then(refused=[Code.DEDUCTION_ABOVE_VALUE])


@pytest.mark.parametrize(
    "steps",
    [
        [
            MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.PARTIAL_REFUND, message="?", amount=1_000),
            AcceptOffer(by=BUYER, offer_id="offer"),
        ],
        [
            receive(condition=Condition.DAMAGED_BY_BUYER),
            inspect({"1": 0}, ground=Ground.DAMAGED_BY_BUYER, message="Broken by a fall."),
        ],
    ],
    ids=["an offer is accepted", "the goods are sent back"],
)
def test_goods_and_replacement_cannot_both_be_kept(steps: list[Step]) -> None:
    reshipped = given(order(delivered_line()), policy=IN_ADVANCE).when(request(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP)
    reshipped.when(*steps).then(refused=[Code.ALREADY_RESHIPPED])


def test_an_exchange_under_way_keeps_its_order() -> None:
    two = order(delivered_line(), delivered_line("2"), shipping_charged=3_000)
    story = (
        given(two)
        .when(request(Kind.EXCHANGE, BROKEN), APPROVE, receive(), inspect())
        .when(*full_refund(Kind.RETURN, {"2": 1}, claim_id="second"))
    )
    assert story.amounts.amount_of(StepCode.SHIPPING) == 0


# Goods that come back


def test_closing_a_receipt_late_does_not_put_off_the_refund() -> None:
    story = given(order(delivered_line(quantity=2))).when(
        *(request(Kind.RETURN, units={"1": 2}), APPROVE, receive({"1": 1})),
        *(wait_until(NOW + timedelta(days=9)), Receive(by=SELLER, lines=(), close=True), inspect({"1": 1})),
    )
    assert str(story.claim.deadlines.refund_due_on) == "2026-06-15"


def test_a_parcel_with_nothing_in_it_is_refused() -> None:
    given(order(delivered_line(quantity=2))).when(
        *(request(Kind.RETURN, units={"1": 2}), APPROVE, receive({"1": 1}))
    ).when(Receive(by=SELLER, lines=())).then(refused=[Code.NO_LINES])


# Grounds


def test_an_inspection_cannot_fall_back_on_a_ground_that_was_overridden() -> None:
    late = given(order(delivered_line()), now=TOO_LATE)
    granted_late = (request(Kind.RETURN, requested_at=TOO_LATE), Approve(by=SELLER, override="a regular"))
    refusal = inspect({"1": 0}, ground=Ground.WINDOW_CLOSED, message="Too late after all.")
    late.when(*granted_late, receive(), refusal).then(refused=[Code.NO_GROUND_FOR_REJECTION])


def test_an_inspection_refuses_no_more_units_than_show_the_ground() -> None:
    came = (receive({"1": 1}), receive({"1": 1}, Condition.USED))
    refusal = inspect({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Worn.")
    way = (request(Kind.RETURN, units={"1": 2}), APPROVE, *came, refusal)
    given(order(delivered_line(quantity=2))).when(*way).then(refused=[Code.NO_GROUND_FOR_REJECTION])


def test_defective_goods_may_have_been_used() -> None:
    refusal = inspect({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Worn.")
    way = (request(Kind.RETURN, BROKEN), APPROVE, receive(condition=Condition.USED), refusal)
    given(order(delivered_line())).when(*way).then(refused=[Code.NO_GROUND_FOR_REJECTION])


def test_a_return_forced_on_the_buyer_is_not_refused_as_a_return() -> None:
    shown = frozenset({Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN})
    story = given(order(line(), records=shown), policy=preset("jp")).when(request(Kind.CANCEL), ship())
    assert assess(story.claim, story.facts).grounds == ()


# Time


@pytest.mark.parametrize(("arrived", "last_day"), [("2026-04-30", "2026-07-31"), ("2027-02-28", "2027-05-31")])
def test_three_months_from_a_last_day_are_three_whole_months(arrived: str, last_day: str) -> None:
    day = datetime.fromisoformat(f"{arrived}T12:00+09:00")
    asked = datetime.fromisoformat(f"{last_day}T12:00+09:00")
    bought = replace(delivered_line(), delivered_at=day)
    command = request(Kind.RETURN, BROKEN, requested_at=asked)
    assert str(_window_of(order(bought), command, asked)) == last_day


# Refunds


def test_two_successes_end_alike_in_either_order() -> None:
    owed = Refund(
        refund_id="refund",
        claim_id="claim",
        order_id="order",
        payment_id="card",
        method="card",
        amount=9_000,
        currency="KRW",
        idempotency_key="key",
        created_at=SHIPPED,
    )
    by_hand = Reported(report=Report.SUCCEEDED, at=datetime(2026, 6, 18, tzinfo=UTC))
    by_webhook = replace(by_hand, provider_reference="ref")
    assert _both(owed, by_hand, by_webhook) == _both(owed, by_webhook, by_hand) == "ref"


def _both(refund: Refund, *reports: Reported) -> str | None:
    for report in reports:
        after = take(refund, report)
        assert isinstance(after, Refund)
        refund = after
    return refund.provider_reference


def _worth(bought: Order, units: dict[str, int]) -> int:
    """What these units come to, were they returned now at the seller's cost."""
    story = given(bought, policy=NO_FEES).when(request(Kind.RETURN, BROKEN, units, claim_id="quote"))
    steps = refund_breakdown(story.claim, story.order, story.facts.policy).steps
    return sum(step.amount for step in steps if step.code is not StepCode.NOT_CAPTURED)


def _window_of(bought: Order, request: Request, now: datetime) -> object:
    decision = decide(None, request, facts_of(bought, now))
    assert isinstance(decision, Decision)
    window = assess(decision.claim, facts_of(bought, now)).window
    return window and window.ends_on
