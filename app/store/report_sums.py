"""What each claim and order has added to the sums, and the sums, by day and by longer spans.

An entry is stored as it was added, so that it is taken away again exactly, whatever the code counts by then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, cast, func, literal_column, or_, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from app import json_text
from app.records.report import Added, Cell, Days, Entry, Measure, Subject, SumRow
from app.store.database import Tx
from app.store.report_spans import PLACES, SPANS, first_day_of, pieces_of
from app.store.statements import Statement
from app.store.tables import report_entries, report_sums
from app.store.types import JsonTexts

DIMENSIONS = ("kind", "reason", "fault", "sku", "policy", "label", "value")
_e, _s = report_entries.c, report_sums.c
_ENTRIES = Statement(
    select(_e.subject_id, _e.entry).where(
        _e.merchant_id == bindparam("merchant"),
        _e.subject == bindparam("subject"),
        _e.subject_id.in_(select(JsonTexts(bindparam("subjects")).table_valued("value").c.value)),
    )
)


def _putting(dialect: Any) -> Statement:
    row = dialect.insert(report_entries)
    key = list(report_entries.primary_key.columns)
    return Statement(row.on_conflict_do_update(index_elements=key, set_={"entry": row.excluded.entry}))


def _adding(dialect: Any) -> Statement:
    row = dialect.insert(report_sums)
    sums = {"number": _s.number + row.excluded.number, "amount": _s.amount + row.excluded.amount}
    return Statement(row.on_conflict_do_update(index_elements=list(report_sums.primary_key.columns), set_=sums))


_TAKE_AWAY = Statement(
    update(report_sums)
    .where(*(column == bindparam(f"at_{column.name}") for column in report_sums.primary_key.columns))
    .values(number=_s.number + bindparam("at_number"), amount=_s.amount + bindparam("at_amount"))
)
"""A row that is inserted must keep the checks, even where it only changes a sum. So less is an update."""
_PUT = {"postgresql": _putting(postgresql), "sqlite": _putting(sqlite)}
_ADD = {"postgresql": _adding(postgresql), "sqlite": _adding(sqlite)}


async def entries(tx: Tx, merchant_id: str, subject: Subject, ids: Collection[str]) -> dict[str, Entry]:
    """What these claims or orders have added so far."""
    values = {"merchant": merchant_id, "subject": subject, "subjects": json_text.dump(list(ids))}
    return {row.subject_id: _entry(row.entry) for row in await tx.fetch(_ENTRIES, values)}


async def put_entries(tx: Tx, merchant_id: str, subject: Subject, entries: Mapping[str, Entry]) -> None:
    key = {"merchant_id": merchant_id, "subject": subject}
    rows = [{**key, "subject_id": each, "entry": _document(entry)} for each, entry in entries.items()]
    await tx.run_all(_PUT[_dialect(tx)], rows)


async def add(tx: Tx, merchant_id: str, changes: Mapping[Cell, Added]) -> None:
    """Change the sums of days and of the longer spans around them. The caller holds the merchant's head."""
    rows = [row for span in SPANS for row in _rows(merchant_id, span, _by_span(span, changes))]
    await tx.run_all(_ADD[_dialect(tx)], [row for row in rows if row["number"] >= 0])
    await tx.run_all(_TAKE_AWAY, [_at(row) for row in rows if row["number"] < 0])


def _by_span(span: str, changes: Mapping[Cell, Added]) -> Mapping[Cell, Added]:
    sums: dict[Cell, Added] = defaultdict(lambda: Added(0, 0))
    for cell, added in changes.items():
        whole = cell._replace(on=first_day_of(span, cell.on))
        known = sums[whole]
        sums[whole] = Added(known.number + added.number, known.amount + added.amount)
    return sums


def _at(row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"at_{name}": value for name, value in row.items()}


def _rows(merchant_id: str, span: str, changes: Mapping[Cell, Added]) -> Iterable[dict[str, Any]]:
    for cell, added in changes.items():
        if added.number or added.amount:
            cell_values = cell._asdict()
            on = cell_values.pop("on")
            yield {"merchant_id": merchant_id, "span": span, "from_on": on, **cell_values, **added._asdict()}


def _dialect(tx: Tx) -> str:
    return "sqlite" if tx.is_sqlite else "postgresql"


def _entry(document: str) -> Entry:
    return {
        Cell(measure, date.fromisoformat(on), *dimensions): Added(number, amount)
        for measure, on, *dimensions, number, amount in json_text.load(document)
    }


def _document(entry: Entry) -> str:
    return json_text.dump([[cell.measure, cell.on.isoformat(), *cell[2:], *added] for cell, added in entry.items()])


@cache
def _summing(by: tuple[str, ...], narrowed: frozenset[str]) -> Statement:
    """One statement for each set of dimensions: each piece of the days is a range of the key."""
    parts = [
        select(
            *(_s[name] for name in by),
            (_s.number * bindparam(f"sign_{place}", type_=Integer)).label("number"),
            (_s.amount * bindparam(f"sign_{place}", type_=Integer)).label("amount"),
        ).where(
            _s.merchant_id == bindparam("merchant"),
            _s.measure == bindparam("measure"),
            _s.span == literal_column(f"'{span}'"),
            _s.from_on >= bindparam(f"from_{place}", type_=_s.from_on.type),
            _s.from_on < bindparam(f"to_{place}", type_=_s.from_on.type),
            *(_s[name] == bindparam(name) for name in sorted(narrowed)),
        )
        for place, span in enumerate(PLACES)
    ]
    every = union_all(*parts).subquery("every")
    number, amount = (cast(func.sum(each), BigInteger) for each in (every.c.number, every.c.amount))
    columns = [every.c[name] for name in by]
    grouped = select(number.label("number"), amount.label("amount"), *columns).group_by(*columns)
    return Statement(grouped.having(or_(number != literal_column("0"), amount != literal_column("0"))))


async def sums(
    tx: Tx, merchant_id: str, measure: Measure, days: Days, *, by: Sequence[str] = (), **narrowed: str | None
) -> list[SumRow]:
    """The sums over days, by some dimensions, and narrowed to values of others. None narrows nothing."""
    values = {name: value for name, value in narrowed.items() if value is not None}
    bounds = {"merchant": merchant_id, "measure": measure, **_bounds(days), **values}
    shown = tuple(name for name in DIMENSIONS if name in by)
    rows = await tx.fetch(_summing(shown, frozenset(values)), bounds)
    return [SumRow(number, amount, **dict(zip(shown, cells, strict=True))) for number, amount, *cells in rows]


def _bounds(days: Days) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for place, piece in enumerate(pieces_of(days)):
        bounds |= {f"sign_{place}": piece.sign, f"from_{place}": piece.from_on, f"to_{place}": piece.end_on}
    return bounds
