"""Quotes a request: the claim, its standing and the events after it, by the code that decides, with no effects kept."""

from app.engine.advance import follow
from app.engine.autopilot import new_claim_waits_for_people
from app.engine.decide import Refused, decide, open_claim
from app.engine.model.claim import Claim
from app.engine.model.commands import Request
from app.engine.model.values import value
from app.engine.policy.facts import Facts
from app.engine.standing import Standing, standing_of


@value
class Quote:
    """The result that a request would have. `following` are the types of the events that would follow automatically."""

    claim: Claim
    standing: Standing
    following: tuple[str, ...]


def quote(request: Request, facts: Facts) -> Quote | Refused:
    if new_claim_waits_for_people(request.kind, facts.policy):  # effects only hold units, which changes no amount
        claim = open_claim(request, facts)
        if isinstance(claim, Refused):
            return claim
        return Quote(claim=claim, standing=standing_of(claim, facts), following=())
    decision = decide(None, request, facts)
    if isinstance(decision, Refused):
        return decision
    progress = follow(decision, facts)
    return Quote(
        claim=progress.claim,
        standing=standing_of(progress.claim, progress.facts),
        following=tuple(later.event.type for later in progress.decisions[1:]),
    )
