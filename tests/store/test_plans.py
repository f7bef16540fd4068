"""How PostgreSQL finds what the hot statements ask for, among fifty thousand of each.

The statements are recorded from a running service, and PostgreSQL explains each with its recorded values. A page is
8 kB, and each table has hundreds or thousands of pages.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from app.records.order_board import BoardTab
from app.service.clock_turns import turn_clocks
from app.service.deadlines import fire_due
from app.store import refunds_to_pay
from tests.store.rows import SOUND, literal
from tests.store.watching import Statements, WatchedShop, watch
from tests.storefront import MONDAY, Storefront

ROWS = 50_000

Act = Callable[[Storefront], Awaitable[Any]]

ASKED: Mapping[str, Any] = {
    "kind": "cancel",
    "reason": "change_of_mind",
    "lines": [{"line_id": "1", "quantity": 1}],
}

EMPTY = {"claim_files", "file_leftovers", "held_back_claims"}
"""The tables of timers that have no row here."""
HALF_OPEN = {
    "status": "CASE WHEN n % 2 = 0 THEN 'requested' ELSE 'accepted' END",
    "decided_at": "CASE WHEN n % 2 = 1 THEN now() END",
}
"""Every second change is open."""
SMALL = {"merchants", "authority_limits", "refund_breakers", "rule_sets"}
LATELY = "2026-02-04T00:00:00Z"

PARCEL = {"carrier": "cj", "tracking_number": "T", "shipped_at": "2026-06-08T12:00:00+09:00"}


def board(tab: BoardTab) -> Act:
    return lambda shop: shop.get("/v1/order-board", tab=tab, limit=25)


HOT: Mapping[str, tuple[int, Act]] = {
    "request": (100, lambda shop: shop.post("/v1/claims", {"order_id": "o-25000", **ASKED})),
    "read a claim": (60, lambda shop: shop.get("/v1/claims/c-00025000")),
    "read a history": (40, lambda shop: shop.get("/v1/claims/c-00025000/events")),
    "approve": (80, lambda shop: shop.post("/v1/claims/c-00025000/approve")),
    "report": (120, lambda shop: shop.post("/v1/refunds/r-00025200/succeeded")),
    "ship": (40, lambda shop: shop.post("/v1/orders/o-25100/shipments", PARCEL)),
    "list claims": (25, lambda shop: shop.get("/v1/claims")),
    "list claims by state": (25, lambda shop: shop.get("/v1/claims", state="requested", limit=50)),
    "list claims of an order": (25, lambda shop: shop.get("/v1/claims", order_id="o-25000")),
    "list claims of a product": (40, lambda shop: shop.get("/v1/claims", sku="sku-25000")),
    "list claims that are late": (60, lambda shop: shop.get("/v1/claims", overdue=True)),
    "the queue": (60, lambda shop: shop.get("/v1/queue", limit=25)),
    "the queue of late claims": (60, lambda shop: shop.get("/v1/queue", overdue=True)),
    "the queue before an instant": (60, lambda shop: shop.get("/v1/queue", due_before=LATELY)),
    "the queue of changes": (60, lambda shop: shop.get("/v1/queue", subject="address_change")),
    "the summary of the queue": (2_000, lambda shop: shop.get("/v1/queue/summary")),
    **{f"the board: {tab}": (100, board(tab)) for tab in BoardTab},
    "list refunds to pay": (25, lambda shop: shop.get("/v1/refunds", status="pending")),
    "list orders": (25, lambda shop: shop.get("/v1/orders")),
    "list orders of a buyer": (25, lambda shop: shop.get("/v1/orders", buyer_id="b-100")),
    "list claims of a buyer": (60, lambda shop: shop.get("/v1/claims", buyer_id="b-100")),
    "search orders": (40, lambda shop: shop.get("/v1/orders", q="w25000")),
    "search claims": (100, lambda shop: shop.get("/v1/claims", q="v1 w25000")),
    "list orders by update": (25, lambda shop: shop.get("/v1/orders", sort="-updated_at")),
    "list orders since": (25, lambda shop: shop.get("/v1/orders", updated_since=LATELY)),
    "list claims by update": (25, lambda shop: shop.get("/v1/claims", sort="-updated_at")),
    "list claims since": (25, lambda shop: shop.get("/v1/claims", updated_since=LATELY)),
    "list claims, oldest first": (25, lambda shop: shop.get("/v1/claims", sort="created_at", state="requested")),
    "list refunds by update": (25, lambda shop: shop.get("/v1/refunds", sort="-updated_at")),
    "list refunds since": (25, lambda shop: shop.get("/v1/refunds", updated_since=LATELY)),
}
"""How many pages each statement of a use case may read for each row that it returns. The look-up of the API key, of
the Idempotency-Key, and of open cancellations are among them. A write reads a few pages for each index, and more where
it must find free space, so it may read twice what it reads on a quiet machine."""


def spread(table: str, merchant: str, **expressions: str) -> str:
    """SQL that adds fifty thousand sound rows; `n` counts them."""
    row = {name: literal(value) for name, value in SOUND[table].items()} | expressions
    row["merchant_id"] = f"'{merchant}'"
    values = f"SELECT {', '.join(row.values())} FROM generate_series(1, {ROWS}) n"
    return f"INSERT INTO {table} ({', '.join(row)}) {values}"


def busy_shop(merchant: str, model: str) -> Iterator[str]:
    """SQL that fills a shop with claims like the one on record, whose id is given."""
    document = f"replace((SELECT document FROM claims LIMIT 1), '{model}', 'c-' || lpad(n::text, 8, '0'))"
    order, claim = {"order_id": "'o-' || n"}, {"claim_id": "'c-' || lpad(n::text, 8, '0')"}
    instant = "timestamptz '2026-01-01' + n * interval '1 minute'"
    then = {"created_at": instant, "updated_at": instant}
    shelves = ("open_other", "cancelled", "returned", "exchanged", "refunded", "shipped", "delivered")
    one_in_a_hundred = "CASE WHEN n % 100 = 0 THEN '{}' ELSE '{}' END"
    yield spread("api_keys", merchant, key_id="'k-' || n", digest="'d-' || n", rotated_from="NULL")
    yield spread("idempotency_keys", merchant, key="'k-' || n")
    yield spread("orders", merchant, **order, **then, buyer_id="'b-' || n % 5000", shipping_refunded="0")
    yield spread("order_lines", merchant, **order, **dict.fromkeys(shelves, "0"), shipped_at="NULL", open_cancel="1")
    yield spread("payments", merchant, **order, refunded="0")
    yield spread("shipments", merchant, **order, tracking_number="'T-' || n")
    yield spread("order_words", merchant, **order, word="'w' || n")
    yield spread("order_words", merchant, **order, word="CASE WHEN n % 10 = 0 THEN 'v1' ELSE 'x' END || n")
    yield spread("order_consents", merchant, **order, digest="'d-' || n")
    yield spread("address_changes", merchant, **order, **HALF_OPEN)
    yield spread("option_changes", merchant, **order)
    yield spread(
        "claims",
        merchant,
        **order,
        **claim,
        **then,
        kind="'cancel'",
        turn="'seller'",
        value="n % 7",
        state=one_in_a_hundred.format("requested", "retracted"),
        due_at="CASE WHEN n % 100 = 0 THEN timestamptz '2026-06-08' + n * interval '1 second' END",
        wakes_at="CASE WHEN n % 100 = 0 THEN timestamptz '2026-06-01' + n * interval '1 second' END",
        document=f"replace({document}, 'o-0', 'o-' || n)",
    )
    yield spread("claim_lines", merchant, **order, **claim, sku="'sku-' || n")
    yield spread("claim_events", merchant, **claim, event_id="'e-' || n")
    yield from buyers_of_it(merchant, order, claim, instant)
    yield from work_on_it(merchant, claim)
    yield from refunds_of_it(merchant, order, claim)
    yield from merchants_for_tests()
    yield "VACUUM ANALYZE"


def work_on_it(merchant: str, claim: dict[str, str]) -> Iterator[str]:
    """SQL that adds what people of the shop note about its claims."""
    yield spread("claim_work", merchant, **claim, assignee="NULL")
    yield spread("claim_tags", merchant, **claim)


def merchants_for_tests() -> Iterator[str]:
    """SQL that adds merchants with clocks of their own."""
    names = "merchant_id, name, policy, created_at, mode"
    yield f"INSERT INTO merchants ({names}) SELECT 'm-' || n, 'x', 'kr', now(), 'test' FROM generate_series(1, 2000) n"
    yield "INSERT INTO merchant_clocks (merchant_id, ahead) SELECT 'm-' || n, 0 FROM generate_series(1, 2000) n"
    five_years = "ahead = 157680000000000, wakes_at = timestamptz '2026-06-01'"
    yield f"UPDATE merchant_clocks SET {five_years} WHERE merchant_id = 'm-1'"


def buyers_of_it(merchant: str, order: dict[str, str], claim: dict[str, str], instant: str) -> Iterator[str]:
    yield spread("legal_holds", merchant, **order)
    yield spread("root_hashes", merchant, day_on="date '1900-01-01' + n")
    yield spread("buyer_erasures", merchant, **order)
    yield spread("buyers", merchant, **order, name="'n'")
    yield spread("contacts", merchant, **claim, contact_id="'t-' || n")
    yield spread(
        "withdrawals",
        merchant,
        withdrawal_id="'w-' || n",
        status="'closed'",
        order_id="NULL",
        closing_reason="'x'",
        wakes_at="NULL",
        received_at=instant,
    )


def refunds_of_it(merchant: str, order: dict[str, str], claim: dict[str, str]) -> Iterator[str]:
    yield spread("refund_accounts", merchant, **claim)
    yield spread(
        "refunds",
        merchant,
        **order,
        **claim,
        refund_id="'r-' || lpad(n::text, 8, '0')",
        idempotency_key="'i-' || n",
        status="CASE WHEN n % 100 = 0 THEN 'pending' ELSE 'succeeded' END",
    )
    yield spread("refund_parts", merchant, refund_id="'r-' || lpad(n::text, 8, '0')", provider_reference="'re-' || n")
    yield "DELETE FROM refund_parts WHERE refund_id = 'r-00025000'"
    yield "DELETE FROM refunds WHERE claim_id = 'c-00025000'"  # this claim is not approved yet


@pytest.fixture
async def busy(postgres_url: str) -> AsyncIterator[tuple[WatchedShop, asyncpg.Connection]]:
    """A service whose shop has fifty thousand of everything, and a connection beside it."""
    async with connect(postgres_url) as beside, watch(postgres_url, key_cache_seconds=0) as watched_shop:
        await watched_shop.shop.push_order("o-0")
        model = await watched_shop.shop.claim("cancel", order_id="o-0")
        await beside.execute("SET session_replication_role = replica")  # no keys and triggers: the rows are sound
        for statement in busy_shop(watched_shop.shop.merchant_id, model["claim_id"]):
            await beside.execute(statement)
        await beside.execute("SET session_replication_role = origin")
        yield watched_shop, beside


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[asyncpg.Connection]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        yield connection
    finally:
        await connection.close()


async def test_hot_statements_find_their_rows_by_an_index(busy: tuple[WatchedShop, asyncpg.Connection]) -> None:
    watched_shop, beside = busy
    slow = []
    for name, (pages, act) in HOT.items():
        with watched_shop.record_statements() as statements:
            assert (await act(watched_shop.shop)).is_success, name
        slow += [(name, *scan) async for scan in too_slow(statements, beside, pages)]
    with watched_shop.record_statements() as statements:
        assert await fire_due(watched_shop.app.state.app_state.database, MONDAY, limit=3) == 3
    timed = [("fire", *scan) async for scan in too_slow(statements, beside, 40)]
    with watched_shop.record_statements() as statements:
        await turn_clocks(watched_shop.app.state.app_state.database, MONDAY)
    assert len(statements) > 3
    timed += [("turn a clock", *scan) async for scan in too_slow(statements, beside, 60)]
    with watched_shop.record_statements() as statements:
        await read_refunds_to_pay(watched_shop)
    assert len(statements) > 5
    slow += [("refunds to pay", *scan) async for scan in too_slow(statements, beside, 2_000)]
    slow += [(name, sql, tables, pages) for name, sql, tables, pages in timed if pages > 60 or set(tables) - EMPTY]
    assert slow == []


async def read_refunds_to_pay(watched_shop: WatchedShop) -> None:
    """What the page of the desk reads: two pages, the counts, and refunds by their names."""
    merchant_id = watched_shop.shop.merchant_id
    async with watched_shop.app.state.app_state.database.read() as tx:
        first = [stored.refund for stored in await refunds_to_pay.page(tx, merchant_id, limit=3, after=None)]
        place = first[1].due_by or first[1].created_at, first[1].refund_id
        second = await refunds_to_pay.page(tx, merchant_id, limit=3, after=place)
        assert second[0].refund == first[2]
        await refunds_to_pay.page(tx, merchant_id, limit=3, after=place, due_until=MONDAY)
        await refunds_to_pay.counts(tx, merchant_id, MONDAY, MONDAY)
        await refunds_to_pay.named(tx, merchant_id, ["o-25100", "i-25100"])


async def too_slow(
    statements: Statements, beside: asyncpg.Connection, pages: int
) -> AsyncIterator[tuple[str, list[str], int]]:
    for sql, values in statements.entries:
        plan = await explain(beside, sql, values)
        if list(scans(plan)) or read(plan) > pages * max(1, plan["Actual Rows"]):
            yield " ".join(sql.split())[:80], list(scans(plan)), read(plan)


async def explain(connection: asyncpg.Connection, sql: str, values: Any) -> Mapping[str, Any]:
    """The plan of a statement. The statement is run and rolled back; an INSERT is not run, since its row exists."""
    if sql.startswith("INSERT"):
        return {"Node Type": "ModifyTable", "Actual Rows": 0, "Shared Hit Blocks": 0, "Shared Read Blocks": 0}
    transaction = connection.transaction()
    await transaction.start()
    try:
        explanation = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", *values)
    finally:
        await transaction.rollback()
    plan: Mapping[str, Any] = json.loads(explanation)[0]["Plan"]
    return plan


def read(plan: Mapping[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def scans(plan: Mapping[str, Any]) -> Iterator[str]:
    """The tables that the plan reads whole, except those that have few rows or none."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] not in SMALL:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scans(part)
