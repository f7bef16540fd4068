"""The steps of a transition: functions that change the claim and return effects outside the claim.

They run in the order of the row, each on the claim that the step before returned. The first step gets the claim in its
new state.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from app.engine.amounts.line_values import with_lines
from app.engine.model.claim import (
    Claim,
    ClaimLine,
    Offer,
    Override,
    RejectedLine,
    Rejection,
)
from app.engine.model.claim_lines import pairs
from app.engine.model.commands import AcceptOffer, Approve, Reject, Reship, happened_at
from app.engine.model.copies import replace
from app.engine.model.effects import (
    CollectGoods,
    DeliverReplacement,
    Effect,
    GrantAlternative,
    MoveUnits,
    SendBack,
    SendReplacement,
    StopFulfilment,
    UnitStatus,
)
from app.engine.model.vocabulary import Fault, Ground, Kind
from app.engine.policy.facts import Facts
from app.engine.policy.return_shipping import return_shipping_citation, return_shipping_payer
from app.engine.policy.rules import Overtaken
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.rejections import rejected_line_ids
from app.engine.transitions.shipped_meanwhile import overtaken_units, stoppable_lines

# Python 3.11 reads a member from its enum ten times as slowly as a name of the module, and every decision reads these.
_SELLER = Fault.SELLER


TransitionStep = Callable[[Claim, DecisionContext], tuple[Claim, Iterable[Effect]]]

_SETTLED_ON = {
    Kind.CANCEL: UnitStatus.CANCELLED,
    Kind.RETURN: UnitStatus.RETURNED,
    Kind.EXCHANGE: UnitStatus.EXCHANGED,
    Kind.REFUND: UnitStatus.REFUNDED,
}
"""Repaired units are free again in the end."""


def replacement_lines(claim: Claim) -> list[tuple[str, ClaimLine]]:
    """The claimed lines that get a replacement, each with the id of the order line that will hold it. The id is unique
    per claim and line, and does not grow with repeated exchanges."""
    return [(f"{claim.claim_id}:{n}", line) for n, line in enumerate(claim.lines, start=1) if line.payable]


def hold_units(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return current, _moves(current, UnitStatus.UNTOUCHED, held_on(current.kind))


def free_units(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return current, _moves(context.before, held_on(context.before.kind), UnitStatus.UNTOUCHED)


def reject_lines(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The rejected lines leave the claim, each with the rejection. Their units are free again."""
    command, rejection = context.command, current.rejection
    if not isinstance(command, Reject) or rejection is None:
        raise TypeError("lines are rejected by a Reject")
    ended, now = rejected_line_ids(context, command), context.facts.now
    gone = [line for line in current.lines if line.line_id in ended]
    remaining = with_lines(current, [line for line in current.lines if line not in gone], context.facts.order)
    rejected = [RejectedLine(line=line, rejection=rejection, rejected_at=now) for line in gone]
    freed = _moves(replace(current, lines=tuple(gone)), held_on(current.kind), UnitStatus.UNTOUCHED)
    return replace(remaining, rejection=None, rejected_lines=(*current.rejected_lines, *rejected)), freed


