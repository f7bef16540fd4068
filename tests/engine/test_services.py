"""Nothing comes back of digital content and services: an approval owes the money at once."""

from dataclasses import replace
from datetime import date

import pytest

from app.engine import Decision, decide, next_timeout
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import Inspect, InspectedLine, Request
from app.engine.model.effects import CollectGoods
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import NOT_GOODS, Alternative, Condition, Ground, Kind, Nature, Reason, State
from app.engine.policy.money_rules import Fees
from app.presets.loader import preset
from tests.engine.commands import (
    APPROVE,
    BLUE,
    CONFIRM_DELIVERY,
    DISPATCH,
    EXPIRE,
    RESHIP,
    RETRACT,
    SELLER,
    inspect,
    receive,
    request,
)
from tests.engine.orders import NOW, POLICY, TOO_LATE, delivered_line, order
from tests.engine.story import Story, given, pay_refunds, wait_until
from tests.engine.test_endings import CREDIT

BROKEN = Reason.DEFECTIVE
ALBUM = delivered_line("2", unit_price=7_000, nature=Nature.DIGITAL)
COURSE = replace(ALBUM, nature=Nature.SERVICE, parts=7)
BOTH = {"1": 1, "2": 1}
LAPSING = replace(POLICY, collect_lapses=True)
BESIDE = given(order(delivered_line(), ALBUM), policy=LAPSING)


@pytest.mark.parametrize("nature", sorted(NOT_GOODS))
def test_an_approval_owes_the_money_and_waits_for_no_goods(nature: Nature) -> None:
    story = given(order(replace(ALBUM, nature=nature))).when(request(Kind.RETURN, units={"2": 1}), APPROVE)
    story.then(state=State.ACCEPTED, total=7_000, refunds_outstanding=1, steps={StepCode.GOODS: 7_000})
    assert (story.claim.approved_at, story.claim.deadlines.collect_by) == (NOW, None)
    assert next_timeout(story.claim) is None
    story.when(pay_refunds).then(state=State.REFUNDED)


@pytest.mark.parametrize(
    ("law", "due_on"),
    [("kr", date(2026, 6, 15)), ("eu", date(2026, 6, 24))],
)
def test_the_money_is_due_by_the_day_of_the_request(law: str, due_on: date) -> None:
    story = given(order(ALBUM), policy=preset(law)).when(request(Kind.RETURN, BROKEN, {"2": 1}), APPROVE)
    assert story.claim.deadlines.refund_due_on == due_on


def test_nothing_is_collected_of_a_service_beside_goods() -> None:
    before = BESIDE.when(request(Kind.RETURN, units=BOTH))
    after = before.when(APPROVE).then(state=State.APPROVED)
    assert after.claim.deadlines.collect_by is not None
    assert [each.line_id for each in _effects(before) if isinstance(each, CollectGoods)] == ["1"]


def _effects(story: Story) -> tuple[object, ...]:
    from_now_on = decide(story.claim, APPROVE, story.facts)
    assert isinstance(from_now_on, Decision)
    return from_now_on.effects


def test_a_service_is_accepted_with_the_goods_beside_it() -> None:
    story = BESIDE.when(request(Kind.RETURN, BROKEN, BOTH), APPROVE, DISPATCH, receive(), inspect())
    story.then(state=State.ACCEPTED, total=17_000)
    assert [line.accepted for line in story.claim.lines] == [1, 1]


def test_it_is_accepted_though_the_goods_are_sent_back() -> None:
    used = receive(condition=Condition.DAMAGED_BY_BUYER)
    refused = inspect({"1": 0}, ground=Ground.DAMAGED_BY_BUYER, message="The glass is broken.")
    BESIDE.when(request(Kind.RETURN, units=BOTH), APPROVE, used, refused).then(
        state=State.ACCEPTED, steps={StepCode.GOODS: 7_000}
    )


def test_it_is_neither_received_nor_accepted_in_part() -> None:
    approved = BESIDE.when(request(Kind.RETURN, BROKEN, BOTH), APPROVE)
    approved.when(receive(BOTH)).then(refused=[Code.NOTHING_COMES_BACK])
    approved.when(receive(), inspect({"1": 1, "2": 0})).then(refused=[Code.NOTHING_COMES_BACK])
    approved.when(receive(), inspect(BOTH)).then(state=State.ACCEPTED)


