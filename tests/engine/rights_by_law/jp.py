"""Japan. Every period runs on days of rest too."""

from typing import Any

from app.engine.model.vocabulary import Record
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
    WRONG,
    Right,
    Situation,
)
from tests.engine.under_law import at

NOT_CONFORMING = FAULTY | WRONG
LOST_GOODS = Right("Civil Code 541, 166(1)1: five years", (EXCHANGE, REFUND), LOST, ALL, "2031-06-03")


def _cured(*rows: Right, **facts: Any) -> Situation:
    """Known on 5 December 2026."""
    return Situation(
        "2027-01-15",
        (
            Right("Civil Code 562, 566", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2027-12-05"),
            Right("Civil Code 541, 542, 564, 566", (RETURN,), NOT_CONFORMING, ALL, "2027-12-05"),
            *rows,
            Right("Civil Code 166(1)", (EXCHANGE, REFUND), MISSING, ALL, "2031-12-05"),
            LOST_GOODS,
        ),
        facts,
        known="2026-12-05",
    )


LESS = Right("Civil Code 563, 566", (REFUND,), NOT_CONFORMING, ALL, "2027-12-05")
SITUATIONS = {
    "delivered on a Saturday": Situation(
        "2026-06-13",
        (
            Right("SCTA 15-3(1): the eighth day, a Saturday", (RETURN,), MIND, GOODS, "2026-06-13"),
            Right("Civil Code 562, 566: a Sunday", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2027-06-06"),
            Right("Civil Code 562, 563, 166(1): quantity", (EXCHANGE, REFUND), MISSING, ALL, "2031-06-06"),
            LOST_GOODS,
        ),
        {"arrived": "2026-06-06"},
        known="2026-06-06",
    ),
    "delivered on the last day of February": Situation(
        "2027-03-01",
        (
            Right("SCTA 15-3(1): a Sunday", (RETURN,), MIND, GOODS, "2027-03-07"),
            Right("Civil Code 143, 566: a whole year", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2028-02-29"),
            Right("Civil Code 143, 166(1): a Sunday", (EXCHANGE, REFUND), MISSING | LOST, ALL, "2032-02-29"),
        ),
        {"arrived": "2027-02-28", "of_line": {"shipped_at": at("jp", "2027-02-28")}},
        known="2027-02-28",
    ),
    "delivered on the last day of February, after a refusal": Situation(
        "2027-04-01",
        (
            Right("Civil Code 143, 566: a whole year", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2028-02-29"),
            Right("Civil Code 143, 566: a whole year", (RETURN, REFUND), NOT_CONFORMING, ALL, "2028-02-29"),
            Right("Civil Code 143, 166(1): a Sunday", (EXCHANGE, REFUND), MISSING | LOST, ALL, "2032-02-29"),
        ),
        {
            "arrived": "2027-02-28",
            "of_line": {"shipped_at": at("jp", "2027-02-28")},
            "records": (Record.CURE_REFUSED,),
        },
        known="2027-02-28",
    ),
    "not sent, and withdrawal was excluded": Situation(
        "2026-08-01",
        (Right("Civil Code 541, 542: not supplied", (CANCEL,), SELLERS_FAULT, ALL, None),),
        {"arrived": None, "records": (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN)},
    ),
    "not sent": Situation(
        "2026-08-01",
        (
            Right("SCTA 15-3(1): before the delivery too", (CANCEL,), MIND, GOODS, None),
            Right("Civil Code 541, 542: not supplied", (CANCEL,), SELLERS_FAULT, ALL, None),
        ),
        {"arrived": None},
    ),
    "known in the tenth year": Situation(
        "2036-06-01",
        (
            Right("Civil Code 166(1)2: a Sunday", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2036-06-08"),
            Right("Civil Code 166(1)2: a Sunday", (EXCHANGE, REFUND), MISSING, ALL, "2036-06-08"),
        ),
        {"arrived": "2026-06-08"},
        known="2035-12-09",
    ),
    "the seller knew": Situation(
        "2030-01-15",
        (
            Right("Civil Code 566 proviso: a Saturday", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2031-06-07"),
            Right("Civil Code 166(1): a Saturday", (EXCHANGE, REFUND), MISSING, ALL, "2031-06-07"),
            LOST_GOODS,
        ),
        {"records": (Record.SELLER_KNEW,)},
        known="2026-06-07",
    ),
    "the seller knew, and the buyer knew in the ninth year": Situation(
        "2036-06-01",
        (
            Right("Civil Code 566, 166(1)2", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2036-06-08"),
            Right("Civil Code 166(1)2", (EXCHANGE, REFUND), MISSING, ALL, "2036-06-08"),
        ),
        {"records": (Record.SELLER_KNEW,), "arrived": "2026-06-08"},
        known="2035-01-15",
    ),
    "a replacement": _cured(LESS, of_line={"replaces": "0"}),
    "repaired": _cured(LESS, of_line={"repairs": 1}),
    "the cure was refused": _cured(LESS, records=(Record.CURE_REFUSED,)),
    "the cure came too late": _cured(LESS, records=(Record.CURE_LATE,)),
    "the defect is serious": _cured(records=(Record.SERIOUS_DEFECT,)),
    "known in the tenth year, after a refusal": Situation(
        "2036-06-01",
        (
            Right("Civil Code 166(1)2", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2036-06-08"),
            Right("Civil Code 166(1)2", (RETURN, REFUND), NOT_CONFORMING, ALL, "2036-06-08"),
            Right("Civil Code 166(1)2", (EXCHANGE, REFUND), MISSING, ALL, "2036-06-08"),
        ),
        {"records": (Record.CURE_REFUSED,), "arrived": "2026-06-08"},
        known="2035-12-09",
    ),
    "withdrawal was excluded": Situation(
        "2026-06-10",
        (
            Right("Civil Code 562, 566", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2027-06-05"),
            Right("Civil Code 166(1)", (EXCHANGE, REFUND), MISSING, ALL, "2031-06-05"),
            LOST_GOODS,
        ),
        {"records": (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN)},
        known="2026-06-05",
    ),
    **{
        f"withdrawal was excluded in one place: {record}": Situation(
            "2026-06-10",
            (
                Right("SCTA 15-3(1) proviso", (RETURN,), MIND, GOODS, "2026-06-12"),
                Right("Civil Code 562, 566", (EXCHANGE, REPAIR), NOT_CONFORMING, ALL, "2027-06-05"),
                Right("Civil Code 166(1)", (EXCHANGE, REFUND), MISSING, ALL, "2031-06-05"),
                LOST_GOODS,
            ),
            {"records": (record,)},
            known="2026-06-05",
        )
        for record in (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN)
    },
}
