"""One rule per function, each answering with the refusals it has, or none.

Guards look at the claim and the facts alone, so that a caller can be told beforehand what would be refused;
checks look at what the command says as well. Neither chooses between rows: conditions do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.engine.amounts import value_of, worth
from app.engine.assessment import Verdict
from app.engine.case import Case
from app.engine.claim import Claim, Offer
from app.engine.commands import (
    AcceptOffer,
    Approve,
    DeclineOffer,
    Inspect,
    MakeOffer,
    Receive,
    Reclassify,
    Reject,
    Request,
)
from app.engine.overtaking import is_overtaken
from app.engine.refusals import Code, Refusal, refuse
from app.engine.vocabulary import (
    Alternative,
    Condition,
    Fault,
    Ground,
    Kind,
    OfferStatus,
    Role,
)

Guard = Callable[[Case], Iterable[Refusal]]
Check = Callable[[Case, Any], Iterable[Refusal]]


# Requesting


def lines_are_sound(case: Case, _: Request) -> Iterator[Refusal]:
    seen: set[str] = set()
    for line in case.claim.lines:
        if line.line_id in seen:
            yield refuse(Code.LINE_TWICE, line=line.line_id, field="lines")
        seen.add(line.line_id)
        if line.quantity < 1:
            yield refuse(Code.QUANTITY_NOT_POSITIVE, line=line.line_id, field="lines")
        if case.facts.order.line(line.line_id) is None:
            yield refuse(Code.UNKNOWN_LINE, line=line.line_id, field="lines")


def units_are_free(case: Case, _: Request) -> Iterator[Refusal]:
    for claimed in case.claim.lines:
        line = case.facts.order.line(claimed.line_id)
        if line is not None and claimed.quantity > line.untouched:
            yield refuse(
                Code.UNITS_UNAVAILABLE,
                line=line.line_id,
                available=line.untouched,
                asked=claimed.quantity,
                field="lines",
            )


def goods_have_shipped(case: Case, _: Request) -> Iterator[Refusal]:
    if case.claim.kind is Kind.CANCEL:
        return
    for claimed in case.claim.lines:
        line = case.facts.order.line(claimed.line_id)
        if line is not None and claimed.quantity > line.in_buyers_hands:
            yield refuse(
                Code.NOT_SHIPPED,
                line=line.line_id,
                available=max(0, line.in_buyers_hands),
                asked=claimed.quantity,
                field="lines",
            )


def not_from_the_future(case: Case, command: Request) -> Iterator[Refusal]:
    if command.requested_at > case.facts.now:
        yield refuse(Code.REQUESTED_IN_FUTURE, requested_at=command.requested_at.isoformat(), field="requested_at")


def amount_fits(case: Case, command: Request) -> Iterator[Refusal]:
    if command.amount is None:
        return
    if command.kind is not Kind.REFUND:
        yield refuse(Code.AMOUNT_NOT_ALLOWED, field="amount")
        return
    yield from _amount_refusals(case.claim, command.amount, case)


def _amount_refusals(claim: Claim, amount: int, case: Case) -> Iterator[Refusal]:
    value = sum(worth(claim, case.facts.order).values())
    left = case.facts.order.captured_left
    if amount > value:
        yield refuse(Code.AMOUNT_ABOVE_VALUE, asked=amount, value=value, field="amount")
    if amount > left:
        yield refuse(Code.REFUND_EXCEEDS_CAPTURED, asked=amount, left=left, field="amount")


# Approving


def is_classified(case: Case) -> Iterator[Refusal]:
    if case.claim.fault is Fault.UNDECIDED:
        yield refuse(Code.NOT_CLASSIFIED, field="fault")


def is_eligible_or_overridden(case: Case, command: Approve) -> Iterator[Refusal]:
    if case.assessment.verdict is Verdict.REVIEW and command.by.role is Role.SYSTEM:
        yield refuse(Code.REVIEW_NEEDED)
    if case.assessment.verdict is Verdict.INELIGIBLE and not (command.override or "").strip():
        for finding in case.assessment.findings:
            yield refuse(Code.INELIGIBLE, ground=finding.ground, citation=finding.citation, field="override")


def can_still_be_stopped(case: Case) -> Iterator[Refusal]:
    for claimed in case.claim.lines:
        line = case.facts.order.line(claimed.line_id)
        if line is not None and claimed.quantity > line.unshipped:
            yield refuse(
                Code.ALREADY_SHIPPED,
                line=line.line_id,
                available=max(0, line.unshipped),
                asked=claimed.quantity,
            )


def amount_is_still_there(case: Case) -> Iterator[Refusal]:
    amount = case.claim.submission.amount
    if amount is not None:
        yield from _amount_refusals(case.claim, amount, case)


def replacement_is_named(case: Case) -> Iterator[Refusal]:
    if case.claim.kind is not Kind.EXCHANGE:
        return
    for line in case.claim.lines:
        if line.replacement is None:
            yield refuse(Code.REPLACEMENT_UNNAMED, line=line.line_id, field="lines")
        elif not line.replacement.sellable:
            yield refuse(Code.REPLACEMENT_UNSELLABLE, line=line.line_id, sku=line.replacement.sku, field="lines")


# Rejecting


def ground_is_supported(case: Case, command: Reject) -> Iterator[Refusal]:
    if not supports(case, command.ground, command.evidence):
        yield _no_ground(case, command.ground)


def rejection_has_a_message(case: Case, command: Reject) -> Iterator[Refusal]:
    rule = case.facts.policy.rejection
    if rule.message_required and not command.message.strip():
        yield refuse(Code.MESSAGE_REQUIRED, citation=rule.citation, field="message")


def rejection_has_an_alternative(case: Case, command: Reject) -> Iterator[Refusal]:
    rule = case.facts.policy.rejection
    if rule.alternative_required and not command.alternatives:
        yield refuse(Code.ALTERNATIVE_REQUIRED, citation=rule.citation, field="alternatives")


def supports(case: Case, ground: Ground, evidence: tuple[str, ...] = ()) -> bool:
    """Do the facts bear this ground: the assessment, the inspection, or a reference where only that can?"""
    if ground in case.assessment.grounds or (ground in ON_EVIDENCE and bool(evidence)):
        return True
    found = {receipt.condition for line in case.claim.lines for receipt in line.receipts}
    return bool(found & _SHOWN_BY.get(ground, frozenset())) or (
        ground is Ground.NOTHING_WRONG_FOUND
        and case.claim.fault is Fault.SELLER
        and bool(found)
        and found <= _NOTHING_WRONG
    )


ON_EVIDENCE = (Ground.BUYER_AGREED, Ground.DUPLICATE, Ground.NOT_OUR_SALE)
_NOTHING_WRONG = frozenset({Condition.AS_SOLD, Condition.OPENED})
_SHOWN_BY: Mapping[Ground, frozenset[Condition]] = {
    Ground.DAMAGED_BY_BUYER: frozenset({Condition.DAMAGED_BY_BUYER}),
    Ground.USED_OR_CONSUMED: frozenset({Condition.USED}),
    Ground.NOT_RETURNED: frozenset({Condition.INCOMPLETE, Condition.WRONG_ITEM}),
}


def _no_ground(case: Case, ground: Ground) -> Refusal:
    window = case.assessment.window
    citation = window.citation if window else case.facts.policy.rejection.citation
    return refuse(Code.NO_GROUND_FOR_REJECTION, ground=ground, citation=citation, field="ground")


# Holding, changing, offering


def is_on_hold(case: Case) -> Iterator[Refusal]:
    if case.before.hold is None:
        yield refuse(Code.NOT_ON_HOLD)


def something_changes(case: Case, _: Reclassify) -> Iterator[Refusal]:
    same = case.before.lines == case.claim.lines and case.before.fault is case.claim.fault
    if same and case.before.reason is case.claim.reason:
        yield refuse(Code.NOTHING_CHANGES, field="reason")


def replaced_lines_are_claimed(case: Case, command: Reclassify) -> Iterator[Refusal]:
    for new in command.replacements:
        if case.claim.line(new.line_id) is None:
            yield refuse(Code.UNKNOWN_LINE, line=new.line_id, field="replacements")


def no_offer_is_open(case: Case) -> Iterator[Refusal]:
    for offer in _open_offers(case):
        yield refuse(Code.OFFER_ALREADY_OPEN, offer=offer.offer_id)


def some_offer_is_open(case: Case) -> Iterator[Refusal]:
    if not any(True for _ in _open_offers(case)):
        yield refuse(Code.NO_OPEN_OFFER, field="offer_id")


def _open_offers(case: Case) -> Iterator[Offer]:
    for offer in case.before.offers:
        lapsed = offer.until is not None and case.facts.now >= offer.until
        if offer.status is OfferStatus.OPEN and not lapsed:
            yield offer


def offer_fits(case: Case, command: MakeOffer) -> Iterator[Refusal]:
    yield from _offer_refusals(case, command)


def _offer_refusals(case: Case, offer: MakeOffer | Offer) -> Iterator[Refusal]:
    why = _UNFIT[offer.alternative](case, offer)
    if why:
        yield refuse(Code.OFFER_DOES_NOT_FIT, alternative=offer.alternative, why=why, field="alternative")
    elif offer.alternative is Alternative.PARTIAL_REFUND and offer.amount is not None:
        yield from _amount_refusals(case.before, offer.amount, case)


def _needs_goods_with_the_buyer(case: Case, offer: MakeOffer | Offer) -> str | None:
    if case.before.kind is not Kind.RETURN:
        return "only goods that come back can be exchanged"
    return None if offer.replacement else "name the replacement"


def _needs_a_return(case: Case, _: MakeOffer | Offer) -> str | None:
    return None if case.before.kind in (Kind.RETURN, Kind.EXCHANGE) else "nothing is sent back"


def _needs_an_amount(_: Case, offer: MakeOffer | Offer) -> str | None:
    return None if offer.amount else "say how much"


def _needs_kept_goods(case: Case, offer: MakeOffer | Offer) -> str | None:
    if case.before.received_at is not None:
        return "the goods have come back"
    return _needs_an_amount(case, offer)


_UNFIT: Mapping[Alternative, Callable[[Case, MakeOffer | Offer], str | None]] = {
    Alternative.EXCHANGE: _needs_goods_with_the_buyer,
    Alternative.STORE_CREDIT: _needs_kept_goods,
    Alternative.DISCOUNT_COUPON: _needs_kept_goods,
    Alternative.PARTIAL_REFUND: _needs_kept_goods,
    Alternative.FREE_RETURN_SHIPPING: _needs_a_return,
    Alternative.EXTRA_COMPENSATION: _needs_kept_goods,
}


def offer_is_open(case: Case, command: AcceptOffer | DeclineOffer) -> Iterator[Refusal]:
    offer = case.before.offer(command.offer_id)
    if offer is None:
        yield refuse(Code.UNKNOWN_OFFER, offer=command.offer_id, field="offer_id")
    elif offer.status is not OfferStatus.OPEN:
        yield refuse(Code.OFFER_CLOSED, offer=offer.offer_id, status=offer.status, field="offer_id")
    elif offer.until is not None and case.facts.now >= offer.until:
        yield refuse(Code.OFFER_CLOSED, offer=offer.offer_id, status="past its time", field="offer_id")


def accepted_offer_still_fits(case: Case, command: AcceptOffer) -> Iterator[Refusal]:
    """What fitted when it was offered may not fit any more: goods came back, money was paid."""
    offer = case.before.offer(command.offer_id)
    if offer is not None:
        yield from _offer_refusals(case, offer)


# Goods on their way back


def nothing_came_back(case: Case) -> Iterator[Refusal]:
    if case.before.received_at is not None:
        yield refuse(Code.GOODS_ALREADY_BACK)


def nothing_was_reshipped(case: Case) -> Iterator[Refusal]:
    if case.before.reshipped:
        yield refuse(Code.ALREADY_RESHIPPED)


def received_lines_are_sound(case: Case, command: Receive) -> Iterator[Refusal]:
    for received in command.lines:
        if case.before.line(received.line_id) is None:
            yield refuse(Code.UNKNOWN_LINE, line=received.line_id, field="lines")
        if received.quantity < 1:
            yield refuse(Code.QUANTITY_NOT_POSITIVE, line=received.line_id, field="lines")
    for line, before in zip(case.claim.lines, case.before.lines, strict=True):
        if line.received > line.quantity:
            yield refuse(
                Code.RECEIVED_ABOVE_ANNOUNCED,
                line=line.line_id,
                announced=line.quantity - before.received,
                asked=line.received - before.received,
                field="lines",
            )


def something_came(case: Case, _: Receive) -> Iterator[Refusal]:
    if not any(line.received for line in case.claim.lines):
        yield refuse(Code.NOTHING_RECEIVED, field="lines")


def collection_has_ended(case: Case) -> Iterator[Refusal]:
    until = case.before.deadlines.collect_by
    if until is not None and case.facts.now < until:
        yield refuse(Code.COLLECTION_STILL_OPEN, until=until.isoformat())


# Inspecting and sending on


def inspected_lines_are_sound(case: Case, command: Inspect) -> Iterator[Refusal]:
    seen: set[str] = set()
    for result in command.lines:
        line = case.before.line(result.line_id)
        if line is None:
            yield refuse(Code.UNKNOWN_LINE, line=result.line_id, field="lines")
        elif result.accepted > line.received:
            yield refuse(
                Code.ACCEPTED_ABOVE_RECEIVED,
                line=line.line_id,
                received=line.received,
                asked=result.accepted,
                field="lines",
            )
        if result.line_id in seen:
            yield refuse(Code.LINE_TWICE, line=result.line_id, field="lines")
        seen.add(result.line_id)
    for line in case.before.lines:
        if line.received and line.line_id not in seen:
            yield refuse(Code.INSPECTION_INCOMPLETE, line=line.line_id, field="lines")


def deductions_are_covered(case: Case, _: Inspect) -> Iterator[Refusal]:
    for claimed in case.claim.lines:
        line = case.facts.order.line(claimed.line_id)
        value = value_of(line, claimed.payable, case.facts.order) if line else 0
        if claimed.deduction > value:
            yield refuse(
                Code.DEDUCTION_ABOVE_VALUE,
                line=claimed.line_id,
                asked=claimed.deduction,
                value=value,
                field="lines",
            )


def sending_back_has_a_ground(case: Case, command: Inspect) -> Iterator[Refusal]:
    refused = any(line.received > line.payable for line in case.claim.lines)
    if not refused:
        return
    if command.ground is None or not supports(case, command.ground):
        yield _no_ground(case, command.ground or Ground.NOTHING_WRONG_FOUND)
    if not command.message.strip():
        yield refuse(Code.MESSAGE_REQUIRED, citation=case.facts.policy.rejection.citation, field="message")


def replacements_go_in_advance(case: Case) -> Iterator[Refusal]:
    if not case.facts.policy.advance_exchange:
        yield refuse(Code.GOODS_NOT_BACK)


# Money and the order's side


def nothing_is_outstanding(case: Case) -> Iterator[Refusal]:
    outstanding = case.facts.refunds_outstanding
    if outstanding:
        yield refuse(Code.REFUNDS_OUTSTANDING, outstanding=outstanding)


def the_order_has_left(case: Case) -> Iterator[Refusal]:
    if not is_overtaken(case.before, case.facts):
        yield refuse(Code.NOT_OVERTAKEN)
