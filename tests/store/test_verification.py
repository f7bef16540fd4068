"""`recourse verify` finds what somebody changed beside the service."""

import re
from dataclasses import dataclass, replace

import pytest

from app.records.claim_event import GENESIS
from app.store import events
from app.store.database import Database
from tests.store.tampering import forged, publish, tamper, verify
from tests.storefront import Storefront


@dataclass(frozen=True)
class Filled:
    """`order-1` has a refunded cancellation, `order-2` a return that waits, `order-3` a chargeback, `order-4` a refund
    in progress, `order-5` a unit of another option."""

    shop: Storefront
    claim_id: str


@pytest.fixture
async def filled(shop: Storefront, database_url: str) -> Filled:
    await shop.push_order("order-1")
    cancelled = await shop.give(await shop.claim("cancel", order_id="order-1"), "approve")
    (refund,) = await shop.refunds_of(cancelled)
    await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", {"provider_reference": "re_1"})
    await shop.push_order("order-2")
    await shop.ship("order-2")
    await shop.claim("return", order_id="order-2")
    await shop.push_order("order-4")
    waiting = await shop.give(await shop.claim("cancel", order_id="order-4"), "approve")
    (owed,) = await shop.refunds_of(waiting)
    await shop.post(f"/v1/refunds/{owed['refund_id']}/processing")
    await shop.push_order("order-3")
    reversal = {"reversal_id": "dp_1", "kind": "chargeback", "amount": 6000}
    assert (await shop.post("/v1/orders/order-3/payments/pay-1/reversals", reversal)).status_code == 200
    await shop.push_order("order-5")
    change = await shop.post("/v1/orders/order-5/option-changes", {"line_id": "1", "quantity": 1, "sku": "MUG-L"})
    changed = await shop.post(f"/v1/orders/order-5/option-changes/{change.json()['change_id']}/accept")
    assert changed.status_code == 200
    await publish(shop.clock, database_url)
    return Filled(shop, str(cancelled["claim_id"]))


IT, ORDER = "claim_id = '{claim}'", "order_id = 'order-1'"
_ITS_FEED = f"event_id IN (SELECT event_id FROM claim_events WHERE {IT})"
_EVERY_ROW = [
    f"DELETE FROM refund_parts WHERE refund_id IN (SELECT refund_id FROM refunds WHERE {IT})",
    *(f"DELETE FROM {table} WHERE {IT}" for table in ("refunds", "claim_lines", "claim_events", "claims")),
]
_EMPTY_LEDGER = [
    f"UPDATE order_lines SET cancelled = 0 WHERE {ORDER}",
    f"UPDATE payments SET refunded = 0 WHERE {ORDER}",
]

