"""A withdrawal needs no reason, and the buyer has it from the contract on: also while the goods are on their way.

An order of 1 June 2026, sent on the 3rd.
"""

from dataclasses import replace

import pytest

from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, Nature, Reason, Record
from tests.engine.commands import APPROVE, inspect, receive, request
from tests.engine.story import wait_until
from tests.engine.under_law import asked, at, bought, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
RETURN = Kind.RETURN
MIND, BROKEN, LATE = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.DELAYED_DELIVERY
FROM_THE_CONTRACT_ON = {
    "kr": "18(2)3: goods that were not supplied",
    "jp": "15-3(1): until eight days from the delivery are over",
    "tw": "Enforcement Rules 18: also before the receipt",
    "br": "CDC 49: from the contract or the receipt",
    "eu": "CRD 9(1), recital 40",
    "de": "BGB 355(1), 356(2)",
    "fr": "L221-18: from the contract on",
    "es": "TRLGDCU 102(1)",
    "it": "Codice del consumo 52(1)",
    "uk": "CCR 29(1), 30(1): begins with the contract",
}
SHORT = {"kr": "2026-06-10", "jp": "2026-06-10", "tw": "2026-06-10", "br": "2026-06-10"}
FOURTEEN_DAYS = "2026-06-17"
NO_REASON = {
    "tw": "CPA 19(1): without a reason",
    "br": "CDC 49",
    "eu": "CRD 9(1)",
    "de": "BGB 355(1)",
    "uk": "CCR 29(1)",
}


def on_the_way(law: str, *records: Record) -> Order:
    return bought(law, records=records, arrived=None, of_line={"shipped": 1, "shipped_at": at(law, "2026-06-03")})


@pytest.mark.parametrize("law", FROM_THE_CONTRACT_ON)
def test_goods_on_their_way_can_be_returned(law: str) -> None:
    """Certain as long as the right would last if the goods had arrived when they were sent."""
    answer = judged(law, RETURN, MIND, SHORT.get(law, FOURTEEN_DAYS), on_the_way(law))
    assert answer.window is not None
    assert (answer.verdict, answer.window.closes_at) == (ELIGIBLE, None), FROM_THE_CONTRACT_ON[law]


@pytest.mark.parametrize("law", FROM_THE_CONTRACT_ON)
def test_where_nobody_reported_the_delivery_a_person_looks_after_that(law: str) -> None:
    answer = judged(law, RETURN, MIND, "2026-06-18", on_the_way(law))
    assert (answer.verdict, [doubt.why for doubt in answer.doubts]) == (REVIEW, [Unclear.NOT_DELIVERED])


def test_a_clause_and_an_exception_bind_before_the_delivery_too() -> None:
    """JP SCTA 15-3(1) proviso, EU CRD 16(c)."""
    clause = (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN)
    assert judged("jp", RETURN, MIND, "2026-06-04", on_the_way("jp", *clause)).verdict is INELIGIBLE
    line = {"shipped": 1, "shipped_at": at("eu", "2026-06-03")}
    made = bought("eu", Nature.CUSTOM_MADE, arrived=None, of_line=line)
    assert judged("eu", RETURN, MIND, "2026-06-04", made).verdict is INELIGIBLE


def test_chinese_law_speaks_of_goods_that_were_received() -> None:
    """CN Consumer Rights Law 25(1)."""
    assert judged("cn", RETURN, MIND, "2026-06-04", on_the_way("cn")).verdict is REVIEW


def test_goods_that_were_returned_from_the_way_are_paid_three_business_days_after_they_are_back() -> None:
    """KR E-Commerce Act 18(2)1."""
    story = asked("kr", RETURN, MIND, "2026-06-04", on_the_way("kr")).when(APPROVE)
    story = story.when(wait_until(at("kr", "2026-06-08")), receive(), inspect())
    assert str(story.claim.deadlines.refund_due_on) == "2026-06-11"


@pytest.mark.parametrize("law", NO_REASON)
@pytest.mark.parametrize("reason", [BROKEN, LATE, Reason.OUT_OF_STOCK])
def test_a_reason_at_the_sellers_fault_takes_no_withdrawal_away(law: str, reason: Reason) -> None:
    assert judged(law, RETURN, reason, "2026-06-10", bought(law)).verdict is ELIGIBLE, NO_REASON[law]


@pytest.mark.parametrize("law", NO_REASON)
def test_the_end_of_a_withdrawal_says_nothing_about_goods_that_came_late(law: str) -> None:
    """EU CRD 18(2), TW Civil Code 254, 255, UK CRA 28(6) to (8), BR CDC 35: other conditions, which a person sees."""
    answer = judged(law, RETURN, LATE, "2026-07-20", bought(law))
    assert (answer.verdict, [doubt.why for doubt in answer.doubts]) == (REVIEW, [Unclear.NO_RULE])
    assert judged(law, RETURN, MIND, "2026-07-20", bought(law)).verdict is INELIGIBLE


def test_the_money_of_goods_and_of_what_cannot_come_back_is_due_with_the_goods() -> None:
    """KR 18(2)1, 18(2)2: one claim has one refund. A claim of its own has the earlier day."""
    album = replace(bought("kr", Nature.DIGITAL).lines[0], line_id="2")
    order = bought("kr")
    both = replace(order, lines=(*order.lines, album), payments=(replace(order.payments[0], captured=20_000),))
    request_of = {"together": {"1": 1, "2": 1}, "alone": {"2": 1}}
    days = {}
    for name, units in request_of.items():
        story = asked("kr", RETURN, MIND, "2026-06-10", both)
        claim = request(RETURN, MIND, units, requested_at=story.facts.now)
        story = replace(story, facts=replace(story.facts, order=both)).when(claim, APPROVE)
        if name == "together":
            story = story.when(wait_until(at("kr", "2026-06-26")), receive(), inspect())
        days[name] = str(story.claim.deadlines.refund_due_on)
    assert days == {"together": "2026-07-01", "alone": "2026-06-15"}
