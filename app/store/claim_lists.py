"""Lists of claims, narrowed by the columns of claims, their lines and their orders."""

from sqlalchemy import ColumnElement, and_, bindparam, exists, not_, select

from app.records.claim import ClaimFilter, StoredClaim
from app.records.sorting import PageQuery, SortedPage
from app.store import metadata, order_words
from app.store.claims import LOADED, stored_claim
from app.store.database import Tx
from app.store.sorting import SortedListing
from app.store.tables import claim_lines, claims, orders
from app.turns import in_turns


def _is_late(name: str) -> ColumnElement[bool]:
    return and_(claims.c.due_at.is_not(None), claims.c.due_at <= bindparam(name))


_LIST = SortedListing(
    LOADED.where(claims.c.merchant_id == bindparam("merchant")),
    {
        "state": claims.c.state == bindparam("state"),
        "kind": claims.c.kind == bindparam("kind"),
        "reason": claims.c.reason == bindparam("reason"),
        "turn": claims.c.turn == bindparam("turn"),
        "order_id": claims.c.order_id == bindparam("order_id"),
        "buyer_id": claims.c.order_id.in_(
            select(orders.c.order_id).where(
                orders.c.merchant_id == bindparam("merchant"), orders.c.buyer_id == bindparam("buyer_id")
            )
        ),
        "held": claims.c.held == bindparam("held"),
        "late": _is_late("late"),
        "not_late": not_(_is_late("not_late")),
        "requested_from": claims.c.requested_at >= bindparam("requested_from"),
        "requested_before": claims.c.requested_at < bindparam("requested_before"),
        "sku": exists().where(
            claim_lines.c.merchant_id == claims.c.merchant_id,
            claim_lines.c.claim_id == claims.c.claim_id,
            claim_lines.c.sku == bindparam("sku"),
        ),
        "metadata_key": metadata.has(claims),
        **order_words.conditions(claims.c.order_id),
    },
    created=(claims.c.claim_id,),
    updated=(claims.c.updated_at, claims.c.claim_id),
)


async def page(tx: Tx, merchant_id: str, query: PageQuery, where: ClaimFilter) -> SortedPage[StoredClaim]:
    values = {name: value for name in _LIST.conditions if (value := getattr(where, name, None)) is not None}
    if where.overdue is not None:
        values["late" if where.overdue else "not_late"] = where.now
    words, sought = await order_words.narrowing(tx, merchant_id, where.q)
    bound = {"merchant": merchant_id, "metadata_value": where.metadata_value, **values, **sought}
    page = await _LIST.page(tx, query, bound, [*values, *words])
    return SortedPage(rows=[stored_claim(row) async for row in in_turns(page.rows)], total=page.total)
