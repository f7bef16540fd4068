"""Until when the buyer can open a claim again that has ended because the goods did not come back."""

from datetime import datetime

from app.engine.decide import Refused
from app.engine.model.assessment import Verdict
from app.engine.model.claim import Claim
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.copies import replace
from app.engine.model.vocabulary import Fault, Role
from app.engine.policy.facts import Facts
from app.engine.quote import quote
from app.messages.context import Variables


def of_new_claim(claim: Claim, facts: Facts) -> Variables:
    """The last local day for the same request, by the quote of this request now. Nothing if no right remains, or if
    none is needed: the claim goes on when the goods come late, or the replacement was sent first."""
    if claim.reshipped or not facts.policy.collect_lapses:
        return {}
    submission = claim.submission
    request = Request(
        by=replace(submission.requester, role=Role.BUYER),
        claim_id="",
        kind=claim.kind,
        reason=claim.reason,
        lines=tuple(
            RequestedLine(line_id=line.line_id, quantity=line.quantity, replacement=line.replacement)
            for line in claim.lines
        ),
        requested_at=facts.now,
        discovered_at=submission.discovered_at or _known_at(claim),
        conditions=submission.conditions,
    )
    answer = quote(request, facts)
    if isinstance(answer, Refused):
        return {}
    assessment = answer.standing.assessment
    window = assessment.window if assessment.verdict is Verdict.ELIGIBLE else None
    return {"request_again_until": window.ends_on if window else None}


def _known_at(claim: Claim) -> datetime | None:
    """The buyer of defective goods knew of the defect at the first request."""
    return claim.submission.requested_at if claim.fault is Fault.SELLER else None
