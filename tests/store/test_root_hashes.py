"""The root hash of a day: what it covers, and what `recourse verify --against` finds by it."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from app.records.root_hash import FIRST, RootHash, root_of
from app.service.privacy.erasing import erase_due
from app.service.root_hashes import make_next
from app.store import root_hashes
from app.store.database import Database
from tests.store.tampering import publish, tamper, verify
from tests.storefront import Storefront


async def made(shop: Storefront, url: str) -> RootHash:
    """The root of today, made tomorrow."""
    await publish(shop.clock, url)
    shop.clock.turn(days=1)
    database = Database(url)
    while await make_next(database, shop.clock()):
        pass
    async with database.read() as tx:
        root = await root_hashes.last(tx, shop.merchant_id)
    await database.close()
    assert root
    return root


async def claimed(shop: Storefront, order_id: str) -> str:
    await shop.push_order(order_id)
    return str((await shop.claim("cancel", order_id=order_id))["claim_id"])


def test_a_root_is_that_of_the_tree_of_certificates() -> None:
    def leaf(content: str) -> bytes:
        return hashlib.sha256(b"\0" + content.encode()).digest()

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\1" + left + right).digest()

    first = leaf(f"root {FIRST}")
    assert root_of(FIRST, []) == first.hex()
    three = node(node(first, leaf("a")), leaf("b"))
    assert root_of(FIRST, [b"a", b"b"]) == three.hex()
    five = node(node(node(first, leaf("a")), node(leaf("b"), leaf("c"))), leaf("d"))
    assert root_of(FIRST, [b"a", b"b", b"c", b"d"]) == five.hex()


async def test_each_day_has_one_root_that_covers_what_is_new(shop: Storefront, database_url: str) -> None:
    claim_id = await claimed(shop, "order-1")
    first = await made(shop, database_url)
    assert (first.previous, first.day_on.isoformat()) == (FIRST, "2026-06-08")
    assert first.position > 0
    quiet = await made(shop, database_url)
    assert (quiet.previous, quiet.leaves) == (first.root, 0)
    await shop.post(f"/v1/claims/{claim_id}/approve")
    third = await made(shop, database_url)
    assert (third.previous, third.leaves) == (quiet.root, 1)
    listed = (await shop.get("/v1/root-hashes", limit=2)).json()
    assert [day["root"] for day in listed["data"]] == [third.root, quiet.root]
    rest = (await shop.get("/v1/root-hashes", cursor=listed["next_cursor"])).json()
    assert [day["root"] for day in rest["data"]] == [first.root]


async def test_nothing_is_made_before_the_day_has_ended(shop: Storefront, database_url: str) -> None:
    database = Database(database_url)
    midnight = shop.clock().replace(hour=9, minute=0)  # of UTC
    assert await make_next(database, midnight + timedelta(minutes=9)) == 0
    assert await make_next(database, midnight + timedelta(minutes=10)) == 1
    assert await make_next(database, midnight + timedelta(minutes=11)) == 0
    await database.close()


async def test_a_published_root_fits_before_and_after_an_erasure(
    shop: Storefront, database_url: str, tmp_path: Path
) -> None:
    claim_id = await claimed(shop, "order-1")
    await shop.post(f"/v1/claims/{claim_id}/retract")
    root = await made(shop, database_url)
    file = tmp_path / "published.txt"
    file.write_text(root.text)
    for kept in (str(file), root.root):
        found = await verify(database_url, "--against", kept)
        assert found.exit_code == 0, found.output
    await shop.post("/v1/orders/order-1/erase")
    shop.clock.turn(days=366 * 6)
    database = Database(database_url)
    await erase_due(database, shop.clock())
    await database.close()
    await publish(shop.clock, database_url)
    found = await verify(database_url, "--against", str(file))
    assert found.exit_code == 0, found.output


CHANGES = {
    "an event with another hash": (
        f"UPDATE claim_events SET hash = '{'1' * 64}' WHERE claim_id = '{{claim}}'",
        "are not what it tells",
    ),
    "an entry of the audit trail that is gone": ("DELETE FROM audit_entries", "are not what it tells"),
    "a root that was changed": (f"UPDATE root_hashes SET root = '{'1' * 64}'", "was published, and the database has"),
    "a root that is gone": ("DELETE FROM root_hashes", "was published, and it is gone"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_of_the_past_is_found(shop: Storefront, database_url: str, tmp_path: Path, change: str) -> None:
    claim_id = await claimed(shop, "order-1")
    root = await made(shop, database_url)
    file = tmp_path / "published.txt"
    file.write_text(root.text)
    sql, sentence = CHANGES[change]
    await tamper(database_url, [sql.format(claim=claim_id)])
    found = await verify(database_url, "--against", str(file))
    assert found.exit_code == 1
    assert sentence in found.output
    assert f"root hash of {shop.merchant_id} on 2026-06-08" in found.output


async def test_a_root_of_no_day_is_named(shop: Storefront, database_url: str) -> None:
    await made(shop, database_url)
    found = await verify(database_url, "--against", "2" * 64)
    assert found.exit_code == 1
    assert f"no day of this database has the root hash {'2' * 64}" in found.output
