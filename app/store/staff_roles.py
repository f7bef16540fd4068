"""Roles that merchants have made themselves."""

from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, insert, select, update

from app import json_text
from app.records.staff import StaffRole
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import staff, staff_invitations, staff_roles

_c = staff_roles.c
_IS_ONE = and_(_c.merchant_id == bindparam("merchant"), _c.role == bindparam("named"))
_ALL = Statement(select(staff_roles).where(_c.merchant_id == bindparam("merchant")).order_by(_c.role))
_LOAD = Statement(select(staff_roles).where(_IS_ONE))
_INSERT = Statement(insert(staff_roles))
_CHANGE = Statement(
    update(staff_roles)
    .where(_IS_ONE)
    .values(scopes=bindparam("new_scopes"), updated_at=bindparam("at"))
    .returning(_c.role)
)
_DELETE = Statement(delete(staff_roles).where(_IS_ONE))
_IN_USE = Statement(
    select(
        exists(select(1).where(staff.c.merchant_id == bindparam("merchant"), staff.c.role == bindparam("named"))).label(
            "by_staff"
        ),
        exists(
            select(1).where(
                staff_invitations.c.merchant_id == bindparam("merchant"),
                staff_invitations.c.role == bindparam("named"),
                staff_invitations.c.accepted_at.is_(None),
                staff_invitations.c.revoked_at.is_(None),
                staff_invitations.c.expires_at > bindparam("now"),
            )
        ).label("by_invitations"),
    )
)


async def all_of(tx: Tx, merchant_id: str) -> list[StaffRole]:
    return [_role(row) for row in await tx.fetch(_ALL, {"merchant": merchant_id})]


async def load(tx: Tx, merchant_id: str, role: str) -> StaffRole | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "named": role})
    return None if row is None else _role(row)


async def put(tx: Tx, merchant_id: str, role: str, scopes: frozenset[str], now: datetime) -> None:
    """Add a role, or change its scopes. Raises IntegrityError when another transaction adds the role meanwhile."""
    text = json_text.dump(sorted(scopes))
    if not await tx.fetch(_CHANGE, {"merchant": merchant_id, "named": role, "new_scopes": text, "at": now}):
        row = {"merchant_id": merchant_id, "role": role, "scopes": text, "created_at": now, "updated_at": now}
        await tx.fetch(_INSERT, row)


async def remove(tx: Tx, merchant_id: str, role: str) -> None:
    await tx.fetch(_DELETE, {"merchant": merchant_id, "named": role})


async def is_in_use(tx: Tx, merchant_id: str, role: str, now: datetime) -> bool:
    """Whether a person has the role, or an open invitation gives it."""
    row = await tx.first(_IN_USE, {"merchant": merchant_id, "named": role, "now": now})
    return row is not None and bool(row.by_staff or row.by_invitations)


def _role(row: Row) -> StaffRole:
    return StaffRole(
        role=row.role,
        scopes=frozenset(json_text.load(row.scopes)),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
