"""Return locations of a merchant. At most one is the default."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, false, insert, select, update

from app import json_text
from app.records.return_location import ReturnLocation, ReturnLocationRule
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import merchants, return_locations

_c = return_locations.c
_DETAILS = ("address", "postal_code", "phone", "method", "hours")
_RULE = tuple(field.name for field in fields(ReturnLocationRule))
_COLUMNS = [column for column in _c if column.name != "merchant_id"]
_OF_MERCHANT = _c.merchant_id == bindparam("merchant")
_THIS = and_(_OF_MERCHANT, _c.location_id == bindparam("location"))
_CHANGING = ("name", "is_default", "position", "details", "rule", "updated_at")
_ALL = Statement(select(*_COLUMNS).where(_OF_MERCHANT).order_by(_c.is_default.desc(), _c.position, _c.location_id))
_INSERT = Statement(insert(return_locations))
_UPDATE = Statement(
    update(return_locations)
    .where(_THIS)
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
    .returning(_c.location_id)
)
_DELETE = Statement(delete(return_locations).where(_THIS))
_NO_DEFAULT = Statement(
    update(return_locations).where(_OF_MERCHANT, _c.is_default).values(is_default=false(), updated_at=bindparam("now"))
)
_LOCK = Statement(
    select(merchants.c.merchant_id)
    .where(merchants.c.merchant_id == bindparam("merchant"))
    .with_for_update(key_share=True)  # new rows of other tables refer to the merchant, and do not wait
)


async def lock(tx: Tx, merchant_id: str) -> None:
    """One change of the locations at a time. On SQLite the transaction has locked the whole database already."""
    if not tx.is_sqlite:
        await tx.fetch(_LOCK, {"merchant": merchant_id})


async def all_of(tx: Tx, merchant_id: str) -> list[ReturnLocation]:
    """The default comes first, then the order of the rules."""
    return [_location(row) for row in await tx.fetch(_ALL, {"merchant": merchant_id})]


async def put(tx: Tx, merchant_id: str, location: ReturnLocation, now: datetime) -> None:
    """The caller has locked the locations. A new default takes the place of the one before."""
    if location.is_default:
        await tx.fetch(_NO_DEFAULT, {"merchant": merchant_id, "now": now})
    row = {
        "name": location.name,
        "is_default": location.is_default,
        "position": location.position,
        "details": json_text.dump({name: getattr(location, name) for name in _DETAILS}),
        "rule": json_text.dump({name: getattr(location.rule, name) for name in _RULE}),
        "updated_at": location.updated_at,
    }
    key = {"merchant": merchant_id, "location": location.location_id}
    if not await tx.fetch(_UPDATE, {**key, **{f"new_{name}": value for name, value in row.items()}}):
        await tx.fetch(_INSERT, {"merchant_id": merchant_id, "location_id": location.location_id, **row})


async def remove(tx: Tx, merchant_id: str, location_id: str) -> None:
    await tx.fetch(_DELETE, {"merchant": merchant_id, "location": location_id})


def _location(row: Row) -> ReturnLocation:
    rule = {name: frozenset(values) for name, values in json_text.load(row.rule).items()}
    return ReturnLocation(
        location_id=row.location_id,
        name=row.name,
        is_default=bool(row.is_default),
        position=row.position,
        updated_at=row.updated_at,
        rule=ReturnLocationRule(**rule),
        **json_text.load(row.details),
    )
