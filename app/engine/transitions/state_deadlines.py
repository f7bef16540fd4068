"""The deadlines that begin with a new state: to answer a request, and to send the goods back."""

from collections.abc import Callable

from app.engine.model.claim import Claim, Deadlines
from app.engine.model.copies import replace
from app.engine.policy.deadlines import end_of_period
from app.engine.transitions.context import DecisionContext

StateDeadlines = Callable[[Claim, DecisionContext], Deadlines]
"""The deadlines of a claim that enters a state. The claim has the command's data, and is in the state before."""


def to_respond(claim: Claim, context: DecisionContext) -> Deadlines:
    respond_by = end_of_period(context.facts.rules.respond_within, claim, context.facts.order)
    return replace(claim.deadlines, respond_by=respond_by)


def to_send_back(claim: Claim, context: DecisionContext) -> Deadlines:
    """Before the approval nobody could send goods back, so the period starts now or later."""
    facts = context.facts
    collect_by = end_of_period(facts.rules.collect_within, claim, facts.order, not_before=facts.now)
    return replace(claim.deadlines, collect_by=collect_by)
