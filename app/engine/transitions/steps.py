"""The steps of a transition: functions that change the claim and return effects outside the claim.

They run in the order of the row, each on the claim that the step before returned. The first step gets the claim in its
new state.
"""

from collections.abc import Callable, Iterable

from app.engine.model.claim import (
    Claim,
    ClaimLine,
    Offer,
    Override,
    Rejection,
)
from app.engine.model.commands import AcceptOffer, Approve, Reship
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
from app.engine.policy.deadlines import end_of_period
from app.engine.policy.eligibility import return_shipping_payer
from app.engine.policy.rules import Overtaken
from app.engine.transitions.context import DecisionContext
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


def replacement_lines(claim: Claim) -> list[tuple[str, ClaimLine]]:
    """The claimed lines that get a replacement, each with the id of the order line that will hold it. The id is unique
    per claim and line, and does not grow with repeated exchanges."""
    return [(f"{claim.claim_id}:{n}", line) for n, line in enumerate(claim.lines, start=1) if line.payable]


def hold_units(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return current, _moves(current, UnitStatus.UNTOUCHED, _held_on(current.kind))


def free_units(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return current, _moves(context.before, _held_on(context.before.kind), UnitStatus.UNTOUCHED)


def settle_units(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Units that the claim pays for get the status of the claim's kind. The other units are free again.

    Units with a partial refund stay with the buyer, untouched, with a credit on their line.
    """
    held = _held_on(context.before.kind)
    in_full = current.submission.amount is None
    effects = []
    for line in current.lines:
        settled = line.payable if in_full else 0
        effects.append(move(line.line_id, settled, held, _SETTLED_ON[current.kind]))
        effects.append(move(line.line_id, line.quantity - settled, held, UnitStatus.UNTOUCHED))
    return current, [effect for effect in effects if effect.quantity]


def set_response_deadline(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    respond_by = end_of_period(context.facts.rules.respond_within, current, context.facts.order)
    return replace(current, deadlines=replace(current.deadlines, respond_by=respond_by)), ()


def note_override(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """Store in the claim who overrode which grounds."""
    command = context.command
    if not isinstance(command, Approve) or not command.override or not context.assessment.findings:
        return current, ()
    override = Override(
        reason=command.override, by=command.by, overridden_at=context.facts.now, grounds=context.assessment.grounds
    )
    return replace(current, override=override), ()


def await_goods(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    now = context.facts.now  # before the approval nobody could send goods back
    collect_by = end_of_period(context.facts.rules.collect_within, current, context.facts.order, not_before=now)
    by_seller = context.assessment.return_shipping_payer is _SELLER
    return replace(current, deadlines=replace(current.deadlines, collect_by=collect_by)), [
        CollectGoods(line_id=line.line_id, quantity=line.quantity, paid_by_seller=by_seller) for line in current.lines
    ]


def stop_fulfilment(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return current, [StopFulfilment(line_id=line.line_id, quantity=line.quantity) for line in current.lines]


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
        )
        for line_id, line in replacement_lines(current)
        if line.replacement is not None
    ]


def deliver_replacement(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return current, [DeliverReplacement(line_id=line_id) for line_id, _ in replacement_lines(current)]


def grant_alternative(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    offer = accepted_offer(context)
    return current, [GrantAlternative(alternative=offer.alternative, amount=offer.amount)]


def become_partial_refund(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    offer = accepted_offer(context)
    submission = replace(current.submission, amount=offer.amount)
    return replace(current, kind=Kind.REFUND, submission=submission), ()


def become_exchange(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    offer = accepted_offer(context)
    lines = tuple(replace(line, replacement=offer.replacement) for line in current.lines)
    return replace(current, kind=Kind.EXCHANGE, lines=lines), ()


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
        return_shipping_payer=return_shipping_payer(current, context.facts.policy),
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


def refuse_as_shipped(current: Claim, _: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    return replace(current, overtaken=True, rejection=Rejection(ground=Ground.ALREADY_SHIPPED, message="")), ()


def accepted_offer(context: DecisionContext) -> Offer:
    """The offer that an AcceptOffer names. Its validation has checked that the offer exists."""
    command = context.command
    offer = context.amended.offer(command.offer_id) if isinstance(command, AcceptOffer) else None
    if offer is None:
        raise LookupError("the command has no offer to accept")
    return offer


def _held_on(kind: Kind) -> UnitStatus:
    return UnitStatus.OPEN_CANCEL if kind is Kind.CANCEL else UnitStatus.OPEN_OTHER


def _moves(claim: Claim, source: UnitStatus, target: UnitStatus) -> list[MoveUnits]:
    return [
        MoveUnits(line_id=line.line_id, quantity=line.quantity, source=source, target=target) for line in claim.lines
    ]


def move(line_id: str, quantity: int, source: UnitStatus, target: UnitStatus) -> MoveUnits:
    return MoveUnits(line_id=line_id, quantity=quantity, source=source, target=target)
