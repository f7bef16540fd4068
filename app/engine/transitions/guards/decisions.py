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
            yield refuse(Code.INELIGIBLE, ground=finding.ground, citation=finding.citation, field="override")


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
    amount = context.amended.submission.amount
    if amount is not None:
        yield from amount_refusals(context.amended, amount, context)


def replacement_is_named(context: DecisionContext) -> Iterable[Refusal]:
    return _unnamed_replacements(context.amended) if context.amended.kind is _EXCHANGE else ()


def _unnamed_replacements(claim: Claim) -> Iterator[Refusal]:
    for line in claim.lines:
        if line.replacement is None:
            yield refuse(Code.REPLACEMENT_UNNAMED, line_id=line.line_id, field="lines")
        elif not line.replacement.sellable:
            yield refuse(Code.REPLACEMENT_UNSELLABLE, line_id=line.line_id, sku=line.replacement.sku, field="lines")


def ground_is_supported(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    if supports(context, command.ground, command.evidence):
        return
    if command.ground in ON_EVIDENCE:
        yield refuse(Code.EVIDENCE_REQUIRED, ground=command.ground, field="evidence")
    else:
        yield no_ground(context, command.ground)


def rejection_has_a_message(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    rule = context.facts.policy.rejection
    if rule.message_required and not command.message.strip():
        yield refuse(Code.MESSAGE_REQUIRED, citation=rule.citation, field="message")


def rejection_has_an_alternative(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    rule = context.facts.policy.rejection
    if rule.alternative_required and not command.alternatives:
        yield refuse(Code.ALTERNATIVE_REQUIRED, citation=rule.citation, field="alternatives")


def supports(context: DecisionContext, ground: Ground, evidence: tuple[str, ...] = ()) -> bool:
    """True if this ground is supported: by the assessment, or by a reference for grounds that only a reference can
    support. An overridden ground is not supported."""
    set_aside = context.before.override.grounds if context.before.override else ()
    if ground in context.assessment.grounds:
        return ground not in set_aside
    return ground in ON_EVIDENCE and bool(evidence)


def supports_sending_back(context: DecisionContext, ground: Ground, refused: Mapping[str, int]) -> bool:
    """The same for returned units: in each line, at most the units that prove the ground may be refused."""
    if supports(context, ground):
        return True
    shown_by = frozenset(
        {
            shown.condition
            for shown in _SHOWN_BY.get(ground, ())
            if context.amended.fault in shown.faults and context.amended.reason not in shown.except_reasons
        }
    )
    return all(refused[line.line_id] <= line.received_in(shown_by) for line in context.amended.lines)


ON_EVIDENCE = (Ground.BUYER_AGREED, Ground.DUPLICATE, Ground.NOT_OUR_SALE)
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


def no_ground(context: DecisionContext, ground: Ground) -> Refusal:
    window, grounds = context.assessment.window, context.assessment.grounds
    citation = window.citation if window else context.facts.policy.rejection.citation
    return refuse(Code.NO_GROUND_FOR_REJECTION, ground=ground, supported=grounds, citation=citation, field="ground")
