"""What `recourse verify` reads: each table in the order of its key, in pages, so that memory does not grow with the
database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal, or_, select, tuple_

from app.store import refunds as stored_refunds
from app.store.database import Tx
from app.store.erased_merchants import erased_merchants
from app.store.order_snapshot import SNAPSHOT
from app.store.statements import Listing, Row, Statement
from app.store.tables import (
    claim_events,
    claim_files,
    claim_lines,
    claims,
    feed,
    feed_heads,
    merchants,
    notices,
    orders,
    outbox,
    refunds,
)

_ORDERS_A_PAGE = 100
_EVENTS_A_PAGE = 100
_ROWS_A_PAGE = 1_000
_OF_A_FILE = ("line_id", "status", "media_type", "size", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Orders in the order of their keys, and what belongs to them. The pages cover every key, so that they also have
    the claims whose order is gone. `ledger_notices` are the events of orders that change units or payments."""

    orders: list[Row]
    claims: list[Row]
    lines: list[Row]
    refunds: list[Row]
    files: list[Row]
    notices: list[Row]
    ledger_notices: list[Row]


def _after(merchant: ColumnElement[str], other: ColumnElement[str]) -> ColumnElement[bool]:
    return tuple_(merchant, other) > tuple_(bindparam("merchant"), bindparam("after"))


def _of_page(rows: Select[Any], merchant: ColumnElement[str], order: ColumnElement[str]) -> Listing:
    """The rows of the orders after one key up to another, or up to the end."""
    upto = tuple_(merchant, order) <= tuple_(bindparam("upto_merchant"), bindparam("upto"))
    return Listing(rows.where(_after(merchant, order)), {"upto": upto})


_ORDERS = Statement(
    select(orders.c.merchant_id, orders.c.order_id, *SNAPSHOT)
    .where(_after(orders.c.merchant_id, orders.c.order_id))
    .order_by(orders.c.merchant_id, orders.c.order_id)
    .limit(_ORDERS_A_PAGE)
)
_CLAIMS = _of_page(
    select(
        *(claims.c[name] for name in ("merchant_id", "claim_id", "order_id", "kind", "state", "reason", "fault")),
        *(claims.c[name] for name in ("held", "turn", "requested_at", "version", "events", "head", "document")),
    ).order_by(claims.c.merchant_id, claims.c.order_id, claims.c.claim_id),
    claims.c.merchant_id,
    claims.c.order_id,
)
_LINES = _of_page(
    select(claim_lines.c.merchant_id, claim_lines.c.claim_id, claim_lines.c.line_id).select_from(
        claims.join(
            claim_lines,
            and_(claim_lines.c.merchant_id == claims.c.merchant_id, claim_lines.c.claim_id == claims.c.claim_id),
        )
    ),
    claims.c.merchant_id,
    claims.c.order_id,
)
_REFUNDS = _of_page(
    select(refunds.c.merchant_id, refunds.c.paid, *stored_refunds.COLUMNS), refunds.c.merchant_id, refunds.c.order_id
)
_FILES = _of_page(
    select(*(claim_files.c[name] for name in ("merchant_id", "claim_id", "file_id", *_OF_A_FILE))).select_from(
        claims.join(
            claim_files,
            and_(claim_files.c.merchant_id == claims.c.merchant_id, claim_files.c.claim_id == claims.c.claim_id),
        )
    ),
    claims.c.merchant_id,
    claims.c.order_id,
)
_OF_AN_ORDER = notices.c.subject == literal("order")
_NOTICES = _of_page(
    select(notices.c.merchant_id, notices.c.subject_id, func.count().label("number"))
    .where(_OF_AN_ORDER)
    .group_by(notices.c.merchant_id, notices.c.subject_id),
    notices.c.merchant_id,
    notices.c.subject_id,
)
_LEDGER_NOTICES = _of_page(
    select(notices.c.merchant_id, notices.c.subject_id, notices.c.type, notices.c.data).where(
        _OF_AN_ORDER,
        or_(
            notices.c.type == literal("order.payment_reversed"),
            notices.c.type == literal("order.reversal_won"),
            notices.c.type.startswith("order.option_change_", autoescape=True),
        ),
    ),
    notices.c.merchant_id,
    notices.c.subject_id,
)


async def pages(tx: Tx) -> AsyncIterator[Page]:
    """All orders. The last page has no orders: it has what comes after the last order."""
    after, erased = {"merchant": "", "after": ""}, await erased_merchants(tx)
    while True:
        its_orders = await tx.fetch(_ORDERS, after)
        last = {"merchant": its_orders[-1].merchant_id, "after": its_orders[-1].order_id} if its_orders else None
        upto = {"upto_merchant": last["merchant"], "upto": last["after"]} if last else {}
        narrowed = ["upto"] if last else []
        yield Page(
            orders=_without(erased, its_orders),
            **{
                name: _without(erased, await tx.fetch(listing.narrowed(narrowed), {**after, **upto}))
                for name, listing in _LISTINGS.items()
            },
        )
        if last is None:
            return
        after = last


def _without(erased: frozenset[str], rows: list[Row]) -> list[Row]:
    """A worker is deleting the rows of an erased merchant, in no order that a history tells."""
    return [row for row in rows if row.merchant_id not in erased] if erased else rows


