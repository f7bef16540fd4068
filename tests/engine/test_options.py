"""The options of a line are the quotes of its requests, for each kind and reason, under every law."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from app.engine import Facts, LineOptions, Option, Quote, Refused, options, quote
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.order import OrderLine, Units
from app.engine.model.vocabulary import Fault, Kind, Nature, Reason, Record, Role
from app.engine.options import REASONS, is_possible
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
            every = [*options(facts.order.lines, facts, BUYER, reasons=frozenset(Reason))]
            typical = [*options(facts.order.lines, facts, BUYER)]
            for all_reasons, some_reasons in zip(every, typical, strict=True):
                assert _stated(all_reasons) == list(_quoted(all_reasons, facts))
                _agree(some_reasons, all_reasons)


def _agree(some_reasons: LineOptions, all_reasons: LineOptions) -> None:
    """The options without a reason have outcomes that the options for every reason have. They name each reason once,
    and are possible for the same kinds."""
    assert some_reasons.line == all_reasons.line
    for some, every in zip(some_reasons.options, all_reasons.options, strict=True):
        assert (some.kind, some.quantity, some.refusals) == (every.kind, every.quantity, every.refusals)
        answers = dict(_answers(every))
        assert all(answers[reason] == result for reason, result in _answers(some))
        assert any(map(is_possible, some.outcomes)) == any(map(is_possible, every.outcomes))
        if every.outcomes:
            judged = [reason for outcome in some.outcomes for reason in outcome.reasons]
            assert sorted((*judged, *some.other_reasons)) == sorted(REASONS[some.kind])
            assert judged


def test_without_a_reason_each_kind_has_an_outcome_for_each_side() -> None:
    (found,) = options((DELIVERED_LINE,), _facts_of(preset("kr"), DELIVERED_LINE), BUYER)
    faults = {option.kind: [outcome.quote.claim.fault for outcome in option.outcomes] for option in found.options}
    assert faults == {
        Kind.CANCEL: [Fault.BUYER],  # the goods have left, whatever the reason
        Kind.RETURN: [Fault.BUYER, Fault.SELLER],
        Kind.EXCHANGE: [Fault.BUYER, Fault.SELLER],
        Kind.REFUND: [Fault.SELLER],
        Kind.REPAIR: [Fault.SELLER],
    }


def test_without_a_reason_goods_on_their_way_can_be_lost() -> None:
    on_the_way = replace(DELIVERED_LINE, delivered=0, delivered_at=None, first_delivered_at=None)
    (found,) = options((on_the_way,), _facts_of(preset("kr"), on_the_way), BUYER)
    refund = next(option for option in found.options if option.kind is Kind.REFUND)
    assert [Reason.LOST_IN_DELIVERY in outcome.reasons for outcome in refund.outcomes] == [False, True]


def test_options_for_some_reasons_are_those_outcomes_of_all_options() -> None:
    facts = _facts(preset("kr"), 3, Random(0))
    asked = {Reason.DEFECTIVE, Reason.LOST_IN_DELIVERY, Reason.CHANGE_OF_MIND}
    everything = options(facts.order.lines, facts, BUYER, reasons=frozenset(Reason))
    every = [each for found in everything for each in _stated(found)]
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
    return _facts_of(policy, *lines, days=days, discount=random.choice((0, 900)))


def _facts_of(policy: Policy, *lines: OrderLine, days: int = 3, discount: int = 0) -> Facts:
    bought = order(*lines, country=policy.country, discount=discount, shipping_charged=3_000)
    rules = index_policy(policy, calendar_for(policy.country, policy.time_zone, 2025, 2035))
    return Facts(order=replace(bought, currency=policy.currency), rules=rules, now=NOW + timedelta(days=days))


ARRIVED = deliver(line(quantity=3, unit_price=9_990))
DELIVERED_LINE = replace(ARRIVED, line_id="1")
LINES = (
    *(ARRIVED, line(quantity=2), replace(ARRIVED, delivered=0, delivered_at=None), replace(ARRIVED, shipped=1)),
    replace(ARRIVED, delivered=0, delivered_at=None, shipped_at=NOW + timedelta(days=900, minutes=2)),
    *(replace(ARRIVED, nature=nature) for nature in Nature),
    *(replace(ARRIVED, records=frozenset({record})) for record in Record),
    *(replace(ARRIVED, units=Units(returned=1)), replace(ARRIVED, units=Units(open_cancel=1), shipped=1, delivered=1)),
    *(replace(ARRIVED, delivered_at=DELIVERED + timedelta(days=20)), replace(ARRIVED, repairs=1, parts=2)),
)
"""Lines that were delivered or not, of each nature and with each record."""
