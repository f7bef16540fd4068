"""The JSON bodies of orders, claims, events, endpoints and deliveries. The names are those of the engine."""

from typing import Any

import orjson

from app.api.language import language, language_headers
from app.api.refusals import action_body
from app.engine import Quote
from app.messages.carriers import tracking_url
from app.records.claim_event import ClaimEvent
from app.records.delivery import Delivery
from app.records.endpoint import Endpoint
from app.records.event import FeedEvent
from app.records.order import StoredOrder
from app.records.shipment import Shipment
from app.service.claims import ClaimView
from app.service.endpoint_health import disables_at
from app.service.endpoints import public_key
from app.service.orders import OrderView
from app.service.resources import claim as claims
from app.service.resources import order as orders


def order_body(view: OrderView) -> dict[str, Any]:
    """An order with its shipments."""
    return {**order_without_shipments(view), "shipments": [_shipment_body(parcel) for parcel in view.shipments]}


def order_without_shipments(stored: OrderView | StoredOrder) -> dict[str, Any]:
    body = orders.order_body(
        stored.order, created_at=stored.created_at, updated_at=stored.updated_at, version=stored.version
    )
    return {**body, "metadata": stored.metadata}


def _shipment_body(parcel: Shipment) -> dict[str, Any]:
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "tracking_url": tracking_url(parcel.carrier, parcel.tracking_number),
        "lines": [{"line_id": line_id, "quantity": quantity} for line_id, quantity in parcel.lines],
        "shipped_at": parcel.shipped_at,
        "carrier_silent_at": parcel.carrier_silent_at,
        "transit_delayed_at": parcel.transit_delayed_at,
        "delivered_at": parcel.delivered_at,
    }


def claim_body(view: ClaimView) -> dict[str, Any]:
    """A claim with the commands that it accepts now."""
    body = claims.claim_body(
        view.claim,
        assessment=view.assessment,
        amounts=view.amounts,
        metadata=view.metadata,
        created_at=view.created_at,
        updated_at=view.updated_at,
    )
    return {**body, "actions": [action_body(action) for action in view.actions]}


def endpoint_body(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint without its secrets. Header values may be secrets too, so only the names are shown."""
    return {
        **{name: getattr(endpoint, name) for name in _OF_ENDPOINT},
        "failing_started_at": endpoint.failing_since,
        "header_names": sorted(endpoint.headers),
        "public_key": public_key(endpoint),
        "disables_at": disables_at(endpoint),
    }


_OF_ENDPOINT = (
    *("endpoint_id", "url", "description", "types", "rate_limit", "paused", "disabled_at"),
    *("disabled_reason", "created_at", "updated_at", "version"),
)


def delivery_body(delivery: Delivery) -> dict[str, Any]:
    return {name: getattr(delivery, name) for name in delivery.__slots__ if name != "merchant_id"}


def feed_body(event: FeedEvent) -> dict[str, Any]:
    """An event of the feed. `body` is the body of its webhook."""
    same = ("event_id", "position", "type", "subject", "subject_id")
    return {
        **{name: getattr(event, name) for name in same},
        "occurred_at": event.at,
        "body": orjson.Fragment(event.body),
    }


def claim_headers(view: ClaimView) -> dict[str, str]:
    """The version of the claim, and the language of the refusals in its actions."""
    return {"ETag": f'"{view.claim.version}"', **language_headers(language.get())}


def quote_body(quote: Quote) -> dict[str, Any]:
    claim = quote.claim
    return {
        "order_id": claim.order_id,
        "kind": claim.kind,
        "reason": claim.reason,
        "fault": claim.fault,
        "deadlines": claim.deadlines,
        "assessment": quote.standing.assessment,
        "amounts": quote.standing.amounts,
        "still_owed": claims.still_owed(claim, quote.standing.amounts),
        "following": quote.following,
    }


def event_body(event: ClaimEvent) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "claim_id": event.claim_id,
        "seq": event.seq,
        "type": event.type,
        "occurred_at": event.at,
        "data": orjson.Fragment(event.data),
        "previous": event.previous,
        "hash": event.hash,
    }
