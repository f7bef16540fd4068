"""What a message may name of an event: the order and the claim looked up, and put in plain words' reach."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app import json_text
from app.engine.model.claim import Claim, Offer
from app.engine.model.order import Order
from app.engine.model.vocabulary import State
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.policy import Policy
from app.messages import context
from app.messages.context import Known, Setting, together
from app.messages.days import last_day
from app.messages.message_rules import TOLD, Audience
from app.messages.translations import LANGUAGES
from app.records.buyer import Buyer
from app.records.shop import Shop
from app.service.events.event import PublishedEvent
from app.service.policies import load_facts
from app.store import buyers, claims, documents, orders, shops
from app.store.database import Tx


class Scene:
    """All that is looked up once for the messages of one event. `claim` is as it stood when the event happened,
    `state` where it stands now."""

    __slots__ = ("buyer", "calendar", "claim", "order", "policy", "shop", "state", "told")

    def __init__(
        self,
        told: PublishedEvent,
        *,
        order: Order,
        claim: Claim | None,
        state: State | None,
        policy: Policy,
        calendar: BusinessCalendar,
        people: tuple[Shop, Buyer],
    ) -> None:
        self.told = told
        self.order = order
        self.claim = claim
        self.state = state
        self.policy = policy
        self.calendar = calendar
        self.shop, self.buyer = people

    def language(self, audience: Audience) -> str:
        """The reader's own, else the policy's."""
        said = self.buyer.language if audience is Audience.BUYER else self.shop.language
        return next((choice for choice in (said, self.policy.language) if choice in LANGUAGES), "en")

    def address(self, audience: Audience) -> str | None:
        return self.buyer.address if audience is Audience.BUYER else self.shop.address

    def known(self, language: str) -> Known:
        """Raises LookupError, TypeError or ValueError where the event's data is not what it should be."""
        setting = Setting(order=self.order, policy=self.policy, zone=self.calendar.zone, language=language)
        people = {"shop": self.shop.name, "buyer": self.buyer.name}
        about_claim = context.of_claim(self.claim, setting) if self.claim else {}
        happened = _happened(self.told, self.claim, setting)
        known = together(people, context.of_order(setting), about_claim, happened)
        return known if self.told.type in _OF_LATE_MONEY else _without_days_past(known, self.today)

    @property
    def today(self) -> date:
        return self.calendar.local_day(self.told.at)


_OF_LATE_MONEY = {"refund.overdue", "refund.failed"}


def _without_days_past(known: Known, today: date) -> Known:
    """What was due before it is told of is not promised any more."""
    due_on = known.get("refund_due_on")
    return {**known, "refund_due_on": None} if due_on is not None and due_on < today else known


async def scene_of(tx: Tx, told: PublishedEvent) -> Scene | None:
    """None when what the event is about is not there."""
    if told.type not in TOLD:
        return None
    found = await (_claim_and_order if told.subject == "claim" else _order_alone)(tx, told)
    if found is None:
        return None
    claim, state, order = found
    facts = await load_facts(tx, told.merchant_id, order, told.at)
    shop = await shops.load(tx, told.merchant_id)
    buyer = await buyers.load(tx, told.merchant_id, order.order_id) or Buyer()
    return Scene(
        told,
        order=order,
        claim=claim,
        state=state,
        policy=facts.policy,
        calendar=facts.calendar,
        people=(shop, buyer),
    )


_Found = tuple[Claim | None, State | None, Order]


async def _claim_and_order(tx: Tx, told: PublishedEvent) -> _Found | None:
    """The claim as the event holds it; as it is now, where it holds none."""
    stored = await claims.load(tx, told.merchant_id, told.subject_id)
    if stored is None:
        return None
    snapshot = told.data.get("claim")
    claim = documents.claim(json_text.dump(snapshot)) if snapshot else stored.claim
    return claim, stored.claim.state, stored.order


async def _order_alone(tx: Tx, told: PublishedEvent) -> _Found | None:
    stored = await orders.load(tx, told.merchant_id, told.subject_id)
    return None if stored is None else (None, None, stored.order)


# What the event itself adds

_Part = Callable[[PublishedEvent, Claim | None, Setting], Known]


def _happened(told: PublishedEvent, claim: Claim | None, setting: Setting) -> Known:
    return together(*(part(told, claim, setting) for part in _PARTS))


def _offer(told: PublishedEvent, claim: Claim | None, setting: Setting) -> Known:
    """The one that the command names; else the newest."""
    offers: tuple[Offer, ...] = claim.offers if claim else ()
    named = _command(told).get("offer_id")
    offer = next((offer for offer in reversed(offers) if named in (None, offer.offer_id)), None)
    return context.of_offer(offer, setting.zone) if offer else {}


def _refund(told: PublishedEvent, _: Claim | None, __: Setting) -> Known:
    return context.of_refund(told.data["refund"]) if "refund" in told.data else {}


def _contact(told: PublishedEvent, claim: Claim | None, setting: Setting) -> Known:
    contact = told.data.get("contact")
    if contact is None:
        return {}
    until = claim.hold.ends_at if claim and claim.hold else None
    return {contact["kind"]: contact["text"], "answer_by": last_day(until, setting.zone)}


def _sent_on(told: PublishedEvent, claim: Claim | None, _: Setting) -> Known:
    tracking = claim.reshipment if claim else None
    parcel = {"carrier": tracking.carrier, "tracking_number": tracking.number} if tracking else {}
    return {**parcel, "retraction_note": _command(told).get("note")}


def _notice(told: PublishedEvent, claim: Claim | None, setting: Setting) -> Known:
    return {} if claim else context.of_notice(told.type, told.data, setting)


def _command(told: PublishedEvent) -> Mapping[str, Any]:
    return told.data.get("command") or {}


_PARTS: tuple[_Part, ...] = (_offer, _refund, _contact, _sent_on, _notice)
