"""When another remedy may take the place of a repair or an exchange."""

from collections.abc import Iterable, Iterator

from app.engine.model.commands import Convert
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import CureFailure, Kind, State
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards.decisions import unnamed_replacements


def remedy_changes(context: DecisionContext, command: Convert) -> Iterator[Refusal]:
    if command.to is context.before.kind:
        yield refuse(Code.NOTHING_CHANGES, field="to")


def everything_has_left(context: DecisionContext) -> Iterator[Refusal]:
    """A cancellation goes on as a return when nothing of it can be stopped any more."""
    for claimed, line in context.pairs:
        stoppable = min(line.unshipped, claimed.quantity)
        if stoppable > 0:
            left = claimed.quantity - stoppable
            yield refuse(Code.NOT_SHIPPED, line_id=line.line_id, available=left, requested=claimed.quantity)


def becomes_a_return(_: DecisionContext, command: Convert) -> Iterator[Refusal]:
    if command.to is not Kind.RETURN:
        yield refuse(Code.BECOMES_A_RETURN, field="to")


def failure_is_possible(context: DecisionContext, command: Convert) -> Iterator[Refusal]:
    """A repair can fail when the goods were accepted for it."""
    was_tried = context.before.kind is Kind.REPAIR and context.before.state in (State.ACCEPTED, State.REPAIRED)
    if command.because is CureFailure.FAILED and not was_tried:
        yield refuse(Code.NOTHING_WAS_REPAIRED, field="because")


def replacements_are_named(context: DecisionContext, _: Convert) -> Iterable[Refusal]:
    return unnamed_replacements(context.amended)
