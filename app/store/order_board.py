"""The places of orders in the tabs of the board. Each tab is read in the order of an index of its own, and has an order
once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, literal_column, null, select, tuple_

from app.records.order_board import BoardCounts, BoardFilter, BoardPlace, BoardTab
from app.store import order_words
from app.store.database import Tx
from app.store.statements import Listing, Statement
from app.store.tables import address_changes, claims, option_changes, order_lines, orders, shipments

COUNTED_TO = 1_000
"""A count of the board stops here: each of its rows looks at other tables too."""

Position = tuple[date | None, datetime, str]
_o = orders.c


def _lines_of(order_id: ColumnElement[Any], *where: ColumnElement[bool]) -> ColumnElement[bool]:
    lines = select(order_lines.c.line_id).where(
        order_lines.c.merchant_id == bindparam("merchant"), order_lines.c.order_id == order_id, *where
    )
    return lines.exists()


_UNSHIPPED = order_lines.c.quantity - order_lines.c.cancelled - order_lines.c.changed - order_lines.c.shipped
_TO_SHIP = (
    _o.merchant_id == bindparam("merchant"),
    _o.to_ship == literal_column("true"),  # a literal, so that the partial index fits
    _o.paid_at.is_not(None),
    _lines_of(_o.order_id, _UNSHIPPED > 0),
)


def _requested(table: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.c.status == literal_column("'requested'")
    return condition


def _is_first(table: Any, of: Any, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """No other row of the order stands before this one."""
    return ~(
        select(literal_column("1"))
        .where(of.c.merchant_id == bindparam("merchant"), of.c.order_id == table.c.order_id, *where)
        .exists()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows of a table that stand in a tab, each with its order, its place, and the conditions."""

    order_id: ColumnElement[Any]
    at: ColumnElement[Any]
    where: Sequence[ColumnElement[bool]]
    day: ColumnElement[Any] | None = None
    subject_id: ColumnElement[Any] | None = None
    """What the index has after the instant, if that is not the order."""

    @property
    def place(self) -> Sequence[ColumnElement[Any]]:
        return [column for column in (self.day, self.at, self._last) if column is not None]

    @property
    def _last(self) -> ColumnElement[Any]:
        return self.order_id if self.subject_id is None else self.subject_id

    def listing(self) -> Listing:
        names = ("after_on", "after_at", "after_id")[-len(self.place) :]
        after = [bindparam(name, type_=column.type) for name, column in zip(names, self.place, strict=True)]
        day = null().label("stands_on") if self.day is None else self.day.label("stands_on")
        return Listing(
            select(self.order_id.label("order_id"), day, self.at.label("stands_at"), self._last.label("subject_id"))
            .where(*self.where)
            .order_by(*self.place)
            .limit(bindparam("at_most")),
            {"after": tuple_(*self.place) > tuple_(*after), **order_words.conditions(self.order_id)},
        )

    def count(self) -> Statement:
        found = select(literal_column("1")).where(*self.where).limit(literal(COUNTED_TO)).subquery()
        return Statement(select(func.count().label("count_of_rows")).select_from(found))


_earlier_parcel = shipments.alias("earlier_parcel")
_other_change = option_changes.alias("other_change")
_earlier_claim = claims.alias("earlier_claim")


def _parcel_place(parcel: Any) -> ColumnElement[Any]:
    return tuple_(parcel.c.carrier_silent_at, parcel.c.carrier, parcel.c.tracking_number)


_DAY: ColumnElement[Any] = _o.expected_ship_on
_SILENT = (
    shipments.c.merchant_id == bindparam("merchant"),
    shipments.c.carrier_silent_at.is_not(None),
    shipments.c.delivered_at.is_(None),
    _is_first(
        shipments,
        _earlier_parcel,
        _earlier_parcel.c.carrier_silent_at.is_not(None),
        _earlier_parcel.c.delivered_at.is_(None),
        _parcel_place(_earlier_parcel) < _parcel_place(shipments),
    ),
)
_OPTION_CHANGES = (
    option_changes.c.merchant_id == bindparam("merchant"),
    _requested(option_changes),
    _is_first(option_changes, address_changes, _requested(address_changes)),
    _is_first(
        option_changes,
        _other_change,
        _requested(_other_change),
        tuple_(_other_change.c.requested_at, _other_change.c.change_id)
        < tuple_(option_changes.c.requested_at, option_changes.c.change_id),
    ),
)


