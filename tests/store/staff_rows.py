"""A valid row of each table of staff."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

OF_BREAKER: Row = {"merchant_id": "m", "currency": "KRW"}
OF_PERSON: Row = {"merchant_id": "m", "staff_id": "s"}
STAFF: Mapping[str, Row] = {
    "staff": {
        **OF_PERSON,
        "email": "minji@mug.example",
        "name": "김민지",
        "role": "clerk",
        "language": "ko",
        "created_at": MOMENT,
    },
    "staff_roles": {
        "merchant_id": "m",
        "role": "reader",
        "scopes": "[]",
        "created_at": MOMENT,
        "updated_at": MOMENT,
    },
    "staff_invitations": {
        "merchant_id": "m",
        "invitation_id": "i",
        "email": "minji@mug.example",
        "role": "clerk",
        "language": "ko",
        "digest": "d",
        "invited_by": "owner",
        "created_at": MOMENT,
        "expires_at": MOMENT,
    },
    "staff_sessions": {
        **OF_PERSON,
        "session_id": "e",
        "digest": "d",
        "created_at": MOMENT,
        "seen_at": MOMENT,
        "ends_at": MOMENT,
    },
    "authority_limits": {
        "merchant_id": "m",
        "limit_id": "l",
        "holder_kind": "role",
        "holder": "clerk",
        "command": "any",
        "claim_kind": "any",
        "currency": "KRW",
        "per_day": 100,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    },
    "authority_uses": {
        "merchant_id": "m",
        "limit_id": "l",
        "holder_id": "s",
        "day_on": MOMENT[:10],
        "amount": 100,
        "allowed": 100,
    },
    "approvals": {
        "merchant_id": "m",
        "approval_id": "a",
        "claim_id": "c",
        "command": "approve",
        "document": "{}",
        "amount": 100,
        "currency": "KRW",
        "reach": "day",
        "allowed": 50,
        "asked_kind": "staff",
        "asked_by": "s",
        "asked_name": "김민지",
        "asked_at": MOMENT,
        "status": "open",
    },
    "refund_breakers": {
        **OF_BREAKER,
        "decisions_per_hour": 10,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    },
    "refund_breaker_hours": {**OF_BREAKER, "hour_at": MOMENT, "decisions": 1, "amount": 100},
    "refund_breaker_openings": {
        **OF_BREAKER,
        "opening_id": "b",
        "per": "hour",
        "measure": "amount",
        "allowed": 100,
        "opened_at": MOMENT,
        "until_at": MOMENT,
    },
    "held_back_claims": {**OF_BREAKER, "claim_id": "c", "order_id": "o", "held_at": MOMENT, "wakes_at": MOMENT},
    "staff_totp_uses": {**OF_PERSON, "step": 1},
    "staff_recovery_codes": {**OF_PERSON, "digest": "d", "created_at": MOMENT},
}
