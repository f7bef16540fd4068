"""One valid row for every table of refunds, and writes that break their checks."""

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

BAD_REFUNDS: list[tuple[str, str]] = [
    ("ck_refunds_amount", "UPDATE refunds SET amount = 0"),
    ("ck_refunds_tax_free", "UPDATE refunds SET tax_free = amount + 1"),
    ("ck_refunds_tax_free", "UPDATE refunds SET tax_free = -1"),
    ("ck_refunds_leased_in_progress", f"UPDATE refunds SET lease_ends_at = '{MOMENT}'"),
    ("ck_refunds_paid_once", "UPDATE refunds SET paid = amount + 1"),
    ("ck_refunds_paid_once", "UPDATE refunds SET paid = -1"),
    ("ck_refund_accounts_erased_or_encrypted", f"UPDATE refund_accounts SET erased_at = '{MOMENT}'"),
    ("ck_refund_accounts_erased_or_encrypted", "UPDATE refund_accounts SET named_at = NULL"),
    ("ck_refund_parts_amount", "UPDATE refund_parts SET amount = 0"),
    ("ck_refunds_payer_has_a_lease", "UPDATE refunds SET payer = 'payer-1'"),
    ("ck_refunds_amount", "UPDATE refunds SET amount = -1"),
]
