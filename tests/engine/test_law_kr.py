"""Korean law, article by article: what the law answers, until when, and for how much money.

An order of 1 June 2026 for 10,000 won, sent on the 3rd, delivered on the 5th.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.model.assessment import Assessment, Unclear, Verdict
from app.engine.model.breakdown import StepCode
from app.engine.model.commands import MakeOffer, Reclassify
from app.engine.model.order import Payment
from app.engine.model.vocabulary import (
    Alternative,
    Condition,
    Declared,
    Deduction,
    Fault,
    Ground,
    Kind,
    Nature,
    Reason,
    Record,
)
from app.engine.policy.eligibility import assess
from app.engine.policy.money_rules import DeductionLimit
from app.engine.policy.rules import Basis
from app.presets.loader import preset
from tests.engine.commands import APPROVE, SELLER, inspect, receive
from tests.engine.story import wait_until
from tests.engine.under_law import asked, at, bought, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN, WRONG = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.WRONG_ITEM
MISSING, LOST = Reason.MISSING_ITEM, Reason.LOST_IN_DELIVERY
NOTICE, CONSENT = Record.NOTICE, Record.CONSENT
UNINFORMED, OBSTRUCTED = Record.INFORMATION_MISSING, Record.OBSTRUCTED


@pytest.mark.parametrize(
    ("kind", "reason", "day", "last_day", "verdict"),
    [
        pytest.param(RETURN, MIND, "2026-06-12", "2026-06-12", ELIGIBLE, id="17(1)1"),
        pytest.param(RETURN, MIND, "2026-06-13", "2026-06-12", INELIGIBLE, id="17(1)1 over"),
        pytest.param(RETURN, WRONG, "2026-07-07", "2026-07-06", INELIGIBLE, id="17(3) over"),
        pytest.param(RETURN, BROKEN, "2026-11-05", "2026-09-07", REVIEW, id="4 and Civil Act 580(1): a fifth month"),
        pytest.param(EXCHANGE, BROKEN, "2026-11-05", "2027-05-06", ELIGIBLE, id="4 and Civil Act 581(2), 582"),
        pytest.param(REPAIR, BROKEN, "2027-06-05", "2027-06-07", ELIGIBLE, id="Dispute Standards: free repair"),
        pytest.param(REFUND, BROKEN, "2026-06-10", None, REVIEW, id="18(1) goods are given back"),
        pytest.param(REFUND, MISSING, "2026-06-10", "2027-06-10", ELIGIBLE, id="18(2)3, Civil Act 573"),
    ],
)
def test_a_claim_of_the_buyer(kind: Kind, reason: Reason, day: str, last_day: str | None, verdict: Verdict) -> None:
    known = None if reason is BROKEN else "2026-06-05" if reason is WRONG else None
    answer = judged("kr", kind, reason, day, bought("kr"), discovered=known)
    assert (answer.verdict, _last_day(answer)) == (verdict, last_day)


def test_goods_that_never_came_are_paid_back() -> None:
    """17(1)1: the time begins with the supply. 18(2)3."""
    order = bought("kr", arrived=None)
    sent = replace(order.lines[0], shipped=1, shipped_at=at("kr", "2026-06-03"))
    assert judged("kr", REFUND, LOST, "2026-06-20", replace(order, lines=(sent,))).verdict is ELIGIBLE


@pytest.mark.parametrize(
    ("record", "opening"),
    [
        pytest.param(Record.SERIOUS_DEFECT, "Civil Act 575(1), 580(1)", id="the purpose is lost"),
        pytest.param(Record.CURE_REFUSED, "Dispute Standards annex I", id="the repair was refused"),
        pytest.param(Record.CURE_LATE, "Dispute Standards annex I", id="the repair took more than a month"),
    ],
)
def test_a_defect_of_the_fifth_month_gives_the_money_back(record: Record, opening: str) -> None:
    answer = judged("kr", RETURN, BROKEN, "2026-11-05", bought("kr", records=(record,)))
    assert answer.verdict is ELIGIBLE
    assert answer.window is not None
    assert opening in answer.window.citation


@pytest.mark.parametrize(
    ("record", "event", "day", "last_day"),
    [
        pytest.param(UNINFORMED, {}, "2026-12-01", "2036-06-05", id="17(1)2 no document yet"),
        pytest.param(UNINFORMED, {"informed_at": "2026-07-01"}, "2026-07-08", "2026-07-08", id="17(1)2 address known"),
        pytest.param(UNINFORMED, {"informed_at": "2026-07-01"}, "2026-07-09", "2026-07-08", id="17(1)2 over"),
        pytest.param(OBSTRUCTED, {}, "2026-12-01", "2036-06-05", id="17(1)3 obstructed still"),
        pytest.param(OBSTRUCTED, {"unobstructed_at": "2026-07-01"}, "2026-07-08", "2026-07-08", id="17(1)3 free"),
    ],
)
def test_the_seven_days_wait_for_the_document_and_for_the_end_of_an_obstruction(
    record: Record, event: dict[str, str], day: str, last_day: str
) -> None:
    instants: dict[str, Any] = {name: at("kr", when) for name, when in event.items()}
    answer = judged("kr", RETURN, MIND, day, bought("kr", records=(record,), **instants))
    assert answer.verdict is (ELIGIBLE if day <= last_day else INELIGIBLE)
    assert _last_day(answer) == last_day


@pytest.mark.parametrize(("known", "verdict"), [(None, REVIEW), ("2026-08-10", ELIGIBLE), ("2026-06-05", INELIGIBLE)])
def test_what_shows_on_delivery_was_known_then_unless_the_buyer_says_more(known: str | None, verdict: Verdict) -> None:
    """17(3): thirty days from when the buyer knew or could have known, here on day 71."""
    assert judged("kr", RETURN, WRONG, "2026-08-15", bought("kr"), discovered=known).verdict is verdict


@pytest.mark.parametrize(
    ("arrived", "known", "last_day"),
    [
        pytest.param("2026-06-05", "2026-06-08", "2026-07-08", id="17(3) thirty days"),
        pytest.param("2026-06-04", "2026-06-04", "2026-07-06", id="Civil Act 161 a Saturday"),
        pytest.param("2026-06-04", "2026-08-30", "2026-09-04", id="17(3) three months"),
        pytest.param("2026-06-05", "2026-08-30", "2026-09-07", id="Civil Act 161 a Saturday in September"),
    ],
)
def test_the_act_alone_gives_the_money_for_missing_goods(arrived: str, known: str, last_day: str) -> None:
    """17(3), 18(2)3, 35: no terms may take it away, as they may the year of the Civil Act."""
    act = tuple(window for window in preset("kr").windows if window.basis is Basis.STATUTE)
    story = asked("kr", REFUND, MISSING, known, bought("kr", arrived=arrived), discovered=known)
    story = story.under(replace(preset("kr"), windows=act))
    assert _last_day(assess(story.claim, story.facts)) == last_day


@pytest.mark.parametrize(
    ("nature", "records", "declared", "verdict", "ground"),
    [
        pytest.param(Nature.STANDARD, (), "damaged", REVIEW, Ground.DAMAGED_BY_BUYER, id="17(2)1, (5)"),
        pytest.param(Nature.STANDARD, (NOTICE,), "used", REVIEW, Ground.USED_OR_CONSUMED, id="17(2)2, (5)"),
        pytest.param(Nature.PERISHABLE, (NOTICE,), "", REVIEW, Ground.VALUE_LOST_BY_TIME, id="17(2)3, (5)"),
        pytest.param(
            Nature.SEALED_MEDIA, (NOTICE,), "seal_broken", INELIGIBLE, Ground.SEAL_BROKEN, id="17(6) elsewhere"
        ),
        pytest.param(Nature.SERVICE, (NOTICE,), "begun", INELIGIBLE, Ground.SERVICE_BEGUN, id="17(6) no trial"),
        pytest.param(Nature.DATED_SERVICE, (NOTICE,), "begun", INELIGIBLE, Ground.SERVICE_BEGUN, id="17(2)5 tickets"),
        pytest.param(Nature.DIGITAL, (NOTICE,), "begun", ELIGIBLE, None, id="17(6) proviso: no trial, no exception"),
    ],
)
def test_what_takes_the_right_away(
    nature: Nature, records: tuple[Record, ...], declared: str, verdict: Verdict, ground: Ground | None
) -> None:
    conditions = [Declared(declared)] if declared else []
    answer = judged("kr", RETURN, MIND, "2026-06-10", bought("kr", nature, records), conditions)
    doubted = [doubt.ground for doubt in answer.doubts if doubt.why is Unclear.PROOF_NEEDED]
    assert (answer.verdict, [*answer.grounds, *doubted]) == (verdict, [ground] if ground else [])


def test_no_more_than_the_consumable_part_is_kept_of_a_refund() -> None:
    """18(8), (9); Decree 24(1). What was damaged needs the seller's evidence: 17(5)."""
    rules = {rule.reason: rule for rule in preset("kr").deductions}
    limits = {reason: rule.limit for reason, rule in rules.items() if rule.limit}
    assert limits == dict.fromkeys((Deduction.USED_VALUE, Deduction.DAMAGE), DeductionLimit.CONSUMABLE)
    damage = rules[Deduction.DAMAGE]
    assert (damage.conditions, damage.needs_evidence) == (frozenset({Condition.DAMAGED_BY_BUYER}), True)


