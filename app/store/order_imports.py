"""Imports of orders from files: a queue of those that are running, and what came of their rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, literal, select, tuple_, update

from app import json_text
from app.records.order_import import ImportedRow, ImportResult, ImportState, Matching, OrderImport
from app.store import leases
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import order_import_rows, order_imports

LEASE = timedelta(minutes=5)
"""Longer than a batch of a worker."""
_FORGOTTEN_AT_ONCE = 20

_c = order_imports.c
_r = order_import_rows.c
_FIELDS = tuple(OrderImport.__slots__)
_READ = tuple(_c[name] for name in _FIELDS)
_COUNTS = (*ImportResult, "left_out")
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.import_id == bindparam("import"))
_INSERT = Statement(insert(order_imports))
_LOAD = Statement(select(*_READ).where(_KEY))
_PAGE = Listing(
    select(*_READ)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(_c.created_at.desc(), _c.import_id.desc())
    .limit(bindparam("at_most")),
    {
        "after_at": tuple_(_c.created_at, _c.import_id)
        < tuple_(bindparam("after_at", type_=_c.created_at.type), bindparam("after_id", type_=_c.import_id.type)),
    },
)
_MATCH = Statement(
    update(order_imports)
    .where(_KEY, _c.state == literal(ImportState.WAITING.value))
    .values({name: bindparam(f"new_{name}") for name in ("matching", "currency", "time_zone", "policy")})
    .returning(*_READ)
)
_START = Statement(
    update(order_imports)
    .where(_KEY, _c.state == literal(ImportState.WAITING.value))
    .values(
        state=literal(ImportState.RUNNING.value),
        notify_buyers=bindparam("new_notify_buyers"),
        started_at=bindparam("now"),
        next_at=bindparam("now"),
    )
    .returning(*_READ)
)
_DUE = leases.due_keys(order_imports, ("merchant_id", "import_id"), then_by=("import_id",))
_TAKE = Statement(
    update(order_imports)
    .where(_c.merchant_id == _DUE.c.merchant_id, _c.import_id == _DUE.c.import_id)
    .values(leases.TAKEN)
    .returning(*_READ)
)
_TAKE_ONE = Statement(
    update(order_imports).where(_KEY, leases.is_due(order_imports)).values(leases.TAKEN).returning(*_READ)
)
_IS_AT = and_(_KEY, _c.state == literal(ImportState.RUNNING.value), _c.position == bindparam("at_position"))
_SET_TOTAL = Statement(update(order_imports).where(_KEY).values(total=bindparam("new_total")))
_ADVANCE = Statement(
    update(order_imports)
    .where(_IS_AT)
    .values(position=_c.position + 1, **{name: _c[name] + bindparam(f"more_{name}") for name in _COUNTS})
    .returning(_c.import_id)
)
_GIVE_BACK = Statement(
    update(order_imports).where(_IS_AT).values(next_at=bindparam("new_next_at"), **leases.GIVEN_BACK)
)
_FINISH = Statement(
    update(order_imports)
    .where(_IS_AT)
    .values(state=bindparam("new_state"), finished_at=bindparam("now"), next_at=None, leased_until=None)
    .returning(_c.import_id)
)
_INSERT_ROW = Statement(insert(order_import_rows))
_ROWS = Listing(
    select(*(_r[name] for name in ("seq", "row_number", "result", "order_id", "changes", "field", "code", "params")))
    .where(_r.merchant_id == bindparam("merchant"), _r.import_id == bindparam("import"))
    .order_by(_r.seq)
    .limit(bindparam("at_most")),
    {"result": _r.result == bindparam("result"), "after": _r.seq > bindparam("after")},
)
_OLD = Statement(
    select(_c.merchant_id, _c.import_id)
    .where(_c.created_at < bindparam("before"), _c.next_at.is_(None))
    .order_by(_c.created_at)
    .limit(_FORGOTTEN_AT_ONCE)
)
_DELETE_ROWS = Statement(
    delete(order_import_rows).where(_r.merchant_id == bindparam("merchant"), _r.import_id == bindparam("import"))
)
_DELETE = Statement(delete(order_imports).where(_KEY))


async def add(tx: Tx, made: OrderImport) -> None:
    values = {name: getattr(made, name) for name in _FIELDS}
    as_text = {"columns": json_text.dump(made.columns), "matching": json_text.dump(made.matching)}
    await tx.fetch(_INSERT, {**values, **as_text, "next_at": None, "leased_until": None})


async def load(tx: Tx, merchant_id: str, import_id: str) -> OrderImport | None:
    return _one(await tx.first(_LOAD, _key(merchant_id, import_id)))


async def page(tx: Tx, merchant_id: str, *, limit: int, after: tuple[datetime, str] | None) -> list[OrderImport]:
    """The newest comes first. `after` is the instant and the id of the last import of the page before."""
    place = {"after_at": after[0], "after_id": after[1]} if after else {}
    names = ["after_at"] if after else []
    rows = await tx.fetch(_PAGE.narrowed(names), {"merchant": merchant_id, "at_most": limit, **place})
    return [_import(row) for row in rows]


async def match(tx: Tx, made: OrderImport, matching: Matching) -> OrderImport | None:
    """None for an import that has been started."""
    new = {
        "new_matching": json_text.dump(matching.columns),
        "new_currency": matching.currency,
        "new_time_zone": matching.time_zone,
        "new_policy": matching.policy,
    }
    return _one(await tx.first(_MATCH, {**_key(made.merchant_id, made.import_id), **new}))


async def start(tx: Tx, made: OrderImport, now: datetime, *, notify_buyers: bool) -> OrderImport | None:
    """None for an import that has been started already."""
    values = {"new_notify_buyers": notify_buyers, "now": now}
    return _one(await tx.first(_START, {**_key(made.merchant_id, made.import_id), **values}))


async def take(tx: Tx, now: datetime) -> OrderImport | None:
    """Lease the running import that has waited for the longest time. None if none is due."""
    return _one(await tx.first(_TAKE, {"now": now, "until": now + LEASE, "at_most": 1}))


async def take_one(tx: Tx, merchant_id: str, import_id: str, now: datetime) -> OrderImport | None:
    """Lease this import. None while somebody else has it, and after its end."""
    return _one(await tx.first(_TAKE_ONE, {**_key(merchant_id, import_id), "now": now, "until": now + LEASE}))


async def set_total(tx: Tx, made: OrderImport, total: int) -> None:
    await tx.fetch(_SET_TOTAL, {**_key(made.merchant_id, made.import_id), "new_total": total})


async def advance(
    tx: Tx, made: OrderImport, position: int, result: ImportResult, rows: Sequence[ImportedRow], *, left_out: int
) -> bool:
    """Count what came of the group at a position, in the transaction that imports the group. False if the position has
    been passed: then the transaction must be rolled back, since somebody else has done the same."""
    more = {f"more_{name}": int(name == result) for name in ImportResult} | {"more_left_out": left_out}
    values = {**_key(made.merchant_id, made.import_id), "at_position": position, **more}
    if not await tx.fetch(_ADVANCE, values):
        return False
    await tx.run_all(_INSERT_ROW, [_row_values(made, row) for row in rows])
    return True


async def give_back(tx: Tx, made: OrderImport, position: int, next_at: datetime) -> None:
    """End the lease. The import goes on at an instant of the system clock."""
    values = {**_key(made.merchant_id, made.import_id), "at_position": position, "new_next_at": next_at}
    await tx.fetch(_GIVE_BACK, values)


async def finish(tx: Tx, made: OrderImport, position: int, state: ImportState, now: datetime) -> bool:
    values = {"at_position": position, "new_state": state.value, "now": now}
    return bool(await tx.fetch(_FINISH, {**_key(made.merchant_id, made.import_id), **values}))


async def rows(
    tx: Tx, merchant_id: str, import_id: str, *, limit: int, after: int | None, result: ImportResult | None
) -> list[ImportedRow]:
    conditions = {name: value for name, value in (("result", result), ("after", after)) if value is not None}
    values = {**_key(merchant_id, import_id), "at_most": limit, **conditions}
    return [_imported_row(row) for row in await tx.fetch(_ROWS.narrowed(conditions), values)]


async def forget(tx: Tx, before: datetime) -> int:
    """Delete some imports from before an instant. Returns how many."""
    old = await tx.fetch(_OLD, {"before": before})
    for row in old:
        await tx.fetch(_DELETE_ROWS, _key(row.merchant_id, row.import_id))
        await tx.fetch(_DELETE, _key(row.merchant_id, row.import_id))
    return len(old)


def _key(merchant_id: str, import_id: str) -> dict[str, Any]:
    return {"merchant": merchant_id, "import": import_id}


def _one(row: Row | None) -> OrderImport | None:
    return None if row is None else _import(row)


def _import(row: Row) -> OrderImport:
    values: Mapping[str, Any] = {name: getattr(row, name) for name in _FIELDS}
    read = {
        "state": ImportState(row.state),
        "columns": tuple(json_text.load(row.columns)),
        "matching": json_text.load(row.matching),
    }
    return OrderImport(**{**values, **read})


def _row_values(made: OrderImport, row: ImportedRow) -> dict[str, Any]:
    return {
        "merchant_id": made.merchant_id,
        "import_id": made.import_id,
        "seq": row.seq,
        "row_number": row.row,
        "result": row.result.value,
        "order_id": row.order_id,
        "changes": json_text.dump(row.changes),
        "field": row.field,
        "code": row.code,
        "params": json_text.dump(row.params),
    }


def _imported_row(row: Row) -> ImportedRow:
    params: Mapping[str, Any] = json_text.load(row.params)
    return ImportedRow(
        seq=row.seq,
        row=row.row_number,
        result=ImportResult(row.result),
        order_id=row.order_id,
        changes=tuple(json_text.load(row.changes)),
        field=row.field,
        code=row.code,
        params={name: tuple(value) if isinstance(value, list) else value for name, value in params.items()},
    )
