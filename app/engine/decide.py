"""Decides one command.

    command + claim + facts  ->  Decision | Refused

A refusal is an answer. Exceptions are for bugs.
"""

from collections.abc import Iterable
from functools import cache

from app.engine.model.assessment import Assessment, Verdict
from app.engine.model.claim import Actor, Claim, Hold
from app.engine.model.commands import HAPPENED_AT, Approve, Command, Reject, Request
from app.engine.model.copies import replace
from app.engine.model.effects import Effect
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.turn import turn_in_state
from app.engine.model.values import value
from app.engine.model.vocabulary import FINAL, Ground, Kind, State
from app.engine.policy.facts import Facts
from app.engine.transitions.apply import apply_command, new_claim_from
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import Guard
from app.engine.transitions.guards.times import it_can_have_happened_then
from app.engine.transitions.index import ROWS, commands_from
from app.engine.transitions.rejections import ON_EVIDENCE
from app.engine.transitions.table import BY_ITSELF, WHILE_HELD
from app.engine.transitions.transition import Transition
from app.engine.transitions.turns import pass_turn

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_REQUESTED = State.REQUESTED
_APPROVED = State.APPROVED
_ACCEPTED = State.ACCEPTED
_REJECTED = State.REJECTED


@value
class Event:
    """The event of a decision; `type` is in the past tense, such as `claim.approved`. `source` is None for a new
    claim."""

    type: str
    by: Actor
    source: State | None
    target: State
    command: Command
    effects: tuple[Effect, ...]


@value
class Decision:
    """The claim after the command, its event, and the effects outside the claim."""

    claim: Claim
    event: Event
    effects: tuple[Effect, ...]


@value
class Refused:
    """All refusals of a command."""

    refusals: tuple[Refusal, ...]


@value
class Action:
    """Whether this command is allowed now. `needs` names fields that the command must have (an override). `grounds` are
    the grounds that a rejection may have: first those that the facts support, then those that need evidence."""

    command: str
    allowed: bool
    refusals: tuple[Refusal, ...] = ()
    needs: tuple[str, ...] = ()
    grounds: tuple[Ground, ...] = ()


def decide(claim: Claim | None, command: Command, facts: Facts) -> Decision | Refused:
    """Decide one command. `claim` is None for a request, and only for a request."""
    way = _way(claim, command, facts)
    return way if isinstance(way, Refused) else _decision(*way, command, claim)


def open_claim(request: Request, facts: Facts) -> Claim | Refused:
    """The claim that a request opens, without the event and the effects of the decision: the steps of a request change
    nothing in the claim."""
    way = _way(None, request, facts)
    return way if isinstance(way, Refused) else _enter_state(*way, None)


def actions(claim: Claim, facts: Facts, assessment: Assessment | None = None) -> tuple[Action, ...]:
    """Every command that people give to a claim of its kind: allowed now, or its refusals. Data of commands is not
    checked.

    `assessment` is the claim's standing assessment, if the caller has computed it.
    """
    context = DecisionContext(claim, claim, None, facts, assessment)
    if claim.hold is not None:
        return tuple(_action(command, context) for command in _every_command(claim.kind))
    entries = _fixed_actions(claim.kind, claim.state)
    return tuple(item if isinstance(item, Action) else _action(item, context) for item in entries)


def command_name(command: type[Command]) -> str:
    """The name of the command in the API: `confirm_delivery` for ConfirmDelivery, `hold` for HoldClaim."""
    return _COMMAND_NAMES[command]


def _way(claim: Claim | None, command: Command, facts: Facts) -> tuple[Transition, DecisionContext] | Refused:
    """The row of the table that a command takes, with the context of its decision."""
    if isinstance(command, Request) != (claim is None):
        return Refused(refusals=(_illegal_transition(claim, command),))
    before = new_claim_from(command, facts.order.order_id) if isinstance(command, Request) else claim
    if before is None:
        raise TypeError("a claim is needed for every command but a request")
    rows = ROWS.get((before.kind, claim.state if claim else None, type(command)))
    if rows is None:
        return Refused(refusals=(_illegal_transition(claim, command),))
    amended = before if claim is None else apply_command(before, command, facts)
    context = DecisionContext(before, amended, command, facts)
    row = _first_that_fits(rows, context)
    refusals = _refusals(row, context, command)
    return Refused(refusals=tuple(refusals)) if refusals else (row, context)


def _first_that_fits(rows: tuple[Transition, ...], context: DecisionContext) -> Transition:
    for row in rows:
        if row.when is None or row.when(context):
            return row
    raise LookupError("the last row of a key has a condition")


def _refusals(row: Transition, context: DecisionContext, command: Command) -> list[Refusal]:
    refusals = [] if context.before.hold is None else _hold_refusals(context.before.hold, type(command))
    for guard in row.guards:
        refusals.extend(guard(context))
    for check in row.validations:
        refusals.extend(check(context, command))
    if type(command) in HAPPENED_AT:
        refusals.extend(it_can_have_happened_then(context, command))
    return refusals


