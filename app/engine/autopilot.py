"""The next command of the system, if any.

The system acts when the order was shipped, all refunds are paid, the replacement was delivered, the policy approves
automatically, or nobody answered in time.
"""

from app.engine.decide import Decision, decide
from app.engine.model.claim import Actor, Claim
from app.engine.model.commands import Approve, Command, ConfirmDelivery, OrderShipped, Request, SettleRefund
from app.engine.model.vocabulary import Kind, Role, State
from app.engine.policy.asked_units import asks_for_what_is_new
from app.engine.policy.facts import Facts
from app.engine.policy.policy import Policy
from app.engine.policy.rules import Unanswered
from app.engine.transitions.context import standing_assessment
from app.engine.transitions.shipped_meanwhile import is_overtaken, stays_as_requested
from app.engine.transitions.steps import replacement_lines

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every quote reads this one.
_CANCEL = Kind.CANCEL

SYSTEM = Actor(role=Role.SYSTEM, name="autopilot")

_OWING = {
    (Kind.CANCEL, State.APPROVED),
    (Kind.REFUND, State.APPROVED),
    (Kind.RETURN, State.ACCEPTED),
}
_REPLACEMENT_UNDER_WAY = Kind.EXCHANGE, State.RESHIPPING

_MOVED_BY_FACTS = _OWING | {(Kind.CANCEL, State.REQUESTED), _REPLACEMENT_UNDER_WAY}


def waits_for_people(claim: Claim, policy: Policy) -> bool:
    """True if there is no next command for any facts."""
    if claim.state is not State.REQUESTED:
        return (claim.kind, claim.state) not in _MOVED_BY_FACTS
    return not policy.automation and claim.kind is not _CANCEL and not _silence_grants(claim, policy)


def new_claim_waits_for_people(request: Request, facts: Facts) -> bool:
    """True if there is no next command after the request."""
    if facts.policy.automation:
        return False
    return request.kind is not _CANCEL or stays_as_requested(request, facts.order)


def next_command(claim: Claim, facts: Facts) -> Command | None:
    """None if a person must act next."""
    if is_overtaken(claim, facts):
        return OrderShipped(by=SYSTEM)
    if claim.hold is not None:
        return None
    if (claim.kind, claim.state) in _OWING and not facts.refunds_outstanding:
        return SettleRefund(by=SYSTEM)
    if (claim.kind, claim.state) == _REPLACEMENT_UNDER_WAY and _has_arrived(claim, facts):
        return ConfirmDelivery(by=SYSTEM)
    if claim.state is State.REQUESTED and _approves_itself(claim, facts):
        return _APPROVE
    return None


def _has_arrived(claim: Claim, facts: Facts) -> bool:
    """True if every replacement was reported as delivered."""
    sent = [facts.order.line(line_id) for line_id, _ in replacement_lines(claim)]
    return all(line is not None and line.delivered == line.quantity for line in sent)


_APPROVE = Approve(by=SYSTEM)


def _approves_itself(claim: Claim, facts: Facts) -> bool:
    """True if the policy wants an approval and no guard refuses it."""
    granted = _silence_grants(claim, facts.policy) or (
        bool(facts.policy.automation) and standing_assessment(claim, facts).automatic == "approve"
    )
    return granted and isinstance(decide(claim, _APPROVE, facts), Decision)


def _silence_grants(claim: Claim, policy: Policy) -> bool:
    """True if nobody answered in time and the policy then approves. The guards let the system approve only eligible
    claims. The time to answer was that of the request, so what an edit has added waits for a person."""
    is_granted = claim.escalated_at is not None and policy.unanswered is Unanswered.APPROVE
    return is_granted and not asks_for_what_is_new(claim)
