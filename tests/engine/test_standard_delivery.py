"""Only the cheapest standard delivery is refunded to a buyer who chose a dearer one and changed their mind."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.model.breakdown import StepCode
from app.engine.model.order import Order
from app.engine.model.vocabulary import Fault, Kind, Reason
from app.engine.policy.policy import Policy
from tests.engine.orders import NO_FEES, delivered_line, line, order, price_of
from tests.engine.story import Story, full_refund
from tests.engine.story import given as story_of

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
BOTH_FAULTS = frozenset({Fault.BUYER, Fault.SELLER})
ONLY_STANDARD = replace(
    NO_FEES, shipping=replace(NO_FEES.shipping, outbound_refunded_at=BOTH_FAULTS, standard_delivery_only=True)
)
ALL_OF_IT = replace(ONLY_STANDARD, shipping=replace(ONLY_STANDARD.shipping, standard_delivery_only=False))


def express(*, charged: int = 1_990, standard: int | None = 490) -> Order:
    return order(delivered_line(unit_price=5_000), shipping_charged=charged, standard_shipping=standard)


@pytest.mark.parametrize(
    ("bought", "reason", "policy", "shipping"),
    [
        (express(), MIND, ONLY_STANDARD, {"standard_shipping": 490}),
        (express(), BROKEN, ONLY_STANDARD, {"shipping": 1_990}),
        (express(), MIND, ALL_OF_IT, {"shipping": 1_990}),
        (express(standard=None), MIND, ONLY_STANDARD, {"shipping": 1_990}),
        (express(standard=1_990), MIND, ONLY_STANDARD, {"shipping": 1_990}),
        (express(charged=300), MIND, ONLY_STANDARD, {"shipping": 300}),
        (express(standard=0), MIND, ONLY_STANDARD, {}),
    ],
    ids=["mind", "defective", "another rule", "none stated", "no dearer", "cheaper than standard", "standard is free"],
)
def test_crd_13_2_only_the_standard_delivery_goes_back(
    bought: Order, reason: Reason, policy: Policy, shipping: dict[str, int]
) -> None:
    story = story_of(bought, policy=policy).when(*full_refund(Kind.RETURN, reason=reason))
    story.then(steps={"goods": 5_000, **shipping}, total=5_000 + sum(shipping.values()))
    assert story.order.shipping_refunded == sum(shipping.values())
    assert all(each.citation == policy.shipping.citation for each in story.amounts.steps if each.code in shipping)


def test_an_order_that_was_never_sent_costs_no_delivery() -> None:
    bought = order(line(unit_price=5_000), shipping_charged=1_990, standard_shipping=490)
    cancelled = story_of(bought, policy=ONLY_STANDARD).when(*full_refund(Kind.CANCEL, reason=MIND))
    cancelled.then(steps={"goods": 5_000, "shipping": 1_990})


def test_a_cancellation_of_the_rest_of_a_sent_order_refunds_the_standard_delivery() -> None:
    lines = delivered_line(unit_price=5_000), line("2", unit_price=7_000)
    bought = order(*lines, shipping_charged=1_990, standard_shipping=490)
    story = story_of(bought, policy=ONLY_STANDARD)
    sent_first = story.when(*full_refund(Kind.RETURN, reason=MIND), *full_refund(Kind.CANCEL, {"2": 1}, MIND, "rest"))
    sent_first.then(steps={"goods": 7_000, "standard_shipping": 490})
    rest_first = story.when(*full_refund(Kind.CANCEL, {"2": 1}, MIND, "rest"), *full_refund(Kind.RETURN, reason=MIND))
    rest_first.then(steps={"goods": 5_000, "standard_shipping": 490})


def test_taxes_on_top_are_in_proportion() -> None:
    bought = order(
        delivered_line(unit_price=5_000),
        shipping_charged=1_990,
        shipping_tax=378,
        standard_shipping=490,
        prices_include_tax=False,
    )
    story = story_of(bought, policy=ONLY_STANDARD).when(*full_refund(Kind.RETURN, reason=MIND))
    (paid,) = [each for each in story.amounts.steps if each.code is StepCode.STANDARD_SHIPPING]
    assert (paid.amount, paid.tax) == (490 + 93, 93)


def test_what_was_refunded_before_counts() -> None:
    """A late parcel may have given back a part of the shipping. The rest is refunded, and never less than nothing."""
    for refunded, rest in ((100, 390), (490, 0), (1_990, 0)):
        bought = replace(express(), shipping_refunded=refunded)
        story = story_of(bought, policy=ONLY_STANDARD).when(*full_refund(Kind.RETURN, reason=MIND))
        assert story.amounts.amount_of(StepCode.STANDARD_SHIPPING) == rest
        assert story.order.shipping_refunded == refunded + rest


@st.composite
def worlds(draw: st.DrawFn) -> Story:
    lines = [
        delivered_line(str(number), quantity=draw(st.integers(1, 3)), unit_price=draw(st.integers(0, 5_000)))
        for number in range(1, draw(st.integers(1, 3)) + 1)
    ]
    charged = draw(st.integers(0, 3_000))
    bought = order(
        *lines,
        shipping_charged=charged,
        shipping_tax=draw(st.integers(0, charged)),
        standard_shipping=draw(st.none() | st.integers(0, 4_000)),
        prices_include_tax=draw(st.booleans()),
    )
    early = draw(st.integers(0, bought.shipping_paid))
    return story_of(replace(bought, shipping_refunded=draw(st.sampled_from([0, early]))), policy=ONLY_STANDARD)


@settings(max_examples=300, deadline=None)
@given(story=worlds(), data=st.data())
def test_in_any_order_of_claims_the_shipping_is_refunded_once_and_exactly(story: Story, data: st.DataObject) -> None:
    bought, refunded, taxes, number = story.order, story.order.shipping_refunded, 0, 0
    reason = MIND
    while left := {line.line_id: line.untouched for line in story.order.lines if line.untouched}:
        line_id = data.draw(st.sampled_from(sorted(left)))
        reason = data.draw(st.sampled_from([MIND, BROKEN]))
        units = {line_id: data.draw(st.integers(1, left[line_id]))}
        number += 1
        story = story.when(*full_refund(Kind.RETURN, units, reason, f"claim-{number}"))
        steps = [each for each in story.amounts.steps if each.code in (StepCode.SHIPPING, StepCode.STANDARD_SHIPPING)]
        refunded += sum(each.amount for each in steps)
        taxes += sum(each.tax for each in steps)
        assert all(each.amount >= 0 for each in steps)
        assert story.order.shipping_refunded == refunded <= bought.shipping_paid
    early, paid = bought.shipping_refunded, bought.shipping_paid
    cap = paid if reason is BROKEN else _standard(bought)
    assert refunded == max(early, cap)
    assert taxes == _tax(bought, refunded) - _tax(bought, early)
    captured = sum(payment.captured for payment in bought.payments)
    assert captured == price_of(bought)
    assert story.order.captured_left == captured - (price_of(bought) - paid) - (refunded - early)


def _standard(bought: Order) -> int:
    """The standard delivery with its tax, but no more than what was paid."""
    standard, charged = bought.standard_shipping, bought.shipping_charged
    if standard is None or standard >= charged:
        return bought.shipping_paid
    return standard + (
        0 if bought.prices_include_tax else (2 * bought.shipping_tax * standard + charged) // (2 * charged)
    )


def _tax(bought: Order, amount: int) -> int:
    """Half up, by hand."""
    paid = bought.shipping_paid
    return (2 * bought.shipping_tax * amount + paid) // (2 * paid) if paid else 0
