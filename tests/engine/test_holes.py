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
from tests.engine.given import (
    APPROVE,
    BUYER,
    CONFIRM_DELIVERY,
    NO_FEES,
    NOW,
    POLICY,
    RESHIP,
    SELLER,
    SHIPPED,
    TOO_LATE,
    BreakdownStep,
    amounts_of,
    asks,
    at,
    delivered,
    facts,
    granted,
    inspects,
    line,
    order,
    paid,
    receives,
    refused,
    shipped,
    walk,
    walked,
)

BROKEN = Reason.DEFECTIVE
PARTS = {Deduction.MISSING_PARTS: 5_000}
EXCHANGED = (APPROVE, receives(), inspects(), RESHIP, CONFIRM_DELIVERY)
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
    now = facts(order(delivered(line())))
    result = inspects({"1": 0}, ground=ground, message="We are sorry.")
    came = (APPROVE, receives(condition=condition), result)
    assert refused(now, asks(Kind.RETURN, reason), *came) == [Code.NO_GROUND_FOR_REJECTION]
    walk(now, asks(Kind.RETURN, BROKEN), *came)


def test_nothing_is_taken_off_for_the_part_that_never_came() -> None:
    now = facts(order(delivered(line())))
    result = inspects(deductions=PARTS)
    missing = asks(Kind.RETURN, Reason.MISSING_ITEM)
    assert refused(now, missing, APPROVE, receives(), result) == [Code.DEDUCTION_NOT_ALLOWED]
    walk(now, asks(Kind.RETURN, BROKEN), APPROVE, receives(), result)


def test_the_seller_s_fault_is_not_talked_away() -> None:
    now = facts(order(delivered(line(records=frozenset({Record.NOTICE}), nature=Nature.CUSTOM_MADE))))
    for away in (Reason.CHANGE_OF_MIND, Reason.OTHER):
        said = Reclassify(by=SELLER, reason=away, note="It looks fine.")
        assert refused(now, asks(Kind.RETURN, BROKEN), said) == [Code.PROOF_REQUIRED]
        walk(now, asks(Kind.RETURN, BROKEN), replace(said, evidence=("photo-1",)))
    walk(now, asks(Kind.RETURN, BROKEN), Reclassify(by=SELLER, reason=Reason.WRONG_ITEM))
    walk(now, asks(Kind.RETURN), Reclassify(by=SELLER, reason=BROKEN))


# Numbers that a command should not bring


def test_a_deduction_below_zero_is_refused() -> None:
    now = facts(order(delivered(line())))
    assert refused(
        now, asks(Kind.RETURN, BROKEN), APPROVE, receives(), inspects(deductions={Deduction.MISSING_PARTS: -100})
    )


def test_fewer_than_no_units_cannot_be_accepted() -> None:
    now = facts(order(delivered(line(unit_price=0))))
    came = receives(condition=Condition.DAMAGED_BY_BUYER)
    result = inspects({"1": -1}, ground=Ground.DAMAGED_BY_BUYER, message="Broken by a fall.")
    assert refused(now, asks(Kind.RETURN, BROKEN), APPROVE, came, result)


@pytest.mark.parametrize("amount", [0, -100])
def test_a_refund_of_nothing_or_less_cannot_be_asked_for(amount: int) -> None:
    assert refused(facts(order(delivered(line()))), asks(Kind.REFUND, BROKEN, amount=amount))


@pytest.mark.parametrize("alternative", [Alternative.PARTIAL_REFUND, Alternative.STORE_CREDIT])
def test_an_offer_below_zero_is_refused(alternative: Alternative) -> None:
    offer = MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?", amount=-100)
    assert refused(facts(order(delivered(line()))), asks(Kind.RETURN), offer)


@pytest.mark.parametrize("kind", Kind)
def test_a_claim_without_lines_is_refused(kind: Kind) -> None:
    assert refused(facts(order(delivered(line()))), asks(kind, units={}))


