"""The law of the European Union, by article: who may withdraw, until when, and what comes first after a defect."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.engine.model.assessment import Unclear
from app.engine.model.vocabulary import Ground, Kind, Nature, Reason
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.europe import DEFECT, Answer, Asked, Purchase, answer, eligible, refused, review, story
from tests.engine.story import wait_until

CONSENT = ("consent", "acknowledgement")

WITHDRAWALS = {
    "CRD 9(2)(a): a service that was not begun can be cancelled for fourteen days, not for ever": (
        Purchase(nature=Nature.SERVICE, delivered=None),
        Asked(kind=Kind.CANCEL, at="2026-09-01T10:00"),
        refused(Ground.WINDOW_CLOSED, "2026-06-15"),
    ),
    "CRD 9(2)(a): a service is withdrawn from until fourteen days after the contract": (
        Purchase(nature=Nature.SERVICE),
        Asked(at="2026-06-15T23:59"),
        eligible("2026-06-15"),
    ),
    "CRD 9(2)(c): digital content counts from the contract, not from the download": (
        Purchase(nature=Nature.DIGITAL, delivered="2026-06-10T10:00"),
        Asked(at="2026-06-16T00:00"),
        refused(Ground.WINDOW_CLOSED, "2026-06-15"),
    ),
    "CRD 9(1): goods that were not shipped can still be cancelled": (
        Purchase(delivered=None),
        Asked(kind=Kind.CANCEL, at="2026-09-01T10:00"),
        eligible(),
    ),
    "CRD 9(2)(b)(iii): regular deliveries count from the first": (
        Purchase(
            nature=Nature.SUBSCRIPTION,
            delivered="2026-07-08T12:00",
            line=(("first_delivered_at", "2026-06-08T12:00"),),
        ),
        Asked(at="2026-07-10T10:00"),
        refused(Ground.WINDOW_CLOSED, "2026-06-22"),
    ),
    "CRD 9(1): the buyer needs no reason, so a defect takes nothing away": (
        Purchase(),
        Asked(reason=DEFECT, at="2026-06-10T10:00"),
        eligible("2026-06-22"),
    ),
    "CRD 10(1): without the information the buyer has twelve months more": (
        Purchase(records=("information_missing",)),
        Asked(at="2027-06-22T23:59"),
        eligible("2027-06-22"),
    ),
    "CRD 10(2): fourteen days from the information end them": (
        Purchase(records=("information_missing",), informed="2026-08-04T10:00"),
        Asked(at="2026-08-19T00:00"),
        refused(Ground.WINDOW_CLOSED, "2026-08-18"),
    ),
    "CRD 10(2): within fourteen days from the information": (
        Purchase(records=("information_missing",), informed="2026-08-04T10:00"),
        Asked(at="2026-08-18T23:59"),
        eligible("2026-08-18"),
    ),
    "CRD 10(1): services count twelve months from their own fourteen days": (
        Purchase(nature=Nature.SERVICE, records=("information_missing",)),
        Asked(at="2027-06-15T23:59"),
        eligible("2027-06-15"),
    ),
    "CRD 16(a): a service that has begun can be withdrawn from": (
        Purchase(nature=Nature.SERVICE, records=CONSENT),
        Asked(at="2026-06-10T10:00", declared=("begun",)),
        eligible(),
    ),
    "CRD 16(a): a service that was fully performed cannot": (
        Purchase(nature=Nature.SERVICE, records=CONSENT),
        Asked(at="2026-06-10T10:00", declared=("begun", "performed")),
        refused(Ground.SERVICE_BEGUN),
    ),
    "CRD 16(a): without the acknowledgement it can": (
        Purchase(nature=Nature.SERVICE, records=("consent",)),
        Asked(at="2026-06-10T10:00", declared=("begun", "performed")),
        eligible(),
    ),
    "CRD 16(m)(iii): digital content needs the trader's confirmation": (
        Purchase(nature=Nature.DIGITAL, records=CONSENT),
        Asked(at="2026-06-10T10:00", declared=("begun",)),
        eligible(),
    ),
    "CRD 16(m): with the confirmation the right is lost": (
        Purchase(nature=Nature.DIGITAL, records=(*CONSENT, "confirmation")),
        Asked(at="2026-06-10T10:00", declared=("begun",)),
        refused(Ground.DIGITAL_BEGUN),
    ),
    "CRD 16(m): no confirmation was needed before 28 May 2022": (
        Purchase(nature=Nature.DIGITAL, contract="2022-05-27T10:00", delivered="2022-05-27T10:01", records=CONSENT),
        Asked(at="2022-05-30T10:00", declared=("begun",)),
        refused(Ground.DIGITAL_BEGUN),
    ),
}
EXCLUDED = {
    "CRD 16(b)": (Nature.MARKET_PRICED, Ground.MARKET_PRICED),
    "CRD 16(c)": (Nature.CUSTOM_MADE, Ground.CUSTOM_MADE),
    "CRD 16(d)": (Nature.PERISHABLE, Ground.VALUE_LOST_BY_TIME),
    "CRD 16(f)": (Nature.INSEPARABLE, Ground.INSEPARABLE),
    "CRD 16(h)": (Nature.URGENT_REPAIR, Ground.URGENT_REPAIR),
    "CRD 16(j)": (Nature.PUBLICATION, Ground.PUBLICATION),
    "CRD 16(k)": (Nature.AUCTION, Ground.AUCTION),
    "CRD 16(l)": (Nature.DATED_SERVICE, Ground.DATED_SERVICE),
}
REMEDIES = {
    "SGD 13(2): a replacement is a right from the beginning": (
        Purchase(),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2027-02-10T10:00"),
        eligible("2028-06-08"),
    ),
    "SGD 13(4): money back for a first defect is not": (
        Purchase(),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "SGD 13(4)(a): a refused cure opens the termination": (
        Purchase(records=("cure_refused",)),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        eligible("2028-06-08"),
    ),
    "SGD 13(4)(a): a late cure does so": (
        Purchase(records=("cure_late",)),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        eligible("2028-06-08"),
    ),
    "SGD 13(4)(b): a repair that did not help does so": (
        Purchase(line=(("repairs", 1), ("repaired_at", "2026-12-01T10:00"))),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        eligible(),
    ),
    "SGD 13(4)(c): a serious defect does so": (
        Purchase(records=("serious_defect",)),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        eligible("2028-06-08"),
    ),
    "SGD 15: a price reduction is the second step too": (
        Purchase(),
        Asked(kind=Kind.REFUND, reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "SGD 15: it opens with a refused cure": (
        Purchase(records=("cure_refused",)),
        Asked(kind=Kind.REFUND, reason=DEFECT, at="2027-02-10T10:00"),
        eligible("2028-06-08"),
    ),
    "CRD 18(3), 20: what never came is paid back": (
        Purchase(),
        Asked(kind=Kind.REFUND, reason=Reason.MISSING_ITEM, at="2026-06-20T10:00"),
        eligible("2028-06-08"),
    ),
    "SGD 10(1): what showed after two years is not the seller's": (
        Purchase(),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-09T10:00", discovered="2028-06-09T00:00"),
        refused(Ground.WINDOW_CLOSED, "2028-06-08"),
    ),
    "SGD 10(4), (5): the states set the time to act for what showed in the two years": (
        Purchase(),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-09T00:00", discovered="2028-06-08T20:00"),
        review(Unclear.NO_RULE),
    ),
    "SGD 10(4), (5): nobody said when the defect showed": (
        Purchase(),
        Asked(reason=DEFECT, at="2028-06-09T00:00"),
        review(Unclear.DISCOVERY_UNSTATED),
    ),
    "DCD 11(2): so they do for digital content": (
        Purchase(nature=Nature.DIGITAL),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2028-06-09T00:00", discovered="2028-06-08T20:00"),
        review(Unclear.NO_RULE),
    ),
    "SGD 10(2a): a repair adds twelve months to a contract from 31 July 2026": (
        Purchase(contract="2026-07-31T10:00", delivered="2026-08-03T12:00", line=(("repairs", 1),)),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2029-08-03T23:00"),
        eligible("2029-08-03"),
    ),
    "SGD 10(2a): it adds nothing to an earlier contract": (
        Purchase(contract="2026-07-30T10:00", delivered="2026-08-03T12:00", line=(("repairs", 1),)),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2029-08-03T23:00", discovered="2029-08-01T10:00"),
        refused(Ground.WINDOW_CLOSED, "2028-08-03"),
    ),
    "DCD 14(2): digital content is brought into conformity first": (
        Purchase(nature=Nature.DIGITAL),
        Asked(kind=Kind.EXCHANGE, reason=DEFECT, at="2027-02-10T10:00"),
        eligible("2028-06-08"),
    ),
    "DCD 14(4): its termination opens later": (
        Purchase(nature=Nature.DIGITAL),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.REMEDY_NOT_OPEN),
    ),
    "a service that is not digital has no rule of the Union": (
        Purchase(nature=Nature.SERVICE),
        Asked(reason=DEFECT, at="2027-02-10T10:00"),
        review(Unclear.NO_RULE),
    ),
}
ALL = WITHDRAWALS | REMEDIES


@pytest.mark.parametrize("about", ALL)
def test_the_law_of_the_union(about: str) -> None:
    purchase, asked, expected = ALL[about]
    assert answer(purchase, asked, expected) == expected


@pytest.mark.parametrize("article", EXCLUDED)
def test_what_has_no_withdrawal(article: str) -> None:
    nature, ground = EXCLUDED[article]
    expected: Answer = refused(ground)
    assert answer(Purchase(nature=nature), Asked(at="2026-06-10T10:00"), expected) == expected


COLLECTED = Purchase(records=("collection_offered",))
REFUSED_CURE = Purchase(records=("cure_refused",))


@pytest.mark.parametrize(
    ("article", "purchase", "reason", "back_on", "due_on"),
    [
        ("CRD 13(1): fourteen days from the withdrawal", Purchase(), Reason.CHANGE_OF_MIND, 12, "2026-06-24"),
        ("CRD 13(3): the trader may wait for the goods", Purchase(), Reason.CHANGE_OF_MIND, 26, "2026-06-26"),
        ("CRD 13(3): not after an offer to collect", COLLECTED, Reason.CHANGE_OF_MIND, 26, "2026-06-24"),
        ("SGD 16(3)(b): on receipt of the goods", REFUSED_CURE, DEFECT, 12, "2026-06-12"),
    ],
)
def test_the_day_of_the_refund(article: str, purchase: Purchase, reason: Reason, back_on: int, due_on: str) -> None:
    back = wait_until(datetime(2026, 6, back_on, 10, tzinfo=ZoneInfo("Europe/Amsterdam")))
    claim = story(purchase, Asked(reason=reason, at="2026-06-10T10:00")).when(APPROVE, back, receive(), inspect()).claim
    assert str(claim.deadlines.refund_due_on) == due_on, article


@pytest.mark.parametrize(("records", "total"), [((), 10_000), (("return_cost_notice",), 9_510)])
def test_the_buyer_bears_the_way_back_only_if_told(records: tuple[str, ...], total: int) -> None:
    """CRD 14(1)."""
    purchase = Purchase(preset="storefront_eu", records=records)
    assert story(purchase, Asked(at="2026-06-10T10:00")).when(APPROVE, receive(), inspect()).total == total


@pytest.mark.parametrize("nature", [Nature.DIGITAL, Nature.SERVICE])
def test_the_money_for_what_cannot_come_back_is_due_fourteen_days_after_the_withdrawal(nature: Nature) -> None:
    """CRD 13(1): 13(3) is about goods."""
    claim = story(Purchase(nature=nature), Asked(at="2026-06-10T10:00")).when(APPROVE).claim
    assert claim.amounts is not None
    assert (claim.amounts.total, str(claim.deadlines.refund_due_on)) == (10_000, "2026-06-24")


def test_the_surcharge_of_an_express_delivery_is_not_given_back() -> None:
    """CRD 13(2)."""
    purchase = Purchase(shipping_charged=1_990, standard_shipping=490)
    assert story(purchase, Asked(at="2026-06-10T10:00")).when(APPROVE, receive(), inspect()).total == 10_490
