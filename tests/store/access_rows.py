"""Valid rows of API keys, of buyers' access and of the audit trail."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

API_KEY: Row = {
    "merchant_id": "m",
    "key_id": "k",
    "digest": "d",
    "name": "k",
    "scopes": "[]",
    "created_at": MOMENT,
    "rotated_from": "k0",
    "requests_per_minute": 60,
    "burst": 10,
}
BUYER_ACCESS: Row = {
    "merchant_id": "m",
    "order_id": "o",
    "access_id": "a",
    "kind": "link",
    "digest": "d",
    "created_at": MOMENT,
    "expires_at": MOMENT,
}
AUDIT: Mapping[str, Row] = {
    "audit_entries": {
        "merchant_id": "m",
        "entry_id": "a",
        "created_at": MOMENT,
        "action": "api_key.created",
        "actor_kind": "operator",
        "actor_name": "minji",
        "subject": "api_key",
        "subject_id": "k",
        "changes": "{}",
    },
}
