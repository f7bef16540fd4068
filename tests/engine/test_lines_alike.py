"""A line is judged as if it were claimed alone, whatever line comes before it in the claim."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from app.engine import Facts
from app.engine.model.assessment import LineAssessment
from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.order import OrderLine, Units
from app.engine.model.vocabulary import Kind, Nature, Reason, Record
from app.engine.policy.eligibility import assess
from app.engine.policy.index import index_policy
from app.presets.loader import calendar_for, preset
from tests.engine.commands import request
from tests.engine.orders import DELIVERED, NOW, deliver, line, order
from tests.engine.story import given

LATER = DELIVERED + timedelta(days=30)
OTHER_VALUES: dict[str, tuple[Any, ...]] = {
    "option_change": ("change",),
    "changing": (1,),
    "quantity": (2,),
    "unit_price": (7,),
    "sku": ("other",),
    "title": ("other",),
    "discount": (1,),
    "discountable": (False,),
    "tax": (1,),
    "tax_rate": (1000,),
    "parts": (2,),
    "nature": tuple(Nature),
    "records": tuple(frozenset({record}) for record in Record),
    "replaces": ("1",),
    "shipped": (0,),
    "delivered": (0,),
    "shipped_at": (None, DELIVERED - timedelta(days=30)),
    "delivered_at": (None, LATER),
    "first_delivered_at": (DELIVERED - timedelta(days=30),),
    "credited": (1,),
    "recharged": (1,),
    "deliver_on": (LATER.date(),),
    "units": (Units(returned=1),),
    "consumable_cost": (1,),
    "repairs": (1,),
    "repaired_at": (LATER,),
    "cure_days": (9,),
}
BASE = deliver(line("1"))
ASKED = (
    (Kind.RETURN, Reason.CHANGE_OF_MIND),
    (Kind.RETURN, Reason.NOT_AS_DESCRIBED),
    (Kind.REPAIR, Reason.DEFECTIVE),
    (Kind.CANCEL, Reason.CHANGE_OF_MIND),
)


def _others() -> Iterator[OrderLine]:
    for name, values in OTHER_VALUES.items():
        for value in values:
            yield replace(BASE, line_id="2", **{name: value})


def test_every_field_of_a_line_has_another_value_here() -> None:
    assert {"line_id", *OTHER_VALUES} == {field.name for field in fields(OrderLine)}


@pytest.mark.parametrize("days", [3, 20, 200, 900])
@pytest.mark.parametrize("law", ["kr", "jp", "eu", "de", "uk", "us", "tw", "cn", "br", "au", "qoo10_jp"])
def test_a_line_behind_another_is_judged_as_if_alone(law: str, days: int) -> None:
    policy, now = preset(law), NOW + timedelta(days=days)
    rules = index_policy(policy, calendar_for(policy.country, policy.time_zone, 2025, 2035))
    for other in _others():
        lines = (BASE, other, replace(BASE, line_id="3"))
        bought = replace(order(*lines, country=policy.country), currency=policy.currency)
        facts = Facts(order=bought, rules=rules, now=now)
        for kind, reason in ASKED:
            claim = _claim(kind, reason, days)
            together = assess(claim, facts).lines
            assert together == tuple(_alone(claim, claimed, facts) for claimed in claim.lines), other


def _claim(kind: Kind, reason: Reason, days: int) -> Claim:
    asked = given(order(BASE)).when(request(Kind.RETURN, reason, requested_at=NOW)).claim
    submission = replace(asked.submission, requested_at=NOW + timedelta(days=days))
    lines = tuple(ClaimLine(line_id=line_id, quantity=1) for line_id in ("1", "2", "3"))
    return replace(asked, kind=kind, lines=lines, submission=submission)


def _alone(claim: Claim, claimed: ClaimLine, facts: Facts) -> LineAssessment:
    (judged,) = assess(replace(claim, lines=(claimed,)), facts).lines
    return judged
