"""Return parcels and return numbers. The caller has locked the order of the claim for a change."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, select, update

from app import json_text
from app.records.return_parcel import Destination, ParcelState, ParcelUnits, ReturnParcel, Way
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import return_numbers, return_parcels
from app.store.types import JsonTexts

_c, _n = return_parcels.c, return_numbers.c
_NAMES = tuple(field.name for field in fields(ReturnParcel))
_COLUMNS = [_c[name] for name in _NAMES]
_CHANGING = tuple(name for name in _NAMES if name not in ("parcel_id", "created_at"))
_OF_MERCHANT = _c.merchant_id == bindparam("merchant")
_THIS = and_(_OF_MERCHANT, _c.parcel_id == bindparam("parcel"))
_INSERT = Statement(insert(return_parcels))
_LOAD = Statement(select(*_COLUMNS).where(_THIS))
_OF_CLAIM = Statement(
    select(*_COLUMNS).where(_OF_MERCHANT, _c.claim_id == bindparam("claim")).order_by(_c.number)
)  # fmt: skip
_WITH_NUMBER = Statement(
    select(*_COLUMNS)
    .where(_OF_MERCHANT, _c.tracking_number == bindparam("tracked"))
    .order_by(_c.created_at.desc(), _c.parcel_id)
    .limit(20)
)
_NOBODYS = Listing(
    select(*_COLUMNS).where(_OF_MERCHANT, _c.way.is_(None)).order_by(_c.parcel_id.desc()).limit(bindparam("at_most")),
    {
        "unmatched": _c.claim_id.is_(None),
        "matched": _c.claim_id.is_not(None),
        "after": _c.parcel_id < bindparam("after"),
    },
)
_OLD_NOTES = (
    select(_c.parcel_id)
    .where(
        _c.merchant_id == bindparam("merchant"),
        _c.claim_id.is_(None),
        _c.note.is_not(None),
        _c.received_at < bindparam("before"),
    )
    .limit(bindparam("at_most"))
)
_FORGET_NOTES = Statement(
    update(return_parcels)
    .where(_c.merchant_id == bindparam("merchant"), _c.parcel_id.in_(_OLD_NOTES))
    .values(note=None)
)
_LOCK = Statement(select(_c.parcel_id).where(_THIS).with_for_update())
_SAVE = Statement(update(return_parcels).where(_THIS).values({name: bindparam(f"new_{name}") for name in _CHANGING}))

_ADD_NUMBER = Statement(insert(return_numbers))
_NUMBERS = Statement(
    select(_n.claim_id, _n.return_number).where(
        _n.merchant_id == bindparam("merchant"),
        _n.claim_id.in_(select(JsonTexts(bindparam("claims")).table_valued("value").c.value)),
    )
)
_CLAIM_OF = Statement(
    select(_n.claim_id).where(_n.merchant_id == bindparam("merchant"), _n.return_number == bindparam("numbered"))
)


async def add(tx: Tx, merchant_id: str, parcel: ReturnParcel) -> None:
    """Raises IntegrityError for a tracking number that another parcel has."""
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **_values(parcel, _NAMES)})


async def save(tx: Tx, merchant_id: str, parcel: ReturnParcel) -> None:
    """Raises IntegrityError as `add`."""
    values = {f"new_{name}": value for name, value in _values(parcel, _CHANGING).items()}
    await tx.fetch(_SAVE, {"merchant": merchant_id, "parcel": parcel.parcel_id, **values})


async def load(tx: Tx, merchant_id: str, parcel_id: str) -> ReturnParcel | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "parcel": parcel_id})
    return None if row is None else _parcel(row)


async def lock(tx: Tx, merchant_id: str, parcel_id: str) -> None:
    """For a parcel without a claim. On SQLite the transaction has locked the whole database already."""
    if not tx.is_sqlite:
        await tx.fetch(_LOCK, {"merchant": merchant_id, "parcel": parcel_id})


async def of_claim(tx: Tx, merchant_id: str, claim_id: str) -> list[ReturnParcel]:
    """The first parcel comes first."""
    return [_parcel(row) for row in await tx.fetch(_OF_CLAIM, {"merchant": merchant_id, "claim": claim_id})]


async def with_tracking_number(tx: Tx, merchant_id: str, tracking_number: str) -> list[ReturnParcel]:
    """The newest first, of every carrier."""
    rows = await tx.fetch(_WITH_NUMBER, {"merchant": merchant_id, "tracked": tracking_number})
    return [_parcel(row) for row in rows]


async def nobodys(
    tx: Tx, merchant_id: str, *, limit: int, after: str | None, matched: bool | None = None
) -> list[ReturnParcel]:
    """The parcels that nobody announced, the newest first."""
    chosen = [] if matched is None else ["matched" if matched else "unmatched"]
    values: dict[str, Any] = {"merchant": merchant_id, "at_most": limit}
    if after is not None:
        values["after"] = after
        chosen.append("after")
    return [_parcel(row) for row in await tx.fetch(_NOBODYS.narrowed(chosen), values)]


async def forget_notes(tx: Tx, merchant_id: str, before: datetime, *, limit: int) -> None:
    """Empty the notes of parcels that nobody has matched with a claim, and that came before an instant."""
    await tx.fetch(_FORGET_NOTES, {"merchant": merchant_id, "before": before, "at_most": limit})


async def add_number(tx: Tx, merchant_id: str, claim_id: str, return_number: str) -> None:
    await tx.fetch(
        _ADD_NUMBER, {"merchant_id": merchant_id, "claim_id": claim_id, "return_number": return_number}
    )  # fmt: skip


async def numbers(tx: Tx, merchant_id: str, claim_ids: Collection[str]) -> dict[str, str]:
    """The return numbers of claims. A claim without one is missing."""
    values = {"merchant": merchant_id, "claims": json_text.dump(list(claim_ids))}
    return {row.claim_id: row.return_number for row in await tx.fetch(_NUMBERS, values)}


async def claim_of_number(tx: Tx, merchant_id: str, return_number: str) -> str | None:
    row = await tx.first(_CLAIM_OF, {"merchant": merchant_id, "numbered": return_number})
    return None if row is None else str(row.claim_id)


def _values(parcel: ReturnParcel, names: Collection[str]) -> Mapping[str, Any]:
    destination = parcel.destination and json_text.dump(asdict(parcel.destination))
    lines = json_text.dump([asdict(each) for each in parcel.lines])
    return {name: getattr(parcel, name) for name in names} | {"lines": lines, "destination": destination}


def _parcel(row: Row) -> ReturnParcel:
    values = row._asdict()
    return ReturnParcel(
        **{
            **values,
            "state": ParcelState(row.state),
            "way": row.way and Way(row.way),
            "lines": tuple(ParcelUnits(**each) for each in json_text.load(row.lines)),
            "destination": row.destination and Destination(**json_text.load(row.destination)),
        }
    )
