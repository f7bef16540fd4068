"""Endpoints, deliveries and events of the feed of the examples."""

from datetime import datetime

from app.api.serializers import endpoint_body
from app.records.endpoint import Endpoint
from tests.examples.events import MOMENT, body_of

_NOW = datetime.fromisoformat(MOMENT)
_APPROVED = body_of("claim.approved")

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
EVENT_ID = "0198c1f4-1f2e-7b6d-9c3a-4d5e6f708192"
ENDPOINT = endpoint_body(
    Endpoint(
        merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
        endpoint_id="0198c1f3-0a5b-7d10-8a7c-1e2d3c4b5a69",
        url="https://shop.example/recourse",
        description="order service",
        types=("claim.approved", "refund.created"),
        created_at=_NOW,
        updated_at=_NOW,
    )
)
DELIVERY = {
    "delivery_id": "0198c1f4-2a11-7c02-a1b2-c3d4e5f60718",
    "endpoint_id": ENDPOINT["endpoint_id"],
    "event_id": EVENT_ID,
    "position": 17,
    "type": _APPROVED["type"],
    "status": "delivered",
    "attempts": 1,
    "next_at": None,
    "created_at": _NOW,
    "delivered_at": _NOW,
}
ATTEMPT = {"number": 1, "attempted_at": _NOW, "status": 204, "latency_ms": 41, "error": None, "answer": None}
FED = {
    "event_id": EVENT_ID,
    "position": 17,
    "type": _APPROVED["type"],
    "occurred_at": _NOW,
    "subject": "claim",
    "subject_id": _APPROVED["data"]["claim_id"],
    "body": _APPROVED,
}
