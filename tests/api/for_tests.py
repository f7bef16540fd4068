"""Keys for test mode in tests over HTTP."""

from app.records.api_key import NewApiKey, Scope
from app.records.merchant import Mode
from app.service.merchants import create_key
from app.store import api_keys
from app.store.database import Database
from tests.storefront import OPERATOR, Storefront

MOVE = "POST /v1/test/clock"
FOR_TESTS = {MOVE, "DELETE /v1/test/data"}
"""The routes that write and take a key for tests alone."""


async def on_test_side(shop: Storefront, database: Database, *scopes: Scope) -> Storefront:
    """A key for tests of the same merchant, an admin key without scopes. `merchant_id` is that of the test merchant."""
    key, token = await database.write(
        lambda tx: create_key(
            tx,
            merchant_id=shop.merchant_id,
            new=NewApiKey(name="tests", scopes=frozenset(scopes or {Scope.ADMIN})),
            by=OPERATOR,
            now=shop.clock(),
            mode=Mode.TEST,
        )
    )
    async with database.read() as tx:
        live = await api_keys.merchant(tx, key.merchant_id)
    assert live is not None
    assert live.test_merchant_id is not None
    return Storefront(shop.http, token, live.test_merchant_id, shop.clock)