def test_a_fault_cannot_be_discovered_in_the_future() -> None:
    assert refused(facts(order(delivered(line()))), asks(Kind.RETURN, BROKEN, discovered_at=TOO_LATE))


# What an exchange carries


def test_a_replacement_carries_what_its_units_were_worth_at_the_inspection() -> None:
    now = facts(order(delivered(line(quantity=3, unit_price=4, discount=2))), policy=NO_FEES)
    exchange, now = walked(now, asks(Kind.EXCHANGE, BROKEN), APPROVE, receives(), inspects())
    returned, now = walked(now, *granted(Kind.RETURN, claim_id="second"))
    _, now = walked(now, RESHIP, claim=exchange)
    original, sent = now.order.lines
    one_by_one = [now.order.paid_for(sent), amounts_of(returned).total, _worth(now.order, {"1": 1})]
    assert sum(one_by_one) == now.order.paid_for(original) == 10


def test_what_was_paid_back_on_exchanged_units_is_not_paid_back_again() -> None:
    now = facts(order(delivered(line(unit_price=30_000)), delivered(line("2"))), policy=NO_FEES)
    _, now = walked(now, asks(Kind.REFUND, BROKEN, amount=10_000), APPROVE, paid)
    _, now = walked(now, asks(Kind.EXCHANGE, BROKEN, claim_id="second"), *EXCHANGED)
    sent = now.order.lines[-1]
    assert _worth(now.order, {sent.line_id: 1}) == 20_000


def test_a_unit_is_never_worth_less_than_nothing() -> None:
    now = facts(order(delivered(line(quantity=3, unit_price=1, discount=1)), delivered(line("2"))), policy=NO_FEES)
    _, now = walked(now, asks(Kind.REFUND, BROKEN, amount=1), APPROVE, paid)
    for name in ("second", "third", "fourth"):
        claim, now = walked(now, *granted(Kind.RETURN, claim_id=name))
        assert amounts_of(claim).buyer_owes == 0


def test_a_deduction_is_covered_by_what_is_left_of_the_value() -> None:
    now = facts(order(delivered(line())), policy=NO_FEES)
    _, now = walked(now, asks(Kind.REFUND, BROKEN, amount=9_000), APPROVE, paid)
    way = (asks(Kind.RETURN, BROKEN, claim_id="second"), APPROVE, receives(), inspects(deductions=PARTS))
    assert refused(now, *way) == [Code.DEDUCTION_ABOVE_VALUE]


