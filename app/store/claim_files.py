"""Files of claims: who added what, and the SHA-256 of the bytes. The bytes are in a store of files."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, case, func, insert, literal, select, tuple_, update

from app.engine.model.vocabulary import Role
from app.records.claim_file import HELD, ClaimFile, FileStatus
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import claim_files, claims

_c = claim_files.c
_FIELDS = tuple(ClaimFile.__slots__)
_READ = [_c[name] for name in _FIELDS]
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.file_id == bindparam("file"))
_OF_CLAIM = and_(_c.merchant_id == bindparam("merchant"), _c.claim_id == bindparam("claim"))
_IS_HELD = _c.status.in_([literal(status.value) for status in sorted(HELD)])
_INSERT = Statement(insert(claim_files))
_LOAD = Statement(select(*_READ).where(_KEY))
_PAGE = Listing(
    select(*_READ).where(_OF_CLAIM).order_by(_c.file_id).limit(bindparam("at_most")),
    {"after": _c.file_id > bindparam("after"), "role": _c.role == bindparam("role")},
)
_SUMS = select(
    func.count().label("records"),
    func.coalesce(func.sum(case((_IS_HELD, 1), else_=0)), 0).label("held"),
    func.coalesce(func.sum(case((_IS_HELD, _c.size), else_=0)), 0).label("size"),
)
_USED = Statement(_SUMS.where(_OF_CLAIM))
_ITS_CLAIM = and_(claims.c.merchant_id == _c.merchant_id, claims.c.claim_id == _c.claim_id)
_USED_BY_BUYER = Statement(
    _SUMS.select_from(claims.join(claim_files, _ITS_CLAIM)).where(
        claims.c.merchant_id == bindparam("merchant"),
        claims.c.order_id == bindparam("order"),
        _c.role == literal(Role.BUYER.value),
    )
)
_ERASE = Statement(
    update(claim_files)
    .where(_KEY, _IS_HELD)
    .values(
        status=bindparam("new_status"),
        erased_at=bindparam("now"),
        erased_role=bindparam("new_role"),
        erased_by=bindparam("new_name"),
        caption=None,
        source_url=None,
        wakes_at=None,
    )
    .returning(*_READ)
)

_WITH_BYTES = Statement(
    select(_c.merchant_id, *_READ)
    .where(
        tuple_(_c.merchant_id, _c.file_id) > tuple_(bindparam("merchant"), bindparam("after")),
        _IS_HELD,
        _c.size.is_not(None),
    )
    .order_by(_c.merchant_id, _c.file_id)
    .limit(bindparam("at_most"))
)
_DUE_KEYS = (
    select(_c.merchant_id, _c.file_id)
    .where(_c.wakes_at <= bindparam("now"))
    .order_by(_c.wakes_at)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
    .cte("due_keys")
)
_TAKE_DUE = Statement(
    update(claim_files)
    .where(_c.merchant_id == _DUE_KEYS.c.merchant_id, _c.file_id == _DUE_KEYS.c.file_id)
    .values(wakes_at=bindparam("again_at"), scans=_c.scans + 1)
    .returning(_c.merchant_id, *_READ)
)
_RELEASE = Statement(
    update(claim_files)
    .where(_KEY, _c.status == literal(FileStatus.WAITING.value))
    .values(status=literal(FileStatus.READY.value), wakes_at=None)
)
SCAN_AGAIN_AFTER = timedelta(minutes=5)
"""Longer than a scan, so that no two workers scan a file at once."""


async def add(tx: Tx, merchant_id: str, file: ClaimFile) -> None:
    """A file that waits is due for its scan at once."""
    values = {name: getattr(file, name) for name in _FIELDS}
    due_at = file.added_at if file.status is FileStatus.WAITING else None
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **values, "scans": 0, "wakes_at": due_at})


async def load(tx: Tx, merchant_id: str, file_id: str) -> ClaimFile | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "file": file_id})
    return None if row is None else of_row(row)


async def page(
    tx: Tx, merchant_id: str, claim_id: str, *, limit: int, after: str | None, role: str | None = None
) -> list[ClaimFile]:
    """The files after the id of the last file, oldest first. With `role`, those that this side has added."""
    conditions = {name: value for name, value in (("after", after), ("role", role)) if value is not None}
    values = {"merchant": merchant_id, "claim": claim_id, "at_most": limit, **conditions}
    return [of_row(row) for row in await tx.fetch(_PAGE.narrowed(conditions), values)]


async def used(tx: Tx, merchant_id: str, claim_id: str) -> Row:
    """Of a claim: the number of all `records`, the number of files that are `held`, and their `size` in bytes."""
    (row,) = await tx.fetch(_USED, {"merchant": merchant_id, "claim": claim_id})
    return row


async def used_by_buyer(tx: Tx, merchant_id: str, order_id: str) -> Row:
    """The same, of what the buyer has added to all claims of an order."""
    (row,) = await tx.fetch(_USED_BY_BUYER, {"merchant": merchant_id, "order": order_id})
    return row


async def erase(
    tx: Tx, merchant_id: str, file_id: str, status: FileStatus, now: datetime, *, role: str, name: str
) -> ClaimFile | None:
    """Keep the record and its digest, and forget the words. None for a file that is erased already."""
    values = {"merchant": merchant_id, "file": file_id, "now": now}
    row = await tx.first(_ERASE, {**values, "new_status": status, "new_role": role, "new_name": name})
    return None if row is None else of_row(row)


async def take_due(tx: Tx, now: datetime, *, limit: int) -> list[tuple[str, ClaimFile]]:
    """Files that wait for their scan, each with its merchant's id. Without an answer they are due again after
    SCAN_AGAIN_AFTER."""
    rows = await tx.fetch(_TAKE_DUE, {"now": now, "again_at": now + SCAN_AGAIN_AFTER, "at_most": limit})
    return [(row.merchant_id, of_row(row)) for row in rows]


async def with_bytes(tx: Tx, after: tuple[str, str], *, limit: int) -> list[tuple[str, ClaimFile]]:
    """The files of all merchants whose bytes are kept, each with its merchant's id. `after` has the merchant's id and
    the id of the last file."""
    rows = await tx.fetch(_WITH_BYTES, {"merchant": after[0], "after": after[1], "at_most": limit})
    return [(row.merchant_id, of_row(row)) for row in rows]


async def release(tx: Tx, merchant_id: str, file_id: str) -> None:
    """The scanner has found the file sound."""
    await tx.fetch(_RELEASE, {"merchant": merchant_id, "file": file_id})


def of_row(row: Row) -> ClaimFile:
    return ClaimFile(**{**{name: getattr(row, name) for name in _FIELDS}, "status": FileStatus(row.status)})
