"""Worked decisions under real rules (`tests/cases/policy.json`): every expectation of every case is a test."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.engine import Decision, Facts, decide
from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown, StepCode
from app.engine.model.claim import Claim
from app.engine.model.commands import Request
from app.engine.model.order import Order, OrderLine
from app.engine.model.refund import Refund, Report, Reported, apply_report
from app.engine.model.vocabulary import Declared, Fault, Kind, Nature, Reason, Record
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.compared_days import ComparedDays
from app.engine.policy.eligibility import assess
from app.engine.policy.index import index_policy
from app.engine.policy.law import Violation, violations
from app.engine.policy.merging import merge_terms
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Anchor, Basis, DeadlineRule, Period, Unit, WindowRule
from app.engine.policy.terms import Terms
from app.engine.transitions.ledger import apply_effects
from app.presets.loader import calendar_for, calendar_of, preset
from tests.engine.commands import APPROVE, inspect, receive, request
from tests.engine.orders import order
from tests.engine.story import Story, wait_until

Case = Mapping[str, Any]

CASES: dict[str, Case] = {
    case["id"]: case for case in json.loads((Path(__file__).parent.parent / "cases" / "policy.json").read_text("utf-8"))
}
EXPECTATIONS = [(name, key) for name, case in CASES.items() for key in case["expect"]]


@pytest.mark.parametrize(("name", "key"), EXPECTATIONS, ids=[f"{name} {key}" for name, key in EXPECTATIONS])
def test_case(name: str, key: str) -> None:
    case = CASES[name]
    assert ANSWERS[key](case, case["expect"][key]) == case["expect"][key], case["rests_on"]


# A case, played


@cache
def _request_claim(name: str) -> tuple[Claim, Facts]:
    """The claim as the buyer makes it, before any answer."""
    case = CASES[name]
    decision = decide(None, _request(case["claim"]), _facts(case))
    assert isinstance(decision, Decision), decision
    return decision.claim, apply_effects(_facts(case), decision.effects)


def _assessment(name: str) -> Assessment:
    return assess(*_request_claim(name))


@cache
def _approve_claim(name: str) -> Claim:
    """The claim after a full grant: all goods that must come back came back undamaged."""
    case = CASES[name]
    request = _request(case["claim"])
    back = datetime.fromisoformat(case["later"].get("goods_received_at") or case["claim"]["requested_at"])
    units = {line.line_id: line.quantity for line in request.lines}
    approval = () if _assessment(name).automatic else (APPROVE,)
    goods = (wait_until(back), receive(units), inspect(units)) if request.kind is not Kind.CANCEL else ()
    return Story(_facts(case)).when(request, *approval, *goods).claim


# What the engine answers in a case, by the key of the expectation


def _last_day(case: Case, _: object) -> str | None:
    window = _assessment(case["id"]).window
    return str(window.ends_on) if window and window.ends_on else None


def _refund(case: Case, asserted: Mapping[str, int]) -> Mapping[str, int]:
    """The results of the granted claim, for the keys that the case asserts."""
    amounts = _approve_claim(case["id"]).amounts
    assert amounts is not None
    return {key: _amount(amounts, key) for key in asserted}


def _amount(amounts: RefundBreakdown, key: str) -> int:
    if key == "total":
        return amounts.total
    return amounts.buyer_owes if key == "buyer_owes" else amounts.amount_of(StepCode(key))


ANSWERS: Mapping[str, Callable[[Case, Any], Any]] = {
    "assessment": lambda case, _: _assessment(case["id"]).verdict,
    "grounds": lambda case, _: list(_assessment(case["id"]).grounds),
    "window_last_day": _last_day,
    "return_shipping_paid_by": lambda case, _: _assessment(case["id"]).return_shipping_payer,
    "automatic": lambda case, _: _assessment(case["id"]).automatic,
    "alternatives_required": lambda case, _: _assessment(case["id"]).alternatives_required,
    "refund_due_on": lambda case, _: str(_approve_claim(case["id"]).deadlines.refund_due_on),
    "refund": _refund,
    "late_interest": lambda case, _: _late_interest(case),
    "policy_violations": lambda case, _: [violation.code for violation in _violations(*_terms(case))],
    "allocated_discount": lambda case, _: list(_order(case["order"]).discount_shares().values()),
}


def _late_interest(case: Case) -> int:
    claim = _approve_claim(case["id"])
    assert claim.amounts is not None
    assert claim.closed_at is None
    (share,) = claim.amounts.shares
    policy = _policy(case)
    owed = Refund(
        refund_id="refund",
        claim_id=claim.claim_id,
        order_id=claim.order_id,
        payment_id=share.payment_id,
        method=share.method,
        amount=share.amount,
        currency=claim.amounts.currency,
        idempotency_key="key",
        created_at=datetime.fromisoformat(case["later"]["goods_received_at"]),
        due_by=claim.deadlines.refund_due_by,
        late_interest_rule=policy.late_interest,
        time_zone=policy.time_zone,
    )
    paid = apply_report(
        owed, Reported(report=Report.SUCCEEDED, at=datetime.fromisoformat(case["later"]["refunded_at"]))
    )
    assert isinstance(paid, Refund)
    return paid.late_interest


# A case, read into values of the engine


def _facts(case: Case) -> Facts:
    policy, bought = _policy(case), _order(case["order"])
    now = datetime.fromisoformat(case["claim"]["requested_at"])
    calendar = calendar_of(policy, bought, now.year, now.year + 1)
    return Facts(order=bought, rules=index_policy(policy, calendar), now=now)


def _policy(case: Case) -> Policy:
    base, terms, calendar = _terms(case)
    return merge_terms(base, terms, _violations(base, terms, calendar), policy_id="case", version=1)


def _violations(base: Policy, terms: Terms, calendar: BusinessCalendar) -> tuple[Violation, ...]:
    return violations(base, terms, ComparedDays(calendar, 2026))


def _terms(case: Case) -> tuple[Policy, Terms, BusinessCalendar]:
    """The law on the day of the payment, the seller's terms on top of it, and the calendar of both."""
    document, bought = case["policy"], case["order"]
    paid_on = datetime.fromisoformat(bought["paid_at"]).date()
    base, seller = preset(document["preset"], paid_on, bought.get("country")), document["seller"] or {}
    disclosed = {
        ("return_shipping" if name == "return" else name): amount for name, amount in (document["fees"] or {}).items()
    }
    terms = Terms(
        fees={**disclosed, "restocking_percent": seller.get("restocking_fee_percent", 0)} if disclosed else {},
        windows=tuple(_returns_within(days) for name, days in seller.items() if name == "return_window_days"),
        promises=tuple(_refunds_within(days, seller) for name, days in seller.items() if name == "refund_days"),
    )
    return base, terms, calendar_for(base.country, base.time_zone, 2025, 2030)


