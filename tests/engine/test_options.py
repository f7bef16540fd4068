"""The options of a line are the quotes of its requests, for each kind and reason, under every law."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from app.engine import Facts, LineOptions, Option, Quote, Refused, options, quote
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.order import Units
from app.engine.model.vocabulary import Kind, Nature, Reason, Record, Role
from app.engine.options import REASONS
from app.engine.policy.index import index_policy
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, AutomaticWhen, AutomationRule, DeadlineRule, Period, Unit
from app.presets.documents import preset_names
from app.presets.loader import calendar_for, preset
from tests.engine.orders import DELIVERED, NOW, deliver, line, order

BUYER = Actor(role=Role.BUYER, name="mina")
BY_ITSELF = AutomationRule(kinds=frozenset(Kind), when=AutomaticWhen.ALWAYS, citation="the shop")
DAYS = (3, 200, 900)
NUMBERS_OF_LINES = (1, 1, 3)


@pytest.mark.parametrize("law", preset_names())
def test_the_options_of_a_line_are_the_quotes_of_its_requests(law: str) -> None:
    policy, random = preset(law), Random(law)
    for days in DAYS:
        for judged in (policy, replace(policy, automation=(BY_ITSELF,)), _quick_for_defects(policy)):
            facts = _facts(judged, days, random)
            for found in options(facts.order.lines, facts, BUYER):
                assert _stated(found) == list(_quoted(found, facts))


def test_options_for_some_reasons_are_those_outcomes_of_all_options() -> None:
    facts = _facts(preset("kr"), 3, Random(0))
    asked = {Reason.DEFECTIVE, Reason.LOST_IN_DELIVERY, Reason.CHANGE_OF_MIND}
    every = [each for found in options(facts.order.lines, facts, BUYER) for each in _stated(found)]
    some = [each for found in options(facts.order.lines, facts, BUYER, reasons=asked) for each in _stated(found)]
    assert some == [each for each in every if each[1] in asked]


_Stated = tuple[Kind, Reason, object]


def _stated(found: LineOptions) -> list[_Stated]:
    return sorted((option.kind, reason, answer) for option in found.options for reason, answer in _answers(option))


def _answers(option: Option) -> Iterator[tuple[Reason, object]]:
    if option.refusals:
        yield from ((reason, option.refusals) for reason in REASONS[option.kind])
    for outcome in option.outcomes:
        yield from ((reason, _result(outcome.quote)) for reason in outcome.reasons)


def _quoted(found: LineOptions, facts: Facts) -> Iterator[_Stated]:
    for option in sorted(found.options, key=lambda option: option.kind):
        for reason in sorted(REASONS[option.kind]):
            request = Request(
                by=BUYER,
                claim_id="",
                kind=option.kind,
                reason=reason,
                lines=(RequestedLine(line_id=found.line.line_id, quantity=option.quantity),),
                requested_at=facts.now,
            )
            answer = quote(request, facts)
            yield option.kind, reason, answer.refusals if isinstance(answer, Refused) else _result(answer)


def _result(answer: Quote) -> object:
    claim = answer.claim
    return claim.kind, claim.fault, claim.deadlines, answer.following, answer.standing


def _quick_for_defects(policy: Policy) -> Policy:
    """The policy approves, and its promise to pay depends on the reason."""
    quick = Period(length=1, unit=Unit.DAYS, anchor=Anchor.REQUESTED)
    reasons = frozenset({Reason.DEFECTIVE, Reason.SIZE_OR_COLOR, Reason.DELAYED_DELIVERY})
    promise = DeadlineRule(kinds=frozenset(Kind), periods=(quick,), citation="the shop", reasons=reasons)
    return replace(policy, automation=(BY_ITSELF,), promises=(promise,))


def _facts(policy: Policy, days: int, random: Random) -> Facts:
    lines = tuple(
        replace(random.choice(LINES), line_id=str(number)) for number in range(random.choice(NUMBERS_OF_LINES))
    )
    bought = order(*lines, country=policy.country, discount=random.choice((0, 900)), shipping_charged=3_000)
    rules = index_policy(policy, calendar_for(policy.country, policy.time_zone, 2025, 2035))
    return Facts(order=replace(bought, currency=policy.currency), rules=rules, now=NOW + timedelta(days=days))


ARRIVED = deliver(line(quantity=3, unit_price=9_990))
LINES = (
    *(ARRIVED, line(quantity=2), replace(ARRIVED, delivered=0, delivered_at=None), replace(ARRIVED, shipped=1)),
    replace(ARRIVED, delivered=0, delivered_at=None, shipped_at=NOW + timedelta(days=900, minutes=2)),
    *(replace(ARRIVED, nature=nature) for nature in Nature),
    *(replace(ARRIVED, records=frozenset({record})) for record in Record),
    *(replace(ARRIVED, units=Units(returned=1)), replace(ARRIVED, units=Units(open_cancel=1), shipped=1, delivered=1)),
    *(replace(ARRIVED, delivered_at=DELIVERED + timedelta(days=20)), replace(ARRIVED, repairs=1, parts=2)),
)
"""Lines that were delivered or not, of each nature and with each record."""
