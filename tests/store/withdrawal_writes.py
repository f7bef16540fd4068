"""Writes about messages and withdrawals that the database refuses."""

from tests.store.refund_rows import MOMENT
from tests.store.rows import insert

BROKEN: list[tuple[str, str]] = [
    ("ck_messages_queued_for_when", "UPDATE messages SET next_at = NULL"),
    ("ck_messages_queued_for_when", "UPDATE messages SET status = 'failed'"),
    ("ck_messages_sent_when", "UPDATE messages SET status = 'sent', next_at = NULL"),
    ("ck_messages_sent_when", f"UPDATE messages SET sent_at = '{MOMENT}'"),
    ("ck_messages_sent_somewhere", "UPDATE messages SET to_address = NULL"),
    ("ck_messages_about_something", "UPDATE messages SET order_id = NULL"),
    ("ck_withdrawals_matched_with_an_order", "UPDATE withdrawals SET order_id = NULL"),
    ("ck_withdrawals_closed_for_a_reason", "UPDATE withdrawals SET closing_reason = 'unknown'"),
    ("ck_withdrawals_received_until_looked_at", f"UPDATE withdrawals SET wakes_at = '{MOMENT}'"),
]
CLAIMED_TWICE: list[tuple[str, str, str]] = [
    ("a withdrawal has one claim of a kind", "pk_withdrawal_claims", insert("withdrawal_claims", claim_id="c2")),
    ("a withdrawal has one receipt", "pk_withdrawal_receipts", insert("withdrawal_receipts")),
    (
        "a claim comes of one withdrawal",
        "uq_withdrawal_claims_merchant_id_claim_id",
        insert("withdrawal_claims", kind="cancel"),
    ),
]
OF_NOBODY: list[tuple[str, str]] = [
    ("a withdrawal to no merchant", insert("withdrawals", merchant_id="nobody")),
    ("a withdrawal from no order", insert("withdrawals", withdrawal_id="wd2", order_id="none")),
    ("a message about no order", insert("messages", message_id="g2", event_id="e2", order_id="none")),
    ("a message about no claim", insert("messages", message_id="g2", event_id="e2", claim_id="none")),
    ("a message about no withdrawal", insert("messages", message_id="g2", event_id="e2", withdrawal_id="none")),
    ("a receipt of no withdrawal", insert("withdrawal_receipts", withdrawal_id="none")),
    ("a claim of no withdrawal", insert("withdrawal_claims", withdrawal_id="none", claim_id="c2")),
    ("a withdrawal with no claim", insert("withdrawal_claims", kind="cancel", claim_id="none")),
]
