"""The variables of the messages of one event, taken from the event, its order and its claim."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.refund import Refund
from app.engine.model.vocabulary import OfferStatus, State
from app.engine.policy.facts import Facts
from app.messages import context
from app.messages.context import Setting, Variables, together
from app.messages.cures import of_cures
from app.messages.days import last_day
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.new_claims import of_new_claim
from app.messages.offers import of_lapsed_offers, of_offer, of_open_offers, of_superseded_offers
from app.messages.order_notices import of_notice
from app.messages.shop_profile import of_shop
from app.messages.translations import FALLBACK, MESSAGE_LANGUAGES
from app.records.buyer import Buyer
from app.records.shop import Shop
from app.service.events.event import PublishedEvent
from app.service.policies import load_facts
from app.service.return_locations import with_place_of
from app.store import buyers, claims, documents, orders, refunds, shops
from app.store.database import Tx


class Scene:
    """The data of the messages of one event, loaded once.

    `claim` is the claim at the time of the event, `state` is its state now.
    """

    __slots__ = ("buyer", "claim", "event", "facts", "paid", "shop", "state")

    def __init__(
        self,
        event: PublishedEvent,
        *,
        claim: Claim | None,
        state: State | None,
        facts: Facts,
        people: tuple[Shop, Buyer],
        paid: tuple[Refund, ...] = (),
    ) -> None:
        self.event = event
        self.claim = claim
        self.state = state
        self.facts = facts
        self.shop, self.buyer = people
        self.paid = paid

    withdrawal_id = None

    @property
    def order(self) -> Order:
        return self.facts.order

    @property
    def order_id(self) -> str:
        return self.facts.order.order_id

    @property
    def claim_id(self) -> str | None:
        return self.claim.claim_id if self.claim else None

    def language(self, audience: Audience) -> str:
        """The reader's language, or the policy's language if the reader has none."""
        own = self.buyer.language if audience is Audience.BUYER else self.shop.language
        return next((choice for choice in (own, self.facts.policy.language) if choice in MESSAGE_LANGUAGES), FALLBACK)

    def address(self, audience: Audience) -> str | None:
        return self.buyer.address if audience is Audience.BUYER else self.shop.address

    def variables(self, language: str) -> Variables:
        """Raises LookupError, TypeError or ValueError for an event with wrong data."""
        policy, zone = self.facts.policy, self.facts.calendar.zone
        setting = Setting(order=self.order, policy=policy, zone=zone, language=language)
        people = {**of_shop(self.shop, self.order, language), "buyer": self.buyer.name}
        about_claim = context.of_claim(self.claim, setting) if self.claim else {}
        if self.claim and self.event.type == _PARTLY_REJECTED:
            about_claim |= context.of_rejected_lines(self.claim, self.facts, language)
        if self.claim and self.event.type == _REQUESTED:
            about_claim |= of_cures(self.claim, self.facts)
        if self.claim and self.event.type == _EXPIRED:
            about_claim |= of_new_claim(self.claim, self.facts)
        about_claim = together(about_claim, context.of_paid_refunds(self.paid))
        of_event = _event_variables(self.event, self.claim, setting)
        variables = together(people, context.of_order(setting), about_claim, of_event)
        return _without_days_past(variables, self.today, _NAMES_PAST_DAY.get(self.event.type))

    @property
    def today(self) -> date:
        return self.facts.calendar.local_day(self.event.at)


_REQUESTED = "claim.requested"
_APPROVED = "claim.approved"
_RECLASSIFIED = "claim.reclassified"
_REFUNDED = "claim.refunded"
_PARTLY_REJECTED = "claim.partly_rejected"
_REJECTED = "claim.rejected"
_EXPIRED = "claim.expired"
_OFFER_LAPSED = "claim.offer_lapsed"
_OFFER_REMINDED = "claim.offer_reminded"
_PROMISES = ("refund_due_on", "respond_by", "collect_by", "hold_until", "offer_until", "answer_by", "arrive_on")
"""The days of these variables are still to come where a message names them."""
_NAMES_PAST_DAY: Mapping[str, str] = {
    "refund.overdue": "refund_due_on",
    "refund.failed": "refund_due_on",
    "claim.response_overdue": "respond_by",
    _OFFER_LAPSED: "offer_until",
    _EXPIRED: "collect_by",
}
"""The event that says that a day has passed, and the variable of this day."""


def _without_days_past(variables: Variables, today: date, named: str | None) -> Variables:
    """Remove the days that have passed: a message must not promise a past day."""
    past = {name: None for name in _PROMISES if name != named and (day := variables.get(name)) and day < today}
    return {**variables, **past} if past else variables


async def scene_of(tx: Tx, event: PublishedEvent) -> Scene | None:
    """None if the claim or the order of the event does not exist."""
    if event.type not in MESSAGE_RULES:
        return None
    subject = await (_claim_and_order if event.subject == "claim" else _order_alone)(tx, event)
    if subject is None:
        return None
    claim, state, order = subject
    facts = await load_facts(tx, event.merchant_id, order, event.at)
    shop = await shops.load(tx, event.merchant_id)
    if claim is not None:
        shop = await with_place_of(tx, event.merchant_id, shop, claim, order)
    buyer = await buyers.load(tx, event.merchant_id, order.order_id) or Buyer()
    paid = await refunds.of_claim(tx, event.merchant_id, event.subject_id) if event.type == _REFUNDED else ()
    return Scene(
        event,
        claim=claim,
        state=state,
        facts=facts,
        people=(shop, buyer),
        paid=paid,
    )


_Subject = tuple[Claim | None, State | None, Order]


async def _claim_and_order(tx: Tx, event: PublishedEvent) -> _Subject | None:
    """The claim at the time of the event. If the event has no claim, the present claim."""
    stored = await claims.load(tx, event.merchant_id, event.subject_id)
    if stored is None:
        return None
    snapshot = event.data.get("claim")
    claim = documents.claim_of_event(snapshot) if snapshot else stored.claim
    return claim, stored.claim.state, stored.order


async def _order_alone(tx: Tx, event: PublishedEvent) -> _Subject | None:
    stored = await orders.load(tx, event.merchant_id, event.subject_id)
    return None if stored is None else (None, None, stored.order)


# The variables that the event itself adds

_Part = Callable[[PublishedEvent, Claim | None, Setting], Variables]


def _event_variables(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    return together(*(part(event, claim, setting) for part in _PARTS))


def _offer(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    """The offer of the command, the offer that a reminder is about, or the newest offer, and the choice of offers."""
    if claim is None or not (claim.offers or claim.rejection):
        return {}
    if event.type == _PARTLY_REJECTED:
        return of_superseded_offers(claim)
    choice = of_open_offers(claim, setting.zone)
    if event.type == _REJECTED:
        return {**choice, **of_superseded_offers(claim)}
    offer_id = _command(event).get("offer_id") or _reminded_offer_id(event, claim)
    offer = next((offer for offer in reversed(claim.offers) if offer_id in (None, offer.offer_id)), None)
    if offer is None:
        return {}
    lapsed = of_lapsed_offers(claim, offer) if event.type == _OFFER_LAPSED else {}
    return {**of_offer(offer, setting.zone, claim), **choice, **lapsed}


def _reminded_offer_id(event: PublishedEvent, claim: Claim) -> str | None:
    """The open offer that ends first."""
    if event.type != _OFFER_REMINDED:
        return None
    ends = [(offer.expires_at, offer.offer_id) for offer in claim.offers if offer.status is OfferStatus.OPEN]
    return min(((end, offer_id) for end, offer_id in ends if end is not None), default=(None, None))[1]


def _refund(event: PublishedEvent, _: Claim | None, __: Setting) -> Variables:
    return context.of_refund(event.data["refund"]) if "refund" in event.data else {}


def _account(event: PublishedEvent, _: Claim | None, __: Setting) -> Variables:
    """What is to be paid into an account, and the masked account."""
    if not event.type.startswith("claim.refund_account_"):
        return {}
    account = event.data.get("account") or {}
    return {
        "refund_amount": event.data.get("amount"),
        "account_bank": account.get("bank"),
        "account_number": account.get("masked_number"),
    }


def _contact(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    contact = event.data.get("contact")
    if contact is None:
        return {}
    until = claim.hold.ends_at if claim and claim.hold else None
    return {contact["kind"]: contact["text"], "answer_by": last_day(until, setting.zone)}


def _reminder(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    if event.type != "claim.answer_reminded":
        return {}
    until = claim.hold.ends_at if claim and claim.hold else None
    return {"question": event.data.get("question"), "answer_by": last_day(until, setting.zone)}


def _reshipment(event: PublishedEvent, claim: Claim | None, _: Setting) -> Variables:
    tracking = claim.reshipment if claim else None
    parcel = context.of_parcel(tracking.carrier, tracking.number) if tracking else {}
    return {**parcel, "retraction_note": _command(event).get("note")}


def _projection(event: PublishedEvent, _: Claim | None, __: Setting) -> Variables:
    """What the claim will be worth, at its approval. The event has it beside the claim until it is fixed."""
    projected = event.data.get("amounts") if event.type == _APPROVED else None
    if projected is None:
        return {}
    amounts = documents.claim_of_event({**event.data["claim"], "amounts": projected}).amounts
    return context.of_projection(amounts) if amounts else {}


def _reclassification(event: PublishedEvent, claim: Claim | None, _: Setting) -> Variables:
    changes = claim.reclassifications if claim and event.type == _RECLASSIFIED else ()
    return context.of_reclassification(changes[-1]) if changes else {}


def _edit(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    before = event.data.get("before")
    return context.of_edit(before, claim, setting.order) if before and claim else {}


def _order_event(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    return {} if claim else of_notice(event.type, event.data, setting)


def _command(event: PublishedEvent) -> Mapping[str, Any]:
    return event.data.get("command") or {}


_PARTS: tuple[_Part, ...] = (
    _edit,
    _offer,
    _refund,
    _account,
    _contact,
    _reminder,
    _reshipment,
    _projection,
    _reclassification,
    _order_event,
)
