"""When the buyer asked for a line of a claim that was edited: the instant that judges the windows of the line.

What was asked for in time stays in time, whatever the buyer changes beside it. To ask is to ask for some goods, by some
right: other goods, and another right, must be asked for in their own time.

Sources: Directive 2011/83/EU, Article 11(2) (a withdrawal that is sent before the period has expired is in time); BGB
§ 355(1) (the timely sending suffices); 전자상거래법 제17조 제1항, 제3항 (the withdrawal at will, and the withdrawal
because of the goods, have periods of their own), 제4항 (one in writing counts from the day on which it was sent).
"""

from datetime import datetime

from app.engine.model.asked_units import AskedUnits, about
from app.engine.model.claim import Claim, ClaimLine
from app.engine.model.copies import replace
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import Fault, Nature, fault_of
from app.engine.policy.index import PolicyIndex


def as_asked(claim: Claim, claimed: ClaimLine, line: OrderLine, rules: PolicyIndex) -> Claim:
    """The claim with the instant at which the buyer asked for this line as the instant of its request."""
    submission = claim.submission
    asked = list(about(submission.asked, claimed.line_id, claimed.quantity))
    by_this_right = [each for each in asked if _is_of_right(each, claim, line.nature, rules)]
    asked_at = min((each.asked_at for each in by_this_right or asked), default=submission.requested_at)
    if asked_at == submission.requested_at:
        return claim
    return replace(claim, submission=replace(submission, requested_at=asked_at))


def _is_of_right(asked: AskedUnits, claim: Claim, nature: Nature, rules: PolicyIndex) -> bool:
    """True if the units were asked for by the windows that the claim rests on now, or by none yet, because the fault
    was undecided. A reason that the seller has set gives the buyer no other instant."""
    if asked.fault is Fault.UNDECIDED or seller_has_set_reason(claim):
        return True
    now = rules.rules_for(claim.kind, claim.fault, claim.reason).windows[nature]
    then = rules.rules_for(claim.kind, asked.fault, asked.reason).windows[nature]
    return [window.rule for window in now] == [window.rule for window in then]


def asks_for_what_is_new(claim: Claim) -> bool:
    """True if the claim asks for units, or for a reason, that the request did not ask for."""
    return any(_first_asked_at(claim, line) > claim.submission.requested_at for line in claim.lines)


def _first_asked_at(claim: Claim, line: ClaimLine) -> datetime:
    asked = list(about(claim.submission.asked, line.line_id, line.quantity))
    for_this = [each for each in asked if each.reason is claim.reason]
    return min((each.asked_at for each in for_this or asked), default=claim.submission.requested_at)


def seller_has_set_reason(claim: Claim) -> bool:
    """True if the seller has classified the claim: the reason or the fault is no longer that of the request."""
    changed = ((step.old_reason, step.old_fault) != (step.reason, step.fault) for step in claim.reclassifications)
    return claim.fault is not fault_of(claim.reason) or any(changed)
