"""When the buyer first asked for units of a line, for each reason: what an edit of a claim adds to, and never moves."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.engine.model.values import value
from app.engine.model.vocabulary import Fault, Reason


@value
class AskedUnits:
    """At `asked_at` the buyer first asked for so many units of a line, for this reason. `fault` is that of the claim
    then."""

    reason: Reason
    fault: Fault
    line_id: str
    quantity: int
    asked_at: datetime

    def covers(self, other: "AskedUnits") -> bool:
        """True if this asks for all that the other asks for."""
        same_reason = self.reason is other.reason and self.fault is other.fault
        return same_reason and self.ask_for(other.line_id, other.quantity)

    def ask_for(self, line_id: str, quantity: int) -> bool:
        return self.line_id == line_id and self.quantity >= quantity


def with_new(asked: tuple[AskedUnits, ...], later: Iterable[AskedUnits]) -> tuple[AskedUnits, ...]:
    """What was asked, with what is new in the later. What was asked before is left out, so that edits back and forth
    add nothing."""
    new = tuple(each for each in later if not any(earlier.covers(each) for earlier in asked))
    return (*asked, *new)


def about(asked: Iterable[AskedUnits], line_id: str, quantity: int) -> Iterator[AskedUnits]:
    """Those that ask for at least so many units of a line."""
    return (each for each in asked if each.ask_for(line_id, quantity))