def _returns_within(days: int) -> WindowRule:
    return WindowRule(
        code="seller_return",
        kinds=frozenset({Kind.RETURN}),
        faults=frozenset({Fault.BUYER}),
        periods=(Period(length=days, unit=Unit.DAYS, anchor=Anchor.DELIVERED),),
        citation="the seller's promise",
        basis=Basis.PRACTICE,
    )


def _refunds_within(days: int, document: Mapping[str, Any]) -> DeadlineRule:
    unit = {"calendar": Unit.DAYS, "business": Unit.BUSINESS_DAYS}[document["refund_days_unit"]]
    return DeadlineRule(
        kinds=frozenset({Kind.RETURN}),
        periods=(Period(length=days, unit=unit, anchor=Anchor.GOODS_BACK),),
        citation="the seller's promise",
        basis=Basis.PRACTICE,
    )


def _order(document: Case) -> Order:
    expected = document.get("expected_ship_on")
    bought = order(
        *(_line(line, document) for line in document["lines"]),
        discount=document.get("order_discount", 0),
        shipping_charged=document["shipping_charged"],
        records=_records(document),
    )
    return replace(
        bought,
        currency=document["currency"],
        country=document.get("country", bought.country),
        time_zone=document.get("timezone"),
        paid_at=_instant(document["paid_at"]),
        confirmed_at=_instant(document["confirmed_at"]),
        expected_ship_on=date.fromisoformat(expected) if expected else None,
    )


def _line(document: Case, bought: Case) -> OrderLine:
    return OrderLine(
        line_id=document["line_id"],
        quantity=document["quantity"],
        unit_price=document["unit_price"],
        discount=document["discount"],
        nature=Nature(document["nature"]),
        records=_records(document),
        shipped=document["quantity"] if bought["shipped_at"] else 0,
        shipped_at=_instant(bought["shipped_at"]),
        delivered=document["quantity"] if bought["delivered_at"] else 0,
        delivered_at=_instant(bought["delivered_at"]),
    )


def _request(document: Case) -> Request:
    return request(
        Kind(document["kind"]),
        Reason(document["reason"]),
        {line["line_id"]: line["quantity"] for line in document["lines"]},
        requested_at=_instant(document["requested_at"]),
        discovered_at=_instant(document.get("discovered_at")),
        conditions=frozenset(Declared(condition) for condition in document["conditions"]),
    )


def _records(document: Case) -> frozenset[Record]:
    return frozenset(Record(record) for record in document.get("records", []))


def _instant(document: str | None) -> datetime | None:
    return datetime.fromisoformat(document) if document else None