def _open_cancellation(table: Any) -> tuple[ColumnElement[bool], ...]:
    is_cancellation: ColumnElement[bool] = table.c.kind == literal_column("'cancel'")
    return is_cancellation, table.c.turn.is_not(None)


_CANCELLATIONS = (
    claims.c.merchant_id == bindparam("merchant"),
    *_open_cancellation(claims),
    _lines_of(claims.c.order_id, order_lines.c.open_cancel > 0),
    _is_first(
        claims,
        _earlier_claim,
        *_open_cancellation(_earlier_claim),
        tuple_(_earlier_claim.c.requested_at, _earlier_claim.c.claim_id)
        < tuple_(claims.c.requested_at, claims.c.claim_id),
    ),
)
_TODAY, _TOMORROW = (bindparam(name, type_=_DAY.type) for name in ("today", "tomorrow"))


def _to_ship(*where: ColumnElement[bool], day: ColumnElement[Any] | None = None) -> _Rows:
    return _Rows(order_id=_o.order_id, at=_o.created_at, where=[*_TO_SHIP, *where], day=day)


_ROWS: Mapping[BoardTab, Sequence[_Rows]] = {
    BoardTab.NO_SHIP_DATE: [_to_ship(_DAY.is_(None))],
    BoardTab.SHIP_SOON: [_to_ship(_TODAY <= _DAY, _TOMORROW >= _DAY, day=_DAY)],
    BoardTab.SHIP_LATE: [_to_ship(_TODAY > _DAY, day=_DAY)],
    BoardTab.SILENT_IN_TRANSIT: [_Rows(order_id=shipments.c.order_id, at=shipments.c.carrier_silent_at, where=_SILENT)],
    BoardTab.WANTED: [_to_ship(_o.wanted_first_on.is_not(None), day=_o.wanted_first_on)],
    BoardTab.OPEN_CHANGE: [
        _Rows(
            order_id=address_changes.c.order_id,
            at=address_changes.c.requested_at,
            where=[address_changes.c.merchant_id == bindparam("merchant"), _requested(address_changes)],
            subject_id=address_changes.c.change_id,
        ),
        _Rows(
            order_id=option_changes.c.order_id,
            at=option_changes.c.requested_at,
            where=_OPTION_CHANGES,
            subject_id=option_changes.c.change_id,
        ),
    ],
    BoardTab.OPEN_CANCELLATION: [_Rows(order_id=claims.c.order_id, at=claims.c.requested_at, where=_CANCELLATIONS)],
}
_LISTINGS = {tab: [rows.listing() for rows in of_tab] for tab, of_tab in _ROWS.items()}
_COUNTS = {tab: [rows.count() for rows in of_tab] for tab, of_tab in _ROWS.items()}


async def places(
    tx: Tx, merchant_id: str, where: BoardFilter, *, limit: int, after: Position | None
) -> list[BoardPlace]:
    """The first places of a tab after a position, in its order."""
    words, sought = await order_words.narrowing(tx, merchant_id, where.q)
    values = {**_values(merchant_id, where.today), "at_most": limit, **sought}
    names = set(words)
    if after is not None:
        names.add("after")
        values |= {"after_on": after[0], "after_at": after[1], "after_id": after[2]}
    found: list[BoardPlace] = []
    for listing in _LISTINGS[where.tab]:
        found += [BoardPlace(**row._asdict()) for row in await tx.fetch(listing.narrowed(names), values)]
    return sorted(found, key=_sorted_by)[:limit]


def _sorted_by(place: BoardPlace) -> tuple[date, datetime, str]:
    return place.stands_on or date.min, place.stands_at, place.subject_id


def _values(merchant_id: str, today: date) -> dict[str, Any]:
    return {"merchant": merchant_id, "today": today, "tomorrow": today + timedelta(days=1)}


async def counts(tx: Tx, merchant_id: str, today: date) -> BoardCounts:
    found: dict[BoardTab, int] = {}
    for tab, statements in _COUNTS.items():
        rows = [await tx.first(statement, _values(merchant_id, today)) for statement in statements]
        found[tab] = min(COUNTED_TO, sum(int(row.count_of_rows) for row in rows if row is not None))
    return found
