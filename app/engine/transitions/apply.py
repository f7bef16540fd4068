"""Copies the data of a command into the claim, with one function per command. The state does not change here."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.engine.model.claim import (
    Claim,
    ClaimLine,
    Hold,
    Offer,
    Receipt,
    Reclassification,
    Rejection,
    Submission,
)
from app.engine.model.claim_lines import goods
from app.engine.model.commands import (
    AcceptOffer,
    Command,
    CompleteRepair,
    Convert,
    DeclineOffer,
    Dispatch,
    HoldClaim,
    Inspect,
    InspectedLine,
    LapseOffer,
    MakeOffer,
    MarkOverdue,
    NewReplacement,
    Receive,
    ReceivedLine,
    Reclassify,
    Reject,
    Release,
    Request,
    Reship,
)
from app.engine.model.copies import replace
from app.engine.model.edit import Edit
from app.engine.model.vocabulary import Kind, OfferStatus, Reason, State, fault_of
from app.engine.policy.deadlines import end_of_limit
from app.engine.policy.facts import Facts
from app.engine.transitions.alternatives import opened_offer, supersede_offers
from app.engine.transitions.edits import edited_claim


def new_claim_from(request: Request, order_id: str) -> Claim:
    """The claim that a request opens."""
    return Claim(
        claim_id=request.claim_id,
        version=1,
        order_id=order_id,
        kind=request.kind,
        state=State.REQUESTED,
        reason=request.reason,
        fault=request.fault or fault_of(request.reason),
        seller_pays_return=request.seller_pays_return,
        overtaken=request.split_from is not None,
        split_from=request.split_from,
        lines=tuple(
            [
                ClaimLine(
                    line_id=line.line_id,
                    quantity=line.quantity,
                    replacement=line.replacement,
                    used_parts=line.used_parts,
                )
                for line in request.lines
            ]
        ),
        submission=Submission(
            requested_at=request.requested_at,
            requester=request.by,
            discovered_at=request.discovered_at,
            conditions=request.conditions,
            note=request.note,
            amount=request.amount,
            more_offers=request.more_offers,
            shipping=request.shipping,
            fees=request.fees,
            goodwill=request.reason is Reason.GOODWILL,
        ),
    )


def apply_command(claim: Claim, command: Command, facts: Facts) -> Claim:
    """Copy the command's data into the claim. The state is not changed here: the transition changes it."""
    write = _WRITERS.get(type(command))
    return claim if write is None else write(claim, command, facts)


def _reject(claim: Claim, command: Reject, _: Facts) -> Claim:
    """The rejection names the alternative of each offer that opens or stays open."""
    kept = [offer.alternative for offer in claim.offers if offer.offer_id in command.kept_offer_ids]
    offered = [offer.alternative for offer in command.offers]
    return replace(
        claim,
        rejection=Rejection(
            ground=command.ground,
            message=command.message,
            alternatives=tuple(dict.fromkeys((*command.alternatives, *kept, *offered))),
            evidence=command.evidence,
        ),
    )


def _hold(claim: Claim, command: HoldClaim, facts: Facts) -> Claim:
    return replace(
        claim,
        hold=Hold(
            reason=command.reason,
            held_at=facts.now,
            ends_at=command.ends_at or end_of_limit(facts.policy.hold_within, facts),
            note=command.note,
        ),
    )


