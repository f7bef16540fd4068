"""Sessions of a merchant's staff. Only the digest of a token is stored."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, insert, literal, select, tuple_, update

from app import json_text
from app.records.staff import Staff, StaffRole, StaffSession
from app.store import staff as people
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import staff, staff_roles, staff_sessions

LISTED = 200
"""How many sessions a list has at most."""
PURGED_AT_ONCE = 1_000

_c = staff_sessions.c
_FIELDS = tuple(column.name for column in _c)
_IS_ONE = and_(_c.merchant_id == bindparam("merchant"), _c.session_id == bindparam("session"))
_IS_OPEN = and_(_c.ended_at.is_(None), _c.ends_at > bindparam("now"), _c.seen_at > bindparam("seen_after"))
_INSERT = Statement(insert(staff_sessions))
_PERSON = tuple(column.label(f"person_{column.name}") for column in staff.c)
_FIND = Statement(
    select(*_c, *_PERSON, staff_roles.c.scopes.label("role_scopes"))
    .select_from(
        staff_sessions.join(
            staff, and_(staff.c.merchant_id == _c.merchant_id, staff.c.staff_id == _c.staff_id)
        ).outerjoin(
            staff_roles,
            and_(staff_roles.c.merchant_id == staff.c.merchant_id, staff_roles.c.role == staff.c.role),
        )
    )
    .where(
        _c.merchant_id == bindparam("merchant"),
        _c.digest == bindparam("of"),
        _IS_OPEN,
        staff.c.disabled_at.is_(None),
    )
)
_LOAD = Statement(select(staff_sessions).where(_IS_ONE))
_SEE = Statement(update(staff_sessions).where(_IS_ONE, _c.seen_at < bindparam("at")).values(seen_at=bindparam("at")))
_END = Statement(
    update(staff_sessions).where(_IS_ONE, _c.ended_at.is_(None)).values(ended_at=bindparam("at")).returning(*_c)
)
_END_ALL = Statement(
    update(staff_sessions)
    .where(
        _c.merchant_id == bindparam("merchant"),
        _c.staff_id == bindparam("person"),
        _c.ended_at.is_(None),
        _c.session_id != bindparam("but"),
    )
    .values(ended_at=bindparam("at"))
    .returning(_c.session_id)
)
_OPEN_ONES = Listing(
    select(staff_sessions)
    .where(_c.merchant_id == bindparam("merchant"), _IS_OPEN)
    .order_by(_c.session_id.desc())
    .limit(LISTED),
    {"person": _c.staff_id == bindparam("person")},
)
_EXPIRED = (
    select(_c.merchant_id, _c.session_id)
    .where(_c.ends_at < bindparam("before"))
    .order_by(_c.ends_at)
    .limit(PURGED_AT_ONCE)
    .with_for_update(skip_locked=True)
    .cte("expired")
)
_PURGE = Statement(
    delete(staff_sessions)
    .where(tuple_(_c.merchant_id, _c.session_id).in_(select(_EXPIRED.c.merchant_id, _EXPIRED.c.session_id)))
    .returning(literal(1).label("purged"))
)


async def add(tx: Tx, session: StaffSession) -> None:
    await tx.fetch(_INSERT, {name: getattr(session, name) for name in _FIELDS})


async def find(
    tx: Tx, merchant_id: str, digest: str, now: datetime, *, seen_after: datetime
) -> tuple[StaffSession, Staff, StaffRole | None] | None:
    """The open session with this digest, its person, and the person's role if the merchant has made the role."""
    row = await tx.first(_FIND, {"merchant": merchant_id, "of": digest, "now": now, "seen_after": seen_after})
    if row is None:
        return None
    person = people.of_row(tx, {column.name: getattr(row, f"person_{column.name}") for column in staff.c})
    made = None if row.role_scopes is None else frozenset(json_text.load(row.role_scopes))
    return _session(row), person, None if made is None else StaffRole(role=person.role, scopes=made)


async def load(tx: Tx, merchant_id: str, session_id: str) -> StaffSession | None:
    """An open session or one that has ended."""
    row = await tx.first(_LOAD, {"merchant": merchant_id, "session": session_id})
    return None if row is None else _session(row)


async def see(tx: Tx, session: StaffSession, now: datetime) -> None:
    await tx.fetch(_SEE, {"merchant": session.merchant_id, "session": session.session_id, "at": now})


async def end(tx: Tx, merchant_id: str, session_id: str, now: datetime) -> StaffSession | None:
    """None if it has ended before."""
    row = await tx.first(_END, {"merchant": merchant_id, "session": session_id, "at": now})
    return None if row is None else _session(row)


async def end_all(tx: Tx, merchant_id: str, staff_id: str, now: datetime, *, but: str = "") -> Sequence[str]:
    """End the sessions of a person, but one. Returns their ids."""
    key = {"merchant": merchant_id, "person": staff_id, "at": now, "but": but}
    return [row.session_id for row in await tx.fetch(_END_ALL, key)]


async def open_ones(
    tx: Tx, merchant_id: str, now: datetime, *, seen_after: datetime, staff_id: str | None
) -> list[StaffSession]:
    """The newest session comes first. At most LISTED."""
    where = {} if staff_id is None else {"person": staff_id}
    values = {"merchant": merchant_id, "now": now, "seen_after": seen_after, **where}
    return [_session(row) for row in await tx.fetch(_OPEN_ONES.narrowed(where), values)]


async def purge(tx: Tx, before: datetime) -> int:
    """Delete sessions that ended before an instant, the oldest first, at most PURGED_AT_ONCE. Returns how many."""
    return len(await tx.fetch(_PURGE, {"before": before}))


def _session(row: Row) -> StaffSession:
    return StaffSession(**{name: getattr(row, name) for name in _FIELDS})
