"""The variables of the messages of one event, taken from the event, its order and its claim."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.engine.model.claim import Claim, Offer
from app.engine.model.order import Order
from app.engine.model.vocabulary import State
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.policy import Policy
from app.messages import context
from app.messages.context import Setting, Variables, together
from app.messages.days import last_day
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.translations import LANGUAGES
from app.records.buyer import Buyer
from app.records.shop import Shop
from app.service.events.event import PublishedEvent
from app.service.policies import load_facts
from app.store import buyers, claims, documents, orders, shops
from app.store.database import Tx


class Scene:
    """The data of the messages of one event, loaded once.

    `claim` is the claim at the time of the event, `state` is its state now.
    """

    __slots__ = ("buyer", "calendar", "claim", "event", "order", "policy", "shop", "state")

    def __init__(
        self,
        event: PublishedEvent,
        *,
        order: Order,
        claim: Claim | None,
        state: State | None,
        policy: Policy,
        calendar: BusinessCalendar,
        people: tuple[Shop, Buyer],
    ) -> None:
        self.event = event
        self.order = order
        self.claim = claim
        self.state = state
        self.policy = policy
        self.calendar = calendar
        self.shop, self.buyer = people

    def language(self, audience: Audience) -> str:
        """The reader's language, or the policy's language if the reader has none."""
        own = self.buyer.language if audience is Audience.BUYER else self.shop.language
        return next((choice for choice in (own, self.policy.language) if choice in LANGUAGES), "en")

    def address(self, audience: Audience) -> str | None:
        return self.buyer.address if audience is Audience.BUYER else self.shop.address

    def variables(self, language: str) -> Variables:
        """Raises LookupError, TypeError or ValueError for an event with wrong data."""
        setting = Setting(order=self.order, policy=self.policy, zone=self.calendar.zone, language=language)
        people = {"shop": self.shop.name, "buyer": self.buyer.name}
        about_claim = context.of_claim(self.claim, setting) if self.claim else {}
        of_event = _event_variables(self.event, self.claim, setting)
        variables = together(people, context.of_order(setting), about_claim, of_event)
        return variables if self.event.type in _OF_LATE_MONEY else _without_days_past(variables, self.today)

    @property
    def today(self) -> date:
        return self.calendar.local_day(self.event.at)


_OF_LATE_MONEY = {"refund.overdue", "refund.failed"}


def _without_days_past(variables: Variables, today: date) -> Variables:
    """Remove a due day that has passed: a message must not promise a past day."""
    due_on = variables.get("refund_due_on")
    return {**variables, "refund_due_on": None} if due_on is not None and due_on < today else variables


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
    buyer = await buyers.load(tx, event.merchant_id, order.order_id) or Buyer()
    return Scene(
        event,
        order=order,
        claim=claim,
        state=state,
        policy=facts.policy,
        calendar=facts.calendar,
        people=(shop, buyer),
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
    """The offer of the command, or the newest offer."""
    offers: tuple[Offer, ...] = claim.offers if claim else ()
    offer_id = _command(event).get("offer_id")
    offer = next((offer for offer in reversed(offers) if offer_id in (None, offer.offer_id)), None)
    return context.of_offer(offer, setting.zone) if offer else {}


def _refund(event: PublishedEvent, _: Claim | None, __: Setting) -> Variables:
    return context.of_refund(event.data["refund"]) if "refund" in event.data else {}


def _contact(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    contact = event.data.get("contact")
    if contact is None:
        return {}
    until = claim.hold.ends_at if claim and claim.hold else None
    return {contact["kind"]: contact["text"], "answer_by": last_day(until, setting.zone)}


def _reshipment(event: PublishedEvent, claim: Claim | None, _: Setting) -> Variables:
    tracking = claim.reshipment if claim else None
    parcel = {"carrier": tracking.carrier, "tracking_number": tracking.number} if tracking else {}
    return {**parcel, "retraction_note": _command(event).get("note")}


def _order_event(event: PublishedEvent, claim: Claim | None, setting: Setting) -> Variables:
    return {} if claim else context.of_notice(event.type, event.data, setting)


def _command(event: PublishedEvent) -> Mapping[str, Any]:
    return event.data.get("command") or {}


_PARTS: tuple[_Part, ...] = (_offer, _refund, _contact, _reshipment, _order_event)