_LISTINGS = {
    "claims": _CLAIMS,
    "lines": _LINES,
    "refunds": _REFUNDS,
    "files": _FILES,
    "notices": _NOTICES,
    "ledger_notices": _LEDGER_NOTICES,
}


def _is_in(table: Any, merchant: ColumnElement[str], event: ColumnElement[str]) -> ColumnElement[bool]:
    return exists(select(1).where(table.c.merchant_id == merchant, table.c.event_id == event))


def _is_published(table: Any) -> ColumnElement[bool]:
    """The event has its place in the feed, or waits for one."""
    key = table.c.merchant_id, table.c.event_id
    return or_(_is_in(feed, *key), _is_in(outbox, *key)).label("is_published")


_HISTORY = Statement(
    select(*claim_events.c, _is_published(claim_events))
    .where(
        claim_events.c.merchant_id == bindparam("merchant"),
        claim_events.c.claim_id == bindparam("claim"),
        claim_events.c.seq > bindparam("after"),
    )
    .order_by(claim_events.c.seq)
    .limit(_EVENTS_A_PAGE)
)
_FEED = Statement(
    select(
        *feed.c,
        claim_events.c.claim_id.label("event_claim_id"),
        claim_events.c.seq,
        claim_events.c.hash,
        claim_events.c.type.label("event_type"),
        claim_events.c.at.label("event_at"),
        claims.c.claim_id,
        notices.c.type.label("notice_type"),
        notices.c.at.label("notice_at"),
        notices.c.subject.label("notice_subject"),
        notices.c.subject_id.label("notice_subject_id"),
        notices.c.data.label("notice_data"),
    )
    .select_from(
        feed.outerjoin(
            claim_events,
            and_(claim_events.c.merchant_id == feed.c.merchant_id, claim_events.c.event_id == feed.c.event_id),
        )
        .outerjoin(
            claims,
            and_(claims.c.merchant_id == claim_events.c.merchant_id, claims.c.claim_id == claim_events.c.claim_id),
        )
        .outerjoin(notices, and_(notices.c.merchant_id == feed.c.merchant_id, notices.c.event_id == feed.c.event_id))
    )
    .where(feed.c.merchant_id == bindparam("merchant"), feed.c.position > bindparam("after"))
    .order_by(feed.c.position)
    .limit(_ROWS_A_PAGE)
)
_MERCHANTS_OF_FEED = Statement(
    select(feed_heads.c.merchant_id, feed_heads.c.position, merchants.c.mode, merchants.c.erased_at)
    .select_from(feed_heads.join(merchants, merchants.c.merchant_id == feed_heads.c.merchant_id))
    .where(feed_heads.c.merchant_id > bindparam("after"))
    .order_by(feed_heads.c.merchant_id)
    .limit(_ROWS_A_PAGE)
)
_NOTICES_ALONE = Statement(
    select(notices.c.merchant_id, notices.c.event_id, _is_published(notices))
    .where(_after(notices.c.merchant_id, notices.c.event_id))
    .order_by(notices.c.merchant_id, notices.c.event_id)
    .limit(_ROWS_A_PAGE)
)
_OUTBOX = Statement(
    select(
        outbox.c.merchant_id,
        outbox.c.event_id,
        or_(
            _is_in(claim_events, outbox.c.merchant_id, outbox.c.event_id),
            _is_in(notices, outbox.c.merchant_id, outbox.c.event_id),
        ).label("is_recorded"),
    )
    .where(_after(outbox.c.merchant_id, outbox.c.event_id))
    .order_by(outbox.c.merchant_id, outbox.c.event_id)
    .limit(_ROWS_A_PAGE)
)


async def history(tx: Tx, merchant_id: str, claim_id: str) -> AsyncIterator[Row]:
    """The events of a claim in order, each with `is_published`."""
    values: dict[str, Any] = {"merchant": merchant_id, "claim": claim_id, "after": 0}
    while rows := await tx.fetch(_HISTORY, values):
        for row in rows:
            yield row
        values["after"] = rows[-1].seq


async def feed_heads_of_all(tx: Tx) -> AsyncIterator[Row]:
    """With the `mode` of the merchant and when it was erased."""
    after = ""
    while rows := await tx.fetch(_MERCHANTS_OF_FEED, {"after": after}):
        for row in rows:
            yield row
        after = rows[-1].merchant_id


async def feed_of(tx: Tx, merchant_id: str, *, after: int = 0) -> AsyncIterator[Row]:
    """The feed of a merchant, with the event of a history or the notice that each row tells."""
    while rows := await tx.fetch(_FEED, {"merchant": merchant_id, "after": after}):
        for row in rows:
            yield row
        after = rows[-1].position


async def all_notices(tx: Tx) -> AsyncIterator[Row]:
    async for row in _all(tx, _NOTICES_ALONE):
        yield row


async def all_of_outbox(tx: Tx) -> AsyncIterator[Row]:
    async for row in _all(tx, _OUTBOX):
        yield row


async def _all(tx: Tx, statement: Statement) -> AsyncIterator[Row]:
    """Every row by its merchant and event."""
    values, erased = {"merchant": "", "after": ""}, await erased_merchants(tx)
    while rows := await tx.fetch(statement, values):
        for row in _without(erased, rows):
            yield row
        values = {"merchant": rows[-1].merchant_id, "after": rows[-1].event_id}
