"""Claims: a document, and columns for lists. A claim is saved only over the version that was read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from app import json_text
from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.model.turn import with_turn
from app.engine.model.vocabulary import FINAL, Kind, State
from app.records.claim import ClaimDues, StoredClaim
from app.store import documents
from app.store.claim_refunds import COUNTS_OF_REFUNDS
from app.store.database import Tx
from app.store.order_snapshot import SNAPSHOT, stored_order
from app.store.statements import Row, Statement
from app.store.tables import claim_lines, claims
from app.store.tables import orders as orders_table
from app.store.types import JsonTexts
from app.turns import in_turns

_KEY = and_(claims.c.merchant_id == bindparam("merchant"), claims.c.claim_id == bindparam("claim"))
_ITS_ORDER = and_(orders_table.c.merchant_id == claims.c.merchant_id, orders_table.c.order_id == claims.c.order_id)


_COLUMNS = (
    claims.c.document,
    claims.c.created_at.label("claim_created_at"),
    claims.c.updated_at.label("claim_updated_at"),
    claims.c.events,
    claims.c.head,
    claims.c.metadata.label("claim_metadata"),
    claims.c.answered_at,
    *COUNTS_OF_REFUNDS,
)
LOADED = select(*_COLUMNS, *SNAPSHOT).select_from(claims.join(orders_table, _ITS_ORDER))
"""Claims with their orders: the columns that `stored_claim` reads."""

_LOCK_ORDER = Statement(
    select(orders_table.c.order_id)
    .where(
        orders_table.c.merchant_id == bindparam("merchant"),
        orders_table.c.order_id == select(claims.c.order_id).where(_KEY).scalar_subquery(),
    )
    .with_for_update()
)
_TOUCH_ORDER = Statement(
    update(orders_table)
    .where(
        orders_table.c.merchant_id == bindparam("merchant"),
        orders_table.c.order_id == select(claims.c.order_id).where(_KEY).scalar_subquery(),
    )
    .values(updated_at=bindparam("now"))
)
_LOAD = Statement(LOADED.where(_KEY))
_LOAD_MANY = Statement(
    LOADED.where(
        claims.c.merchant_id == bindparam("merchant"),
        claims.c.claim_id.in_(select(JsonTexts(bindparam("claims")).table_valued("value").c.value)),
    )
)
_COUNTS_OF_BUYERS = Statement(
    select(orders_table.c.buyer_id, func.count().label("count_of_rows"))
    .select_from(claims.join(orders_table, _ITS_ORDER))
    .where(
        orders_table.c.merchant_id == bindparam("merchant"),
        orders_table.c.buyer_id.in_(select(JsonTexts(bindparam("buyers")).table_valued("value").c.value)),
        claims.c.requested_at >= bindparam("since"),
    )
    .group_by(orders_table.c.buyer_id)
)
_OF_ORDER = Statement(
    LOADED.where(
        claims.c.merchant_id == bindparam("merchant"),
        claims.c.order_id == bindparam("order"),
        claims.c.kind == bindparam("kind"),
        claims.c.state == bindparam("state"),
    ).order_by(claims.c.requested_at.desc(), claims.c.claim_id.desc())
)
_ORDER_WITH_OPEN = Statement(
    select(*_COLUMNS, *SNAPSHOT)
    .select_from(
        orders_table.outerjoin(
            claims, and_(_ITS_ORDER, claims.c.state.not_in([literal(state.value) for state in sorted(FINAL)]))
        )
    )
    .where(orders_table.c.merchant_id == bindparam("merchant"), orders_table.c.order_id == bindparam("order"))
    .order_by(claims.c.claim_id)
)
_ALL_OF_ORDER = Statement(
    select(claims.c.document)
    .where(claims.c.merchant_id == bindparam("merchant"), claims.c.order_id == bindparam("order"))
    .order_by(claims.c.claim_id)
)
_HELD_OF_ORDER = Statement(
    select(claims.c.document).where(
        claims.c.merchant_id == bindparam("merchant"), claims.c.order_id == bindparam("order"), claims.c.held
    )
)
_BESIDE = Statement(
    select(claims.c.document)
    .where(
        claims.c.merchant_id == bindparam("merchant"),
        claims.c.order_id == bindparam("order"),
        claims.c.claim_id != bindparam("claim"),
        or_(claims.c.kind == literal(Kind.RETURN.value), claims.c.kind == literal(Kind.EXCHANGE.value)),
    )
    .order_by(claims.c.claim_id)
)
_INSERT = Statement(insert(claims))
_INSERT_LINE = Statement(insert(claim_lines))
_LINES = Statement(
    select(claim_lines.c.line_id).where(
        claim_lines.c.merchant_id == bindparam("merchant"), claim_lines.c.claim_id == bindparam("claim")
    )
)
_CHANGING = (
    "kind",
    "state",
    "reason",
    "fault",
    "held",
    "turn",
    "value",
    "due_at",
    "wakes_at",
    "version",
    "events",
    "head",
    "document",
)
_UPDATE = Statement(
    update(claims)
    .where(_KEY, claims.c.version == bindparam("seen"))
    .values({name: bindparam(f"new_{name}") for name in (*_CHANGING, "updated_at")})
    .returning(claims.c.version)
)


async def lock_order_of(tx: Tx, merchant_id: str, claim_id: str) -> None:
    """Lock the claim's order. On SQLite the transaction has locked the whole database already."""
    if not tx.is_sqlite:
        await tx.fetch(_LOCK_ORDER, {"merchant": merchant_id, "claim": claim_id})


