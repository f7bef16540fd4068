"""Examples of endpoints, deliveries and the feed, for the OpenAPI description."""

from datetime import datetime

from app.api.serializers import endpoint_body
from app.records.endpoint import Endpoint
from app.service.events.examples import MOMENT
from app.service.events.types import CATALOGUE, example_body

_NOW = datetime.fromisoformat(MOMENT)
_APPROVED = next(row for row in CATALOGUE if row.name == "claim.approved")

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # noqa: S105 - the one in the specification
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
    "type": _APPROVED.name,
    "status": "delivered",
    "attempts": 1,
    "next_at": None,
    "created_at": _NOW,
    "delivered_at": _NOW,
}
ATTEMPT = {"number": 1, "at": _NOW, "status": 204, "latency_ms": 41, "error": None, "answer": None}
FED = {
    "event_id": EVENT_ID,
    "position": 17,
    "type": _APPROVED.name,
    "at": _NOW,
    "subject": "claim",
    "subject_id": _APPROVED.example["claim_id"],
    "body": example_body(_APPROVED),
}