@pytest.mark.parametrize("nature", [Nature.DIGITAL, Nature.SERVICE, Nature.DATED_SERVICE])
def test_money_for_what_cannot_come_back_is_due_three_business_days_after_the_withdrawal(nature: Nature) -> None:
    """18(1) proviso, 18(2)2."""
    story = asked("kr", RETURN, MIND, "2026-06-10", bought("kr", nature)).when(APPROVE)
    assert (story.total, str(story.claim.deadlines.refund_due_on)) == (10_000, "2026-06-15")


@pytest.mark.parametrize(
    ("instalments", "price", "payer"),
    [(3, 200_000, Fault.SELLER), (2, 200_000, Fault.BUYER), (3, 199_999, Fault.BUYER)],
)
def test_the_seller_bears_the_return_of_an_instalment_purchase(instalments: int, price: int, payer: Fault) -> None:
    """Instalment Act 2, 10(10); E-Commerce Act 4: the better law applies."""
    order = bought("storefront_kr", unit_price=price)
    paid = Payment(payment_id="1", method="card", captured=price, instalments=instalments)
    story = asked("storefront_kr", RETURN, MIND, "2026-06-10", replace(order, payments=(paid,))).when(APPROVE)
    amounts = refund_breakdown(story.claim, story.order, preset("storefront_kr"))
    assert (amounts.amount_of(StepCode.RETURN_FEE) == 0) is (payer is Fault.SELLER)


