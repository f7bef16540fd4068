"""Conditions choose between rows with the same place and command. A condition never refuses."""

from app.engine.model.commands import AcceptOffer, Approve, Convert, Receive, Reject
from app.engine.model.offers import is_on_top
from app.engine.model.vocabulary import Alternative, Kind, Role
from app.engine.policy.rules import Overtaken
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.rejections import rejected_line_ids
from app.engine.transitions.shipped_meanwhile import stoppable_lines
from app.engine.transitions.transition import Condition


def everything_is_in(context: DecisionContext) -> bool:
    closed = isinstance(context.command, Receive) and context.command.close
    return closed or all(claimed.received == claimed.quantity for claimed, line in context.pairs if line.comes_back)


def nothing_must_come_back(context: DecisionContext) -> bool:
    return not [line for _, line in context.pairs if line.comes_back]


def goods_stay(context: DecisionContext) -> bool:
    return isinstance(context.command, Approve) and context.command.keep_goods


def nothing_is_left_to_settle(context: DecisionContext) -> bool:
    """False if the right to return goods lapses, and the claim has digital content or services too."""
    return not context.facts.policy.collect_lapses or all(line.comes_back for _, line in context.pairs)


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


def other_lines_remain(context: DecisionContext) -> bool:
    """True if the rejection leaves lines in the claim."""
    if not isinstance(context.command, Reject):
        return False
    rejected = rejected_line_ids(context, context.command)
    return bool(rejected) and any(line.line_id not in rejected for line in context.before.lines)


def accepts_one_of(*alternatives: Alternative) -> Condition:
    def accepts(context: DecisionContext) -> bool:
        offer_id = context.command.offer_id if isinstance(context.command, AcceptOffer) else ""
        offer = context.before.offer(offer_id)
        return offer is not None and offer.alternative in alternatives

    return accepts


def accepts_something_on_top(context: DecisionContext) -> bool:
    """True for a compensation that was offered at the seller's fault. Anything else is instead of what the buyer asked
    for."""
    command, before = context.command, context.before
    offer = before.offer(command.offer_id) if isinstance(command, AcceptOffer) else None
    return offer is not None and is_on_top(before, offer)


def converts_to(kind: Kind) -> Condition:
    def converts(context: DecisionContext) -> bool:
        return isinstance(context.command, Convert) and context.command.to is kind

    return converts
