"""Lists that are read in one of the orders of `Sort`, page by page, and counted up to a bound."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, select, tuple_

from app.records.sorting import PageQuery, Sort, SortedPage, Total
from app.store.database import Tx
from app.store.statements import Listing, Row

COUNTED_TO = 10_000
"""A count stops here, so that no count reads a table whole."""

Columns = Sequence[ColumnElement[Any]]


class SortedListing:
    """A query with optional conditions. `created` and `updated` are the columns that each order is by. The last of
    them is unique, so that each row has its own place: the values of these columns."""

    __slots__ = ("_count", "_pages")

    def __init__(
        self, query: Select[Any], conditions: Mapping[str, ColumnElement[bool]], *, created: Columns, updated: Columns
    ) -> None:
        by = {sort: updated if sort.is_by_update else created for sort in Sort}
        conditions = {**conditions, "updated_since": updated[0] >= bindparam("updated_since", type_=updated[0].type)}
        self._pages = {
            sort: Listing(
                query.order_by(*(column.desc() if sort.is_descending else column for column in columns)).limit(
                    bindparam("at_most")
                ),
                {**conditions, "after": _is_after(sort, columns)},
            )
            for sort, columns in by.items()
        }
        self._count = Listing(query.with_only_columns(literal(1).label("one")), conditions, ending=_counted)

    @property
    def conditions(self) -> Iterable[str]:
        return self._count.conditions

    async def page(
        self, tx: Tx, query: PageQuery, values: Mapping[str, Any], narrowed: Iterable[str]
    ) -> SortedPage[Row]:
        """`narrowed` names the conditions, and `values` has what is bound in them."""
        names = set(narrowed)
        total = await self._total(tx, values, names) if query.is_counted else None
        place = {f"after_{position}": value for position, value in enumerate(query.after or ())}
        statement = self._pages[query.sort].narrowed(names | {"after"} if place else names)
        return SortedPage(rows=await tx.fetch(statement, {**values, "at_most": query.limit, **place}), total=total)

    async def _total(self, tx: Tx, values: Mapping[str, Any], names: Iterable[str]) -> Total:
        (row,) = await tx.fetch(self._count.narrowed(names), {**values, "at_most": COUNTED_TO + 1})
        count = int(row.count_of_rows)
        return Total(count=min(count, COUNTED_TO), exact=count <= COUNTED_TO)


def _is_after(sort: Sort, columns: Columns) -> ColumnElement[bool]:
    place = [bindparam(f"after_{position}", type_=column.type) for position, column in enumerate(columns)]
    left, right = (columns[0], place[0]) if len(columns) == 1 else (tuple_(*columns), tuple_(*place))
    return left < right if sort.is_descending else left > right


def _counted(query: Select[Any]) -> Select[Any]:
    return select(func.count().label("count_of_rows")).select_from(query.limit(bindparam("at_most")).subquery())
