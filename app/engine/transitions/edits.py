"""Edits of a claim before its decision: what it asks for, when that was asked, and the units that it holds."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.engine.model.asked_units import AskedUnits, with_new
from app.engine.model.claim import Claim, ClaimLine, Replacement
from app.engine.model.commands import RequestedLine
from app.engine.model.copies import replace
from app.engine.model.edit import Edit
from app.engine.model.effects import Effect, MoveUnits, UnitStatus
from app.engine.model.vocabulary import fault_of
from app.engine.policy.facts import Facts
from app.engine.transitions.alternatives import supersede_offers
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.ledger import apply_effects
from app.engine.transitions.steps import held_on, move


def edited_claim(claim: Claim, command: Edit, facts: Facts) -> Claim:
    """The claim as it asks now. A new reason brings its own fault. The seller's open offers were made for what was
    asked, so they end, unless the note alone is new."""
    edited = replace(
        claim,
        reason=command.reason,
        fault=claim.fault if command.reason is claim.reason else fault_of(command.reason),
        lines=tuple(_claimed(line, claim.line(line.line_id)) for line in command.lines),
        submission=replace(
            claim.submission,
            discovered_at=command.discovered_at,
            conditions=command.conditions,
            note=command.note,
            amount=command.amount,
        ),
    )
    if asks_alike(replace(edited, submission=replace(edited.submission, note=claim.submission.note)), claim):
        return edited
    noted = replace(edited.submission, asked=_asked_after(claim, edited, facts.now))
    return supersede_offers(replace(edited, submission=noted), kept=())


def asks_alike(claim: Claim, other: Claim) -> bool:
    """True if both ask for the same: reason, lines, declarations, note and amount."""
    return (
        (claim.reason, claim.fault) == (other.reason, other.fault)
        and frozenset(claim.lines) == frozenset(other.lines)
        and replace(claim.submission, asked=()) == replace(other.submission, asked=())
    )


def facts_without(claim: Claim, facts: Facts) -> Facts:
    """The facts as they would be without the claim: the units that it holds are free."""
    return apply_effects(facts, _moves(claim, {}))


def move_edited_units(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Units that the edit leaves out are free. Units that the edit adds are held."""
    return current, _moves(context.before, {line.line_id: line.quantity for line in current.lines})


def _moves(claim: Claim, wanted: dict[str, int]) -> list[MoveUnits]:
    """From the units that the claim holds to the wanted units of each line."""
    held, on = {line.line_id: line.quantity for line in claim.lines}, held_on(claim.kind)
    changes = {line_id: wanted.get(line_id, 0) - held.get(line_id, 0) for line_id in {**held, **wanted}}
    freed = [move(line_id, -count, on, UnitStatus.UNTOUCHED) for line_id, count in changes.items() if count < 0]
    added = [move(line_id, count, UnitStatus.UNTOUCHED, on) for line_id, count in changes.items() if count > 0]
    return [*freed, *added]


def _claimed(line: RequestedLine, before: ClaimLine | None) -> ClaimLine:
    known = before.replacement if before else None
    return ClaimLine(
        line_id=line.line_id,
        quantity=line.quantity,
        replacement=_replacement(line.replacement, known),
        used_parts=line.used_parts,
    )


def _replacement(wanted: Replacement | None, known: Replacement | None) -> Replacement | None:
    """The seller's price of goods that were named before stays with them."""
    same = wanted is None or (known is not None and wanted.sku == known.sku and wanted.unit_price is None)
    return known if same else wanted


def _asked_after(claim: Claim, edited: Claim, now: datetime) -> tuple[AskedUnits, ...]:
    """The first edit notes what the request asked for. While the reason stays, only more units are new."""
    first = tuple(_asked(claim, claim.lines, claim.submission.requested_at))
    more = [line for line in edited.lines if line.quantity > units_of(claim, line.line_id)]
    lines = more if edited.reason is claim.reason else edited.lines
    return with_new(claim.submission.asked or first, _asked(edited, lines, now))


def units_of(claim: Claim, line_id: str) -> int:
    """The units of a line that the claim asks for. 0 for a line that is not in the claim."""
    line = claim.line(line_id)
    return line.quantity if line else 0


def _asked(claim: Claim, lines: Iterable[ClaimLine], at: datetime) -> Iterator[AskedUnits]:
    reason, fault = claim.reason, claim.fault
    return (
        AskedUnits(reason=reason, fault=fault, line_id=line.line_id, quantity=line.quantity, asked_at=at)
        for line in lines
    )
