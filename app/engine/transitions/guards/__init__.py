"""One rule per function. Each returns its refusals, or none.

Guards read the claim and the facts alone, so a caller can see their refusals before sending a command. Validations also
read the command. Neither chooses between rows: conditions do.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from app.engine.model.refusals import Refusal
from app.engine.transitions.context import DecisionContext

Guard = Callable[[DecisionContext], Iterable[Refusal]]
Validation = Callable[[DecisionContext, Any], Iterable[Refusal]]


def local_instant(instant: datetime, context: DecisionContext) -> str:
    """An instant in a refusal: ISO 8601 with the offset of the time zone in which days are counted."""
    return instant.astimezone(context.facts.calendar.zone).isoformat()