async def touch_order_of(tx: Tx, merchant_id: str, claim_id: str, now: datetime) -> None:
    """Lock a claim's order for a change, as `orders.touch` does."""
    await tx.fetch(_TOUCH_ORDER, {"merchant": merchant_id, "claim": claim_id, "now": now})


async def load(tx: Tx, merchant_id: str, claim_id: str) -> StoredClaim | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "claim": claim_id})
    return None if row is None else stored_claim(row)


async def load_many(tx: Tx, merchant_id: str, claim_ids: Collection[str]) -> dict[str, StoredClaim]:
    """Claims by their ids."""
    rows = await tx.fetch(_LOAD_MANY, {"merchant": merchant_id, "claims": json_text.dump(list(claim_ids))})
    return {stored.claim.claim_id: stored async for stored in in_turns(map(stored_claim, rows))}


async def counts_of_buyers(tx: Tx, merchant_id: str, buyer_ids: Collection[str], *, since: datetime) -> dict[str, int]:
    """How many claims each buyer has requested since an instant."""
    values = {"buyers": json_text.dump(list(buyer_ids)), "since": since}
    rows = await tx.fetch(_COUNTS_OF_BUYERS, {"merchant": merchant_id, **values})
    return {row.buyer_id: int(row.count_of_rows) for row in rows}


async def of_order(tx: Tx, merchant_id: str, order_id: str, kind: Kind, state: State) -> list[StoredClaim]:
    """An order's claims of one kind in one state, the newest request first. The newest loses shipped units first."""
    values = {"merchant": merchant_id, "order": order_id, "kind": kind, "state": state}
    rows = await tx.fetch(_OF_ORDER, values)
    return [stored_claim(row) for row in rows]


async def order_with_open(tx: Tx, merchant_id: str, order_id: str) -> tuple[Order, list[StoredClaim]] | None:
    """An order, and its claims that have not ended, the oldest first. One statement, because an order page waits for
    it."""
    rows = await tx.fetch(_ORDER_WITH_OPEN, {"merchant": merchant_id, "order": order_id})
    if not rows:
        return None
    return stored_order(rows[0]).order, [stored_claim(row) for row in rows if row.document is not None]


async def all_of_order(tx: Tx, merchant_id: str, order_id: str) -> list[Claim]:
    """The oldest claim comes first."""
    rows = await tx.fetch(_ALL_OF_ORDER, {"merchant": merchant_id, "order": order_id})
    return [documents.claim(row.document) for row in rows]


