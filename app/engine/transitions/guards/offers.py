"""Holds, reclassifications, and alternatives that are offered to the buyer."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from app.engine.amounts.line_values import value_by_line
from app.engine.model.claim import Offer
from app.engine.model.clocks import CLOCKS_DIFFER
from app.engine.model.commands import AcceptOffer, Convert, DeclineOffer, HoldClaim, MakeOffer, Reclassify, Reject
from app.engine.model.copies import replace
from app.engine.model.offers import NewOffer, is_on_top
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Alternative, Fault, Kind, OfferStatus, State
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import local_instant
from app.engine.transitions.guards.requests import amount_refusals, first_shipped_at

_AnyOffer = MakeOffer | NewOffer | Offer


def hold_ends_in_future(context: DecisionContext, command: HoldClaim) -> Iterator[Refusal]:
    if command.ends_at is not None and command.ends_at <= context.facts.now:
        yield refuse(Code.ALREADY_PAST, ends_at=local_instant(command.ends_at, context), field="ends_at")


def offer_expires_in_future(context: DecisionContext, command: MakeOffer | NewOffer) -> Iterator[Refusal]:
    if command.expires_at is not None and command.expires_at <= context.facts.now:
        yield refuse(Code.ALREADY_PAST, ends_at=local_instant(command.expires_at, context), field="expires_at")


def is_on_hold(context: DecisionContext) -> Iterator[Refusal]:
    if context.before.hold is None:
        yield refuse(Code.NOT_ON_HOLD)


def something_changes(context: DecisionContext, _: Reclassify) -> Iterator[Refusal]:
    before, amended = context.before, context.amended
    same = before.lines == amended.lines and before.fault is amended.fault
    if same and before.reason is amended.reason and before.knowable_at == amended.knowable_at:
        yield refuse(Code.NOTHING_CHANGES, field="reason")


def fault_is_shown(context: DecisionContext, command: Reclassify) -> Iterator[Refusal]:
    """The fault decides what the buyer may do and pays: it does not change away from the seller's, and does not become
    the buyer's, without evidence."""
    before, after, citation = context.before.fault, context.amended.fault, context.facts.policy.rejection.proof_citation
    if command.evidence or before is after:
        return
    if before is Fault.SELLER:
        yield refuse(Code.PROOF_REQUIRED, citation=citation, field="evidence")
    elif after is Fault.BUYER:
        yield refuse(Code.PROOF_REQUIRED, why="undecided", citation=citation, field="evidence")


def knowledge_is_shown(context: DecisionContext, command: Reclassify) -> Iterator[Refusal]:
    """When the buyer could have known of the defect counts only before the decision and for the seller's fault. The
    seller shows it with evidence."""
    knowable_at = command.knowable_at
    if knowable_at is None:
        return
    if context.before.state is not State.REQUESTED:
        yield refuse(Code.KNOWABLE_NOT_ALLOWED, why="decided", field="knowable_at")
    elif context.amended.fault is not Fault.SELLER:
        yield refuse(Code.KNOWABLE_NOT_ALLOWED, why="not_the_sellers_fault", field="knowable_at")
    if not command.evidence:
        citation = context.facts.policy.rejection.proof_citation
        yield refuse(Code.PROOF_REQUIRED, why="knowable_at", citation=citation, field="evidence")
    yield from _impossible_knowledge(context, knowable_at)


def _impossible_knowledge(context: DecisionContext, knowable_at: datetime) -> Iterator[Refusal]:
    """Nobody can know of a defect before the goods were shipped, or later than now."""
    stated, shipped_at = local_instant(knowable_at, context), first_shipped_at(context)
    if knowable_at > context.facts.now + CLOCKS_DIFFER:
        yield refuse(Code.KNOWABLE_IN_FUTURE, knowable_at=stated, field="knowable_at")
    if shipped_at is not None and knowable_at < shipped_at - CLOCKS_DIFFER:
        yield refuse(
            Code.KNOWABLE_BEFORE_SHIPPING,
            knowable_at=stated,
            shipped_at=local_instant(shipped_at, context),
            field="knowable_at",
        )


def amounts_are_not_settled(context: DecisionContext, _: Reclassify) -> Iterator[Refusal]:
    if context.before.amounts is not None and context.before.fault is not context.amended.fault:
        yield refuse(Code.AMOUNTS_SETTLED, fault=context.before.fault, field="fault")


