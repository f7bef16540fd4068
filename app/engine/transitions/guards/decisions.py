"""When a claim may be approved, and which grounds a rejection may have."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.engine.model.assessment import Assessment, Verdict
from app.engine.model.claim import Claim
from app.engine.model.commands import Approve, Reject
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Condition, Fault, Ground, Kind, Reason, Role
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards.requests import amount_refusals
from app.engine.transitions.rejections import ON_EVIDENCE, rejected_line_ids

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_UNDECIDED = Fault.UNDECIDED
_ELIGIBLE = Verdict.ELIGIBLE
_EXCHANGE = Kind.EXCHANGE


def is_classified(context: DecisionContext) -> Iterable[Refusal]:
    if context.amended.fault is _UNDECIDED:
        return (refuse(Code.NOT_CLASSIFIED, field="fault"),)
    return ()


def is_eligible_or_overridden(context: DecisionContext, command: Approve) -> Iterable[Refusal]:
    assessment = context.assessment
    return () if assessment.verdict is _ELIGIBLE else _against_the_merits(assessment, command)


def _against_the_merits(assessment: Assessment, command: Approve) -> Iterator[Refusal]:
    if assessment.verdict is Verdict.REVIEW and command.by.role is Role.SYSTEM:
        yield refuse(Code.REVIEW_NEEDED)
    if assessment.verdict is Verdict.INELIGIBLE and not (command.override or "").strip():
        for finding in assessment.findings:
            yield refuse(
                Code.INELIGIBLE,
                ground=finding.ground,
                line_ids=finding.line_ids,
                citation=finding.citation,
                field="override",
            )


def approval_fits(context: DecisionContext, command: Approve) -> Iterator[Refusal]:
    """Only a return has goods that can stay with the buyer, and only goods that come back cost a fee."""
    kind = context.before.kind
    if command.keep_goods and kind is not Kind.RETURN:
        yield refuse(Code.APPROVAL_DOES_NOT_FIT, field="keep_goods")
    if command.waive_fee and kind in (Kind.CANCEL, Kind.REFUND):
        yield refuse(Code.APPROVAL_DOES_NOT_FIT, why="no_fee", field="waive_fee")


def can_still_be_stopped(context: DecisionContext) -> Iterator[Refusal]:
    for claimed, line in context.pairs:
        if claimed.quantity > line.unshipped:
            yield refuse(
                Code.ALREADY_SHIPPED,
                line_id=line.line_id,
                available=max(0, line.unshipped),
                requested=claimed.quantity,
                citation=context.assessment.window.citation if context.assessment.window else None,
            )


def amount_is_still_there(context: DecisionContext) -> Iterator[Refusal]:
    """The rest of a claim can have a share of nothing in the amount of the request, which was positive."""
    amount = context.amended.submission.amount
    if amount:
        yield from amount_refusals(context.amended, amount, context)


def replacement_is_named(context: DecisionContext) -> Iterable[Refusal]:
    return unnamed_replacements(context.amended) if context.amended.kind is _EXCHANGE else ()


def unnamed_replacements(claim: Claim) -> Iterator[Refusal]:
    for line in claim.lines:
        if line.replacement is None:
            yield refuse(Code.REPLACEMENT_UNNAMED, line_id=line.line_id, field="lines")
        elif not line.replacement.sellable:
            yield refuse(Code.REPLACEMENT_UNSELLABLE, line_id=line.line_id, sku=line.replacement.sku, field="lines")


def rejected_lines_are_claimed(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    named: set[str] = set()
    for line_id in command.line_ids:
        is_repeated = line_id in named
        named.add(line_id)
        if is_repeated:
            yield refuse(Code.LINE_TWICE, why="named", line_id=line_id, field="line_ids")
        elif context.before.line(line_id) is None:
            yield refuse(Code.UNKNOWN_LINE, line_id=line_id, field="line_ids")


def ground_is_supported(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    """The ground must be supported for each rejected line. A ground that the facts do not show needs evidence."""
    line_ids = rejected_line_ids(context, command)
    if not context.before.lines and command.ground in ON_EVIDENCE:
        if not command.evidence:
            yield refuse(Code.EVIDENCE_REQUIRED, ground=command.ground, field="evidence")
        return
    if not line_ids:
        yield no_ground(context, command.ground, context.assessment.grounds)
        return
    found = context.assessment.lines_with(command.ground)
    unshown = [line_id for line_id in line_ids if line_id not in found and context.before.line(line_id) is not None]
    needs_evidence = _on_evidence(context, command.ground, unshown)
    if needs_evidence and not command.evidence:
        yield refuse(Code.EVIDENCE_REQUIRED, ground=command.ground, field="evidence")
    for line_id in dict.fromkeys(unshown):
        if line_id not in needs_evidence:
            yield _no_ground_for_line(context, command.ground, line_id)


def _on_evidence(context: DecisionContext, ground: Ground, line_ids: Iterable[str]) -> Iterable[str]:
    """The lines for which the seller can show this ground with evidence."""
    doubted = context.assessment.lines_in_doubt(ground)
    return [line_id for line_id in line_ids if ground in ON_EVIDENCE or line_id in doubted]


def rejection_has_a_message(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    rule = context.facts.policy.rejection
    if rule.message_required and not command.message.strip():
        yield refuse(Code.MESSAGE_REQUIRED, citation=rule.citation, field="message")


def rejection_has_an_alternative(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    rule = context.facts.policy.rejection
    if rule.alternative_required and not (command.alternatives or command.offers or command.kept_offer_ids):
        yield refuse(Code.ALTERNATIVE_REQUIRED, citation=rule.citation, field="alternatives")


def grounds_of_goods(context: DecisionContext, refused: Mapping[str, int]) -> tuple[Ground, ...]:
    """The grounds on which these units may be refused at the inspection: in each line, no more units than came in a
    condition that proves the ground. A ground of the assessment refuses no goods: the seller has approved the claim in
    spite of it, or has offered to take the goods back."""
    return tuple(ground for ground in _SHOWN_BY if _is_shown(context, ground, refused))


def _is_shown(context: DecisionContext, ground: Ground, refused: Mapping[str, int]) -> bool:
    shown_by = frozenset(
        {
            shown.condition
            for shown in _SHOWN_BY[ground]
            if context.amended.fault in shown.faults and context.amended.reason not in shown.except_reasons
        }
    )
    return all(refused[line.line_id] <= line.received_in(shown_by) for line in context.amended.lines)


_ANY = frozenset(Fault)
_ANOTHER_THING = frozenset({Reason.WRONG_ITEM, Reason.NOT_AS_DESCRIBED})
_NOT_ABOUT_THE_GOODS = frozenset(Reason) - {Reason.DEFECTIVE, Reason.MISSING_ITEM, Reason.WRONG_ITEM}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A condition that proves a ground. It proves nothing if the buyer's complaint is this condition, or if the goods
    cannot show the ground."""

    condition: Condition
    faults: frozenset[Fault] = _ANY
    except_reasons: frozenset[Reason] = frozenset()