def _release(claim: Claim, _: Release, facts: Facts) -> Claim:
    """The buyer's deadlines move on by each day that began during the hold."""
    hold, deadlines = claim.hold, claim.deadlines
    if hold is None:
        return claim
    days = -((hold.held_at - facts.now) // _DAY)

    def postpone(end: datetime | None) -> datetime | None:
        return end if end is None or end <= hold.held_at else facts.calendar.days_later(end, days)

    return replace(
        claim,
        hold=None,
        deadlines=replace(deadlines, collect_by=postpone(deadlines.collect_by)),
        offers=tuple(
            replace(offer, expires_at=postpone(offer.expires_at)) if offer.status is OfferStatus.OPEN else offer
            for offer in claim.offers
        ),
    )


_DAY = timedelta(days=1)


def _reclassify(claim: Claim, command: Reclassify, facts: Facts) -> Claim:
    fault = command.fault or fault_of(command.reason)
    step = Reclassification(
        by=command.by,
        reclassified_at=facts.now,
        old_reason=claim.reason,
        old_fault=claim.fault,
        reason=command.reason,
        fault=fault,
        note=command.note,
        evidence=command.evidence,
    )
    return replace(
        claim,
        reason=command.reason,
        fault=fault,
        knowable_at=command.knowable_at or claim.knowable_at,
        reclassifications=(*claim.reclassifications, step),
        lines=_with_replacements(claim, command.replacements),
    )


def _with_replacements(claim: Claim, named: Iterable[NewReplacement]) -> tuple[ClaimLine, ...]:
    replacements = {new.line_id: new.replacement for new in named}
    return tuple(replace(line, replacement=replacements.get(line.line_id, line.replacement)) for line in claim.lines)


def _make_offer(claim: Claim, command: MakeOffer, facts: Facts) -> Claim:
    return replace(claim, offers=(*claim.offers, opened_offer(command, facts)))


def _accept_offer(claim: Claim, command: AcceptOffer, _: Facts) -> Claim:
    """Of offers that are open together the buyer chooses one."""
    return supersede_offers(_set_offer_status(claim, {command.offer_id}, OfferStatus.ACCEPTED), kept=())


def _decline_offer(claim: Claim, command: DeclineOffer, _: Facts) -> Claim:
    declined = _set_offer_status(claim, {command.offer_id}, OfferStatus.DECLINED)
    if not command.more_offers:
        return declined
    return replace(declined, submission=replace(declined.submission, more_offers=True))


def _lapse_offer(claim: Claim, command: LapseOffer, _: Facts) -> Claim:
    """Open offers that end at the same instant lapse together, so that the buyer hears of their end once."""
    named = claim.offer(command.offer_id)
    ended = {each.offer_id for each in claim.offers if named is not None and each.expires_at == named.expires_at}
    return _set_offer_status(claim, ended, OfferStatus.LAPSED)


def _set_offer_status(claim: Claim, offer_ids: Collection[str], status: OfferStatus) -> Claim:
    def changed(offer: Offer) -> Offer:
        is_meant = offer.status is OfferStatus.OPEN and offer.offer_id in offer_ids
        return replace(offer, status=status) if is_meant else offer

    return replace(claim, offers=tuple(changed(offer) for offer in claim.offers))


def _dispatch(claim: Claim, command: Dispatch, facts: Facts) -> Claim:
    shown_at = (command.dispatched_at or facts.now) if command.tracking else None
    return replace(claim, collection=command.tracking, dispatched_at=shown_at)


def _receive(claim: Claim, command: Receive, facts: Facts) -> Claim:
    came: dict[str, list[ReceivedLine]] = {}
    for received in command.lines:
        came.setdefault(received.line_id, []).append(received)

    def receive(line: ClaimLine) -> ClaimLine:
        counts = {receipt.condition: receipt.quantity for receipt in line.receipts}
        for received in came.get(line.line_id, ()):
            counts[received.condition] = counts.get(received.condition, 0) + received.quantity
        receipts = tuple(Receipt(condition=condition, quantity=n) for condition, n in counts.items())
        return replace(line, receipts=receipts)

    received_at = claim.received_at
    if command.lines:
        came_at = command.received_at or facts.now
        received_at = came_at if received_at is None else max(received_at, came_at)
    return replace(claim, received_at=received_at, lines=tuple(receive(line) for line in claim.lines))


def _inspect(claim: Claim, command: Inspect, facts: Facts) -> Claim:
    """Lines of which nothing comes back are accepted without a result."""
    results = {result.line_id: result for result in command.lines}
    goods_ids = {line.line_id for line, _ in goods(claim, facts.order)}

    def inspect(line: ClaimLine, result: InspectedLine | None) -> ClaimLine:
        if result is None:
            return (
                replace(line, accepted=0, used_parts=0)
                if line.line_id in goods_ids
                else replace(line, accepted=line.quantity)
            )
        return replace(
            line,
            accepted=result.accepted,
            used_parts=line.used_parts if result.used_parts is None else result.used_parts,
            deductions=result.deductions,
            disposition=result.disposition,
        )

    rejection = Rejection(ground=command.ground, message=command.message) if command.ground else None
    return replace(
        claim,
        rejection=rejection,
        inspected_at=command.inspected_at or facts.now,
        lines=tuple(inspect(line, results.get(line.line_id)) for line in claim.lines),
    )


def _complete_repair(claim: Claim, command: CompleteRepair, facts: Facts) -> Claim:
    return replace(claim, repair_completed_at=command.completed_at or facts.now)


def _reship(claim: Claim, command: Reship, _: Facts) -> Claim:
    return replace(claim, reshipped=True, reshipment=command.tracking)


def _convert(claim: Claim, command: Convert, _: Facts) -> Claim:
    if command.to is not Kind.EXCHANGE:
        return claim
    return replace(claim, lines=_with_replacements(claim, command.replacements))


def _mark_overdue(claim: Claim, _: MarkOverdue, facts: Facts) -> Claim:
    return replace(claim, escalated_at=facts.now)


_WRITERS: Mapping[type[Command], Callable[[Claim, Any, Facts], Claim]] = {
    Reject: _reject,
    HoldClaim: _hold,
    Release: _release,
    Reclassify: _reclassify,
    MakeOffer: _make_offer,
    AcceptOffer: _accept_offer,
    DeclineOffer: _decline_offer,
    Dispatch: _dispatch,
    Receive: _receive,
    Inspect: _inspect,
    CompleteRepair: _complete_repair,
    Reship: _reship,
    Convert: _convert,
    MarkOverdue: _mark_overdue,
    LapseOffer: _lapse_offer,
    Edit: edited_claim,
}
