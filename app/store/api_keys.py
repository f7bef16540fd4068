"""Merchants and their API keys. Only the digest of a key is stored, so a key can be shown once."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, bindparam, func, insert, literal, or_, select, tuple_, update

from app import json_text
from app.records.api_key import ApiKey, RateLimit
from app.records.merchant import Merchant, Mode
from app.records.merchant_clock import MerchantClock
from app.store import merchant_clocks
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
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
_LIMIT = ("requests_per_minute", "burst")
_AS_THEY_ARE = tuple(column.name for column in api_keys.c if column.name not in ("scopes", *_LIMIT))
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
_LIVE_OF = Statement(select(merchants.c.merchant_id).where(merchants.c.test_merchant_id == bindparam("merchant")))
_MARK_ERASED = Statement(
    update(merchants).where(merchants.c.merchant_id == bindparam("merchant")).values(erased_at=bindparam("at"))
)
_USE_TEST_MERCHANT = Statement(
    update(merchants)
    .where(merchants.c.merchant_id == bindparam("merchant"))
    .values(test_merchant_id=bindparam("new_test_merchant"))
)
_ONE = and_(
    api_keys.c.merchant_id == bindparam("merchant"),
    api_keys.c.key_id == bindparam("key"),
    api_keys.c.mode == bindparam("mode"),
)
_LOAD = Statement(select(api_keys).where(_ONE))
_LOCK = Statement(select(api_keys).where(_ONE).with_for_update())
_BY_ID = Statement(select(api_keys).where(api_keys.c.key_id == bindparam("key")))
_SUCCESSOR = Statement(
    select(api_keys.c.key_id).where(
        api_keys.c.merchant_id == bindparam("merchant"),
        api_keys.c.rotated_from == bindparam("key"),
        api_keys.c.revoked_at.is_(None),
    )
)
_PLACE = (api_keys.c.created_at, api_keys.c.key_id)
_PAGE = Listing(
    select(api_keys)
    .where(api_keys.c.merchant_id == bindparam("merchant"), api_keys.c.mode == bindparam("mode"))
    .order_by(*(column.desc() for column in _PLACE))
    .limit(bindparam("at_most")),
    {
        "after_at": tuple_(*_PLACE)
        < tuple_(
            bindparam("after_at", type_=api_keys.c.created_at.type),
            bindparam("after_id", type_=api_keys.c.key_id.type),
        )
    },
)
_END = Statement(
    update(api_keys)
    .where(api_keys.c.merchant_id == bindparam("merchant"), api_keys.c.key_id == bindparam("key"))
    .values(revoked_at=bindparam("new_revoked_at"), expires_at=bindparam("new_expires_at"))
)
_LIMIT_KEY = Statement(
    update(api_keys)
    .where(api_keys.c.merchant_id == bindparam("merchant"), api_keys.c.key_id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _LIMIT})
)
_COUNT = Statement(
    select(func.count().label("active")).where(
        api_keys.c.merchant_id == bindparam("merchant"),
        api_keys.c.mode == bindparam("mode"),
        api_keys.c.revoked_at.is_(None),
        or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > bindparam("now")),
    )
)
_MARK_USED = Statement(
    update(api_keys)
    .where(
        api_keys.c.merchant_id == bindparam("merchant"),
        api_keys.c.key_id == bindparam("key"),
        or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < bindparam("at")),
    )
    .values(last_used_at=bindparam("at"))
)
_ALL = Statement(select(api_keys).order_by(api_keys.c.merchant_id, api_keys.c.created_at, api_keys.c.key_id))


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


async def live_merchant(tx: Tx, test_merchant_id: str) -> str | None:
    """The live merchant of a test merchant. None if it has another test side by now."""
    row = await tx.first(_LIVE_OF, {"merchant": test_merchant_id})
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
    values = {name: getattr(key, name) for name in _AS_THEY_ARE}
    await tx.fetch(_INSERT, {**values, "scopes": json_text.dump(key.scopes), **_limit_values(key)})


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


async def by_id(tx: Tx, key_id: str) -> ApiKey | None:
    """A key of any merchant, for the operator."""
    row = await tx.first(_BY_ID, {"key": key_id})
    return None if row is None else _key(row)


async def load(tx: Tx, merchant_id: str, mode: Mode, key_id: str) -> ApiKey | None:
    """`merchant_id` is the live merchant, for a key for tests too."""
    row = await tx.first(_LOAD, {"merchant": merchant_id, "mode": mode, "key": key_id})
    return None if row is None else _key(row)


async def lock(tx: Tx, merchant_id: str, mode: Mode, key_id: str) -> ApiKey | None:
    """The same. Other changes of the key wait."""
    row = await tx.first(_LOCK, {"merchant": merchant_id, "mode": mode, "key": key_id})
    return None if row is None else _key(row)


async def successor(tx: Tx, key: ApiKey) -> str | None:
    """The id of the key that replaces this one, if it is not revoked."""
    row = await tx.first(_SUCCESSOR, {"merchant": key.merchant_id, "key": key.key_id})
    return None if row is None else str(row.key_id)


async def page(tx: Tx, merchant_id: str, mode: Mode, *, limit: int, after: tuple[datetime, str] | None) -> list[ApiKey]:
    """The newest key comes first. `after` is the instant and the id of the last key of the page before."""
    values = {"merchant": merchant_id, "mode": mode, "at_most": limit}
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    rows = await tx.fetch(_PAGE.narrowed({"after_at"} if after else set()), {**values, **place})
    return [_key(row) for row in rows]


async def save_end(tx: Tx, key: ApiKey) -> None:
    """Write when the key is revoked and when it expires."""
    values = {"new_revoked_at": key.revoked_at, "new_expires_at": key.expires_at}
    await tx.fetch(_END, {"merchant": key.merchant_id, "key": key.key_id, **values})


async def save_limit(tx: Tx, key: ApiKey) -> None:
    values = {f"new_{name}": value for name, value in _limit_values(key).items()}
    await tx.fetch(_LIMIT_KEY, {"merchant": key.merchant_id, "key": key.key_id, **values})


async def count_active(tx: Tx, merchant_id: str, mode: Mode, now: datetime) -> int:
    """How many keys of a live merchant for this mode are neither revoked nor expired."""
    (row,) = await tx.fetch(_COUNT, {"merchant": merchant_id, "mode": mode, "now": now})
    return int(row.active)


async def mark_used(tx: Tx, uses: Mapping[tuple[str, str], datetime]) -> None:
    """When each key, of a live merchant and with an id, was used last. A later use on record stays. The order of the
    keys keeps two processes from waiting for each other."""
    rows = [{"merchant": merchant, "key": key, "at": at} for (merchant, key), at in sorted(uses.items())]
    await tx.run_all(_MARK_USED, rows)


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
        prefix=row.prefix,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        rotated_from=row.rotated_from,
        rate_limit=None if row.burst is None else RateLimit(**{name: getattr(row, name) for name in _LIMIT}),
    )


def _limit_values(key: ApiKey) -> dict[str, int | None]:
    return {name: getattr(key.rate_limit, name, None) for name in _LIMIT}


def _merchant(row: Row) -> Merchant:
    return Merchant(**{**row._asdict(), "mode": Mode(row.mode)})
