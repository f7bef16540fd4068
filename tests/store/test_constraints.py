from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.store.constraints import violated_constraint
from app.store.database import Database
from app.store.statements import Statement
from tests.store.audit_writes import AUDIT_OF_NOBODY, BAD_AUDIT
from tests.store.claim_work_rows import BAD_CLAIM_WORK
from tests.store.file_rows import BAD_FILES
from tests.store.import_rows import BAD_IMPORTS
from tests.store.order_change_rows import ORDER_CHANGES
from tests.store.privacy_writes import BAD_PRIVACY
from tests.store.refund_rows import BAD_REFUNDS, MOMENT
from tests.store.report_rows import BAD_REPORTS
from tests.store.return_rows import BAD_RETURNS
from tests.store.rows import CHECKS, fill, insert, run
from tests.store.rule_rows import BAD_RULES
from tests.store.staff_writes import BAD_STAFF, STAFF_TWICE
from tests.store.survey_writes import ANSWERED_TWICE, BAD_SURVEYS, OF_NOTHING
from tests.store.withdrawal_writes import BROKEN, CLAIMED_TWICE, OF_NOBODY

BLANK = {
    "line_id": "2",
    "position": 1,
    "quantity": 1,
    "shipped": 0,
    "delivered": 0,
    "shipped_at": None,
    **dict.fromkeys(("open_cancel", "open_other", "cancelled", "returned", "exchanged", "refunded"), 0),
}

LATER = MOMENT.replace("2026", "2027")

