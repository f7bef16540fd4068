"""`recourse verify` finds a declaration of a withdrawal that somebody changed beside the service."""

from dataclasses import replace

import pytest

from app.store import withdrawals
from app.store.database import Database
from tests.store.tampering import publish, tamper, verify
from tests.storefront import Storefront
from tests.withdrawals import declare

EDITS = {
    "an earlier instant": ("declared_at = received_at", "the declaration is not what its hash tells"),
    "another order": ("order_number = 'order-2'", "the declaration is not what its hash tells"),
    "other goods": ("goods = ''", "the declaration is not what its hash tells"),
    "the hash of another declaration": ("name = 'Max', hash = '{hash}'", "the hash is not what its event tells"),
}


@pytest.mark.parametrize("edit", EDITS)
async def test_a_changed_declaration_is_found(shop: Storefront, database_url: str, edit: str) -> None:
    declared_at = shop.clock().isoformat()
    shop.clock.turn(hours=1)
    withdrawal = await declare(shop, declared_at=declared_at)
    await publish(shop.clock, database_url)
    before = await verify(database_url)
    assert before.exit_code == 0, before.output
    change, sentence = EDITS[edit]
    forged = await _hash_of_another_name(shop, database_url, withdrawal["withdrawal_id"])
    await tamper(database_url, [f"UPDATE withdrawals SET {change.format(hash=forged)}"])
    after = await verify(database_url)
    assert after.exit_code == 1
    assert f"withdrawal {withdrawal['withdrawal_id']}: {sentence}" in after.output


async def _hash_of_another_name(shop: Storefront, database_url: str, withdrawal_id: str) -> str:
    """What somebody would write who knows the salt."""
    database = Database(database_url)
    async with database.read() as tx:
        stored = await withdrawals.load(tx, shop.merchant_id, withdrawal_id)
    await database.close()
    assert stored
    return replace(stored.declaration, name="Max").hash