def replaced_lines_are_claimed(context: DecisionContext, command: Reclassify | Convert) -> Iterator[Refusal]:
    """The replacement is neither sent nor fixed at another price."""
    for new in command.replacements:
        line, price = context.before.line(new.line_id), new.replacement.unit_price
        if line is None:
            yield refuse(Code.UNKNOWN_LINE, line_id=new.line_id, field="replacements")
        elif context.before.reshipped:
            yield refuse(Code.ALREADY_RESHIPPED, field="replacements")
        elif line.given_up is not None and line.replacement and line.replacement.unit_price != price:
            yield refuse(Code.PRICE_SETTLED, line_id=line.line_id, field="replacements")


def no_offer_is_open(context: DecisionContext) -> Iterator[Refusal]:
    for offer in _open_offers(context):
        yield refuse(Code.OFFER_ALREADY_OPEN, offer_id=offer.offer_id)


def offers_are_not_used_up(context: DecisionContext) -> Iterator[Refusal]:
    """A buyer who has decided gets no further offers, unless the buyer agreed to them. Something on top does not ask
    the buyer to decide otherwise, and does not count."""
    rule, submission, command = context.facts.policy.offers, context.before.submission, context.command
    if isinstance(command, MakeOffer) and _is_on_top(context, command):
        return
    made = sum(not _is_on_top(context, offer) for offer in context.before.offers)
    made -= sum(not _is_on_top(context, offer) for offer in _open_offers(context))
    if made >= (max(rule.rounds, rule.rounds_if_wanted) if submission.more_offers else rule.rounds):
        yield refuse(Code.OFFERS_USED_UP, offers=made, citation=rule.citation or None)


def some_offer_is_open(context: DecisionContext) -> Iterator[Refusal]:
    if not any(True for _ in _open_offers(context)):
        yield refuse(Code.NO_OPEN_OFFER, field="offer_id")


def _open_offers(context: DecisionContext) -> Iterator[Offer]:
    for offer in context.before.offers:
        lapsed = offer.expires_at is not None and context.facts.now >= offer.expires_at
        if offer.status is OfferStatus.OPEN and not lapsed:
            yield offer


def offer_is_new(context: DecisionContext, command: MakeOffer | NewOffer) -> Iterator[Refusal]:
    if context.before.offer(command.offer_id) is not None:
        yield refuse(Code.OFFER_ALREADY_MADE, offer_id=command.offer_id, field="offer_id")


def offer_fits(context: DecisionContext, command: MakeOffer | NewOffer) -> Iterator[Refusal]:
    yield from _offer_refusals(context, command)


