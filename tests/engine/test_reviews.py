"""An assessment always says why: a review has a doubt with a sentence, and an ineligible claim a finding."""

from dataclasses import replace
from itertools import product

import pytest

from app.engine.model.assessment import Assessment, Unclear, Verdict
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import Kind, Nature, Reason
from app.engine.policy.eligibility import assess
from app.engine.transitions.apply import new_claim_from
from app.presets.loader import preset
from tests.engine.commands import request
from tests.engine.orders import NOW, POLICY, TOO_LATE, deliver, facts_of, line, order

LAWS = ("kr", "jp", "tw", "cn", "eu", "de", "fr", "uk", "us", "au", "br", "naver", "storefront_kr")
LINES = {
    "not shipped": line(),
    "delivered": deliver(line()),
    "digital": deliver(line(nature=Nature.DIGITAL)),
    "a service": deliver(line(nature=Nature.SERVICE, parts=10)),
    "custom-made": deliver(line(nature=Nature.CUSTOM_MADE)),
}


def says_why(assessment: Assessment) -> bool:
    if assessment.verdict is Verdict.INELIGIBLE:
        return bool(assessment.findings)
    reviewed = assessment.verdict is Verdict.REVIEW
    return bool(assessment.doubts) is reviewed and all(doubt.detail.endswith(".") for doubt in assessment.doubts)


@pytest.mark.parametrize("law", LAWS)
def test_every_verdict_says_why(law: str) -> None:
    seen: set[object] = set()
    for bought, kind, reason, now in product(LINES.values(), Kind, Reason, (NOW, TOO_LATE)):
        assessment = _assess(bought, kind, reason, law, now)
        assert says_why(assessment), (bought.nature, kind, reason, now, assessment)
        seen |= {assessment.verdict, *(doubt.why for doubt in assessment.doubts)}
    assert {Verdict.REVIEW, Verdict.ELIGIBLE, Unclear.FAULT_UNDECIDED} <= seen


def _assess(bought: OrderLine, kind: Kind, reason: Reason, law: str, now: object) -> Assessment:
    facts = facts_of(order(bought), now, preset(law))  # type: ignore[arg-type]
    return assess(new_claim_from(request(kind, reason, requested_at=facts.now), "order"), facts)


def test_no_rule_decides_about_a_claim_without_lines() -> None:
    facts = facts_of(order(deliver(line())), NOW, POLICY)
    claim = replace(new_claim_from(request(Kind.RETURN), "order"), lines=())
    assessment = assess(claim, facts)
    assert (assessment.verdict, [doubt.why for doubt in assessment.doubts]) == (Verdict.REVIEW, [Unclear.NO_RULE])
    assert says_why(assessment)
