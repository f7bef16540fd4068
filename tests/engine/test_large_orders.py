"""No step takes longer than in proportion to the lines of an order."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

import pytest

from app.engine import actions, quote
from app.engine.model.commands import Command
from app.engine.model.order import Order
from app.engine.model.vocabulary import Ground, Kind, Reason
from tests.engine.commands import (
    APPROVE,
    CONFIRM_DELIVERY,
    DISPATCH,
    RESHIP,
    RETRACT,
    inspect,
    receive,
    reject,
    request,
)
from tests.engine.orders import NO_FEES, delivered_line, line, order
from tests.engine.story import given, pay_refunds

Result = TypeVar("Result")

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE


def bought(count: int, *, delivered: bool = True) -> Order:
    """Every third line has no tax, and the order has a discount."""
    make = delivered_line if delivered else line
    several = [make(str(n), unit_price=1_000 + n, tax_rate=(0, 1_000, None)[n % 3]) for n in range(1, count + 1)]
    return order(*several, discount=count, discount_minimum=1_000)


def units(count: int) -> dict[str, int]:
    return {str(n): 1 for n in range(1, count + 1)}


def executed(work: Callable[..., Result], *arguments: Any) -> tuple[Result, int]:
    """The result, and how many lines of code were executed for it."""
    count = 0

    def trace(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        result = work(*arguments)
    finally:
        sys.settrace(before)
    return result, count


def counts(count: int, kind: Kind, reason: Reason, *steps: Callable[[int], Any]) -> list[int]:
    """The work of a quote, of each step, and of the lists of what can follow."""
    story = given(bought(count, delivered=kind is not Kind.CANCEL), policy=NO_FEES)
    asked = request(kind, reason, units(count), amount=count * 10 if kind is Kind.REFUND else None)
    numbers = [executed(quote, asked, story.facts)[1]]
    for step in (asked, *(make(count) for make in steps)):
        story, number = executed(story.when, step)
        assert not story.refusals, (step, story.refusals[:2])
        numbers += (number, executed(actions, story.claim, story.facts)[1])
    return numbers


def same(step: Command) -> Callable[[int], Command]:
    return lambda _: step


BACK = (same(APPROVE), lambda count: receive(units(count)), lambda count: inspect(units(count)))
WALKS: dict[str, tuple[Kind, Reason, tuple[Callable[[int], Any], ...]]] = {
    "a return": (Kind.RETURN, MIND, (*BACK, lambda _: pay_refunds)),
    "a return that is retracted": (Kind.RETURN, MIND, (same(APPROVE), same(DISPATCH), same(RETRACT))),
    "an exchange": (Kind.EXCHANGE, BROKEN, (*BACK, same(RESHIP), same(CONFIRM_DELIVERY))),
    "a repair": (Kind.REPAIR, BROKEN, BACK),
    "a cancellation": (Kind.CANCEL, MIND, (same(APPROVE), lambda _: pay_refunds)),
    "a partial refund": (Kind.REFUND, BROKEN, (same(APPROVE),)),
    "a rejection": (
        Kind.RETURN,
        MIND,
        (lambda count: reject(Ground.BUYER_AGREED, evidence=("mail",), line_ids=tuple(units(count))),),
    ),
}


@pytest.mark.parametrize(("kind", "reason", "steps"), WALKS.values(), ids=WALKS)
def test_no_step_is_quadratic(kind: Kind, reason: Reason, steps: tuple[Callable[[int], Any], ...]) -> None:
    fewer, more = counts(80, kind, reason, *steps), counts(240, kind, reason, *steps)
    grown = [round(large / small, 1) for small, large in zip(fewer, more, strict=True)]
    assert max(grown) <= 3.3, grown