EDITS: dict[str, tuple[list[str], str]] = {
    "a tail is cut and the head is set back": (
        [
            f"DELETE FROM claim_events WHERE {IT} AND seq = 5",
            f"UPDATE claims SET events = 4, head = (SELECT hash FROM claim_events WHERE {IT} AND seq = 4) WHERE {IT}",
        ],
        r"claim .*: the claim is not what its last event says",
    ),
    "a tail is cut and a refund is set back": (
        [
            f"DELETE FROM claim_events WHERE {IT} AND seq >= 4",
            f"UPDATE claims SET events = 3, head = (SELECT hash FROM claim_events WHERE {IT} AND seq = 3) WHERE {IT}",
            f"UPDATE refunds SET status = 'pending' WHERE {IT}",
        ],
        r"feed of .*: position 4: event .* is in no history",
    ),
    "a changed unit is set free again": (
        ["UPDATE order_lines SET changed = 0 WHERE order_id = 'order-5' AND line_id = '1'"],
        r"order order-5: line 1: changed is 0, and the histories tell 1",
    ),
    "a line of another option is enlarged": (
        ["UPDATE order_lines SET quantity = 2 WHERE option_change IS NOT NULL"],
        r"order order-5: line .*: quantity is 2, and the histories tell 1",
    ),
    "all events of a claim are gone": (
        [f"DELETE FROM claim_events WHERE {IT}", f"UPDATE claims SET events = 0, head = '{GENESIS}' WHERE {IT}"],
        r"claim .*: its history has no event",
    ),
    "all events are gone": (
        ["DELETE FROM claim_events", f"UPDATE claims SET events = 0, head = '{GENESIS}'"],
        r"claim .*: its history has no event",
    ),
    "a claim is deleted": (_EVERY_ROW, r"order order-1: line 1: cancelled is 1, and the histories tell 0"),
    "a claim is deleted and the ledger is set back": (
        [*_EVERY_ROW, *_EMPTY_LEDGER],
        r"feed of .*: position 1: event .* is in no history",
    ),
    "a claim and its rows of the feed are deleted, and the ledger is set back": (
        [f"DELETE FROM feed WHERE {_ITS_FEED}", *_EVERY_ROW, *_EMPTY_LEDGER],
        r"feed of .*: the positions 1 to 5 are missing",
    ),
    "the row of a claim is deleted alone": ([f"DELETE FROM claims WHERE {IT}"], r"claim .* is missing"),
    "a claim without its line": ([f"DELETE FROM claim_lines WHERE {IT}"], r"claim .*: the row of line 1 is missing"),
    "a refund is deleted": ([f"DELETE FROM refunds WHERE {IT}"], r"claim .*: refund .* is missing"),
    "a refund's amount": (
        [f"UPDATE refunds SET amount = 12001 WHERE {IT}"],
        r"refund .* is not what its last event says: amount",
    ),
    "a refund's status": (
        [f"UPDATE refunds SET status = 'failed' WHERE {IT}"],
        r"refund .* is not what its last event says: status",
    ),
    "a refund's provider": (
        [f"UPDATE refunds SET provider_reference = 're_2' WHERE {IT}"],
        r"refund .* is not what its last event says: provider_reference",
    ),
    "a refund's parts": (["UPDATE refund_parts SET method = 'cash'"], r"is not what its last event says: parts"),
    "a refund's sum of parts": ([f"UPDATE refunds SET paid = 1 WHERE {IT}"], r"its last event says: paid"),
    "a claim's document": (
        [f"UPDATE claims SET document = replace(document, '12000', '12001') WHERE {IT}"],
        r"claim .*: the claim is not what its last event says",
    ),
    "a claim's state": (
        [f"UPDATE claims SET state = 'approved' WHERE {IT}"],
        r"claim .*: the columns are not what the document says: state",
    ),
    "a count of units": (
        [f"UPDATE order_lines SET cancelled = 0 WHERE {ORDER}"],
        r"order order-1: line 1: cancelled is 0, and the histories tell 1",
    ),
    "a credit of a line": ([f"UPDATE order_lines SET credited = 1 WHERE {ORDER}"], r"line 1: credited is 1"),
    "what refunds have claimed": (
        [f"UPDATE payments SET refunded = 0 WHERE {ORDER}"],
        r"order order-1: payment pay-1: refunded is 0, and the histories tell 12000",
    ),
    "shipping given back": (
        [f"UPDATE orders SET shipping_refunded = 3000 WHERE {ORDER}"],
        r"order order-1: shipping_refunded is 3000, and the histories tell 0",
    ),
    "the tax-free part of refunds": (
        [f"UPDATE orders SET tax_free_refunded = 9 WHERE {ORDER}"],
        r"order order-1: tax_free_refunded is 9",
    ),
    "fees charged": ([f"UPDATE orders SET fees_charged = 9 WHERE {ORDER}"], r"order order-1: fees_charged is 9"),
    "a reversal": (
        ["UPDATE payments SET reversed = 0 WHERE order_id = 'order-3'"],
        r"order order-3: payment pay-1: reversed is 0, and the histories tell 6000",
    ),
    "a payment is deleted": ([f"DELETE FROM payments WHERE {ORDER}"], r"order order-1: payment pay-1 is missing"),
    "an order is deleted": ([f"DELETE FROM orders WHERE {ORDER}"], r"order order-1 is missing"),
    "a row of the feed is deleted": (["DELETE FROM feed WHERE position = 3"], r"the positions 3 to 3 are missing"),
    "the end of the feed is deleted": (["DELETE FROM feed WHERE position > 7"], r"the positions 8 to \d+ are missing"),
    "a row of the feed is edited": (
        ["UPDATE feed SET type = 'claim.rejected' WHERE position = 2"],
        r"feed of .*: position 2: the row is not what the history of claim .* says",
    ),
    "a notice is deleted": (
        ["DELETE FROM notices WHERE type = 'order.delivered'"],
        r"order order-2: 2 events are counted, and 1 are there",
    ),
    "a notice is edited": (
        ["UPDATE notices SET type = 'order.delayed' WHERE type = 'order.delivered'"],
        r"feed of .*: position \d+: the row is not what its event says",
    ),
    "a notice is hidden from the feed": (
        [
            "DELETE FROM feed WHERE type = 'order.payment_reversed'",
            "UPDATE feed_heads SET position = position - 1",
        ],
        r"event .* is neither in the feed nor in the outbox",
    ),
}


async def test_what_the_service_wrote_is_sound(filled: Filled, database_url: str) -> None:
    result = await verify(database_url)
    assert (result.exit_code, result.output) == (0, "3 claims, 10 events: every history is as written.\n")


@pytest.mark.parametrize("edit", EDITS)
async def test_an_edit_beside_the_service_is_found(filled: Filled, database_url: str, edit: str) -> None:
    statements, sentence = EDITS[edit]
    await tamper(database_url, [statement.format(claim=filled.claim_id) for statement in statements])
    result = await verify(database_url)
    assert result.exit_code == 1
    assert re.search(sentence, result.output), result.output


async def test_an_event_with_the_right_hash_that_nobody_published_is_found(filled: Filled, database_url: str) -> None:
    database = Database(database_url)
    async with database.read() as tx:
        first, *_, last = await events.of_claim(tx, filled.shop.merchant_id, filled.claim_id, limit=9)
    await database.close()
    event = replace(last, seq=last.seq + 1, event_id="forged", at=first.at, previous=last.hash)
    await tamper(database_url, forged(event))
    result = await verify(database_url)
    assert f"claim {filled.claim_id}: event 6 is neither in the feed nor in the outbox" in result.stdout


async def test_the_command_says_how_far_it_is(filled: Filled, database_url: str) -> None:
    result = await verify(database_url, "--every", "0")
    assert "5 orders, 3 claims, 10 events, 0 positions of feeds so far" in result.stderr
    assert result.exit_code == 0