def test_the_seller_may_close_the_receipt_of_goods_that_never_come() -> None:
    BESIDE.when(
        request(Kind.RETURN, BROKEN, BOTH), APPROVE, receive({}, close=True), Inspect(by=SELLER, lines=())
    ).then(state=State.ACCEPTED, total=7_000)


def test_goods_alone_cannot_be_closed_without_a_receipt() -> None:
    BESIDE.when(request(Kind.RETURN, BROKEN), APPROVE, receive({}, close=True)).then(refused=[Code.NOTHING_RECEIVED])


def test_where_the_return_of_goods_lapses_the_service_is_paid_all_the_same() -> None:
    story = BESIDE.when(request(Kind.RETURN, BROKEN, BOTH), APPROVE, wait_until(TOO_LATE), EXPIRE)
    story.then(state=State.ACCEPTED, total=7_000, untouched=1)
    assert story.claim.deadlines.refund_due_on is not None
    story.when(pay_refunds).then(state=State.REFUNDED)


def test_a_service_is_exchanged_without_a_receipt() -> None:
    story = given(order(ALBUM)).when(request(Kind.EXCHANGE, units={"2": 1}), APPROVE)
    story.then(state=State.ACCEPTED, buyer_owes=0)
    story.when(RESHIP, CONFIRM_DELIVERY).then(state=State.EXCHANGED)


def test_a_dearer_replacement_of_a_service_is_paid_first() -> None:
    dearer = replace(BLUE, unit_price=9_000)
    given(order(ALBUM)).when(request(Kind.EXCHANGE, units={"2": 1}, replacement=dearer), APPROVE).then(
        state=State.ACCEPTED, buyer_owes=2_000
    )


def test_goods_that_stay_out_after_their_replacement_are_owed_and_the_service_is_not() -> None:
    in_advance = BESIDE.under(replace(LAPSING, advance_exchange=True))
    in_advance.when(request(Kind.EXCHANGE, BROKEN, BOTH), APPROVE, RESHIP, wait_until(TOO_LATE), EXPIRE).then(
        state=State.EXPIRED, buyer_owes=10_000
    )


def test_used_parts_of_a_service_are_paid_for_as_before() -> None:
    whole = request(Kind.RETURN, units={"2": 1})
    used: Request = replace(whole, lines=tuple(replace(line, used_parts=3) for line in whole.lines))
    given(order(COURSE)).when(used, APPROVE).then(total=4_000)
    beside = replace(request(Kind.RETURN, units=BOTH), lines=(*request(Kind.RETURN).lines, *used.lines))
    story = given(order(delivered_line(), COURSE)).when(beside, APPROVE, receive())
    story.when(inspect()).then(total=10_000 + 4_000 - 3_000)
    counted = Inspect(
        by=SELLER,
        lines=(InspectedLine(line_id="1", accepted=1), InspectedLine(line_id="2", accepted=1, used_parts=5)),
    )
    story.when(counted).then(total=10_000 + 2_000 - 3_000)


def test_a_service_is_not_restocked() -> None:
    policy = replace(POLICY, fees=Fees(restocking_percent=20))
    given(order(ALBUM), policy=policy).when(request(Kind.RETURN, units={"2": 1}), APPROVE).then(total=7_000)
    given(order(delivered_line(), ALBUM), policy=policy).when(
        request(Kind.RETURN, units=BOTH), APPROVE, receive(), inspect()
    ).then(total=15_000)


def test_free_return_shipping_is_no_offer_where_nothing_comes_back() -> None:
    free = replace(CREDIT, alternative=Alternative.FREE_RETURN_SHIPPING, amount=None)
    given(order(ALBUM)).when(request(Kind.RETURN, units={"2": 1}), free).then(refused=[Code.OFFER_DOES_NOT_FIT])


def test_a_claim_on_a_service_beside_goods_can_be_retracted_and_made_again() -> None:
    again = request(Kind.RETURN, BROKEN, BOTH, claim_id="again")
    BESIDE.when(request(Kind.RETURN, BROKEN, BOTH), APPROVE, RETRACT, again, APPROVE, receive(), inspect()).then(
        state=State.ACCEPTED, total=17_000
    )