@pytest.mark.parametrize(
    "steps",
    [
        [
            MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.PARTIAL_REFUND, message="?", amount=1_000),
            AcceptOffer(by=BUYER, offer_id="offer"),
        ],
        [
            receives(condition=Condition.DAMAGED_BY_BUYER),
            inspects({"1": 0}, ground=Ground.DAMAGED_BY_BUYER, message="Broken by a fall."),
        ],
    ],
    ids=["an offer is accepted", "the goods are sent back"],
)
def test_goods_and_replacement_cannot_both_be_kept(steps: list[BreakdownStep]) -> None:
    now = facts(order(delivered(line())), policy=IN_ADVANCE)
    end = walk(now, asks(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, *steps, paid)
    if isinstance(end, tuple):
        _, then = end
        rest = {each.line_id: each.untouched for each in then.order.lines if each.untouched}
        assert _worth(then.order, rest) <= then.order.captured_left


def test_an_exchange_under_way_keeps_its_order() -> None:
    two = order(delivered(line()), delivered(line("2")), shipping_charged=3_000)
    _, now = walked(facts(two), asks(Kind.EXCHANGE, BROKEN), APPROVE, receives(), inspects())
    claim, _ = walked(now, *granted(Kind.RETURN, {"2": 1}, claim_id="second"))
    assert amounts_of(claim).amount_of(StepCode.SHIPPING) == 0


# Goods that come back


def test_closing_a_receipt_late_does_not_put_off_the_refund() -> None:
    now = facts(order(delivered(line(quantity=2))))
    claim, _ = walked(
        now,
        *(asks(Kind.RETURN, units={"1": 2}), APPROVE, receives({"1": 1})),
        *(at(NOW + timedelta(days=9)), Receive(by=SELLER, lines=(), close=True), inspects({"1": 1})),
    )
    assert str(claim.deadlines.refund_due_on) == "2026-06-15"


def test_a_parcel_with_nothing_in_it_is_refused() -> None:
    claim, now = walked(
        facts(order(delivered(line(quantity=2)))),
        *(asks(Kind.RETURN, units={"1": 2}), APPROVE, receives({"1": 1})),
    )
    assert refused(now, Receive(by=SELLER, lines=()), claim=claim) == [Code.NO_LINES]


# Grounds


def test_an_inspection_cannot_fall_back_on_a_ground_that_was_overridden() -> None:
    late = facts(order(delivered(line())), now=TOO_LATE)
    granted_late = (asks(Kind.RETURN, requested_at=TOO_LATE), Approve(by=SELLER, override="a regular"))
    refusal = inspects({"1": 0}, ground=Ground.WINDOW_CLOSED, message="Too late after all.")
    assert refused(late, *granted_late, receives(), refusal) == [Code.NO_GROUND_FOR_REJECTION]


def test_an_inspection_refuses_no_more_units_than_show_the_ground() -> None:
    came = (receives({"1": 1}), receives({"1": 1}, Condition.USED))
    refusal = inspects({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Worn.")
    way = (asks(Kind.RETURN, units={"1": 2}), APPROVE, *came, refusal)
    assert refused(facts(order(delivered(line(quantity=2)))), *way) == [Code.NO_GROUND_FOR_REJECTION]


def test_defective_goods_may_have_been_used() -> None:
    refusal = inspects({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Worn.")
    way = (asks(Kind.RETURN, BROKEN), APPROVE, receives(condition=Condition.USED), refusal)
    assert refused(facts(order(delivered(line()))), *way) == [Code.NO_GROUND_FOR_REJECTION]


def test_a_return_forced_on_the_buyer_is_not_refused_as_a_return() -> None:
    shown = frozenset({Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN})
    now = facts(order(line(), records=shown), policy=preset("jp"))
    claim, then = walked(now, asks(Kind.CANCEL), shipped())
    assert assess(claim, then).grounds == ()


# Time


@pytest.mark.parametrize(("arrived", "last_day"), [("2026-04-30", "2026-07-31"), ("2027-02-28", "2027-05-31")])
def test_three_months_from_a_last_day_are_three_whole_months(arrived: str, last_day: str) -> None:
    day = datetime.fromisoformat(f"{arrived}T12:00+09:00")
    asked = datetime.fromisoformat(f"{last_day}T12:00+09:00")
    bought = replace(delivered(line()), delivered_at=day)
    request = asks(Kind.RETURN, BROKEN, requested_at=asked)
    assert str(_window_of(order(bought), request, asked)) == last_day


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
    said = datetime(2026, 6, 18, tzinfo=UTC)
    by_hand = Reported(report=Report.SUCCEEDED, at=said)
    by_webhook = replace(by_hand, provider_reference="ref")
    assert _both(owed, by_hand, by_webhook) == _both(owed, by_webhook, by_hand) == "ref"


def _both(refund: Refund, *reports: Reported) -> str | None:
    for reported in reports:
        taken = take(refund, reported)
        assert isinstance(taken, Refund)
        refund = taken
    return refund.provider_reference


def _worth(bought: Order, units: dict[str, int]) -> int:
    """What these units come to, were they returned now at the seller's cost."""
    claim, now = walked(facts(bought, policy=NO_FEES), asks(Kind.RETURN, BROKEN, units, claim_id="quote"))
    steps = refund_breakdown(claim, now.order, now.policy).steps
    return sum(step.amount for step in steps if step.code is not StepCode.NOT_CAPTURED)


def _window_of(bought: Order, request: Request, now: datetime) -> object:
    decision = decide(None, request, facts(bought, now))
    assert isinstance(decision, Decision)
    window = assess(decision.claim, facts(bought, now)).window
    return window and window.ends_on
