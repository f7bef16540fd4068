"""Who pays for the way back: the assessment, the collection and the fee agree."""

from dataclasses import replace
from typing import Any

import pytest

from app.engine import Progress, advance
from app.engine.model.effects import CollectGoods
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Fault, Kind, Nature, Reason, Record
from app.engine.policy.eligibility import assess
from app.engine.policy.policy import Policy
from tests.engine.commands import APPROVE, inspect, receive, request
from tests.engine.orders import POLICY, delivered_line, order
from tests.engine.story import Story, given, new_id

TOLD = frozenset({Record.RETURN_COST_NOTICE})
BOTH_RECORDS = frozenset({Record.RETURN_COST_NOTICE, Record.CONFIRMATION})
FEES = {Kind.RETURN: {"return_fee": -3_000}, Kind.EXCHANGE: {"exchange_fee": -6_000}}
BUYER, SELLER = Fault.BUYER, Fault.SELLER


def policy_with(policy: Policy = POLICY, **rule: Any) -> Policy:
    """No order ships free, so no fee but the one for the way back is charged."""
    fees = replace(policy.fees, free_shipping_from=None)
    return replace(policy, fees=fees, shipping=replace(policy.shipping, **rule))


def good(line_id: str = "1", **more: Any) -> OrderLine:
    return delivered_line(line_id, unit_price=30_000, **more)


def check_payer(
    policy: Policy, bought: Order, kind: Kind, payer: Fault, reason: Reason = Reason.CHANGE_OF_MIND
) -> None:  # fmt: skip
    """The assessment, the collection and the fee name the same payer."""
    units = {line.line_id: 1 for line in bought.lines}
    back = {line.line_id: 1 for line in bought.lines if line.comes_back}
    requested = given(bought, policy=policy).when(request(kind, reason, units))
    approved = advance(requested.claim, APPROVE, requested.facts, new_id)
    assert isinstance(approved, Progress)
    assert approved.claim.assessment is not None
    assert approved.claim.assessment.return_shipping_payer is payer
    collected = [each for each in approved.decisions[0].effects if isinstance(each, CollectGoods)]
    assert {each.paid_by_seller for each in collected} == {payer is SELLER}
    story = Story(approved.facts, approved.claim).when(receive(back), inspect(back))
    charged = {code: amount for code, amount in story.steps.items() if code.endswith("_fee")}
    assert charged == (FEES[kind] if payer is BUYER else {})


@pytest.mark.parametrize("kind", FEES)
@pytest.mark.parametrize(
    ("bought", "payer"),
    [
        (order(good(), records=TOLD), BUYER),
        (order(good(records=TOLD)), BUYER),
        (order(good(records=TOLD), good("2", records=TOLD)), BUYER),
        (order(good()), SELLER),
        (order(good(records=TOLD), good("2")), SELLER),
        (order(good(records=frozenset({Record.NOTICE}))), SELLER),
        (order(good(records=TOLD), good("2", nature=Nature.SERVICE)), BUYER),
    ],
    ids=["order", "line", "each line", "nowhere", "one of two lines", "another record", "a service does not come back"],
)
def test_crd_14_1_the_buyer_pays_the_way_back_only_if_told_so_on_record(
    kind: Kind, bought: Order, payer: Fault
) -> None:
    check_payer(policy_with(buyer_pays_records=TOLD), bought, kind, payer)


@pytest.mark.parametrize(
    ("of_order", "of_line", "payer"),
    [(TOLD, BOTH_RECORDS - TOLD, BUYER), (BOTH_RECORDS, frozenset(), BUYER), (TOLD, TOLD, SELLER)],
)
def test_all_records_must_be_there_on_the_order_or_on_the_line(
    of_order: frozenset[Record], of_line: frozenset[Record], payer: Fault
) -> None:
    bought = order(good(records=of_line), records=of_order)
    check_payer(policy_with(buyer_pays_records=BOTH_RECORDS), bought, Kind.RETURN, payer)


def test_at_the_sellers_fault_a_notice_changes_nothing() -> None:
    bought = order(good(), records=TOLD)
    check_payer(policy_with(buyer_pays_records=TOLD), bought, Kind.RETURN, SELLER, Reason.DEFECTIVE)


def test_a_record_does_not_make_the_buyer_pay_where_the_seller_always_pays() -> None:
    rule = policy_with(return_shipping_payer=SELLER, buyer_pays_records=TOLD)
    check_payer(rule, order(good(), records=TOLD), Kind.RETURN, SELLER)


BY_CARD = Payment(payment_id="card", method="card", captured=200_000, instalments=3)
KR_INSTALMENTS: dict[str, Any] = {"instalments_from_months": 3, "instalments_from_amount": 200_000}


@pytest.mark.parametrize("kind", FEES)
@pytest.mark.parametrize(
    ("payments", "payer"),
    [
        ((BY_CARD,), SELLER),
        ((replace(BY_CARD, instalments=12, captured=900_000),), SELLER),
        ((replace(BY_CARD, payment_id="points", instalments=1), BY_CARD), SELLER),
        ((replace(BY_CARD, instalments=2),), BUYER),
        ((replace(BY_CARD, captured=199_999),), BUYER),
        ((replace(BY_CARD, captured=100_000), replace(BY_CARD, payment_id="other", captured=100_000)), BUYER),
        ((replace(BY_CARD, instalments=1), replace(BY_CARD, payment_id="debt", settles="earlier")), BUYER),
    ],
    ids=["3 months", "12 months", "one of two", "2 months", "too little", "two halves", "a debt"],
)
def test_kr_instalment_act_10_10_the_seller_pays_the_way_back(
    kind: Kind, payments: tuple[Payment, ...], payer: Fault
) -> None:
    bought = replace(order(good(quantity=10)), payments=payments)
    check_payer(policy_with(**KR_INSTALMENTS), bought, kind, payer)
    check_payer(policy_with(instalments_from_months=None), bought, kind, BUYER)


def test_a_record_does_not_take_the_instalments_away() -> None:
    bought = replace(order(good(), records=TOLD), payments=(BY_CARD,))
    check_payer(policy_with(buyer_pays_records=TOLD, **KR_INSTALMENTS), bought, Kind.RETURN, SELLER)


@pytest.mark.parametrize(
    ("kind", "reason", "offered", "citation"),
    [
        (Kind.RETURN, Reason.CHANGE_OF_MIND, False, POLICY.shipping.citation),
        (Kind.RETURN, Reason.DEFECTIVE, False, POLICY.shipping.citation),
        (Kind.RETURN, Reason.CHANGE_OF_MIND, True, None),
        (Kind.RETURN, Reason.OTHER, False, None),
        (Kind.REFUND, Reason.DEFECTIVE, False, None),
    ],
)
def test_the_assessment_names_the_rule_behind_the_payer(
    kind: Kind, reason: Reason, offered: bool, citation: str | None
) -> None:
    story = given(order(good())).when(request(kind, reason))
    claim = replace(story.claim, seller_pays_return=offered)
    assert assess(claim, story.facts).return_shipping_citation == citation
