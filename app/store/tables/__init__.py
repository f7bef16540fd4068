"""One schema for both databases. Every key leads with `merchant_id`, a shard key one day. Only the turns of the workers
are of no merchant.

The schema refuses a unit claimed twice, a refund above the captured amount and a transition recorded twice. Triggers,
in the migrations, refuse a rewritten history.
"""

from app.store.tables.agent_amounts import agent_amounts
from app.store.tables.audit_entries import audit_entries
from app.store.tables.authority import approvals, authority_limits, authority_uses
from app.store.tables.buyer_access import buyer_access, buyer_lookups, lookup_counts
from app.store.tables.claim_files import claim_files, file_leftovers
from app.store.tables.claim_work import claim_tags, claim_work
from app.store.tables.claims import claim_events, claim_lines, claims, contacts, refund_accounts, refund_parts, refunds
from app.store.tables.merchants import api_keys, idempotency_keys, merchant_clocks, merchants, policies
from app.store.tables.messages import buyers, faq_entries, message_templates, messages, shops
from app.store.tables.order_changes import address_changes, option_changes
from app.store.tables.order_imports import import_matchings, order_import_rows, order_imports
from app.store.tables.order_words import order_words
from app.store.tables.orders import order_consents, order_lines, orders, payments, reversals, shipments
from app.store.tables.privacy import buyer_erasures, legal_holds
from app.store.tables.refund_breakers import (
    held_back_claims,
    refund_breaker_hours,
    refund_breaker_openings,
    refund_breakers,
)
from app.store.tables.reports import report_changes, report_entries, report_heads, report_sums
from app.store.tables.return_parcels import disposition_changes, return_locations, return_numbers, return_parcels
from app.store.tables.root_hashes import root_hashes
from app.store.tables.rules import rule_drafts, rule_runs, rule_sets
from app.store.tables.schema import metadata
from app.store.tables.staff import (
    staff,
    staff_invitations,
    staff_recovery_codes,
    staff_roles,
    staff_sessions,
    staff_totp_uses,
)
from app.store.tables.surveys import surveys
from app.store.tables.webhooks import attempts, deliveries, endpoints, feed, feed_heads, notices, outbox
from app.store.tables.withdrawals import withdrawal_claims, withdrawal_receipts, withdrawals
from app.store.tables.workers import worker_turns

__all__ = [
    "address_changes",
    "agent_amounts",
    "api_keys",
    "approvals",
    "attempts",
    "audit_entries",
    "authority_limits",
    "authority_uses",
    "buyer_access",
    "buyer_erasures",
    "buyer_lookups",
    "buyers",
    "claim_events",
    "claim_files",
    "claim_lines",
    "claim_tags",
    "claim_work",
    "claims",
    "contacts",
    "deliveries",
    "disposition_changes",
    "endpoints",
    "faq_entries",
    "feed",
    "feed_heads",
    "file_leftovers",
    "held_back_claims",
    "idempotency_keys",
    "import_matchings",
    "legal_holds",
    "lookup_counts",
    "merchant_clocks",
    "merchants",
    "message_templates",
    "messages",
    "metadata",
    "notices",
    "option_changes",
    "order_consents",
    "order_import_rows",
    "order_imports",
    "order_lines",
    "order_words",
    "orders",
    "outbox",
    "payments",
    "policies",
    "refund_accounts",
    "refund_breaker_hours",
    "refund_breaker_openings",
    "refund_breakers",
    "refund_parts",
    "refunds",
    "report_changes",
    "report_entries",
    "report_heads",
    "report_sums",
    "return_locations",
    "return_numbers",
    "return_parcels",
    "reversals",
    "root_hashes",
    "rule_drafts",
    "rule_runs",
    "rule_sets",
    "shipments",
    "shops",
    "staff",
    "staff_invitations",
    "staff_recovery_codes",
    "staff_roles",
    "staff_sessions",
    "staff_totp_uses",
    "surveys",
    "withdrawal_claims",
    "withdrawal_receipts",
    "withdrawals",
    "worker_turns",
]