BAD: list[tuple[str, str]] = [
    ("ck_worker_turns_seconds_max", "UPDATE worker_turns SET seconds_max = 0"),
    ("ck_merchants_mode", insert("merchants", merchant_id="m3", mode="trial")),
    ("ck_merchants_live_has_a_test_side", insert("merchants", merchant_id="m3", mode="test", test_merchant_id="m")),
    ("ck_merchants_tests_are_erased", f"UPDATE merchants SET erased_at = '{MOMENT}'"),
    ("ck_api_keys_mode", "UPDATE api_keys SET mode = 'trial'"),
    *(("ck_agent_amounts_within_limit", f"UPDATE agent_amounts SET amount = {amount}") for amount in (-1, 101)),
    ("ck_merchant_clocks_ahead", "UPDATE merchant_clocks SET ahead = -1"),
    ("ck_merchant_clocks_moves_to_a_target", f"UPDATE merchant_clocks SET target_at = '{MOMENT}'"),
    ("ck_merchant_clocks_moves_forward", f"UPDATE merchant_clocks SET position_at = '{LATER}', target_at = '{MOMENT}'"),
    (
        "ck_merchant_clocks_awake_while_moving",
        f"UPDATE merchant_clocks SET position_at = '{MOMENT}', target_at = '{LATER}', wakes_at = NULL",
    ),
    ("ck_orders_amounts", "UPDATE orders SET discount = -1"),
    ("ck_orders_amounts", "UPDATE orders SET shipping_charged = -1, shipping_refunded = 0"),
    ("ck_orders_amounts", "UPDATE orders SET shipping_tax = -1, shipping_refunded = 0"),
    ("ck_orders_amounts", "UPDATE orders SET outbound_charged = -1"),
    ("ck_orders_shipping_refunded_once", "UPDATE orders SET shipping_refunded = 3301"),
    ("ck_orders_shipping_refunded_once", "UPDATE orders SET shipping_refunded = -1"),
    ("ck_orders_fees_charged", "UPDATE orders SET fees_charged = -1"),
    ("ck_orders_not_captured", "UPDATE orders SET not_captured = -1"),
    ("ck_orders_tax_free_refunded", "UPDATE orders SET tax_free_refunded = -1"),
    ("ck_orders_surplus_refunded", "UPDATE orders SET surplus_refunded = -1"),
    ("ck_order_lines_amounts", insert("order_lines", **{**BLANK, "quantity": 0})),
    ("ck_order_lines_amounts", "UPDATE order_lines SET unit_price = -1"),
    ("ck_order_lines_amounts", "UPDATE order_lines SET discount = -1"),
    ("ck_order_lines_amounts", "UPDATE order_lines SET tax = -1"),
    ("ck_order_lines_discount_within_price", "UPDATE order_lines SET discount = 10501"),
    ("ck_order_lines_units_not_negative", "UPDATE order_lines SET open_cancel = -1"),
    ("ck_order_lines_units_not_negative", "UPDATE order_lines SET open_other = -1"),
    ("ck_order_lines_units_not_negative", "UPDATE order_lines SET cancelled = -1"),
    ("ck_order_lines_units_not_negative", "UPDATE order_lines SET returned = -1"),
    ("ck_order_lines_units_not_negative", "UPDATE order_lines SET exchanged = -1"),
    ("ck_order_lines_units_not_negative", "UPDATE order_lines SET refunded = -1"),
    ("ck_order_lines_units_not_negative", "UPDATE order_lines SET credited = -1"),
    ("ck_order_lines_no_unit_twice", "UPDATE order_lines SET open_cancel = 5"),
    ("ck_order_lines_no_unit_twice", "UPDATE order_lines SET quantity = 6, shipped = 4"),
    ("ck_order_lines_shipped_or_cancelled", "UPDATE order_lines SET shipped = 9"),
    ("ck_order_lines_shipped_or_cancelled", "UPDATE order_lines SET cancelled = 5"),
    ("ck_order_lines_delivered_was_shipped", "UPDATE order_lines SET delivered = 7"),
    ("ck_order_lines_delivered_was_shipped", "UPDATE order_lines SET delivered = -1"),
    ("ck_order_lines_back_was_shipped", "UPDATE order_lines SET open_other = 4"),
    ("ck_order_lines_back_was_shipped", "UPDATE order_lines SET shipped = 3, delivered = 3"),
    ("ck_order_lines_parts", "UPDATE order_lines SET parts = 0"),
    ("ck_order_lines_recharged", "UPDATE order_lines SET recharged = -1"),
    ("ck_payments_refund_ceiling", "UPDATE payments SET refunded = 13801"),
    ("ck_payments_reversal_ceiling", "UPDATE payments SET reversed = 13801"),
    ("ck_payments_reversal_ceiling", "UPDATE payments SET reversed = -1"),
    ("ck_reversals_amount", "UPDATE reversals SET amount = 0"),
    ("ck_payments_refund_ceiling", "UPDATE payments SET refunded = -1"),
    ("ck_payments_refund_ceiling", "UPDATE payments SET captured = 999"),
    ("ck_shipments_went_somewhere", "UPDATE shipments SET shipped_at = NULL"),
    ("ck_shipments_on_its_way", "UPDATE shipments SET wakes_at = shipped_at, delivered_at = shipped_at"),
    ("ck_shipments_carrier_asked_first", "UPDATE shipments SET transit_delayed_at = shipped_at"),
    ("ck_buyer_access_session_of_a_link", "UPDATE buyer_access SET kind = 'session'"),
    ("ck_buyer_access_session_of_a_link", "UPDATE buyer_access SET opened_by = 'b'"),
    ("ck_buyer_access_only_links_are_used_up", f"UPDATE buyer_access SET kind = 'token', used_at = '{MOMENT}'"),
    *ORDER_CHANGES,
    ("ck_buyer_lookups_one_proof", "UPDATE buyer_lookups SET phone_ending = NULL"),
    ("ck_buyer_lookups_one_proof", "UPDATE buyer_lookups SET email_digest = 'd'"),
    *BAD_REFUNDS,
    ("ck_endpoints_rate_limit", "UPDATE endpoints SET rate_limit = 0"),
    ("ck_endpoints_disabled_for_a_reason", "UPDATE endpoints SET disabled_reason = 'gone'"),
    ("ck_feed_position", insert("feed", position=0, event_id="e2")),
    ("ck_deliveries_tries", "UPDATE deliveries SET tries = 2"),
    ("ck_deliveries_due_while_pending", "UPDATE deliveries SET next_at = NULL"),
    ("ck_deliveries_due_while_pending", "UPDATE deliveries SET status = 'exhausted'"),
    ("ck_deliveries_delivered_at_an_instant", "UPDATE deliveries SET status = 'delivered', next_at = NULL"),
    ("ck_attempts_number", insert("attempts", number=0)),
    *BAD_FILES,
    *BAD_CLAIM_WORK,
    *BAD_REPORTS,
    *BAD_RETURNS,
    *BAD_RULES,
    *BAD_PRIVACY,
    *BROKEN,
    *BAD_SURVEYS,
    *BAD_AUDIT,
    *BAD_STAFF,
    *BAD_IMPORTS,
]

