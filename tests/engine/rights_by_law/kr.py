"""Korea. A last day that is a day of rest moves to the next working day: Civil Act 161."""

from typing import Any

from app.engine.model.vocabulary import Reason, Record
from tests.engine.rights import (
    ALL,
    CANCEL,
    EXCHANGE,
    FAULTY,
    GOODS,
    LOST,
    MIND,
    MISSING,
    REFUND,
    REPAIR,
    RETURN,
    SELLERS_FAULT,
    Right,
    Situation,
)
from tests.engine.under_law import at

BROKEN = frozenset({Reason.DEFECTIVE})
MONEY_FOR_MISSING = "17(3), 18(2)3, Civil Act 572 to 574: a year from knowing"
LOST_GOODS = Right("17(1)1, 18(2)3, Civil Act 162(1)", (EXCHANGE, REFUND), LOST, ALL, "2036-06-03")
REPAIRS = Right("Standards, annex I: a year, to Monday", (REPAIR,), BROKEN, GOODS, "2027-06-07")


def _fifth_month(*rows: Right, **facts: Any) -> Situation:
    """Delivered on 5 June, known on 5 November 2026."""
    return Situation(
        "2026-11-10",
        (
            Right("4, Civil Act 581(2), 582: six months from knowing", (EXCHANGE,), FAULTY, GOODS, "2027-05-06"),
            *rows,
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-11-05"),
            REPAIRS,
            LOST_GOODS,
        ),
        facts,
        known="2026-11-05",
    )


def _guaranteed(**facts: Any) -> Situation:
    """After a repair or an exchange that did not help, or none: known on 5 June, in the guarantee of a year."""
    return Situation(
        "2027-01-05",
        (
            Right("Standards, annex I", (RETURN, EXCHANGE), BROKEN, GOODS, "2027-06-07"),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-06-07"),
            REPAIRS,
            LOST_GOODS,
        ),
        facts,
        known="2026-06-05",
    )


def _late_document(record: Record, article: str, last_day: str | None, **facts: Any) -> Situation:
    return Situation(
        "2027-01-05",
        (
            Right(article, (RETURN,), MIND, ALL, last_day),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-06-07"),
            REPAIRS,
            LOST_GOODS,
        ),
        {"records": (record,), **facts},
        known="2026-06-05",
    )


