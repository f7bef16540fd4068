"""When something happened that is reported later: not in the future, and not before what it follows."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from app.engine.model.clocks import CLOCKS_DIFFER
from app.engine.model.commands import (
    HAPPENED_AT,
    Command,
    CompleteRepair,
    ConfirmDelivery,
    ConfirmPayment,
    Dispatch,
    Inspect,
    Receive,
    Reship,
    happened_at,
)
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import local_instant
from app.engine.transitions.guards.requests import first_shipped_at
from app.engine.transitions.steps import replacement_lines


def it_can_have_happened_then(context: DecisionContext, command: Command) -> Iterator[Refusal]:
    """Clocks differ by minutes."""
    happened = happened_at(command)
    if happened is None:
        return
    name, stated = HAPPENED_AT[type(command)], local_instant(happened, context)
    if happened > context.facts.now + CLOCKS_DIFFER:
        yield refuse(Code.HAPPENED_IN_FUTURE, name=name, happened_at=stated, field=name)
    not_before = max((_requested_and_shipped(context), *filter(None, _FOLLOWS[type(command)](context))))
    if happened < not_before - CLOCKS_DIFFER:
        earliest = local_instant(not_before, context)
        yield refuse(Code.HAPPENED_TOO_EARLY, name=name, happened_at=stated, not_before=earliest, field=name)


def _requested_and_shipped(context: DecisionContext) -> datetime:
    requested_at, shipped_at = context.before.submission.requested_at, first_shipped_at(context)
    return requested_at if shipped_at is None else max(requested_at, shipped_at)


def _sent(context: DecisionContext) -> tuple[datetime | None, ...]:
    return (context.before.dispatched_at,)


def _received(context: DecisionContext) -> tuple[datetime | None, ...]:
    return (context.before.received_at, context.before.inspected_at)


def _ready(context: DecisionContext) -> tuple[datetime | None, ...]:
    return (*_received(context), context.before.repair_completed_at)


def _reshipped(context: DecisionContext) -> tuple[datetime | None, ...]:
    order = context.facts.order
    sent = [order.line(line_id) for line_id, _ in replacement_lines(context.before)]
    return (*_ready(context), *(line.shipped_at for line in sent if line is not None))


_FOLLOWS: Mapping[type[Command], Callable[[DecisionContext], tuple[datetime | None, ...]]] = {
    Dispatch: lambda _: (),
    Receive: _sent,
    Inspect: lambda context: (context.before.received_at,),
    CompleteRepair: _received,
    Reship: _ready,
    ConfirmDelivery: _reshipped,
    ConfirmPayment: lambda _: (),
}
"""What a command follows, besides the request and the shipping of the goods."""
