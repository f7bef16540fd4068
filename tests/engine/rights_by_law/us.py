"""United States. Every period runs on days of rest too."""

from collections.abc import Mapping
from typing import Any

from app.engine.model.vocabulary import Nature, Record
from tests.engine.rights import (
    ALL,
    CANCEL,
    FAULTY,
    GOODS,
    LOST,
    MIND,
    MISSING,
    REFUND,
    RETURN,
    SELLERS_FAULT,
    WRONG,
    Right,
    Situation,
)
from tests.engine.under_law import at

RETURNABLE = GOODS - {Nature.CUSTOM_MADE, Nature.PERISHABLE}
REJECTED = FAULTY | WRONG | MISSING
NOT_DELIVERED = Right("UCC 2-711(1), 2-725(1): four years", (REFUND,), MISSING | LOST, GOODS, "2030-06-01")
REJECTION = Right("UCC 2-601, 2-608, 2-725(1): four years", (RETURN,), REJECTED, GOODS, "2030-06-08")


def _opened(**facts: Any) -> Situation:
    """In the second year."""
    return Situation("2027-07-01", (REJECTION, NOT_DELIVERED), _sent(**facts))


def _sent(line: Mapping[str, Any] | None = None, **facts: Any) -> Mapping[str, Any]:
    """Sent on 1 June and delivered on 8 June 2026. Four years later both days are Saturdays."""
    return {"arrived": "2026-06-08", "of_line": {"shipped_at": at("us", "2026-06-01"), **(line or {})}, **facts}


SITUATIONS = {
    "delivered": Situation(
        "2026-06-20",
        (Right("1723(c)(1): from the purchase", (RETURN,), MIND, RETURNABLE, "2026-07-04"), NOT_DELIVERED),
        _sent(contracted_at=at("us", "2026-06-04")),
    ),
    "marked as final sale": Situation("2026-06-20", (NOT_DELIVERED,), _sent(records=(Record.NO_RETURNS_IN_AD,))),
    "not sent": Situation(
        "2026-06-10",
        (Right("by practice", (CANCEL,), MIND | SELLERS_FAULT, ALL, None),),
        {"arrived": None},
    ),
    "a second year": Situation("2027-07-01", (NOT_DELIVERED,), _sent()),
    "a replacement": _opened(line={"replaces": "0"}),
    "repaired": _opened(line={"repairs": 1}),
    "the cure was refused": _opened(records=(Record.CURE_REFUSED,)),
    "the cure came too late": _opened(records=(Record.CURE_LATE,)),
    "the defect is serious": _opened(records=(Record.SERIOUS_DEFECT,)),
}