_BUYERS, _SELLERS = frozenset({Fault.BUYER}), frozenset({Fault.SELLER})
_SHOWN_BY: Mapping[Ground, tuple[_Shown, ...]] = {
    Ground.DAMAGED_BY_BUYER: (_Shown(condition=Condition.DAMAGED_BY_BUYER),),
    Ground.NOT_RETURNED: (
        _Shown(condition=Condition.INCOMPLETE, except_reasons=frozenset({Reason.MISSING_ITEM})),
        _Shown(condition=Condition.WRONG_ITEM, except_reasons=_ANOTHER_THING),
    ),
    # A buyer with defective goods may have used them to find the defect.
    Ground.USED_OR_CONSUMED: (_Shown(condition=Condition.USED, faults=_BUYERS),),
    Ground.NOTHING_WRONG_FOUND: (
        _Shown(condition=Condition.AS_SOLD, faults=_SELLERS, except_reasons=_NOT_ABOUT_THE_GOODS),
        _Shown(condition=Condition.OPENED, faults=_SELLERS, except_reasons=_NOT_ABOUT_THE_GOODS),
    ),
}
"""The conditions that the warehouse must have found, by ground."""


def no_ground(context: DecisionContext, ground: Ground, supported: tuple[Ground, ...]) -> Refusal:
    window = context.assessment.window
    citation = window.citation if window else context.facts.policy.rejection.citation
    return refuse(Code.NO_GROUND_FOR_REJECTION, ground=ground, supported=supported, citation=citation, field="ground")


def _no_ground_for_line(context: DecisionContext, ground: Ground, line_id: str) -> Refusal:
    judged = context.assessment.line(line_id)
    citation = judged.window.citation if judged and judged.window else context.facts.policy.rejection.citation
    return refuse(Code.NO_GROUND_FOR_LINE, ground=ground, line_id=line_id, citation=citation, field="line_ids")