def test_late_goods_do_not_end_a_withdrawal() -> None:
    """17(4): it takes effect when it is sent."""
    story = asked("kr", RETURN, MIND, "2026-06-10", bought("kr")).when(APPROVE)
    later = wait_until(at("kr", "2026-06-10") + timedelta(days=60))
    assert story.when(later, receive(), inspect()).total == 10_000
    assert preset("kr").collect_lapses is False


def test_a_marketplace_answers_in_three_business_days() -> None:
    """Decree 25-2 no. 3."""
    assert "25-2" in preset("naver").respond_citation
    assert preset("naver", date(2026, 6, 1)).rejection.citation.endswith("(unverified)")


def test_a_marketplace_has_the_result_in_ten_business_days_whatever_it_asks() -> None:
    """Decree 25-2 no. 3: of a complaint of 10 June. An offer is progress, and does not move the result."""
    offer = MakeOffer(by=SELLER, offer_id="1", alternative=Alternative.STORE_CREDIT, message="?", amount=100)
    story = asked("naver", RETURN, BROKEN, "2026-06-10", bought("naver")).when(offer)
    latest = story.claim.deadlines.respond_latest_by
    assert latest == at("naver", "2026-06-25") - timedelta(hours=12)


def test_the_seller_shows_since_when_the_buyer_could_have_known() -> None:
    """17(3): thirty days from when the buyer could have known, here 10 June, so until 10 July."""
    story = asked("kr", RETURN, WRONG, "2026-07-20", bought("kr"), discovered="2026-07-15")
    assert assess(story.claim, story.facts).verdict is ELIGIBLE
    shown = Reclassify(by=SELLER, reason=WRONG, knowable_at=at("kr", "2026-06-10"), evidence=("chat-1",))
    story = story.when(shown)
    answer = assess(story.claim, story.facts)
    assert (answer.verdict, _last_day(answer)) == (INELIGIBLE, "2026-07-10")


def _last_day(answer: Assessment) -> str | None:
    return str(answer.window.ends_on) if answer.window and answer.window.ends_on else None
