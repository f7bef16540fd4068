"""The rest of the laws of Taiwan, China, Brazil and Australia: shipping, deductions, and what terms may change.

An order of 1 June 2026, sent on the 3rd, delivered on the 5th. The days of practice are stated as practice.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.engine.model.breakdown import StepCode
from app.engine.model.commands import MakeOffer, Reject
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Condition, Deduction, Fault, Ground, Kind, Reason, Record
from app.engine.policy.law import TermViolation, violations
from app.engine.policy.rules import Anchor, Period, Unit
from app.engine.policy.terms import Terms
from app.presets.loader import calendar_of, contract_limits, preset
from tests.engine.commands import APPROVE, EXPIRE, HOLD, SELLER, inspect, receive
from tests.engine.story import Story, ship, wait_until
from tests.engine.under_law import asked, at, bought, compared_days

CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN, MISSING = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.MISSING_ITEM
LAWS = ("tw", "cn", "br", "au")
SEEN = replace(APPROVE, override="a person has looked")
PARTS, USED_VALUE, USED_PART, DAMAGE = (
    Deduction.MISSING_PARTS,
    Deduction.USED_VALUE,
    Deduction.USED_PART,
    Deduction.DAMAGE,
)


def local(law: str, instant: datetime | None) -> str:
    """The last local day before an instant."""
    assert instant is not None
    zone = calendar_of(preset(law), bought(law), 2026, 2026).zone
    return str((instant.astimezone(zone) - timedelta(seconds=1)).date())


@pytest.mark.parametrize(
    ("law", "asked_on", "respond_by", "agreed_on", "collect_by"),
    [
        pytest.param("tw", "2026-06-10", "2026-06-15", "2026-06-10", "2026-06-25", id="tw 19-2(1) fifteen days"),
        pytest.param("tw", "2026-06-12", "2026-06-17", "2026-06-12", "2026-06-29", id="tw 122"),
        pytest.param("cn", "2026-06-09", "2026-06-12", "2026-06-10", "2026-06-24", id="cn practice"),
        pytest.param("cn", "2026-06-12", "2026-06-17", "2026-06-13", "2026-06-29", id="cn 203"),
        pytest.param("br", "2026-06-09", "2026-06-14", "2026-06-10", "2026-07-10", id="br Decreto 4"),
        pytest.param("au", "2026-06-09", "2026-06-12", "2026-06-10", "2026-07-10", id="au practice"),
    ],
)
def test_the_seller_answers_and_the_goods_come_back_in_these_days(
    law: str, asked_on: str, respond_by: str, agreed_on: str, collect_by: str
) -> None:
    story = asked(law, RETURN, MIND, asked_on, bought(law))
    assert local(law, story.claim.deadlines.respond_by) == respond_by
    story = story.when(wait_until(at(law, agreed_on)), SEEN)
    assert local(law, story.claim.deadlines.collect_by) == collect_by


@pytest.mark.parametrize("law", LAWS)
def test_holds_and_offers_end_by_marketplace_practice(law: str) -> None:
    story = asked(law, RETURN, MIND, "2026-06-10", bought(law))
    hold = story.when(HOLD).claim.hold
    assert hold is not None
    assert local(law, hold.ends_at) == "2026-06-24"
    credit = MakeOffer(by=SELLER, offer_id="1", alternative=Alternative.STORE_CREDIT, message="?", amount=100)
    assert local(law, story.when(credit).claim.offers[0].expires_at) == "2026-06-17"


@pytest.mark.parametrize("law", LAWS)
def test_goods_that_come_late_are_received(law: str) -> None:
    """TW CPA 19(4). Elsewhere no text ends a claim because the goods come late."""
    story = asked(law, RETURN, MIND, "2026-06-10", bought(law)).when(SEEN)
    later = wait_until(at(law, "2026-06-10") + timedelta(days=90))
    assert story.when(later, EXPIRE, receive(), inspect()).total == 10_000


@pytest.mark.parametrize("law", LAWS)
def test_a_cancellation_that_the_shipment_overtakes_becomes_a_return_at_the_sellers_cost(law: str) -> None:
    story = asked(law, CANCEL, MIND, "2026-06-02", bought(law, arrived=None))
    story = story.when(ship(when=at(law, "2026-06-03")))
    assert (story.kind, story.claim.overtaken, story.claim.seller_pays_return) == (RETURN, True, True)


@pytest.mark.parametrize("law", LAWS)
def test_a_rejection_says_why_and_needs_no_alternative(law: str) -> None:
    story = asked(law, RETURN, MIND, "2026-06-10", bought(law))
    reject = Reject(by=SELLER, ground=Ground.DUPLICATE, evidence=("claim-1",))
    story.when(reject).then(refused=[Code.MESSAGE_REQUIRED])
    story.when(replace(reject, message="We have this claim already.")).then()


@pytest.mark.parametrize(
    ("law", "mind", "broken", "payer"),
    [
        pytest.param("tw", 500, 500, Fault.SELLER, id="tw 19(1), (5) no cost of any kind"),
        pytest.param("cn", 0, 500, Fault.BUYER, id="cn 24(2), 25(3)"),
        pytest.param("br", 500, 500, Fault.SELLER, id="br 49 all that was paid"),
        pytest.param("au", 0, 500, Fault.BUYER, id="au practice, s. 263(4)"),
    ],
)
def test_the_way_to_the_buyer_is_given_back(law: str, mind: int, broken: int, payer: Fault) -> None:
    order = bought(law, shipping_charged=500)
    stories = [
        asked(law, RETURN, reason, "2026-06-10", order).when(SEEN, receive(), inspect()) for reason in (MIND, BROKEN)
    ]
    assert [story.steps.get(StepCode.SHIPPING, 0) for story in stories] == [mind, broken]
    assert preset(law).shipping.return_shipping_payer is payer


def back(law: str, reason: Reason, condition: Condition) -> Story:
    order = bought(law, records=[Record.SERIOUS_DEFECT])
    return asked(law, RETURN, reason, "2026-06-10", order).when(SEEN, receive(condition=condition))


@pytest.mark.parametrize(
    ("law", "reason", "deduction", "condition", "allowed"),
    [
        pytest.param("tw", MIND, PARTS, Condition.INCOMPLETE, True, id="tw Civil Code 259 no. 6"),
        pytest.param("tw", BROKEN, PARTS, Condition.INCOMPLETE, True, id="tw 259 no. 6 at the seller's fault"),
        pytest.param("tw", MISSING, PARTS, Condition.INCOMPLETE, False, id="tw 259 what never came"),
        pytest.param("tw", MIND, PARTS, Condition.USED, False, id="tw 259 nothing is missing"),
        pytest.param("tw", MIND, USED_VALUE, Condition.USED, False, id="tw CPA 19(1) no price of any kind"),
        pytest.param("tw", MIND, DAMAGE, Condition.DAMAGED_BY_BUYER, False, id="tw CPA Rules 17"),
        pytest.param("cn", MIND, PARTS, Condition.INCOMPLETE, False, id="cn 25(3) the price that was paid"),
        pytest.param("cn", MIND, USED_VALUE, Condition.USED, False, id="cn 25(3) intact or not"),
        pytest.param("br", MIND, PARTS, Condition.INCOMPLETE, False, id="br 49 all that was paid"),
        pytest.param("br", BROKEN, USED_VALUE, Condition.USED, False, id="br 18 § 1 II"),
        pytest.param("au", MIND, PARTS, Condition.INCOMPLETE, True, id="au as posted: parts"),
        pytest.param("au", MIND, USED_VALUE, Condition.USED, True, id="au as posted: value"),
        pytest.param("au", MIND, DAMAGE, Condition.DAMAGED_BY_BUYER, True, id="au as posted: damage"),
        pytest.param("au", BROKEN, PARTS, Condition.INCOMPLETE, False, id="au s. 263(4): parts"),
        pytest.param("au", BROKEN, USED_VALUE, Condition.USED, False, id="au s. 263(4): value"),
        pytest.param("au", BROKEN, DAMAGE, Condition.DAMAGED_BY_BUYER, False, id="au s. 263(4): damage"),
    ],
)
def test_what_comes_off_the_price(
    law: str, reason: Reason, deduction: Deduction, condition: Condition, allowed: bool
) -> None:
    story = back(law, reason, condition).when(inspect(deductions={deduction: 100}, evidence=("photo-7",)))
    if allowed:
        story.then(total=9_900)
    else:
        assert story.codes in ([Code.DEDUCTION_NOT_ALLOWED], [Code.DEDUCTION_NOT_SHOWN])


def test_missing_parts_need_evidence_in_taiwan() -> None:
    story = back("tw", MIND, Condition.INCOMPLETE).when(inspect(deductions={PARTS: 100}))
    story.then(refused=[Code.DEDUCTION_NEEDS_EVIDENCE])


def test_used_parts_come_off_in_australia_after_a_change_of_mind() -> None:
    story = asked("au", RETURN, MIND, "2026-06-10", bought("au", of_line={"parts": 10}))
    story = story.when(SEEN, receive(condition=Condition.OPENED), inspect(used_parts=3))
    assert story.total == 7_000


SHORT = Period(length=1, unit=Unit.DAYS, anchor=Anchor.REQUESTED)


@pytest.mark.parametrize(
    ("law", "restocking", "collection"),
    [("tw", True, True), ("cn", True, False), ("br", True, False), ("au", False, False)],
)
def test_terms_that_the_law_forbids(law: str, restocking: bool, collection: bool) -> None:
    """TW CPA 19(1), 19(5), 19-2(1); CN CRL 25(3); BR CDC 49, 51 II."""
    policy = preset(law)
    terms = Terms(fees={"restocking_percent": 10}, collect_within=SHORT)
    found = {violation.code for violation in violations(policy, terms, compared_days(law))}
    assert (TermViolation.RESTOCKING_FEE_FORBIDDEN in found) is restocking
    assert (TermViolation.COLLECTION_BELOW_STATUTE in found) is collection


@pytest.mark.parametrize(
    ("law", "currency", "zone", "holiday"),
    [
        ("tw", "TWD", "Asia/Taipei", "2026-10-10"),
        ("cn", "CNY", "Asia/Shanghai", "2026-10-01"),
        ("br", "BRL", "America/Sao_Paulo", "2026-09-07"),
        ("au", "AUD", "Australia/Sydney", "2026-01-26"),
    ],
)
def test_days_and_money_are_those_of_the_country(law: str, currency: str, zone: str, holiday: str) -> None:
    assert preset(law).currency == currency
    calendar = calendar_of(preset(law), bought(law), 2026, 2026)
    assert str(calendar.zone) == zone
    assert datetime.fromisoformat(holiday).date() in calendar.holidays


@pytest.mark.parametrize(("law", "follows"), [("tw", False), ("cn", False), ("br", True), ("au", True)])
def test_large_countries_follow_the_zone_of_the_order(law: str, follows: bool) -> None:
    elsewhere = replace(bought(law), time_zone="Pacific/Auckland")
    assert (str(calendar_of(preset(law), elsewhere, 2026, 2026).zone) == "Pacific/Auckland") is follows


@pytest.mark.parametrize(
    ("law", "article"),
    [("tw", "TW Civil Code 366; TW Consumer Protection Act 12"), ("cn", "CN Civil Code 618")],
)
def test_a_clause_on_defects_has_the_limit_of_its_article(law: str, article: str) -> None:
    (limit,) = contract_limits(law)
    assert limit.citation == article
    assert limit.kinds == frozenset({RETURN, EXCHANGE, REFUND, REPAIR})
    assert limit.faults == frozenset({Fault.SELLER})
