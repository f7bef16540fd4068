"""Writes about the audit trail that the database refuses."""

from tests.store.rows import insert

BAD_AUDIT: list[tuple[str, str]] = [
    ("ck_api_keys_requests_per_minute", "UPDATE api_keys SET requests_per_minute = 0"),
    ("ck_api_keys_burst", "UPDATE api_keys SET burst = 0"),
    ("ck_api_keys_burst", "UPDATE api_keys SET burst = NULL"),
    ("ck_audit_entries_actor_kind", insert("audit_entries", entry_id="a2", actor_kind="buyer")),
    ("ck_audit_entries_actor_is_known", insert("audit_entries", entry_id="a2", actor_kind="api_key")),
    ("ck_audit_entries_actor_is_known", insert("audit_entries", entry_id="a2", actor_id="k")),
]
AUDIT_OF_NOBODY: list[tuple[str, str]] = [
    ("an audit entry of no merchant", insert("audit_entries", entry_id="a2", merchant_id="nobody")),
]
