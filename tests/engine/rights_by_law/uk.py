"""United Kingdom. Every period runs on days of rest too."""

from typing import Any

from app.engine.model.vocabulary import Nature, Record
from tests.engine.rights import (
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
    SERVICES,
    WRONG,
    Right,
    Situation,
)
from tests.engine.under_law import at

DIGITAL, REGULAR = frozenset({Nature.DIGITAL}), frozenset({Nature.SUBSCRIPTION})
EXCLUDED = frozenset(
    {
        *(Nature.MARKET_PRICED, Nature.CUSTOM_MADE, Nature.PERISHABLE, Nature.URGENT_REPAIR),
        *(Nature.PUBLICATION, Nature.AUCTION, Nature.DATED_SERVICE),
    }
)
ONCE_DELIVERED = frozenset({Nature.INSEPARABLE})
"""Reg. 28(3)(c) is about goods that were mixed after their delivery."""
OF_GOODS = GOODS - EXCLUDED - REGULAR - ONCE_DELIVERED
SERVED = (SERVICES | DIGITAL) - EXCLUDED
NOT_CONFORMING = FAULTY | WRONG
DEFECTS = NOT_CONFORMING | MISSING
ANY_OTHER = SELLERS_FAULT - DEFECTS
PLAIN = frozenset({Nature.STANDARD, Nature.SECOND_HAND, Nature.VEHICLE})
SIX_YEARS = "2032-06-06"


def _conformity(last_day: str = SIX_YEARS, lost: str = "2032-06-03") -> tuple[Right, ...]:
    """What every buyer has from the beginning."""
    return (
        Right("CRA 23, Limitation Act 5", (EXCHANGE, REPAIR), DEFECTS, GOODS, last_day),
        Right("CRA 25(1)", (REFUND,), MISSING, GOODS, last_day),
        Right("CRA 28, 29(2): from the sending", (EXCHANGE, REFUND), LOST, GOODS, lost),
        Right("CRA 42(2), 43", (EXCHANGE, REPAIR), NOT_CONFORMING, DIGITAL, last_day),
        Right("CRA 54(3), 55", (EXCHANGE,), FAULTY, SERVICES, last_day),
    )


def _second_step(goods: bool = True, other: bool = False, **facts: Any) -> Situation:
    """In the second year."""
    rows = [
        Right("CRA 24(5): final rejection", (RETURN,), DEFECTS, GOODS, SIX_YEARS),
        Right("CRA 24(1), (5): a lower price", (REFUND,), NOT_CONFORMING, GOODS, SIX_YEARS),
    ]
    others = [
        Right("CRA 44(3)", (REFUND,), NOT_CONFORMING, DIGITAL, SIX_YEARS),
        Right("CRA 56(3)", (REFUND,), FAULTY, SERVICES, SIX_YEARS),
    ]
    given = (*(rows if goods else ()), *(others if other else ()))
    return Situation("2027-07-01", (*given, *_conformity()), {"arrived": "2026-06-06", **facts})