TOLD = at("kr", "2026-12-30")  # the seventh day is a Wednesday
TOLD_ON_SATURDAY = at("kr", "2027-01-02")  # the seventh day is a Saturday
SITUATIONS = {
    "delivered on a Saturday": Situation(
        "2026-06-10",
        (
            Right("17(1)1, Civil Act 157, 161: to Monday", (RETURN, EXCHANGE), MIND, ALL, "2026-06-15"),
            Right("17(3): 30 days from knowing", (RETURN,), SELLERS_FAULT, ALL, "2026-07-06"),
            Right("17(3): 30 days, by practice", (EXCHANGE,), SELLERS_FAULT - FAULTY - LOST, ALL, "2026-07-06"),
            Right("Civil Act 581(2), 582: to Monday", (EXCHANGE,), FAULTY, GOODS, "2026-12-07"),
            Right("17(3): 30 days, by practice", (EXCHANGE,), FAULTY, ALL - GOODS, "2026-07-06"),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-06-07"),
            Right("Standards, annex I: to Monday", (REPAIR,), BROKEN, GOODS, "2027-06-07"),
            LOST_GOODS,
        ),
        {"arrived": "2026-06-06"},
        known="2026-06-06",
    ),
    "delivered on a Thursday": Situation(
        "2026-06-10",
        (
            Right("17(1)1, Civil Act 157: a Thursday", (RETURN, EXCHANGE), MIND, ALL, "2026-06-11"),
            Right("17(3): 30 days, to Monday", (RETURN,), SELLERS_FAULT, ALL, "2026-07-06"),
            Right("17(3): by practice, to Monday", (EXCHANGE,), SELLERS_FAULT - FAULTY - LOST, ALL, "2026-07-06"),
            Right("Civil Act 581(2), 582", (EXCHANGE,), FAULTY, GOODS, "2026-12-04"),
            Right("17(3): by practice, to Monday", (EXCHANGE,), FAULTY, ALL - GOODS, "2026-07-06"),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-06-04"),
            Right("Standards, annex I: a year", (REPAIR,), BROKEN, GOODS, "2027-06-04"),
            LOST_GOODS,
        ),
        {"arrived": "2026-06-04"},
        known="2026-06-04",
    ),
    "known late in the three months": Situation(
        "2026-09-05",
        (
            Right("17(3): three months, to Monday", (RETURN,), SELLERS_FAULT, ALL, "2026-09-07"),
            Right("17(3): by practice", (EXCHANGE,), SELLERS_FAULT - FAULTY - LOST, ALL, "2026-09-07"),
            Right("Civil Act 581(2), 582", (EXCHANGE,), FAULTY, GOODS, "2027-03-02"),
            Right("17(3): by practice", (EXCHANGE,), FAULTY, ALL - GOODS, "2026-09-07"),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-08-30"),
            REPAIRS,
            LOST_GOODS,
        ),
        known="2026-08-30",
    ),
    "not sent": Situation(
        "2026-08-01",
        (Right("17(1)1, 15(2): before the supply", (CANCEL,), MIND | SELLERS_FAULT, ALL, None),),
        {"arrived": None},
    ),
    "a fifth month": _fifth_month(),
    "a fifth month, a serious defect": _fifth_month(
        Right("4, Civil Act 575(1), 580(1), 582", (RETURN,), FAULTY, GOODS, "2027-05-06"),
        records=(Record.SERIOUS_DEFECT,),
    ),
    "delivered on the last day of February": Situation(
        "2027-05-25",
        (
            Right("17(3), Civil Act 160: three whole months", (RETURN,), SELLERS_FAULT, ALL, "2027-05-31"),
            Right("17(3): by practice", (EXCHANGE,), SELLERS_FAULT - FAULTY - LOST, ALL, "2027-05-31"),
            Right("Civil Act 581(2), 582: to Monday", (EXCHANGE,), FAULTY, GOODS, "2027-11-22"),
            Right("17(3): by practice", (EXCHANGE,), FAULTY, ALL - GOODS, "2027-05-31"),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2028-05-22"),
            Right("Standards, annex I: a whole year", (REPAIR,), BROKEN, GOODS, "2028-02-29"),
            LOST_GOODS,
        ),
        {"arrived": "2027-02-28"},
        known="2027-05-20",
    ),
    "known on the last day of June": Situation(
        "2026-07-10",
        (
            Right("17(3): 30 days", (RETURN,), SELLERS_FAULT, ALL, "2026-07-30"),
            Right("17(3): 30 days, by practice", (EXCHANGE,), SELLERS_FAULT - FAULTY - LOST, ALL, "2026-07-30"),
            Right("Civil Act 160, 582: six whole months", (EXCHANGE,), FAULTY, GOODS, "2026-12-31"),
            Right("17(3): 30 days, by practice", (EXCHANGE,), FAULTY, ALL - GOODS, "2026-07-30"),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-06-30"),
            REPAIRS,
            LOST_GOODS,
        ),
        known="2026-06-30",
    ),
    "known on the last day of June, a serious defect in September": Situation(
        "2026-10-10",
        (
            Right("Civil Act 580(1), 582: six whole months", (EXCHANGE, RETURN), FAULTY, GOODS, "2026-12-31"),
            Right(MONEY_FOR_MISSING, (REFUND,), MISSING, ALL, "2027-06-30"),
            REPAIRS,
            LOST_GOODS,
        ),
        {"records": (Record.SERIOUS_DEFECT,)},
        known="2026-06-30",
    ),
    "known in the tenth year": Situation(
        "2036-05-30",
        (
            Right("Civil Act 162(1): ten years, to Monday", (EXCHANGE, RETURN), FAULTY, GOODS, "2036-06-09"),
            Right("Civil Act 162(1): ten years, to Monday", (REFUND,), MISSING, ALL, "2036-06-09"),
            Right("Civil Act 162(1): ten years, to Monday", (EXCHANGE, REFUND), LOST, ALL, "2036-06-09"),
        ),
        {
            "records": (Record.SERIOUS_DEFECT,),
            "arrived": "2026-06-07",
            "of_line": {"shipped_at": at("kr", "2026-06-07")},
        },
        known="2036-05-05",
    ),
    "known in the tenth year, to a Thursday": Situation(
        "2036-05-30",
        (
            Right("Civil Act 162(1): ten years", (EXCHANGE, RETURN), FAULTY, GOODS, "2036-06-05"),
            Right("Civil Act 162(1): ten years", (REFUND,), MISSING, ALL, "2036-06-05"),
            LOST_GOODS,
        ),
        {"records": (Record.SERIOUS_DEFECT,)},
        known="2036-05-05",
    ),
    "repaired": _guaranteed(of_line={"repairs": 1}),
    "a replacement": _guaranteed(of_line={"replaces": "0"}),
    "the cure was refused": _guaranteed(records=(Record.CURE_REFUSED,)),
    "the cure took more than a month": _guaranteed(records=(Record.CURE_LATE,)),
    "no document": _late_document(
        Record.INFORMATION_MISSING, "17(1)2: no time runs", "2036-06-09", arrived="2026-06-07"
    ),
    "no document, to a Thursday": _late_document(Record.INFORMATION_MISSING, "17(1)2: no time runs", "2036-06-05"),
    "obstructed, to a Thursday": _late_document(Record.OBSTRUCTED, "17(1)3: no time runs", "2036-06-05"),
    "a document in December": _late_document(Record.INFORMATION_MISSING, "17(1)2", "2027-01-06", informed_at=TOLD),
    "a document on a Saturday": _late_document(
        Record.INFORMATION_MISSING, "17(1)2: to Monday", "2027-01-11", informed_at=TOLD_ON_SATURDAY
    ),
    "obstructed": _late_document(Record.OBSTRUCTED, "17(1)3: no time runs", "2036-06-09", arrived="2026-06-07"),
    "obstructed until December": _late_document(Record.OBSTRUCTED, "17(1)3", "2027-01-06", unobstructed_at=TOLD),
    "obstructed until a Saturday": _late_document(
        Record.OBSTRUCTED, "17(1)3: to Monday", "2027-01-11", unobstructed_at=TOLD_ON_SATURDAY
    ),
}