def _decision(row: Transition, context: DecisionContext, command: Command, claim: Claim | None) -> Decision:
    source = claim.state if claim else None
    current = entered = _enter_state(row, context, source)
    effects: list[Effect] = []
    for step in row.steps:
        current, more = step(current, context)
        effects += more
    current = pass_turn(current, entered, context.before.turn, context.facts, effects)
    event = Event(
        type=f"claim.{row.event}",
        by=command.by,
        source=source,
        target=current.state,
        command=command,
        effects=tuple(effects),
    )
    return Decision(claim=current, event=event, effects=event.effects)


def _enter_state(row: Transition, context: DecisionContext, source: State | None) -> Claim:
    """The claim in its new state, with the fields that every change of state sets. All are set in one copy, because
    copies of a claim are a good part of a decision."""
    claim, now, to = context.amended, context.facts.now, row.to
    deadlines = claim.deadlines if row.deadlines is None else row.deadlines(claim, context)
    if source is None:  # a new claim is already in its first state
        return replace(claim, deadlines=deadlines, turn=turn_in_state(claim.state, deadlines, claim, now))
    state = to or claim.state
    final = state in FINAL
    first_decided = source is _REQUESTED and state is not source
    goes_on = source not in FINAL or source is _REJECTED
    approved_now = (to is _APPROVED and goes_on) or (first_decided and to is _ACCEPTED)
    closed_at = (now if to is not None or claim.closed_at is None else claim.closed_at) if final else None
    return replace(
        claim,
        state=state,
        version=claim.version + 1,
        hold=None if final else claim.hold,
        approved_at=now if approved_now else claim.approved_at,
        closed_at=closed_at,
        deadlines=deadlines,
        turn=turn_in_state(state, deadlines, claim, now),
        assessment=context.assessment if first_decided else claim.assessment,
    )


@cache
def _fixed_actions(kind: Kind, state: State) -> tuple[Action | type[Command], ...]:
    """For each command, its Action if no facts can change it, or else the command."""
    return tuple(_fixed_action(kind, state, command) for command in _every_command(kind))


def _fixed_action(kind: Kind, state: State, command: type[Command]) -> Action | type[Command]:
    rows = ROWS.get((kind, state, command))
    if rows is None:
        return _unavailable_action(kind, state, command_name(command))
    depends = any(row.guards for row in rows) or command in (Approve, Reject)
    return command if depends else Action(command=command_name(command), allowed=True)


def _action(command: type[Command], context: DecisionContext) -> Action:
    name = command_name(command)
    rows = ROWS.get((context.amended.kind, context.amended.state, command))
    if rows is None:
        return _unavailable_action(context.amended.kind, context.amended.state, name)
    held = [] if context.amended.hold is None else _hold_refusals(context.amended.hold, command)
    sets = _GUARDS[context.amended.kind, context.amended.state, command]
    refusals = [(*held, *_guard_refusals(guards, context)) for guards in sets]
    grounds = _possible_grounds(context.assessment) if command is Reject else ()
    if all(refusals):
        return Action(command=name, allowed=False, refusals=refusals[-1])
    needs = ("override",) if command is Approve and context.assessment.verdict is Verdict.INELIGIBLE else ()
    return Action(command=name, allowed=True, needs=needs, grounds=grounds)


def _possible_grounds(assessment: Assessment) -> tuple[Ground, ...]:
    """The grounds that the facts support, and then the grounds that need evidence."""
    return tuple(dict.fromkeys((*assessment.grounds, *assessment.grounds_in_doubt, *ON_EVIDENCE)))


def _guard_refusals(guards: Iterable[Guard], context: DecisionContext) -> Iterable[Refusal]:
    for guard in guards:
        yield from guard(context)


def _hold_refusals(hold: Hold, command: type[Command]) -> list[Refusal]:
    return [] if command in WHILE_HELD else [refuse(Code.ON_HOLD, hold_reason=hold.reason)]


def _illegal_transition(claim: Claim | None, command: Command) -> Refusal:
    if claim is None:
        return refuse(Code.ILLEGAL_TRANSITION, command=command_name(type(command)), allowed=("request",))
    return _illegal_refusal(claim.kind, claim.state, command_name(type(command)))


@cache
def _unavailable_action(kind: Kind, state: State, name: str) -> Action:
    return Action(command=name, allowed=False, refusals=(_illegal_refusal(kind, state, name),))


@cache
def _illegal_refusal(kind: Kind, state: State, name: str) -> Refusal:
    allowed = tuple(command_name(command) for command in commands_from(kind, state) if command not in BY_ITSELF)
    return refuse(Code.ILLEGAL_TRANSITION, kind=kind, state=state, command=name, allowed=allowed)


@cache
def _every_command(kind: Kind) -> tuple[type[Command], ...]:
    commands = (command for k, source, command in ROWS if k is kind and source is not None)
    return tuple(dict.fromkeys(command for command in commands if command not in BY_ITSELF))


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


_COMMAND_NAMES = {command: _snake(command.__name__.removesuffix("Claim")) for _, _, command in ROWS}
_GUARDS = {key: tuple(dict.fromkeys(row.guards for row in rows)) for key, rows in ROWS.items()}
"""The guards of each row that a command can take; rows with the same guards count once."""
