"""The value that units have after a refund of part of their price."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine.model.commands import Reject
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Deduction, Ground, Kind, Reason, State
from app.engine.policy.money_rules import LostDiscount
from tests.engine.commands import APPROVE, SELLER, inspect, receive, request
from tests.engine.orders import NO_FEES, delivered_line, order
from tests.engine.refused_offers import ACCEPT, REFUSE, offer
from tests.engine.story import full_refund, given, pay_refunds

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
RECALCULATED = replace(NO_FEES, lost_discount=LostDiscount.RECALCULATE)
PARTS = {Deduction.MISSING_PARTS: 5_000}


def test_a_partial_refund_on_units_without_their_discount_leaves_them_worth_something() -> None:
    lines = (delivered_line("1", quantity=2, unit_price=10_000), delivered_line("2", unit_price=10_000))
    story = given(order(*lines, discount=6_000, discount_minimum=25_000), policy=RECALCULATED).when(
        *full_refund(Kind.RETURN, {"2": 1}, MIND, "first")
    )
    second_request = request(Kind.REFUND, BROKEN, {"1": 2}, amount=19_000, claim_id="second")
    story = story.when(second_request, APPROVE, pay_refunds)
    totals = []
    for name in ("third", "fourth"):
        story = story.when(*full_refund(Kind.RETURN, {"1": 1}, MIND, name))
        totals.append(story.total)
    assert sum(totals) == 1_000
    story.then(captured_left=0)


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
    steps = (
        request(Kind.RETURN, BROKEN, claim_id="second"),
        APPROVE,
        receive(condition=Condition.INCOMPLETE),
        inspect(deductions=PARTS),
    )
    story.when(*steps).then(refused=[Code.DEDUCTION_ABOVE_VALUE])


@pytest.mark.parametrize(("kept", "share"), [("1", 1), ("2", 0)])
def test_the_rest_of_a_rejected_claim_is_approved_for_its_share_even_if_that_is_nothing(kept: str, share: int) -> None:
    """Of 1 for two equal lines the first has 1 and the second has nothing."""
    rejected = "2" if kept == "1" else "1"
    duplicate = Reject(by=SELLER, ground=Ground.DUPLICATE, message="?", evidence=("claim-1",), line_ids=(rejected,))
    story = given(order(delivered_line("1"), delivered_line("2")), policy=NO_FEES)
    story = story.when(request(Kind.REFUND, BROKEN, {"1": 1, "2": 1}, amount=1), duplicate, APPROVE)
    story.then(total=share, refunds_outstanding=share)
    assert (story.claim.deadlines.refund_due_on is None) is (share == 0)
    story.when(*([pay_refunds] if share else [])).then(state=State.REFUNDED)
    assert [line.credited for line in story.order.lines] == [share, 0]


def test_a_request_for_nothing_is_refused() -> None:
    story = given(order(delivered_line()), policy=NO_FEES).when(request(Kind.REFUND, BROKEN, amount=0))
    story.then(refused=[Code.AMOUNT_NOT_POSITIVE])


@pytest.mark.parametrize("refused", [False, True])
@pytest.mark.parametrize("asked", [{"shipping": 3_000}, {"fees": 2_500}, {"amount": 5_000, "shipping": 3_000}])
def test_an_accepted_partial_refund_pays_what_was_offered_and_no_charge_that_was_requested_beside_it(
    asked: dict[str, Any], refused: bool
) -> None:
    purchase = replace(order(delivered_line(), shipping_charged=3_000), fees_charged=2_500)
    story = given(purchase, policy=NO_FEES).when(request(Kind.REFUND, BROKEN, **asked))
    story = story.when(*([REFUSE] if refused else []), offer(Alternative.PARTIAL_REFUND), ACCEPT)
    story.then(total=2_000)
    assert (story.order.shipping_refunded, story.order.fees_charged) == (0, 2_500)
