"""A valid row of the audit trail."""

from collections.abc import Mapping

from tests.store.refund_rows import MOMENT, Row

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
