"""What chooses between rows that share kind, state and command. A condition never refuses."""

from app.engine.model.commands import AcceptOffer, Receive
from app.engine.model.vocabulary import Alternative, Role
from app.engine.policy.rules import Overtaken
from app.engine.transitions.context import Case
from app.engine.transitions.shipped_meanwhile import what_can_still_be_stopped
from app.engine.transitions.transition import Condition


def everything_is_in(case: Case) -> bool:
    closed = isinstance(case.command, Receive) and case.command.close
    return closed or all(line.received == line.quantity for line in case.claim.lines)


def something_is_accepted(case: Case) -> bool:
    return any(line.payable for line in case.claim.lines)


def accepted_after_advance(case: Case) -> bool:
    return case.claim.reshipped and something_is_accepted(case)


def replacement_went_first(case: Case) -> bool:
    return case.before.reshipped


def time_has_passed(case: Case) -> bool:
    """Nobody speaks: the system does."""
    return case.command is not None and case.command.by.role is Role.SYSTEM


def part_can_still_be_stopped(case: Case) -> bool:
    return bool(what_can_still_be_stopped(case.before, case.facts))


def policy_turns_it_into_a_return(case: Case) -> bool:
    return case.facts.policy.overtaken is not Overtaken.REFUSE


def accepts_one_of(*alternatives: Alternative) -> Condition:
    def accepts(case: Case) -> bool:
        named = case.command.offer_id if isinstance(case.command, AcceptOffer) else ""
        offer = case.before.offer(named)
        return offer is not None and offer.alternative in alternatives

    return accepts
