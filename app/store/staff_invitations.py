"""Invitations to a merchant's staff. Only the digest of a token is stored."""

from datetime import datetime

from sqlalchemy import and_, bindparam, insert, select, update

from app.records.staff import StaffInvitation
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import staff_invitations

LISTED = 100
"""How many invitations a list has at most."""

_c = staff_invitations.c
_FIELDS = tuple(column.name for column in _c)
_IS_ONE = and_(_c.merchant_id == bindparam("merchant"), _c.invitation_id == bindparam("invitation"))
_OPEN = and_(_c.accepted_at.is_(None), _c.revoked_at.is_(None))
_INSERT = Statement(insert(staff_invitations))
_LIST = Statement(
    select(staff_invitations)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(_c.invitation_id.desc())
    .limit(LISTED)
)
_LOAD = Statement(select(staff_invitations).where(_IS_ONE))
_FIND = Statement(
    select(staff_invitations).where(
        _c.merchant_id == bindparam("merchant"),
        _c.digest == bindparam("of"),
        _OPEN,
        _c.expires_at > bindparam("now"),
    )
)
_ACCEPT = Statement(
    update(staff_invitations)
    .where(_IS_ONE, _OPEN)
    .values(accepted_at=bindparam("at"), staff_id=bindparam("person"))
    .returning(_c.invitation_id)
)
_REVOKE = Statement(update(staff_invitations).where(_IS_ONE, _OPEN).values(revoked_at=bindparam("at")).returning(*_c))
_REVOKE_EARLIER = Statement(
    update(staff_invitations)
    .where(
        _c.merchant_id == bindparam("merchant"),
        _c.email == bindparam("address"),
        _OPEN,
        _c.expires_at > bindparam("at", type_=_c.expires_at.type),
    )
    .values(revoked_at=bindparam("at", type_=_c.revoked_at.type))
    .returning(*_c)
)
_RENEW = Statement(update(staff_invitations).where(_IS_ONE, _OPEN).values(digest=bindparam("new")).returning(*_c))


async def add(tx: Tx, invitation: StaffInvitation) -> None:
    await tx.fetch(_INSERT, {name: getattr(invitation, name) for name in _FIELDS})


async def latest(tx: Tx, merchant_id: str) -> list[StaffInvitation]:
    """The newest invitation comes first. At most LISTED."""
    return [_invitation(row) for row in await tx.fetch(_LIST, {"merchant": merchant_id})]


async def load(tx: Tx, merchant_id: str, invitation_id: str) -> StaffInvitation | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "invitation": invitation_id})
    return None if row is None else _invitation(row)


async def find(tx: Tx, merchant_id: str, digest: str, now: datetime) -> StaffInvitation | None:
    """The invitation with this digest, if it is open at the instant."""
    row = await tx.first(_FIND, {"merchant": merchant_id, "of": digest, "now": now})
    return None if row is None else _invitation(row)


async def accept(tx: Tx, invitation: StaffInvitation, staff_id: str, now: datetime) -> bool:
    """False if it has ended: of transactions that run at once, one accepts."""
    key = {"merchant": invitation.merchant_id, "invitation": invitation.invitation_id}
    return bool(await tx.fetch(_ACCEPT, {**key, "person": staff_id, "at": now}))


async def revoke(tx: Tx, merchant_id: str, invitation_id: str, now: datetime) -> StaffInvitation | None:
    """None if it has ended before."""
    row = await tx.first(_REVOKE, {"merchant": merchant_id, "invitation": invitation_id, "at": now})
    return None if row is None else _invitation(row)


async def revoke_earlier(tx: Tx, merchant_id: str, email: str, now: datetime) -> list[StaffInvitation]:
    """End the open invitations of an address that have not expired."""
    ended = await tx.fetch(_REVOKE_EARLIER, {"merchant": merchant_id, "address": email, "at": now})
    return [_invitation(row) for row in ended]


async def renew(tx: Tx, merchant_id: str, invitation_id: str, digest: str) -> StaffInvitation | None:
    """Give an open invitation a new token. None if it has ended."""
    row = await tx.first(_RENEW, {"merchant": merchant_id, "invitation": invitation_id, "new": digest})
    return None if row is None else _invitation(row)


def _invitation(row: Row) -> StaffInvitation:
    return StaffInvitation(**{name: getattr(row, name) for name in _FIELDS})
