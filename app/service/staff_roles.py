"""Roles: named sets of scopes. Some are built in, and a merchant can make others.

Nobody gives what they do not have: a role is given, changed and taken away only by a caller who has all of its scopes.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from app.records.api_key import Scope
from app.records.audit_entry import AuditAction, AuditActor
from app.records.staff import StaffRole
from app.service import audit
from app.service.callers import Caller
from app.service.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.store import api_keys, authority, staff_roles
from app.store.database import Tx

OWNER = "owner"
MOST_ROLES = 50
_UNBOUND = frozenset({Scope.ADMIN, Scope.CLAIMS_DECIDE, Scope.STAFF_WRITE})
"""Who has one of these decides, or sets the limits of others."""

_READS_CLAIMS = {Scope.ORDERS_READ, Scope.CLAIMS_READ, Scope.REFUNDS_READ, Scope.POLICIES_READ, Scope.MESSAGES_READ}
_CLERK = _READS_CLAIMS | {
    Scope.CLAIMS_WRITE,
    Scope.CLAIMS_DECIDE,
    Scope.MESSAGES_WRITE,
    Scope.BUYER_LINKS_WRITE,
    Scope.EVENTS_READ,
}
_MANAGER = _CLERK | {
    Scope.ORDERS_WRITE,
    Scope.CLAIMS_OVERRIDE,
    Scope.REFUNDS_WRITE,
    Scope.POLICIES_WRITE,
    Scope.WEBHOOKS_READ,
    Scope.STAFF_READ,
    Scope.REPORTS_READ,
}
BUILT_IN: Mapping[str, frozenset[Scope]] = {
    OWNER: frozenset(Scope) - {Scope.ADMIN, Scope.METRICS_READ},
    "manager": frozenset(_MANAGER),
    "clerk": frozenset(_CLERK),
    "warehouse": frozenset(
        {Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.CLAIMS_READ, Scope.CLAIMS_WRITE, Scope.CLAIMS_DECIDE}
    ),
    "accounting": frozenset(_READS_CLAIMS | {Scope.REFUNDS_WRITE, Scope.EVENTS_READ, Scope.REPORTS_READ}),
}
"""`admin` and `metrics:read` reach beyond one merchant, so no built-in role has them."""


async def list_roles(tx: Tx, caller: Caller) -> list[StaffRole]:
    """The built-in roles, and then the merchant's own by name."""
    own = await staff_roles.all_of(tx, caller.merchant_id)
    return [*(StaffRole(role=name, scopes=scopes) for name, scopes in BUILT_IN.items()), *own]


async def role_of(tx: Tx, merchant_id: str, name: str) -> StaffRole:
    """Raises InvalidError for a role that the merchant does not have."""
    built_in = BUILT_IN.get(name)
    if built_in is not None:
        return StaffRole(role=name, scopes=built_in)
    own = await staff_roles.load(tx, merchant_id, name)
    if own is None:
        raise InvalidError("unknown_role", field="role", role=name)
    return own


async def put_role(
    tx: Tx, caller: Caller, by: AuditActor, name: str, scopes: frozenset[Scope], now: datetime
) -> StaffRole:  # fmt: skip
    """Make a role, or change its scopes: at once for everybody who has it. Raises ConflictError for a built-in role and
    above MOST_ROLES, and ForbiddenError for a scope that the caller does not have or may not give."""
    _refuse_built_in(name)
    await api_keys.lock_merchant(tx, caller.merchant_id)
    before = await staff_roles.load(tx, caller.merchant_id, name)
    refuse_giving(caller, {*scopes, *(before.scopes if before else ())})
    if before is not None:
        await refuse_limited(tx, caller, scopes - before.scopes)
    if before is None and len(await staff_roles.all_of(tx, caller.merchant_id)) >= MOST_ROLES:
        raise ConflictError("too_many_roles", limit=MOST_ROLES)
    await staff_roles.put(tx, caller.merchant_id, name, frozenset(scopes), now)
    await audit.record(
        tx,
        merchant_id=caller.merchant_id,
        by=by,
        action=AuditAction.STAFF_ROLE_CHANGED if before else AuditAction.STAFF_ROLE_CREATED,
        subject_id=name,
        changes=audit.changes_of(_audited(before), {"scopes": sorted(scopes)}),
        now=now,
    )
    created_at = before.created_at if before else now
    return StaffRole(role=name, scopes=frozenset(scopes), created_at=created_at, updated_at=now)


async def delete_role(tx: Tx, caller: Caller, by: AuditActor, name: str, now: datetime) -> StaffRole:
    """Raises NotFoundError, and ConflictError for a role that somebody has or is invited to."""
    _refuse_built_in(name)
    await api_keys.lock_merchant(tx, caller.merchant_id)  # nobody gets the role meanwhile
    role = await staff_roles.load(tx, caller.merchant_id, name)
    if role is None:
        raise NotFoundError("staff_role", name)
    refuse_giving(caller, role.scopes)
    if await staff_roles.is_in_use(tx, caller.merchant_id, name, now):
        raise ConflictError("role_in_use", role=name)
    await staff_roles.remove(tx, caller.merchant_id, name)
    await audit.record(
        tx,
        merchant_id=caller.merchant_id,
        by=by,
        action=AuditAction.STAFF_ROLE_DELETED,
        subject_id=name,
        changes=audit.changes_of(_audited(role), {}),
        now=now,
    )
    return role


def refuse_giving(caller: Caller, scopes: Iterable[str]) -> None:
    """Raises ForbiddenError for a scope that the caller does not have."""
    for scope in sorted(scopes):
        if not caller.may(Scope(scope)):
            raise ForbiddenError("scope_not_held", scope=scope)


async def refuse_limited(tx: Tx, caller: Caller, scopes: Collection[str]) -> None:
    """Whoever has a limit of authority gives nobody a key or an account with one of these scopes: with a second one of
    their own, they would decide without the limit, approve what they may not, or lift the limit. Raises
    ForbiddenError."""
    who = caller.authority
    if who is None or _UNBOUND.isdisjoint(scopes):
        return
    if await authority.that_hold(tx, caller.merchant_id, who):
        raise ForbiddenError("authority_is_limited")


def _refuse_built_in(name: str) -> None:
    if name in BUILT_IN:
        raise ConflictError("role_is_built_in", role=name)


def _audited(role: StaffRole | None) -> Mapping[str, list[str]]:
    return {"scopes": sorted(role.scopes)} if role else {}
