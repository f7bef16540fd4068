"""Conditions choose between rows with the same place and command. A condition never refuses."""

from app.engine.model.commands import AcceptOffer, Receive
from app.engine.model.vocabulary import Alternative, Role
from app.engine.policy.rules import Overtaken
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.shipped_meanwhile import stoppable_lines
from app.engine.transitions.transition import Condition


def everything_is_in(context: DecisionContext) -> bool:
    closed = isinstance(context.command, Receive) and context.command.close
    return closed or all(line.received == line.quantity for line in context.amended.lines)


def something_is_accepted(context: DecisionContext) -> bool:
    return any(line.payable for line in context.amended.lines)


def accepted_after_advance(context: DecisionContext) -> bool:
    return context.amended.reshipped and something_is_accepted(context)


def replacement_went_first(context: DecisionContext) -> bool:
    return context.before.reshipped


def time_has_passed(context: DecisionContext) -> bool:
    """True if the system gives the command."""
    return context.command is not None and context.command.by.role is Role.SYSTEM


def part_can_still_be_stopped(context: DecisionContext) -> bool:
    return bool(stoppable_lines(context.before, context.facts))


def policy_turns_it_into_a_return(context: DecisionContext) -> bool:
    return context.facts.policy.overtaken is not Overtaken.REFUSE


def accepts_one_of(*alternatives: Alternative) -> Condition:
    def accepts(context: DecisionContext) -> bool:
        offer_id = context.command.offer_id if isinstance(context.command, AcceptOffer) else ""
        offer = context.before.offer(offer_id)
        return offer is not None and offer.alternative in alternatives

    return accepts
