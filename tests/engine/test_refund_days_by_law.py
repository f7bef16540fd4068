"""The last day for the money, by article: for every kind, reason and nature, in three courses of events."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import pytest

from app.engine.model.vocabulary import NOT_GOODS, Kind, Nature, Reason, Record
from app.engine.policy.deadlines import refund_due_on
from tests.engine.reasons import REASONS_OF_LAW
from tests.engine.rights import (
    ALL,
    CANCEL,
    EXCHANGE,
    GOODS,
    LOST,
    MIND,
    MISSING,
    OTHER,
    REFUND,
    RETURN,
    SELLERS_FAULT,
    SERVICES,
    SOLD_OUT,
)
from tests.engine.under_law import asked, at, bought


class Course(NamedTuple):
    """The local days of the request, the approval, the dispatch of the goods to the seller, and their arrival."""

    requested: str
    approved: str
    sent_back: str
    received: str


LATE = Course("2026-06-10", "2026-06-12", "2026-06-26", "2026-06-30")
EARLY = Course("2026-06-10", "2026-06-12", "2026-06-16", "2026-06-18")
ON_WEEKENDS = Course("2026-06-13", "2026-06-21", "2026-06-27", "2026-07-04")
COURSES = (LATE, EARLY, ON_WEEKENDS)
NOT_THE_SELLERS_FAULT = MIND | OTHER
ANY = frozenset(REASONS_OF_LAW)
DIGITAL = frozenset({Nature.DIGITAL})
COLLECTED = (Record.COLLECTION_OFFERED,)


@dataclass(frozen=True, slots=True)
class Due:
    """`days` are the last days of the courses late, early, and on weekends."""

    article: str
    kinds: tuple[Kind, ...]
    reasons: frozenset[Reason]
    natures: frozenset[Nature]
    days: tuple[str, str, str]
    records: tuple[Record, ...] = ()


def european(termination: Due, price: tuple[str, str, str], not_received: tuple[str, str, str]) -> tuple[Due, ...]:
    """CRD 13 in every state: a day of rest moves it, by Regulation 1182/71."""
    declared = ("2026-06-24", "2026-06-24", "2026-06-29")
    sent = ("2026-06-26", "2026-06-24", "2026-06-29")
    rest, without = NOT_THE_SELLERS_FAULT, ALL - DIGITAL
    return (
        termination,
        replace(termination, records=COLLECTED),
        Due("DCD 18(1)", (RETURN, REFUND), SELLERS_FAULT, DIGITAL, declared),
        Due("CRD 13(1): nothing comes back", (RETURN,), rest, NOT_GOODS, declared),
        Due("CRD 13(1): nothing comes back", (RETURN,), SELLERS_FAULT, SERVICES, declared),
        Due("CRD 13(3): the seller waits for the goods", (RETURN,), rest, GOODS, sent),
        Due("CRD 13(3): the seller waits for the goods", (EXCHANGE,), ANY, GOODS, sent),
        Due("CRD 13(3): an offer to collect", (RETURN,), rest, GOODS, declared, COLLECTED),
        Due("CRD 13(3): an offer to collect", (EXCHANGE,), ANY, GOODS, declared, COLLECTED),
        Due("CRD 13(1), 18(3)", (CANCEL,), ANY, ALL, declared),
        Due("CRD 18(3)", (REFUND,), MISSING | LOST, without, not_received),
        Due("SGD 15", (REFUND,), ANY - MISSING - LOST, without, price),
        Due("SGD 15", (REFUND,), rest, DIGITAL, price),
    )


APPROVED = ("2026-06-26", "2026-06-26", "2026-07-06")
DECLARED = ("2026-06-24", "2026-06-24", "2026-06-29")
ON_RECEIPT = Due(
    "SGD 16(3)(b): on receipt, or proof of sending",
    *((RETURN,), SELLERS_FAULT, GOODS),
    ("2026-06-26", "2026-06-16", "2026-06-29"),
)
FORTNIGHT = Due(
    "L217-17; TRLGDCU 119 quater: fourteen days later",
    *((RETURN,), SELLERS_FAULT, GOODS),
    ("2026-07-10", "2026-06-30", "2026-07-13"),
)
KOREA_ASKED, KOREA_BACK = ("2026-06-15", "2026-06-15", "2026-06-17"), ("2026-07-03", "2026-06-23", "2026-07-08")
UK_ASKED, UK_APPROVED = ("2026-06-24", "2026-06-24", "2026-06-27"), ("2026-06-25", "2026-06-25", "2026-07-04")
UK_SENT = ("2026-07-10", "2026-06-30", "2026-07-11")
JAPAN_ASKED, JAPAN_BACK = ("2026-06-17", "2026-06-17", "2026-06-20"), ("2026-07-07", "2026-06-25", "2026-07-11")
US_ASKED, US_BACK = ("2026-06-22", "2026-06-22", "2026-06-24"), ("2026-07-10", "2026-06-30", "2026-07-14")
AFTER = (RETURN, EXCHANGE)
LAWS: dict[str, tuple[Due, ...]] = {
    "kr": (
        Due("18(2)3: three business days", (CANCEL,), ANY - SOLD_OUT, ALL, KOREA_ASKED),
        Due("15(2): from the payment, and 3 June is an election", (CANCEL,), SOLD_OUT, ALL, ("2026-06-05",) * 3),
        Due("18(2)1: from the goods", AFTER, ANY, GOODS, KOREA_BACK),
        Due("18(2)2: from the withdrawal", (*AFTER, REFUND), ANY, NOT_GOODS, KOREA_ASKED),
        Due("18(2)3: never supplied", (REFUND,), MISSING | LOST, GOODS, KOREA_ASKED),
        Due("practice", (REFUND,), ANY - MISSING - LOST, GOODS, ("2026-06-17", "2026-06-17", "2026-06-24")),
    ),
    "jp": (
        Due("practice", (CANCEL,), ANY, ALL, JAPAN_ASKED),
        Due("practice: nothing comes back", AFTER, ANY, NOT_GOODS, JAPAN_ASKED),
        Due("practice", AFTER, ANY, GOODS, JAPAN_BACK),
        Due("practice", (REFUND,), ANY, ALL, ("2026-06-19", "2026-06-19", "2026-06-28")),
    ),
    "uk": (
        Due("CRA 20(15), 44(4), 56(4): the day of agreeing is the first", (RETURN,), SELLERS_FAULT, ALL, UK_APPROVED),
        Due("CRA 20(15)", (RETURN,), SELLERS_FAULT, ALL, UK_APPROVED, COLLECTED),
        Due("CRA 24(9), 44(4), 56(4)", (REFUND,), ANY, ALL, UK_APPROVED),
        Due("CCR 34(5): the goods, or proof of sending", (RETURN,), NOT_THE_SELLERS_FAULT, GOODS, UK_SENT),
        Due("CCR 34(5)", (EXCHANGE,), ANY, GOODS, UK_SENT),
        Due("CCR 34(6): collected", (RETURN,), NOT_THE_SELLERS_FAULT, GOODS, UK_ASKED, COLLECTED),
        Due("CCR 34(6): nothing comes back", (RETURN,), NOT_THE_SELLERS_FAULT, NOT_GOODS, UK_ASKED),
        Due("CCR 34(6)", (CANCEL,), ANY, ALL, UK_ASKED),
    ),
    "us": (
        Due("435.1(b)(1): seven working days", (CANCEL,), ANY, ALL, US_ASKED),
        Due("435.1(b)(1)", (CANCEL,), ANY, ALL, US_ASKED, (Record.CURE_LATE,)),
        Due("practice", AFTER, ANY, GOODS, US_BACK),
        Due("practice: nothing comes back", AFTER, ANY, NOT_GOODS, US_ASKED),
        Due("practice", (REFUND,), ANY, ALL, ("2026-06-24", "2026-06-24", "2026-06-30")),
    ),
    "eu": european(ON_RECEIPT, APPROVED, APPROVED),
    "de": european(ON_RECEIPT, APPROVED, APPROVED),
    "it": european(ON_RECEIPT, APPROVED, APPROVED),
    "fr": european(FORTNIGHT, DECLARED, DECLARED),
    "es": european(FORTNIGHT, DECLARED, APPROVED),
}


def due_days(law: str, row: Due, course: Course) -> Iterator[tuple[Kind, Reason, Nature, str]]:
    """The last day for each kind, reason and nature of a row."""
    for kind, reason in product(row.kinds, row.reasons):
        order = bought(law, records=row.records, arrived=None if kind is CANCEL else "2026-06-05")
        story = asked(law, kind, reason, course.requested, order)
        made, facts = replace(story.claim, approved_at=at(law, course.approved)), story.facts
        for nature in row.natures:
            lines = (replace(story.order.lines[0], nature=nature),)
            comes_back = nature in GOODS and kind in AFTER
            sent_back, received = at(law, course.sent_back), at(law, course.received)
            claim = replace(made, dispatched_at=sent_back, received_at=received) if comes_back else made
            day = refund_due_on(claim, replace(facts, order=replace(story.order, lines=lines)))
            yield kind, reason, nature, str(day)


@pytest.mark.parametrize("law", LAWS)
def test_the_money_is_due_by_the_day_of_its_article(law: str) -> None:
    wrong = [
        (row.article, answer, expected)
        for row in LAWS[law]
        for course, expected in zip(COURSES, row.days, strict=True)
        for answer in due_days(law, row, course)
        if answer[-1] != expected
    ]
    assert not wrong
