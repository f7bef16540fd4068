"""Gives the oracle's cases to the engine, and compares the answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from app.engine import Decision, Facts, decide
from app.engine.model.assessment import Assessment
from app.engine.model.claim import Actor, Claim, Replacement
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.late_interest import interest_owed
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Declared, Kind, Nature, Reason, Record, Role
from app.engine.policy.deadlines import late_interest_rule, refund_due_on
from app.engine.policy.eligibility import assess
from app.engine.policy.index import PolicyIndex, index_policy
from app.engine.policy.policy import Policy
from app.presets.loader import calendar_for, preset
from tests.engine.commands import APPROVE, DISPATCH, inspect, receive
from tests.engine.oracle.cases import Asked, Bought, Line
from tests.engine.oracle.days import FIRST_YEAR, LAST_YEAR
from tests.engine.oracle.judge import judged
from tests.engine.oracle.laws import LAWS
from tests.engine.oracle.matter import Matter, matters
from tests.engine.story import Step, Story, wait_until

BUYER = Actor(role=Role.BUYER, name="mina")
SUBSTITUTE = Replacement(sku="the same")
PRICE = 10_000
AMOUNT = 98_765_432
PolicyOf = Callable[[str, date, str], Policy]


@dataclass(frozen=True, slots=True)
class Compared:
    """`differences` in words. `turns_on` are the sections and codes of the rules on which the answer turns."""

    differences: tuple[str, ...]
    turns_on: frozenset[tuple[str, str]]


def compared(order: Bought, claim: Asked, policy_of: PolicyOf | None = None) -> Compared:
    """What the oracle and the engine answer about a claim."""
    law, lines = LAWS[order.law].law, matters(order, claim)
    facts = _facts(order, claim, lines[0].contract, policy_of or _preset)
    stated = _claim(claim, facts)
    assessment = assess(stated, facts)
    differences: list[str] = []
    turns_on: set[tuple[str, str]] = set()
    for m in lines:
        told = judged(law, m)
        line = assessment.line(m.line.line_id)
        assert line is not None
        window = line.window
        if (line.verdict, frozenset(line.grounds)) != (told.verdict, told.grounds):
            differences.append(f"line {m.line.line_id}: {_text(line)}, but {told}")
        elif told.longest and (window is None or (window.ends_on, window.rule in told.longest) != (told.last, True)):
            differences.append(f"line {m.line.line_id}: {window}, but {told}")
        turns_on |= told.turns_on
    differences += _about_money(order, claim, lines, stated, facts, turns_on)
    if any(m.goods for m in lines):
        differences += _about_the_way_back(order, claim, lines, assessment)
    return Compared(tuple(differences), frozenset(turns_on))


def refund_days(order: Bought, claim: Asked) -> tuple[date | None, date | None] | None:
    """The day of the refund that stands in the claim after its way, and that of the oracle. None for a claim whose way
    is not simple: it must be eligible, approved, and of goods alone that come back, or of nothing that does. Here no
    part was used, and everything was paid."""
    claim = replace(claim, units=tuple(replace(units, used_parts=0) for units in claim.units))
    lines = matters(order, claim)
    way = [instant for instant in (claim.approved_at, claim.sent_at, claim.back_at) if instant]
    comes_back = claim.kind == "return" and all(m.goods for m in lines)
    is_simple = claim.kind in ("cancel", "return", "refund") and len({m.goods for m in lines}) == 1
    if not is_simple or claim.knowable_at or len(way) < (3 if comes_back else 1) or claim.approved_at is None:
        return None
    paid = replace(order, paid=PRICE * sum(line.quantity for line in order.lines if line.replaces is None))
    facts = _facts(paid, claim, lines[0].contract, _preset)
    story = Story(facts).when(_request(claim))
    if assess(story.claim, story.facts).verdict != "eligible":
        return None
    steps: list[Step] = [wait_until(claim.approved_at), APPROVE]
    if comes_back:
        units = {each.line_id: each.quantity for each in claim.units}
        steps += [wait_until(way[1]), DISPATCH, wait_until(way[2]), receive(units), inspect(units)]
    told = LAWS[order.law].law.due(claim if comes_back else replace(claim, sent_at=None, back_at=None), lines)
    return story.when(*steps).claim.deadlines.refund_due_on, told and told[1]


def _about_money(
    order: Bought, claim: Asked, lines: list[Matter], stated: Claim, facts: Facts, turns_on: set[tuple[str, str]]
) -> list[str]:
    law = LAWS[order.law].law
    told = law.due(claim, lines)
    code, due = told or ("", None)
    answer = refund_due_on(stated, facts)
    if answer != due:
        return [f"due {answer}, but {due} by {code}"]
    if due is None:
        return []
    turns_on.add(("refund_deadlines", code))
    owed = law.late(claim, AMOUNT, due)
    rule = late_interest_rule(stated, facts.policy)
    paid_on = due + timedelta(days=claim.days_late)
    paid = interest_owed(rule, AMOUNT, due_on=due, paid_on=paid_on) if rule else None
    if paid != (owed and owed[1]):
        return [f"late {paid}, but {owed}, {claim.days_late} days after {due}"]
    if owed and owed[1]:
        turns_on.add(("late_interest" if owed[0] == "late_interest" else "late_refunds", owed[0]))
    return []


def _about_the_way_back(order: Bought, claim: Asked, lines: list[Matter], assessment: Assessment) -> list[str]:
    comes_back = claim.kind in ("return", "exchange", "repair") and lines[0].fault != "undecided"
    told = LAWS[order.law].law.bearer(order, lines) if comes_back else None
    answer = assessment.return_shipping_payer
    return [] if answer == told else [f"the way back is paid by {answer}, but {told}"]


def _text(line: Any) -> str:
    return f"{line.verdict} {line.grounds} {line.window}"


def _facts(order: Bought, claim: Asked, contract: date, policy_of: PolicyOf) -> Facts:
    policy = policy_of(LAWS[order.law].preset, contract, order.country)
    bought = Order(
        order_id="order",
        currency=policy.currency,
        country=order.country,
        time_zone=order.zone,
        subdivision=order.subdivision,
        policy=policy.key,
        lines=tuple(_line(line) for line in order.lines),
        records=frozenset(map(Record, order.records)),
        paid_at=order.paid_at,
        contracted_at=order.contracted_at,
        informed_at=order.informed_at,
        unobstructed_at=order.unobstructed_at,
        payments=(Payment(payment_id="card", method="card", captured=order.paid, instalments=order.instalments),),
    )
    return Facts(order=bought, rules=_rules(policy, order.country, order.zone, order.subdivision), now=claim.asked_at)


def _line(line: Line) -> OrderLine:
    return OrderLine(
        line_id=line.line_id,
        quantity=line.quantity,
        unit_price=PRICE,
        parts=line.parts,
        nature=Nature(line.nature),
        records=frozenset(map(Record, line.records)),
        replaces=line.replaces,
        shipped=line.shipped,
        delivered=line.delivered,
        shipped_at=line.shipped_at,
        delivered_at=line.delivered_at,
        first_delivered_at=line.first_delivered_at,
        repairs=line.repairs,
        repaired_at=line.repaired_at,
        cure_days=line.cure_days,
    )


def _request(claim: Asked) -> Request:
    substitute = SUBSTITUTE if claim.kind == "exchange" else None
    return Request(
        by=BUYER,
        claim_id="claim",
        kind=Kind(claim.kind),
        reason=Reason(claim.reason),
        lines=tuple(
            RequestedLine(
                line_id=units.line_id, quantity=units.quantity, used_parts=units.used_parts, replacement=substitute
            )
            for units in claim.units
        ),
        requested_at=claim.asked_at,
        discovered_at=claim.discovered_at,
        conditions=frozenset(map(Declared, claim.declared)),
    )


def _claim(claim: Asked, facts: Facts) -> Claim:
    """The claim as the engine opens it, with what happened later."""
    decision = decide(None, _request(claim), facts)
    assert isinstance(decision, Decision), decision
    return replace(
        decision.claim,
        knowable_at=claim.knowable_at,
        approved_at=claim.approved_at,
        dispatched_at=claim.sent_at,
        received_at=claim.back_at,
    )


_preset = lru_cache(maxsize=None)(preset)
_RULES: dict[tuple[int, str, str, str | None], PolicyIndex] = {}
"""By the identity of the policy, which the index keeps alive: a policy takes long to hash."""


def _rules(policy: Policy, country: str, zone: str, subdivision: str | None) -> PolicyIndex:
    place = (id(policy), country, zone, subdivision)
    if place not in _RULES:
        days = calendar_for(country, zone, FIRST_YEAR, LAST_YEAR, subdivision=subdivision)
        _RULES[place] = index_policy(policy, days)
    return _RULES[place]