async def held_of_order(tx: Tx, merchant_id: str, order_id: str) -> list[Claim]:
    rows = await tx.fetch(_HELD_OF_ORDER, {"merchant": merchant_id, "order": order_id})
    return [documents.claim(row.document) for row in rows]


async def beside(tx: Tx, merchant_id: str, order_id: str, claim_id: str) -> list[Claim]:
    """The other claims of an order whose goods come back, the oldest first."""
    rows = await tx.fetch(_BESIDE, {"merchant": merchant_id, "order": order_id, "claim": claim_id})
    return [documents.claim(row.document) for row in rows]


async def add(tx: Tx, merchant_id: str, stored: StoredClaim, dues: ClaimDues) -> None:
    claim = stored.claim
    key = {"merchant_id": merchant_id, "claim_id": claim.claim_id, "order_id": claim.order_id}
    row = {
        **key,
        "requested_at": claim.submission.requested_at,
        "created_at": stored.created_at,
        "updated_at": stored.updated_at,
        "metadata": json_text.dump(stored.metadata),
        "answered_at": None,
        **_changing(stored, dues),
    }
    await tx.fetch(_INSERT, row)
    await tx.run_all(_INSERT_LINE, _line_rows(merchant_id, stored))


async def add_lines(tx: Tx, merchant_id: str, stored: StoredClaim) -> None:
    """Add the rows of lines that an edit has brought into the claim. The row of a line that left the claim stays: files
    may be about the line."""
    rows = await tx.fetch(_LINES, {"merchant": merchant_id, "claim": stored.claim.claim_id})
    known = {row.line_id for row in rows}
    await tx.run_all(_INSERT_LINE, [row for row in _line_rows(merchant_id, stored) if row["line_id"] not in known])


def _line_rows(merchant_id: str, stored: StoredClaim) -> list[dict[str, Any]]:
    claim = stored.claim
    return [
        {
            "merchant_id": merchant_id,
            "claim_id": claim.claim_id,
            "order_id": claim.order_id,
            "line_id": line.line_id,
            "sku": bought.sku if (bought := stored.order.line(line.line_id)) else None,
        }
        for line in claim.lines
    ]


async def save(tx: Tx, merchant_id: str, stored: StoredClaim, dues: ClaimDues, *, seen: int) -> bool:
    """False when another transaction has changed the claim since version `seen`."""
    changes = {f"new_{name}": value for name, value in _changing(stored, dues).items()}
    key = {"merchant": merchant_id, "claim": stored.claim.claim_id, "seen": seen}
    return bool(await tx.fetch(_UPDATE, {**key, **changes, "new_updated_at": stored.updated_at}))


def _changing(stored: StoredClaim, dues: ClaimDues) -> dict[str, Any]:
    claim = stored.claim
    return {
        "kind": claim.kind,
        "state": claim.state,
        "reason": claim.reason,
        "fault": claim.fault,
        "held": claim.hold is not None,
        "turn": claim.turn and claim.turn.party,
        "value": dues.value,
        "due_at": dues.due_at,
        "wakes_at": dues.wakes_at,
        "version": claim.version,
        "events": stored.events,
        "head": stored.head,
        "document": documents.of_claim(claim),
    }


def stored_claim(row: Row) -> StoredClaim:
    """A claim that was stored without its turn gets the turn of its last change."""
    claim, outstanding, in_progress = documents.claim(row.document), row.refunds_outstanding, row.refunds_in_progress
    waiting = row.refunds_waiting
    if claim.turn is None and not claim.is_final:
        claim = with_turn(
            claim, row.claim_updated_at, outstanding=outstanding, in_progress=in_progress, waiting=waiting
        )
    return StoredClaim(
        claim=claim,
        order=stored_order(row).order,
        created_at=row.claim_created_at,
        updated_at=row.claim_updated_at,
        events=row.events,
        head=row.head,
        refunds_outstanding=outstanding,
        refunds_in_progress=in_progress,
        refunds_waiting=waiting,
        metadata=json_text.load(row.claim_metadata),
        answered_at=row.answered_at,
    )
