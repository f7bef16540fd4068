"""What an edit of a claim may change. Beside these rules an edit is judged as a request of the same instant is."""

from collections.abc import Iterable, Iterator

from app.engine.model.assessment import LineAssessment
from app.engine.model.claim import Claim
from app.engine.model.edit import Edit, request_of
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Fault, Ground, OfferStatus, Reason
from app.engine.policy.asked_units import seller_has_set_reason
from app.engine.policy.eligibility import assess
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.edits import asks_alike, facts_without, units_of
from app.engine.transitions.guards import Validation


def rests_on_a_rule(context: DecisionContext) -> Iterator[Refusal]:
    """The seller alone says how much is given that no rule owes."""
    if context.before.submission.rests_on_no_rule:
        yield refuse(Code.GIVEN_FREELY)


def something_is_edited(context: DecisionContext, _: Edit) -> Iterator[Refusal]:
    if asks_alike(context.before, context.amended):
        yield refuse(Code.NOTHING_CHANGES, why="edit")


def reason_may_change(context: DecisionContext, command: Edit) -> Iterator[Refusal]:
    """What the seller has classified with evidence, the seller alone classifies again."""
    before = context.before
    if command.reason is before.reason:
        return
    if seller_has_set_reason(before):
        yield refuse(Code.REASON_RECLASSIFIED, field="reason")
    elif command.reason is Reason.GOODWILL:
        yield refuse(Code.GIVEN_FREELY, field="reason")


def fault_is_shown(context: DecisionContext, command: Edit) -> Iterator[Refusal]:
    """A shop that speaks for the buyer shows that the buyer has taken the fault: the proof of it is the seller's."""
    before, after = context.before.fault, context.amended.fault
    if command.relayed and not command.evidence and after is Fault.BUYER and before is not Fault.BUYER:
        citation = context.facts.policy.rejection.proof_citation
        yield refuse(Code.PROOF_REQUIRED, why="relayed", citation=citation, field="evidence")


def only_what_was_promised(context: DecisionContext, command: Edit) -> Iterator[Refusal]:
    """Terms that were given for the units of the claim are for these units: those of a cancellation whose goods were
    shipped meanwhile, and those of an offer that the buyer has accepted."""
    before = context.before
    if before.overtaken or any(offer.status is OfferStatus.ACCEPTED for offer in before.offers):
        for line in command.lines:
            if line.quantity > units_of(before, line.line_id):
                yield refuse(Code.CANNOT_GROW, line_id=line.line_id, field="lines")


def rejected_lines_stay_out(context: DecisionContext, command: Edit) -> Iterator[Refusal]:
    rejected = {each.line.line_id for each in context.before.rejected_lines}
    for line in command.lines:
        if line.line_id in rejected:
            yield refuse(Code.LINE_REJECTED, line_id=line.line_id, field="lines")


def is_asked_in_time(context: DecisionContext, _: Edit) -> Iterator[Refusal]:
    """No line comes to be too late by an edit: neither a line that was not asked for, nor more units, nor another
    right. A line that was too late before may stay so."""
    before, amended = context.before, context.amended
    late_before = {line.line_id for line in _late_lines(before, context)}
    for line in _late_lines(amended, context):
        window = line.window
        if line.line_id in late_before or window is None or window.ends_on is None:
            continue
        grows = units_of(amended, line.line_id) > units_of(before, line.line_id)
        yield refuse(
            Code.ASKED_TOO_LATE,
            line_id=line.line_id,
            ended_on=window.ends_on.isoformat(),
            citation=window.citation,
            field="lines" if grows else "reason",
        )


def _late_lines(claim: Claim, context: DecisionContext) -> list[LineAssessment]:
    return [line for line in assess(claim, context.facts).lines if Ground.WINDOW_CLOSED in line.grounds]


def could_be_requested(rules: Iterable[Validation]) -> Validation:
    """The rules of a request, for the claim as the edit makes it. The units that the claim holds count as free."""
    checks = tuple(rules)

    def refusals(context: DecisionContext, command: Edit) -> Iterator[Refusal]:
        before, request = context.before, request_of(context.before, command)
        asked = DecisionContext(context.amended, context.amended, request, facts_without(before, context.facts))
        for check in checks:
            yield from check(asked, request)

    return refusals
