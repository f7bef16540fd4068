"""Access of buyers to their orders. Only the digest of a token is stored, so a token can be shown once."""

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, insert, literal, or_, select, tuple_, update

from app.records.buyer_access import AccessKind, BuyerAccess, OpenAccess
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import buyer_access as access
from app.store.tables import buyers

LISTED = 100
"""How many links a list has at most."""
PURGED_AT_ONCE = 1_000

_FIELDS = tuple(BuyerAccess.__slots__)
_COLUMNS = [access.c[name] for name in _FIELDS]
_KEY = and_(access.c.merchant_id == bindparam("merchant"), access.c.access_id == bindparam("access"))
_OF_ORDER = and_(access.c.merchant_id == bindparam("merchant"), access.c.order_id == bindparam("order"))
_LINK = access.alias("link")
_IN_FORCE = and_(
    access.c.ended_at.is_(None),
    access.c.expires_at > bindparam("now"),
    or_(access.c.idle_by.is_(None), access.c.idle_by > bindparam("now")),
)
_INSERT = Statement(insert(access))
_FIND = Statement(
    select(*_COLUMNS, buyers.c.language)
    .select_from(
        access.outerjoin(
            _LINK, and_(_LINK.c.merchant_id == access.c.merchant_id, _LINK.c.access_id == access.c.opened_by)
        ).outerjoin(buyers, and_(buyers.c.merchant_id == access.c.merchant_id, buyers.c.order_id == access.c.order_id))
    )
    .where(
        access.c.merchant_id == bindparam("merchant"),
        access.c.digest == bindparam("digest"),
        _IN_FORCE,
        _LINK.c.ended_at.is_(None),  # the end of a link ends its session, also one that was opened at the same time
    )
)
_USE = Statement(
    update(access)
    .where(
        access.c.merchant_id == bindparam("merchant"),
        access.c.digest == bindparam("digest"),
        access.c.kind == literal(AccessKind.LINK.value),
        access.c.used_at.is_(None),
        access.c.ended_at.is_(None),
        access.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("at"))
    .returning(*_COLUMNS)
)
_STAY = Statement(update(access).where(_KEY).values(idle_by=bindparam("until")))
_END = Statement(
    update(access).where(_KEY, access.c.ended_at.is_(None)).values(ended_at=bindparam("at")).returning(*_COLUMNS)
)
_END_LINK = Statement(
    update(access)
    .where(
        _OF_ORDER,
        or_(access.c.access_id == bindparam("access"), access.c.opened_by == bindparam("access")),
        access.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)
_END_ALL = Statement(update(access).where(_OF_ORDER, access.c.ended_at.is_(None)).values(ended_at=bindparam("at")))
_LINKS = select(*_COLUMNS).where(_OF_ORDER, access.c.kind == literal(AccessKind.LINK.value))
_LOAD_LINK = Statement(_LINKS.where(access.c.access_id == bindparam("access")))
_LIST = Statement(_LINKS.order_by(access.c.access_id.desc()).limit(LISTED))
_EXPIRED = (
    select(access.c.merchant_id, access.c.access_id)
    .where(access.c.expires_at < bindparam("before"))
    .order_by(access.c.expires_at)
    .limit(PURGED_AT_ONCE)
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_PURGE = Statement(
    delete(access)
    .where(tuple_(access.c.merchant_id, access.c.access_id).in_(select(_EXPIRED.c.merchant_id, _EXPIRED.c.access_id)))
    .returning(literal(1).label("purged"))
)


async def add(tx: Tx, merchant_id: str, new: BuyerAccess) -> None:
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **{name: getattr(new, name) for name in _FIELDS}})


async def find(tx: Tx, merchant_id: str, digest: str, now: datetime) -> OpenAccess | None:
    """The access with this digest, if it is in force at the instant."""
    row = await tx.first(_FIND, {"merchant": merchant_id, "digest": digest, "now": now})
    return None if row is None else OpenAccess(access=_access(row), language=row.language)


async def use_link(tx: Tx, merchant_id: str, digest: str, now: datetime) -> BuyerAccess | None:
    """Use up the link with this digest. None if it is no link in force, or if it was used before: of transactions that
    run at once, one gets the link."""
    row = await tx.first(_USE, {"merchant": merchant_id, "digest": digest, "now": now, "at": now})
    return None if row is None else _access(row)


async def stay(tx: Tx, merchant_id: str, access_id: str, until: datetime) -> None:
    """Move the end of a session that nobody uses."""
    await tx.fetch(_STAY, {"merchant": merchant_id, "access": access_id, "until": until})


async def end(tx: Tx, merchant_id: str, access_id: str, now: datetime) -> BuyerAccess | None:
    """None if it has ended before."""
    row = await tx.first(_END, {"merchant": merchant_id, "access": access_id, "at": now})
    return None if row is None else _access(row)


async def end_link(tx: Tx, merchant_id: str, order_id: str, link_id: str, now: datetime) -> None:
    """End a link and the session that it has opened."""
    await tx.fetch(_END_LINK, {"merchant": merchant_id, "order": order_id, "access": link_id, "at": now})


async def end_all(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> None:
    """End every link, session and token of an order."""
    await tx.fetch(_END_ALL, {"merchant": merchant_id, "order": order_id, "at": now})


async def load_link(tx: Tx, merchant_id: str, order_id: str, link_id: str) -> BuyerAccess | None:
    row = await tx.first(_LOAD_LINK, {"merchant": merchant_id, "order": order_id, "access": link_id})
    return None if row is None else _access(row)


async def links_of(tx: Tx, merchant_id: str, order_id: str) -> list[BuyerAccess]:
    """The newest link comes first. At most LISTED."""
    return [_access(row) for row in await tx.fetch(_LIST, {"merchant": merchant_id, "order": order_id})]


async def purge(tx: Tx, before: datetime) -> int:
    """Delete access that has expired before an instant, the oldest first, at most PURGED_AT_ONCE. Returns how many."""
    return len(await tx.fetch(_PURGE, {"before": before}))


def _access(row: Row) -> BuyerAccess:
    values = {name: getattr(row, name) for name in _FIELDS}
    return BuyerAccess(**{**values, "kind": AccessKind(row.kind)})
