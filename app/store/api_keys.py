"""Merchants and their API keys. Only the digest of a key is stored, so a key can be shown once."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from app import json_text
from app.records.api_key import ApiKey
from app.records.merchant import Merchant
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import api_keys, merchants

_INSERT_MERCHANT = Statement(insert(merchants))
_MERCHANT = Statement(select(merchants).where(merchants.c.merchant_id == bindparam("merchant")))
_LOCK_MERCHANT = Statement(
    select(merchants.c.merchant_id)
    .where(merchants.c.merchant_id == bindparam("merchant"))
    .with_for_update(key_share=True)
)
_MERCHANTS = Statement(select(merchants).order_by(merchants.c.merchant_id))
_INSERT = Statement(insert(api_keys))
_FIND = Statement(
    select(api_keys).where(
        api_keys.c.merchant_id == bindparam("merchant"),
        api_keys.c.digest == bindparam("digest"),
        api_keys.c.revoked_at.is_(None),
    )
)
_ALL = Statement(select(api_keys).order_by(api_keys.c.merchant_id, api_keys.c.created_at, api_keys.c.key_id))
_REVOKE = Statement(
    update(api_keys)
    .where(api_keys.c.key_id == bindparam("key"), api_keys.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
    .returning(api_keys.c.key_id)
)


async def add_merchant(tx: Tx, merchant: Merchant) -> None:
    values = {column.name: getattr(merchant, column.name) for column in merchants.c}
    await tx.fetch(_INSERT_MERCHANT, values)


async def merchant(tx: Tx, merchant_id: str) -> Merchant | None:
    row = await tx.first(_MERCHANT, {"merchant": merchant_id})
    return None if row is None else Merchant(**row._asdict())


async def lock_merchant(tx: Tx, merchant_id: str) -> None:
    """Wait for the other transactions that have locked the merchant. What a merchant has is counted under this lock."""
    await tx.fetch(_LOCK_MERCHANT, {"merchant": merchant_id})


async def all_merchants(tx: Tx) -> list[Merchant]:
    return [Merchant(**row._asdict()) for row in await tx.fetch(_MERCHANTS)]


async def add(tx: Tx, key: ApiKey) -> None:
    values = {column.name: getattr(key, column.name) for column in api_keys.c}
    await tx.fetch(_INSERT, {**values, "scopes": json_text.dump(key.scopes)})


async def find(tx: Tx, merchant_id: str, digest: str) -> ApiKey | None:
    """The key with this digest, if it is not revoked."""
    row = await tx.first(_FIND, {"merchant": merchant_id, "digest": digest})
    return None if row is None else _key(row)


async def all_keys(tx: Tx) -> list[ApiKey]:
    return [_key(row) for row in await tx.fetch(_ALL)]


async def revoke(tx: Tx, key_id: str, now: datetime) -> bool:
    """False when the key does not exist or is revoked already."""
    return bool(await tx.fetch(_REVOKE, {"key": key_id, "at": now}))


def _key(row: Row) -> ApiKey:
    return ApiKey(
        merchant_id=row.merchant_id,
        key_id=row.key_id,
        digest=row.digest,
        name=row.name,
        scopes=frozenset(json_text.load(row.scopes)),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
