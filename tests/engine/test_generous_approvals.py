"""An approval can give more than was asked for: the goods stay with the buyer, or the way back costs nothing."""

from dataclasses import replace

import pytest

from app.engine import Decision, decide
from app.engine.model.effects import CollectGoods
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Fault, Kind, Reason, State
from tests.engine.commands import APPROVE, BLUE, inspect, receive, request
from tests.engine.orders import delivered_line, line, order
from tests.engine.story import given, pay_refunds

KEEP = replace(APPROVE, keep_goods=True)
WAIVE = replace(APPROVE, waive_fee=True)
BOUGHT = order(delivered_line(), shipping_charged=3_000)
UNSENT = order(line())


@pytest.mark.parametrize("reason", [Reason.DEFECTIVE, Reason.CHANGE_OF_MIND])
def test_a_buyer_who_keeps_the_goods_gets_no_less_than_for_sending_them_back(reason: Reason) -> None:
    asked = request(Kind.RETURN, reason)
    sent_back = given(BOUGHT).when(asked, APPROVE, receive(), inspect())
    kept = given(BOUGHT).when(asked, KEEP).then(state=State.APPROVED, kind=Kind.REFUND)
    assert kept.total >= sent_back.total
    assert "return_fee" not in kept.steps
    kept.when(pay_refunds).then(state=State.REFUNDED)


def test_the_shipping_of_a_defect_is_given_back_once_although_the_goods_stay() -> None:
    kept = given(BOUGHT).when(request(Kind.RETURN, Reason.DEFECTIVE), KEEP)
    assert kept.steps == {"goods": 10_000, "shipping": 3_000}
    assert kept.order.shipping_refunded == 3_000


def test_a_waived_fee_is_not_deducted_and_the_seller_pays_the_carrier() -> None:
    asked = request(Kind.RETURN, Reason.CHANGE_OF_MIND)
    fee = given(BOUGHT).when(asked, APPROVE, receive(), inspect()).steps["return_fee"]
    assert fee < 0
    waived = given(BOUGHT).when(asked)
    decision = decide(waived.claim, WAIVE, waived.facts)
    assert isinstance(decision, Decision)
    assert decision.claim.assessment is not None
    assert decision.claim.assessment.return_shipping_payer is Fault.SELLER
    collected = [effect for effect in decision.effects if isinstance(effect, CollectGoods)]
    assert [effect.paid_by_seller for effect in collected] == [True]
    assert "return_fee" not in waived.when(WAIVE, receive(), inspect()).steps


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.REFUND, Kind.EXCHANGE, Kind.REPAIR])
def test_only_the_goods_of_a_return_stay(kind: Kind) -> None:
    reason = Reason.MISSING_ITEM if kind is Kind.REFUND else Reason.DEFECTIVE
    story = given(UNSENT if kind is Kind.CANCEL else BOUGHT).when(request(kind, reason, replacement=BLUE))
    assert Code.APPROVAL_DOES_NOT_FIT in story.when(KEEP).codes


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.REFUND])
def test_there_is_no_fee_to_waive_where_nothing_comes_back(kind: Kind) -> None:
    reason = Reason.MISSING_ITEM if kind is Kind.REFUND else Reason.DEFECTIVE
    story = given(UNSENT if kind is Kind.CANCEL else BOUGHT).when(request(kind, reason))
    assert Code.APPROVAL_DOES_NOT_FIT in story.when(WAIVE).codes
