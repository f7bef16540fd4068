"""Worked decisions under real rules (`tests/cases/policy.json`): every expectation of every case is a test."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.engine.assessment import Assessment
from app.engine.breakdown import RefundBreakdown, StepCode
from app.engine.claim import Claim
from app.engine.commands import Request
from app.engine.decide import Decision, decide
from app.engine.eligibility import assess
from app.engine.facts import Facts
from app.engine.ledger import after
from app.engine.order import Order, OrderLine
from app.engine.policy import Fees, Policy
from app.engine.vocabulary import Declared, Kind, Nature, Reason, Record
from app.presets.loader import calendar_for, preset, preset_names
from tests.engine.given import APPROVE, asks, at, inspects, order, receives, walked

Case = Mapping[str, Any]

CASES: dict[str, Case] = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent.parent / "cases" / "policy.json").read_text("utf-8"))
}
EXPECTATIONS = [(name, key) for name, case in CASES.items() for key in case["expect"]]

NOT_YET: dict[tuple[str, str], str] = {
    ("kr-30", "late_interest"): "interest on late refunds",
    ("kr-31a", "policy_violations"): "a seller's own terms, checked against the law",
    ("kr-31b", "assessment"): "a seller's own terms, merged with the law",
    ("kr-31b", "window_last_day"): "a seller's own terms, merged with the law",
    ("kr-32", "policy_violations"): "a seller's own terms, checked against the law",
    **{(name, key): "preset eu" for name, key in EXPECTATIONS if CASES[name]["policy"]["preset"] == "eu"},
    **{(name, key): "preset uk" for name, key in EXPECTATIONS if CASES[name]["policy"]["preset"] == "uk"},
}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param(
            name,
            key,
            id=f"{name} {key}",
            marks=pytest.mark.skip(reason=f"yet to come: {NOT_YET[name, key]}") if (name, key) in NOT_YET else (),
        )
        for name, key in EXPECTATIONS
    ],
)
def test_case(name: str, key: str) -> None:
    case = CASES[name]
    assert FOUND[key](case, case["expect"][key]) == case["expect"][key], case["rests_on"]


def test_nothing_is_skipped_that_could_be_run() -> None:
    presets = {reason.removeprefix("preset ") for reason in NOT_YET.values() if reason.startswith("preset ")}
    assert not presets.intersection(preset_names())
    assert NOT_YET.keys() <= set(EXPECTATIONS)


# A case, played


@cache
def _asked(name: str) -> tuple[Claim, Facts]:
    """The claim as the buyer makes it, before anybody has answered."""
    case = CASES[name]
    decision = decide(None, _request(case["claim"]), _facts(case))
    assert isinstance(decision, Decision), decision
    return decision.claim, after(_facts(case), decision.effects)


def _assessment(name: str) -> Assessment:
    return assess(*_asked(name))


@cache
def _granted(name: str) -> Claim:
    """The claim when all it asks for is given: goods that must come back came back whole."""
    case = CASES[name]
    request = _request(case["claim"])
    back = datetime.fromisoformat(case["later"].get("goods_received_at") or case["claim"]["requested_at"])
    units = {line.line_id: line.quantity for line in request.lines}
    approval = () if _assessment(name).automatic else (APPROVE,)
    goods = (at(back), receives(units), inspects(units)) if request.kind is not Kind.CANCEL else ()
    return walked(_facts(case), request, *approval, *goods)[0]


# What the engine says of a case, by the key of the expectation


def _last_day(case: Case, _: object) -> str | None:
    window = _assessment(case["id"]).window
    return str(window.last_day) if window and window.last_day else None


def _refund(case: Case, asserted: Mapping[str, int]) -> Mapping[str, int]:
    """What the claim comes to when it is granted, of the keys that the case asserts."""
    amounts = _granted(case["id"]).amounts
    assert amounts is not None
    return {key: _amount(amounts, key) for key in asserted}


def _amount(amounts: RefundBreakdown, key: str) -> int:
    if key == "total":
        return amounts.total
    return amounts.buyer_owes if key == "buyer_owes" else amounts.amount_of(StepCode(key))


FOUND: Mapping[str, Callable[[Case, Any], Any]] = {
    "assessment": lambda case, _: _assessment(case["id"]).verdict,
    "grounds": lambda case, _: list(_assessment(case["id"]).grounds),
    "window_last_day": _last_day,
    "return_shipping_paid_by": lambda case, _: _assessment(case["id"]).return_shipping_paid_by,
    "automatic": lambda case, _: _assessment(case["id"]).automatic,
    "alternatives_required": lambda case, _: _assessment(case["id"]).alternatives_required,
    "refund_due_on": lambda case, _: str(_granted(case["id"]).deadlines.refund_due_on),
    "refund": _refund,
    "allocated_discount": lambda case, _: list(_order(case["order"]).discount_shares().values()),
}


# A case, read into values of the engine


def _facts(case: Case) -> Facts:
    policy = _policy(case["policy"])
    now = datetime.fromisoformat(case["claim"]["requested_at"])
    calendar = calendar_for(policy.country, policy.time_zone, now.year, now.year + 1)
    return Facts(order=_order(case["order"]), policy=policy, calendar=calendar, now=now)


def _policy(said: Case) -> Policy:
    policy, fees = preset(said["preset"]), said["fees"]
    if fees is None:
        return policy
    disclosed = {("return_" if name == "return" else name): amount for name, amount in fees.items()}
    return replace(policy, fees=Fees(**disclosed, citation=policy.fees.citation))


def _order(said: Case) -> Order:
    expected = said.get("expected_ship_on")
    bought = order(
        *(_line(line, said) for line in said["lines"]),
        discount=said.get("order_discount", 0),
        shipping_charged=said["shipping_charged"],
        records=_records(said),
    )
    return replace(
        bought,
        currency=said["currency"],
        paid_at=_instant(said["paid_at"]),
        confirmed_at=_instant(said["confirmed_at"]),
        expected_ship_on=date.fromisoformat(expected) if expected else None,
    )


def _line(said: Case, bought: Case) -> OrderLine:
    return OrderLine(
        line_id=said["line_id"],
        quantity=said["quantity"],
        unit_price=said["unit_price"],
        discount=said["discount"],
        nature=Nature(said["nature"]),
        records=_records(said),
        shipped=said["quantity"] if bought["shipped_at"] else 0,
        shipped_at=_instant(bought["shipped_at"]),
        delivered=said["quantity"] if bought["delivered_at"] else 0,
        delivered_at=_instant(bought["delivered_at"]),
    )


def _request(said: Case) -> Request:
    return asks(
        Kind(said["kind"]),
        Reason(said["reason"]),
        {line["line_id"]: line["quantity"] for line in said["lines"]},
        requested_at=_instant(said["requested_at"]),
        discovered_at=_instant(said.get("discovered_at")),
        conditions=frozenset(Declared(condition) for condition in said["conditions"]),
    )


def _records(said: Case) -> frozenset[Record]:
    return frozenset(Record(record) for record in said.get("records", []))


def _instant(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
