"""Merchants and their API keys. Only the digest of a key is stored, so a key can be shown once."""

from datetime import datetime

from sqlalchemy import and_, bindparam, insert, literal, select, update

from app import json_text
from app.records.api_key import ApiKey
from app.records.merchant import Merchant, Mode
from app.records.merchant_clock import MerchantClock
from app.store import merchant_clocks
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import api_keys, merchants
from app.store.tables import merchant_clocks as clocks

_INSERT_MERCHANT = Statement(insert(merchants))
_MERCHANT = Statement(select(merchants).where(merchants.c.merchant_id == bindparam("merchant")))
_LOCK_MERCHANT = Statement(
    select(merchants.c.merchant_id)
    .where(merchants.c.merchant_id == bindparam("merchant"))
    .with_for_update(key_share=True)
)
_MERCHANTS = Statement(select(merchants).order_by(merchants.c.merchant_id))
_INSERT = Statement(insert(api_keys))
_IS_KEY = and_(
    api_keys.c.merchant_id == bindparam("merchant"),
    api_keys.c.digest == bindparam("digest"),
    api_keys.c.revoked_at.is_(None),
)
_FIND = Statement(select(api_keys).where(_IS_KEY, api_keys.c.mode == literal(Mode.LIVE.value)))
_FIND_FOR_TESTS = Statement(
    select(*api_keys.c, *merchant_clocks.COLUMNS)
    .select_from(
        api_keys.join(merchants, merchants.c.merchant_id == api_keys.c.merchant_id).join(
            clocks, clocks.c.merchant_id == merchants.c.test_merchant_id
        )
    )
    .where(_IS_KEY, api_keys.c.mode == literal(Mode.TEST.value))
)
_MODE = Statement(select(merchants.c.mode).where(merchants.c.merchant_id == bindparam("merchant")))
_LOCK_LIVE = Statement(
    select(merchants.c.merchant_id)
    .where(merchants.c.test_merchant_id == bindparam("merchant"))
    .with_for_update(key_share=True)
)
_MARK_ERASED = Statement(
    update(merchants).where(merchants.c.merchant_id == bindparam("merchant")).values(erased_at=bindparam("at"))
)
_USE_TEST_MERCHANT = Statement(
    update(merchants)
    .where(merchants.c.merchant_id == bindparam("merchant"))
    .values(test_merchant_id=bindparam("new_test_merchant"))
)
_ALL = Statement(select(api_keys).order_by(api_keys.c.merchant_id, api_keys.c.created_at, api_keys.c.key_id))
_REVOKE = Statement(
    update(api_keys)
    .where(api_keys.c.key_id == bindparam("key"), api_keys.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
    .returning(api_keys)
)


async def add_merchant(tx: Tx, merchant: Merchant) -> None:
    values = {column.name: getattr(merchant, column.name) for column in merchants.c}
    await tx.fetch(_INSERT_MERCHANT, values)


async def merchant(tx: Tx, merchant_id: str) -> Merchant | None:
    row = await tx.first(_MERCHANT, {"merchant": merchant_id})
    return None if row is None else _merchant(row)


async def mode(tx: Tx, merchant_id: str) -> Mode:
    """The mode of a merchant, which never changes. A merchant that does not exist has no data, and counts as live."""
    stored_mode: Mode | None = tx.memo.get((_MODE, merchant_id))
    if stored_mode is not None:
        return stored_mode
    row = await tx.first(_MODE, {"merchant": merchant_id})
    if row is None:
        return Mode.LIVE
    tx.memo.put((_MODE, merchant_id), Mode(row.mode))
    return Mode(row.mode)


async def lock_live_merchant(tx: Tx, test_merchant_id: str) -> str | None:
    """Lock the live merchant of a test merchant. None if the live merchant has another test side by now."""
    row = await tx.first(_LOCK_LIVE, {"merchant": test_merchant_id})
    return None if row is None else str(row.merchant_id)


async def mark_erased(tx: Tx, merchant_id: str, now: datetime) -> None:
    """A worker deletes the rows of a test merchant from now on. Raises IntegrityError for a live merchant."""
    await tx.fetch(_MARK_ERASED, {"merchant": merchant_id, "at": now})


async def use_test_merchant(tx: Tx, merchant_id: str, test_merchant_id: str) -> None:
    """The keys for tests of a live merchant reach this test merchant from now on."""
    await tx.fetch(_USE_TEST_MERCHANT, {"merchant": merchant_id, "new_test_merchant": test_merchant_id})


async def lock_merchant(tx: Tx, merchant_id: str) -> None:
    """Wait for the other transactions that have locked the merchant. What a merchant has is counted under this lock."""
    await tx.fetch(_LOCK_MERCHANT, {"merchant": merchant_id})


async def all_merchants(tx: Tx) -> list[Merchant]:
    return [_merchant(row) for row in await tx.fetch(_MERCHANTS)]


async def add(tx: Tx, key: ApiKey) -> None:
    values = {column.name: getattr(key, column.name) for column in api_keys.c}
    await tx.fetch(_INSERT, {**values, "scopes": json_text.dump(key.scopes)})


async def find(tx: Tx, merchant_id: str, digest: str) -> ApiKey | None:
    """The live key with this digest, if it is not revoked."""
    row = await tx.first(_FIND, {"merchant": merchant_id, "digest": digest})
    return None if row is None else _key(row)


async def find_for_tests(tx: Tx, merchant_id: str, digest: str) -> tuple[ApiKey, MerchantClock] | None:
    """The key for tests with this digest, if it is not revoked, and the clock of the test merchant that it reaches."""
    row = await tx.first(_FIND_FOR_TESTS, {"merchant": merchant_id, "digest": digest})
    return None if row is None else (_key(row), merchant_clocks.clock_of(row))


async def all_keys(tx: Tx) -> list[ApiKey]:
    return [_key(row) for row in await tx.fetch(_ALL)]


async def revoke(tx: Tx, key_id: str, now: datetime) -> ApiKey | None:
    """The key as it is now. None when the key does not exist or is revoked already."""
    row = await tx.first(_REVOKE, {"key": key_id, "at": now})
    return None if row is None else _key(row)


def _key(row: Row) -> ApiKey:
    return ApiKey(
        merchant_id=row.merchant_id,
        key_id=row.key_id,
        digest=row.digest,
        name=row.name,
        scopes=frozenset(json_text.load(row.scopes)),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        mode=Mode(row.mode),
    )


def _merchant(row: Row) -> Merchant:
    return Merchant(**{**row._asdict(), "mode": Mode(row.mode)})
