"""One valid row for every table of refunds."""

from collections.abc import Mapping
from typing import Any

MOMENT = "2026-06-08T03:00:00.123456+00:00"

Row = Mapping[str, Any]

REFUNDS: Mapping[str, Row] = {
    "refunds": {
        "merchant_id": "m",
        "refund_id": "r",
        "claim_id": "c",
        "order_id": "o",
        "payment_id": "p",
        "method": "card",
        "amount": 1000,
        "currency": "KRW",
        "idempotency_key": "i",
        "status": "pending",
        "attempts": 0,
        "created_at": MOMENT,
        "version": 1,
    },
    "refund_accounts": {
        "merchant_id": "m",
        "claim_id": "c",
        "bank": "088",
        "masked_number": "****6789",
        "encrypted": "token",
        "named_at": MOMENT,
    },
    "refund_parts": {
        "merchant_id": "m",
        "refund_id": "r",
        "position": 0,
        "method": "card",
        "amount": 400,
        "paid_at": MOMENT,
        "provider_reference": "re_1",
    },
}
"""The tables in the order of their foreign keys, parents first."""
