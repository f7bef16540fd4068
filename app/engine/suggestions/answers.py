"""What the seller can answer to a request: a right is approved, and a ground that the facts show is rejected on. Where
the facts do not decide, the buyer is asked or the claim is held."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.engine.model.assessment import Assessment, Doubt, Unclear, Verdict
from app.engine.model.claim import Claim
from app.engine.model.commands import Approve, Convert, HoldClaim, Reclassify, Reject
from app.engine.model.vocabulary import Alternative, Ground, HoldReason, Kind, Reason, Role
from app.engine.policy.facts import Facts
from app.engine.suggestions.drafts import STAND_IN, SUGGESTED_BY, Draft, SuggestedStep, SuggestionReason

_ASKED: Mapping[Unclear, SuggestionReason] = {
    Unclear.FAULT_UNDECIDED: SuggestionReason.FAULT_UNDECIDED,
    Unclear.DISCOVERY_UNSTATED: SuggestionReason.DISCOVERY_UNSTATED,
    Unclear.NOT_DELIVERED: SuggestionReason.NOT_DELIVERED,
}
"""The doubts that the buyer's answer can end."""
_LOOKED_INTO: Mapping[Unclear, SuggestionReason] = {
    Unclear.PROOF_NEEDED: SuggestionReason.PROOF_NEEDED,
    Unclear.REMEDY_NOT_OPEN: SuggestionReason.REMEDY_NOT_OPEN,
    Unclear.NO_RULE: SuggestionReason.NO_RULE,
    Unclear.NO_RIGHT: SuggestionReason.NO_RIGHT,
}
"""The doubts that the seller must look into."""


def answers(claim: Claim, facts: Facts, assessment: Assessment, answered_at: datetime | None) -> Iterator[Draft]:
    """The best answer first. `answered_at` is when the buyer answered the seller's last question."""
    match assessment.verdict:
        case Verdict.ELIGIBLE:
            yield from _granted(claim, assessment)
        case Verdict.INELIGIBLE:
            yield from _refused(claim, facts, assessment)
        case Verdict.REVIEW:
            yield from _reviewed(claim, assessment, answered_at)


def ask(why: SuggestionReason, *, ground: Ground | None = None, citation: str | None = None) -> Draft:
    """Ask the buyer. The question holds the claim."""
    hold = HoldClaim(by=SUGGESTED_BY, reason=HoldReason.BUYER_QUESTION)
    return Draft(step=SuggestedStep.ASK, command=hold, why=why, needs=("text",), ground=ground, citation=citation)


def as_return(why: SuggestionReason) -> Draft:
    """The goods come back, and the money goes to the buyer."""
    return Draft(step=SuggestedStep.CONVERT, command=Convert(by=SUGGESTED_BY, to=Kind.RETURN), why=why)


def _granted(claim: Claim, assessment: Assessment) -> Iterator[Draft]:
    citation = assessment.window.citation if assessment.window else None
    yield Draft(
        step=SuggestedStep.APPROVE, command=Approve(by=SUGGESTED_BY), why=SuggestionReason.ENTITLED, citation=citation
    )
    if claim.kind is Kind.CANCEL:
        yield as_return(SuggestionReason.GOODS_HAVE_LEFT)
    if claim.kind is Kind.EXCHANGE:
        if all(line.replacement is not None for line in claim.lines):
            yield as_return(SuggestionReason.REPLACEMENT_UNSELLABLE)
        yield ask(SuggestionReason.REPLACEMENT_UNNAMED)


def _refused(claim: Claim, facts: Facts, assessment: Assessment) -> Iterator[Draft]:
    """One ground, although the facts may show more. Goods that left before a cancellation can still come back."""
    if claim.kind is Kind.CANCEL:
        yield as_return(SuggestionReason.GOODS_HAVE_LEFT)
    rule = facts.policy.rejection
    for finding in assessment.findings:
        needs = (
            *(("message",) if rule.message_required else ()),
            *(("alternatives",) if rule.alternative_required else ()),
        )
        command = Reject(
            by=SUGGESTED_BY,
            ground=finding.ground,
            message=STAND_IN,
            alternatives=(Alternative.PARTIAL_REFUND,) if rule.alternative_required else (),
        )
        yield Draft(
            step=SuggestedStep.REJECT,
            command=command,
            why=SuggestionReason.NOT_ENTITLED,
            needs=needs,
            ground=finding.ground,
            citation=finding.citation,
        )


def _reviewed(claim: Claim, assessment: Assessment, answered_at: datetime | None) -> Iterator[Draft]:
    for doubt in assessment.doubts:
        if doubt.why in _ASKED:
            yield _after_the_answer(doubt) if answered_at else ask(_ASKED[doubt.why], citation=doubt.citation)
    if claim.kind is Kind.EXCHANGE and any(line.replacement is None for line in claim.lines):
        yield ask(SuggestionReason.REPLACEMENT_UNNAMED)
    for doubt in assessment.doubts:
        if doubt.why is Unclear.NO_RIGHT and claim.submission.requester.role is Role.SELLER:
            yield Draft(step=SuggestedStep.APPROVE, command=Approve(by=SUGGESTED_BY), why=SuggestionReason.GIVEN)
        if doubt.why in _LOOKED_INTO:
            yield _look_into(_LOOKED_INTO[doubt.why], doubt)


def _after_the_answer(doubt: Doubt) -> Draft:
    """The buyer has said what there is to say. The seller decides the fault by the answer."""
    if doubt.why is not Unclear.FAULT_UNDECIDED:
        return _look_into(_ASKED[doubt.why], doubt)
    command = Reclassify(by=SUGGESTED_BY, reason=Reason.NOT_AS_DESCRIBED, evidence=(STAND_IN,))
    needs = ("reason", "evidence")
    return Draft(
        step=SuggestedStep.RECLASSIFY,
        command=command,
        why=SuggestionReason.FAULT_ANSWERED,
        needs=needs,
        citation=doubt.citation,
    )


def _look_into(why: SuggestionReason, doubt: Doubt) -> Draft:
    hold = HoldClaim(by=SUGGESTED_BY, reason=HoldReason.SELLER_CHECK)
    return Draft(step=SuggestedStep.HOLD, command=hold, why=why, ground=doubt.ground, citation=doubt.citation)