COLLISIONS: list[tuple[str, str, str]] = [
    ("a digest is one key's", "uq_api_keys_merchant_id_digest", insert("api_keys", key_id="k2", rotated_from=None)),
    ("a key is replaced once", "uq_api_keys_rotated_from", insert("api_keys", key_id="k2", digest="d2")),
    ("a digest is one buyer's", "uq_buyer_access_merchant_id_digest", insert("buyer_access", access_id="a2")),
    ("an order is made once", "pk_orders", insert("orders")),
    ("a line is named once", "pk_order_lines", insert("order_lines", **{**BLANK, "line_id": "1"})),
    ("a payment is named once", "pk_payments", insert("payments", position=1)),
    ("a parcel is reported once", "pk_shipments", insert("shipments")),
    ("an address is changed once at a time", "uq_address_changes_open", insert("address_changes", change_id="a2")),
    ("an option is changed once at a time", "uq_option_changes_open", insert("option_changes", change_id="a2")),
    ("a claim is made once", "pk_claims", insert("claims")),
    ("a claim holds a line once", "pk_claim_lines", insert("claim_lines")),
    ("a step is recorded once", "pk_claim_events", insert("claim_events", event_id="e2")),
    ("an event has an id of its own", "uq_claim_events_merchant_id_event_id", insert("claim_events", seq=2)),
    ("a claim owes a payment once", "uq_refunds_decision", insert("refunds", refund_id="r2", idempotency_key="i2")),
    (
        "a provider's key is one refund's",
        "uq_refunds_merchant_id_idempotency_key",
        insert("refunds", refund_id="r2", claim_id="c2"),
    ),
    (
        "an audience has one message of an event",
        "uq_messages_merchant_id_event_id_audience",
        insert("messages", message_id="g2"),
    ),
    ("a buyer of an order is named once", "pk_buyers", insert("buyers")),
    ("a template has each version once", "pk_message_templates", insert("message_templates")),
    ("an answer has each version once", "pk_faq_entries", insert("faq_entries")),
    *CLAIMED_TWICE,
    *STAFF_TWICE,
    ANSWERED_TWICE,
    ("a key is answered once", "pk_idempotency_keys", insert("idempotency_keys", body='"another"')),
    ("a position is given once", "pk_feed", insert("feed", event_id="e2")),
    ("an event is in the feed once", "uq_feed_merchant_id_event_id", insert("feed", position=2)),
    (
        "an event goes to an endpoint once",
        "uq_deliveries_merchant_id_endpoint_id_event_id",
        insert("deliveries", delivery_id="d2"),
    ),
    ("an attempt is recorded once", "pk_attempts", insert("attempts")),
]

ORPHANS: list[tuple[str, str]] = [
    ("an order of no merchant", insert("orders", merchant_id="nobody")),
    ("a key of no merchant", insert("api_keys", merchant_id="nobody")),
    ("a line of no order", insert("order_lines", **{**BLANK, "order_id": "none"})),
    ("a payment of no order", insert("payments", order_id="none")),
    ("a parcel of no order", insert("shipments", order_id="none")),
    ("a change of address of no order", insert("address_changes", order_id="none")),
    ("a change of option of no order", insert("option_changes", order_id="none")),
    ("a claim on no order", insert("claims", claim_id="c3", order_id="none")),
    ("a line of no claim", insert("claim_lines", claim_id="none")),
    ("a claim on no line", insert("claim_lines", claim_id="c2", line_id="none")),
    ("an event of no claim", insert("claim_events", claim_id="none", event_id="e2")),
    ("a refund of no claim", insert("refunds", refund_id="r2", idempotency_key="i2", claim_id="none")),
    (
        "a refund to no payment",
        insert("refunds", refund_id="r2", idempotency_key="i2", claim_id="c2", payment_id="none"),
    ),
    ("a parcel of no claim", "UPDATE return_parcels SET claim_id = 'none'"),
    ("a return number of no claim", insert("return_numbers", claim_id="none", return_number="n")),
    ("a return location of nobody", insert("return_locations", merchant_id="nobody")),
    ("work on no claim", insert("claim_work", claim_id="none")),
    ("rules tried on no claim", insert("rule_runs", claim_id="none")),
    ("rules of no version", insert("rule_runs", claim_id="c2", version=9)),
    ("a claim of nobody", "UPDATE claim_work SET assignee = 'nobody'"),
    ("a tag on no claim", insert("claim_tags", claim_id="none")),
    ("a buyer of no order", insert("buyers", order_id="none")),
    ("a contact on no claim", insert("contacts", contact_id="t2", claim_id="none")),
    ("a template of no merchant", insert("message_templates", merchant_id="nobody")),
    ("an answer of no merchant", insert("faq_entries", merchant_id="nobody")),
    *OF_NOBODY,
    *OF_NOTHING,
    *AUDIT_OF_NOBODY,
    ("a shop of no merchant", insert("shops", merchant_id="nobody")),
    ("a delivery to no endpoint", insert("deliveries", delivery_id="d2", endpoint_id="none")),
    ("a delivery of no event", insert("deliveries", delivery_id="d2", position=2, event_id="e2")),
    ("an attempt of no delivery", insert("attempts", delivery_id="none")),
    ("another merchant's order", insert("claims", merchant_id="m2", claim_id="c3")),
    ("an order that claims rest on, gone", "DELETE FROM orders"),
    ("a payment that refunds rest on, gone", "DELETE FROM payments"),
]