def offers_with_it_fit(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    """Each offer that a rejection makes could be made alone. `field` names the offer by its place, from 0."""
    ids: set[str] = set()
    for place, offer in enumerate(command.offers):
        if offer.offer_id in ids:
            yield refuse(Code.OFFER_ALREADY_MADE, offer_id=offer.offer_id, field=f"offers.{place}.offer_id")
        ids.add(offer.offer_id)
        for check in (offer_is_new, offer_expires_in_future, offer_fits):
            for refusal in check(context, offer):
                yield replace(refusal, field=f"offers.{place}.{refusal.field}")


def kept_offers_are_open(context: DecisionContext, command: Reject) -> Iterator[Refusal]:
    for offer_id in command.kept_offer_ids:
        yield from _closed_refusals(context, offer_id, "keep_offers")


def nothing_is_offered_for_a_part(_: DecisionContext, command: Reject) -> Iterator[Refusal]:
    """An offer is about the whole claim, and the other lines still wait for their answer."""
    for place, offer in enumerate(command.offers):
        why, field = "other_lines_go_on", f"offers.{place}.alternative"
        yield refuse(Code.OFFER_DOES_NOT_FIT, alternative=offer.alternative, why=why, field=field)


def _offer_refusals(context: DecisionContext, offer: _AnyOffer) -> Iterator[Refusal]:
    why = _UNFIT[offer.alternative](context, offer)
    if why:
        field = _FIELDS.get(why, "alternative")
        yield refuse(Code.OFFER_DOES_NOT_FIT, alternative=offer.alternative, why=why, field=field)
    elif offer.alternative is Alternative.PARTIAL_REFUND and offer.amount is not None:
        yield from amount_refusals(context.before, offer.amount, context)
    elif offer.alternative is Alternative.STORE_CREDIT and _is_paid_back(context, offer):
        yield refuse(Code.OFFER_DOES_NOT_FIT, alternative=offer.alternative, why=_PAID_BACK, field="alternative")


def _is_paid_back(context: DecisionContext, offer: _AnyOffer) -> bool:
    """True if nothing of the price is left. A rejected claim holds no units: another claim may have paid a part of the
    price back since the offer was made."""
    left = sum(value_by_line(context.before, context.facts.order).values())
    is_partly = context.before.state is State.REJECTED and any(line.credited for _, line in context.pairs)
    return left == 0 or (is_partly and (offer.amount or 0) > left)


_PAID_BACK = "price_paid_back"
_NO_REPLACEMENT, _NO_AMOUNT = "replacement_missing", "amount_missing"
_FIELDS = {_NO_REPLACEMENT: "replacement", _NO_AMOUNT: "amount", "above_price": "amount"}


def _needs_goods_with_the_buyer(context: DecisionContext, offer: _AnyOffer) -> str | None:
    if context.before.kind not in (Kind.RETURN, Kind.REPAIR):
        return "not_a_return"
    return None if offer.replacement else _NO_REPLACEMENT


def _needs_a_return(context: DecisionContext, _: _AnyOffer) -> str | None:
    sends_back = context.before.kind in (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR) and any(
        line.comes_back for _, line in context.pairs
    )
    return None if sends_back else "nothing_sent_back"


def _needs_an_amount(offer: _AnyOffer) -> str | None:
    return None if (offer.amount or 0) > 0 else _NO_AMOUNT


def _is_on_top(context: DecisionContext, offer: _AnyOffer) -> bool:
    if isinstance(offer, Offer):
        return is_on_top(context.before, offer)
    return offer.alternative is Alternative.EXTRA_COMPENSATION and context.before.fault is Fault.SELLER


def _needs_kept_goods_or_fault(context: DecisionContext, offer: _AnyOffer) -> str | None:
    """At the seller's fault compensations come on top of the right, together up to the price of the goods."""
    if not _is_on_top(context, offer):
        return _needs_kept_goods(context, offer)
    price = sum(line.unit_price * claimed.quantity for claimed, line in context.pairs)
    on_top = (each for each in context.before.offers if _is_on_top(context, each))
    granted = sum(each.amount or 0 for each in on_top if each.status is OfferStatus.ACCEPTED)
    return _needs_an_amount(offer) or ("above_price" if granted + (offer.amount or 0) > price else None)


def _needs_kept_goods(context: DecisionContext, offer: _AnyOffer) -> str | None:
    if context.before.received_at is not None:
        return "goods_back"
    if context.before.state is State.COLLECTING:
        return "goods_on_their_way_back"
    return _needs_an_amount(offer)


_UNFIT: Mapping[Alternative, Callable[[DecisionContext, _AnyOffer], str | None]] = {
    Alternative.EXCHANGE: _needs_goods_with_the_buyer,
    Alternative.STORE_CREDIT: _needs_kept_goods,
    Alternative.DISCOUNT_COUPON: _needs_kept_goods,
    Alternative.PARTIAL_REFUND: _needs_kept_goods,
    Alternative.FREE_RETURN_SHIPPING: _needs_a_return,
    Alternative.EXTRA_COMPENSATION: _needs_kept_goods_or_fault,
}


def offer_is_open(context: DecisionContext, command: AcceptOffer | DeclineOffer) -> Iterator[Refusal]:
    yield from _closed_refusals(context, command.offer_id, "offer_id")


def _closed_refusals(context: DecisionContext, offer_id: str, field: str) -> Iterator[Refusal]:
    offer = context.before.offer(offer_id)
    if offer is None:
        yield refuse(Code.UNKNOWN_OFFER, offer_id=offer_id, field=field)
    elif offer.status is not OfferStatus.OPEN:
        yield refuse(Code.OFFER_CLOSED, offer_id=offer.offer_id, status=offer.status, field=field)
    elif offer.expires_at is not None and context.facts.now >= offer.expires_at:
        yield refuse(Code.OFFER_CLOSED, offer_id=offer.offer_id, status=OfferStatus.LAPSED, field=field)


def accepted_offer_still_fits(context: DecisionContext, command: AcceptOffer) -> Iterator[Refusal]:
    """An offer may have become impossible since it was made: goods came back, or money was paid."""
    offer = context.before.offer(command.offer_id)
    if offer is not None:
        yield from _offer_refusals(context, offer)
