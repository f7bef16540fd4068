"""Walks of claims whose money is captured after the decision."""

from collections.abc import Iterator
from dataclasses import replace

from app.engine import Facts
from app.engine.model.commands import AdjustRefund
from app.engine.model.vocabulary import Kind, Reason
from tests.engine.commands import APPROVE, BLUE, CONFIRM_DELIVERY, RESHIP, SYSTEM, inspect, receive, request
from tests.engine.orders import capture, delivered_line, facts_of, line, order
from tests.engine.story import Step, pay_refunds


def late_captures() -> Iterator[tuple[str, Facts, tuple[Step, ...]]]:
    """The name, the facts and the steps of each walk."""
    half = {"points": 5_000}
    mind, back = Reason.DEFECTIVE, (receive(), inspect())
    adjusted = AdjustRefund(by=SYSTEM, captured_later=5_000)
    for kind, goods in ((Kind.CANCEL, ()), (Kind.REFUND, ()), (Kind.RETURN, back)):
        bought = line() if kind is Kind.CANCEL else delivered_line()
        for name, paid in (("the rest is captured later", ()), ("the rest is captured after the end", (pay_refunds,))):
            steps = (request(kind, mind), APPROVE, *goods, *paid, _capture_rest, adjusted, pay_refunds)
            yield name, facts_of(order(bought, payments=half)), steps
    cheaper = request(Kind.EXCHANGE, mind, replacement=replace(BLUE, unit_price=4_000))
    facts = facts_of(order(delivered_line(), payments=half))
    steps = (cheaper, APPROVE, *back, _capture_rest, adjusted, RESHIP, CONFIRM_DELIVERY)
    yield "the rest is captured later", facts, steps


def _capture_rest(facts: Facts) -> Facts:
    return replace(facts, order=capture(facts.order, facts.order.unpaid))