REWRITES = [
    "UPDATE claim_events SET data = '{\"refund\": 1}'",
    "UPDATE claim_events SET seq = 2",
    "UPDATE claim_events SET at = at",
    "DELETE FROM claim_events",
    "DELETE FROM claim_events WHERE seq = 1",
    insert("claim_events") + " ON CONFLICT (merchant_id, claim_id, seq) DO UPDATE SET data = excluded.data",
]


@pytest.fixture
async def filled_url(database_url: str) -> str:
    """A sound row in each table, and a second claim and merchant."""

    def put(connection: Connection) -> None:
        fill(connection)
        connection.exec_driver_sql(insert("claims", claim_id="c2"))
        connection.exec_driver_sql(insert("merchants", merchant_id="m2"))

    await run(database_url, put)
    return database_url


async def attempt(url: str, sql: str) -> Any:
    return await run(url, lambda connection: connection.exec_driver_sql(sql))


def test_every_check_has_a_write_that_breaks_it() -> None:
    assert {name for names in CHECKS.values() for name in names} == {name for name, _ in BAD}


async def test_each_rule_refuses_the_write_that_breaks_it(filled_url: str) -> None:
    broken = {(name, sql): await complaint(filled_url, sql) for name, sql in BAD}
    assert [(name, sql, error) for (name, sql), error in broken.items() if name not in error] == []


async def test_a_unique_key_refuses_a_second_row(filled_url: str) -> None:
    accepted = [what for what, _, sql in COLLISIONS if not is_unique_violation(await complaint(filled_url, sql))]
    assert accepted == []


async def test_both_databases_give_the_name_of_a_violated_constraint(filled_url: str) -> None:
    database = Database(filled_url, pool_size=1)
    writes = [*BAD, *((name, sql) for _, name, sql in COLLISIONS)]
    violated = [await violation(database, sql) for _, sql in writes]
    await database.close()
    assert violated == [name for name, _ in writes]


async def violation(database: Database, sql: str) -> str | None:
    with pytest.raises(IntegrityError) as refused:
        await database.write(lambda tx: tx.fetch(Statement(text(sql))))
    return violated_constraint(refused.value)


async def test_a_foreign_key_refuses_a_row_without_its_parent(filled_url: str) -> None:
    accepted = [what for what, sql in ORPHANS if "foreign key" not in (await complaint(filled_url, sql)).lower()]
    assert accepted == []


@pytest.mark.parametrize("settles", ["'c2'", "NULL"])
async def test_a_payment_settles_one_debt_for_good(filled_url: str, settles: str) -> None:
    await attempt(filled_url, "UPDATE payments SET settles = 'c'")
    await attempt(filled_url, "UPDATE payments SET settles = 'c', captured = 20000")
    with pytest.raises(DBAPIError, match="a payment settles one debt"):
        await attempt(filled_url, f"UPDATE payments SET settles = {settles}")


@pytest.mark.parametrize("sql", REWRITES)
async def test_history_is_not_rewritten(filled_url: str, sql: str) -> None:
    with pytest.raises(DBAPIError, match="claim_events is append-only"):
        await attempt(filled_url, sql)


async def test_history_is_not_emptied(postgres_url: str) -> None:
    await run(postgres_url, fill)
    with pytest.raises(DBAPIError, match="claim_events is append-only"):
        await attempt(postgres_url, "TRUNCATE claim_events")


async def test_history_is_not_replaced(sqlite_url: str) -> None:
    await run(sqlite_url, fill)
    with pytest.raises(DBAPIError, match="claim_events is append-only"):
        await attempt(sqlite_url, insert("claim_events", data="[]").replace("INSERT", "INSERT OR REPLACE", 1))


async def complaint(url: str, sql: str) -> str:
    """The database's error for a write; empty when the write succeeds."""
    try:
        await attempt(url, sql)
    except IntegrityError as error:
        return str(error.orig)
    return ""


def is_unique_violation(message: str) -> bool:
    return "UNIQUE constraint failed" in message or "duplicate key value violates unique constraint" in message