def settle_units(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Units that the claim pays for get the status of the claim's kind. The other units are free again.

    Units with a partial refund stay with the buyer, untouched, with a credit on their line.
    """
    if current.submission.goodwill:
        return current, ()
    held = held_on(context.before.kind)
    in_full = current.submission.amount is None
    effects = []
    for line in current.lines:
        settled = line.payable if in_full else 0
        effects.append(move(line.line_id, settled, held, _SETTLED_ON[current.kind]))
        effects.append(move(line.line_id, line.quantity - settled, held, UnitStatus.UNTOUCHED))
    return current, [effect for effect in effects if effect.quantity]


def note_override(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Store in the claim who overrode which grounds."""
    command = context.command
    if not isinstance(command, Approve) or not command.override or not context.assessment.findings:
        return current, ()
    override = Override(
        reason=command.override, by=command.by, overridden_at=context.facts.now, grounds=context.assessment.grounds
    )
    return replace(current, override=override), ()


def collect_goods(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    by_seller = (current.assessment or context.assessment).return_shipping_payer is _SELLER
    return current, [
        CollectGoods(line_id=line.line_id, quantity=line.quantity, paid_by_seller=by_seller)
        for line, ordered in context.pairs
        if ordered.comes_back
    ]


def days_waited(claim: Claim, facts: Facts, until: datetime) -> int:
    """The local days that the buyer waited for goods that were sent back: from when they left the buyer, or else from
    their receipt or the approval."""
    start = claim.dispatched_at or claim.received_at or claim.approved_at
    local_day = facts.calendar.local_day
    return 0 if start is None else max(0, (local_day(until) - local_day(start)).days)


def stop_fulfilment(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return current, [StopFulfilment(line_id=line.line_id, quantity=line.quantity) for line in current.lines]


def accept_what_needs_no_return(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The goods did not come back. Digital content and services are paid all the same."""
    lines = tuple(
        replace(line, accepted=0, used_parts=0) if ordered.comes_back else replace(line, accepted=line.quantity)
        for line, ordered in pairs(current, context.facts.order)
    )
    return replace(current, lines=lines), ()


def send_back_the_rest(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    rest = ((line, line.received - line.payable) for line in current.lines)
    return current, [SendBack(line_id=line.line_id, quantity=quantity) for line, quantity in rest if quantity > 0]


def send_replacement(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The replacement becomes a line of the order with the value of the replaced units."""
    command = context.command
    if not isinstance(command, Reship):
        raise TypeError("a replacement is sent by a Reship")
    return current, [
        SendReplacement(
            line_id=line_id,
            replaces=line.line_id,
            quantity=line.payable,
            replacement=line.replacement,
            carried=line.carried,
            tax=line.carried_tax,
            tracking=command.tracking,
            shipped_at=command.reshipped_at,
        )
        for line_id, line in replacement_lines(current)
        if line.replacement is not None
    ]


def deliver_replacement(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    sent = [context.facts.order.line(line_id) for line_id, _ in replacement_lines(current)]
    stated = happened_at(context.command) if context.command else None
    arrived_at = stated or context.facts.now
    return current, [
        DeliverReplacement(
            line_id=line.line_id,
            cure_days=days_waited(current, context.facts, line.delivered_at or arrived_at),
            delivered_at=stated,
        )
        for line in sent
        if line is not None
    ]


def grant_alternative(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    offer = accepted_offer(context)
    return current, [GrantAlternative(alternative=offer.alternative, amount=offer.amount)]


def become_partial_refund(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The offered amount takes the place of all money that was requested, charges of the order included."""
    offer = accepted_offer(context)
    submission = replace(current.submission, amount=offer.amount, shipping=0, fees=0)
    return replace(current, kind=Kind.REFUND, submission=submission), ()


def become_offered_exchange(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    offer = accepted_offer(context)
    lines = tuple(replace(line, replacement=offer.replacement) for line in current.lines)
    return replace(current, kind=Kind.EXCHANGE, lines=lines), ()


def become_exchange(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return reassess(replace(current, kind=Kind.EXCHANGE), context)


def become_plain_return(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return reassess(replace(current, kind=Kind.RETURN), context)


def take_over_return_shipping(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return replace(current, seller_pays_return=True), ()


def reassess(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """After the decision only the fault and the payer can change, not the merits."""
    if current.assessment is None:
        return current, ()
    assessment = replace(
        current.assessment,
        fault=current.fault,
        return_shipping_payer=return_shipping_payer(current, context.facts.order, context.facts.policy),
        return_shipping_citation=return_shipping_citation(current, context.facts.policy),
    )
    return replace(current, assessment=assessment), ()


def release_shipped_units(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Shipped units are free again, for a return. The other units are still to be cancelled."""
    overtaken = [(line, overtaken_units(line, context.facts)) for line in current.lines]
    effects = [
        move(line.line_id, quantity, UnitStatus.OPEN_CANCEL, UnitStatus.UNTOUCHED)
        for line, quantity in overtaken
        if quantity
    ]
    return replace(current, lines=stoppable_lines(current, context.facts)), effects


def become_return(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The seller shipped during an open cancellation: the return is at the seller's cost, or follows the fault."""
    at_sellers_cost = context.facts.policy.overtaken is Overtaken.RETURN_AT_SELLERS_COST
    converted = replace(current, kind=Kind.RETURN, overtaken=True, seller_pays_return=at_sellers_cost)
    return converted, _moves(current, UnitStatus.OPEN_CANCEL, UnitStatus.OPEN_OTHER)


def go_on_as_return(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The order was shipped before the cancellation: the return follows the fault."""
    converted = replace(current, kind=Kind.RETURN)
    return converted, _moves(context.before, UnitStatus.OPEN_CANCEL, UnitStatus.OPEN_OTHER)


def lift_rejection(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """The claim goes on with what was offered. Its history keeps the rejection."""
    return replace(current, rejection=None), ()


def come_back_again(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Goods that an inspection has refused were sent back to the buyer. They come back and are inspected anew."""
    lines = tuple(replace(line, receipts=(), accepted=None, deductions=(), disposition=None) for line in current.lines)
    again = replace(current, lines=lines, collection=None, dispatched_at=None, received_at=None, inspected_at=None)
    return again, ()


def refuse_as_shipped(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return replace(current, overtaken=True, rejection=Rejection(ground=Ground.ALREADY_SHIPPED, message="")), ()


def accepted_offer(context: DecisionContext) -> Offer:
    """The offer that an AcceptOffer names. Its validation has checked that the offer exists."""
    command = context.command
    offer = context.amended.offer(command.offer_id) if isinstance(command, AcceptOffer) else None
    if offer is None:
        raise LookupError("the command has no offer to accept")
    return offer


def held_on(kind: Kind) -> UnitStatus:
    return UnitStatus.OPEN_CANCEL if kind is Kind.CANCEL else UnitStatus.OPEN_OTHER


def _moves(claim: Claim, source: UnitStatus, target: UnitStatus) -> list[MoveUnits]:
    if claim.submission.goodwill:
        return []
    return [
        MoveUnits(line_id=line.line_id, quantity=line.quantity, source=source, target=target) for line in claim.lines
    ]


def move(line_id: str, quantity: int, source: UnitStatus, target: UnitStatus) -> MoveUnits:
    return MoveUnits(line_id=line_id, quantity=quantity, source=source, target=target)