TOLD = at("uk", "2026-08-01")
UNINFORMED = (Record.INFORMATION_MISSING,)
SITUATIONS = {
    "delivered on a Saturday": Situation(
        "2026-06-10",
        (
            Right("CCR 30(3): a Saturday", (RETURN,), MIND, OF_GOODS, "2026-06-20"),
            Right("CCR 30(6): a Saturday", (RETURN,), MIND | ANY_OTHER, REGULAR, "2026-06-20"),
            Right("CCR 29(1): no reason is needed", (RETURN,), ANY_OTHER, PLAIN, "2026-06-20"),
            Right("CCR 30(2): from the contract", (RETURN,), MIND, SERVED, "2026-06-20"),
            Right("CRA 20, 22(3): 30 days", (RETURN,), DEFECTS, GOODS - {Nature.PERISHABLE}, "2026-07-06"),
            *_conformity(lost="2032-06-05"),
        ),
        {
            "arrived": "2026-06-06",
            "contracted_at": at("uk", "2026-06-06"),
            "of_line": {"shipped_at": at("uk", "2026-06-05")},
        },
    ),
    "delivered on the last day of February": Situation(
        "2030-03-10",
        (
            Right("CCR 30(3), (6)", (RETURN,), MIND, OF_GOODS | REGULAR, "2030-03-14"),
            Right("CCR 29(1): no reason is needed", (RETURN,), ANY_OTHER, PLAIN | REGULAR, "2030-03-14"),
            Right("CRA 22(3): a Saturday", (RETURN,), DEFECTS, GOODS - {Nature.PERISHABLE}, "2030-03-30"),
            *_conformity("2036-02-28", "2036-02-28"),
        ),
        {"arrived": "2030-02-28", "of_line": {"shipped_at": at("uk", "2030-02-28")}},
    ),
    "a regular delivery that went on": Situation(
        "2026-06-18",
        (
            Right("CCR 30(3)", (RETURN,), MIND, OF_GOODS, "2026-06-20"),
            Right("CCR 29(1): no reason is needed", (RETURN,), ANY_OTHER, PLAIN, "2026-06-20"),
            Right("CCR 30(6): from the first of the goods", (RETURN,), MIND | ANY_OTHER, REGULAR, "2026-06-18"),
            Right("CRA 20, 22(3)", (RETURN,), DEFECTS, GOODS - {Nature.PERISHABLE}, "2026-07-06"),
            *_conformity(),
        ),
        {"arrived": "2026-06-06", "of_line": {"first_delivered_at": at("uk", "2026-06-04")}},
    ),
    "not sent": Situation(
        "2026-06-10",
        (
            Right("CCR 29(1), 30(1)", (CANCEL,), MIND | SELLERS_FAULT, GOODS - EXCLUDED, None),
            Right("CCR 28 is about a change of mind", (CANCEL,), SELLERS_FAULT, GOODS & EXCLUDED, None),
            Right("CCR 30(2): from the contract", (CANCEL,), MIND, SERVED, "2026-06-15"),
        ),
        {"arrived": None},
    ),
    "not informed": Situation(
        "2027-06-15",
        (
            Right("CCR 31(2): twelve months more", (RETURN,), MIND, OF_GOODS | REGULAR, "2027-06-20"),
            Right("CCR 31(2): of the contract", (RETURN,), MIND, SERVED, "2027-06-20"),
            *_conformity(),
        ),
        {"arrived": "2026-06-06", "records": UNINFORMED, "contracted_at": at("uk", "2026-06-06")},
    ),
    "not informed, and a regular delivery": Situation(
        "2027-06-18",
        (
            Right("CCR 31(2)", (RETURN,), MIND, OF_GOODS, "2027-06-20"),
            Right("CCR 31(2): from the first of the goods", (RETURN,), MIND, REGULAR, "2027-06-18"),
            *_conformity(),
        ),
        {
            "arrived": "2026-06-06",
            "records": UNINFORMED,
            "of_line": {"first_delivered_at": at("uk", "2026-06-04")},
        },
    ),
    "informed on a Saturday in August": Situation(
        "2026-08-10",
        (
            Right("CCR 31(3): a Saturday", (RETURN,), MIND, OF_GOODS, "2026-08-15"),
            Right("CCR 31(3): regular", (RETURN,), MIND, REGULAR, "2026-08-15"),
            Right("CCR 31(3): services", (RETURN,), MIND, SERVED, "2026-08-15"),
            *_conformity(),
        ),
        {"arrived": "2026-06-06", "records": UNINFORMED, "informed_at": TOLD},
    ),
    "not informed, and not sent": Situation(
        "2027-06-10",
        (
            Right("CCR 29(1), 30(1)", (CANCEL,), MIND | SELLERS_FAULT, GOODS - EXCLUDED, None),
            Right("CCR 28 is about a change of mind", (CANCEL,), SELLERS_FAULT, GOODS & EXCLUDED, None),
            Right("CCR 31(2): of the contract", (CANCEL,), MIND, SERVED, "2027-06-15"),
        ),
        {"arrived": None, "records": UNINFORMED},
    ),
    "a second year": _second_step(goods=False),
    "a replacement": _second_step(of_line={"replaces": "0"}),
    "repaired": _second_step(of_line={"repairs": 1, "repaired_at": at("uk", "2026-07-01")}),
    "the cure was refused": _second_step(other=True, records=(Record.CURE_REFUSED,)),
    "the cure came too late": _second_step(other=True, records=(Record.CURE_LATE,)),
}
