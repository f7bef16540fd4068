"""One rule per function, each answering with the refusals it has, or none.

Guards look at the claim and the facts alone, so that a caller can be told beforehand what would be refused;
checks look at what the command says as well. Neither chooses between rows: conditions do.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from app.engine.model.refusals import Refusal
from app.engine.transitions.context import DecisionContext

Guard = Callable[[DecisionContext], Iterable[Refusal]]
Validation = Callable[[DecisionContext, Any], Iterable[Refusal]]


def local_instant(instant: datetime, context: DecisionContext) -> str:
    """An instant as a refusal names it: ISO 8601 with the offset of the time zone in which days are counted."""
    return instant.astimezone(context.facts.calendar.zone).isoformat()
