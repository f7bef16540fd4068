"""The use cases of API keys: a key or the operator makes, rotates and revokes keys. Each change is in the audit trail.

A key makes keys of its own side alone, live or for tests, and gives them no scope that it does not have. It changes a
key only if it has all of that key's scopes: the new secret of a stronger key would give it more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.records.api_key import ApiKey, NewApiKey, RateLimit, Rotation, Scope
from app.records.audit_entry import AuditAction, AuditActor
from app.records.merchant import Mode
from app.service import audit
from app.service.callers import Caller, digest_of, new_token, prefix_of
from app.service.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.service.ids import new_id
from app.service.staff_roles import refuse_limited
from app.store import api_keys
from app.store.database import Tx

MOST_KEYS = 200
"""How many keys of one side may be neither revoked nor expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """Who changes keys of which side, and when. `owner_id` is the live merchant, and `side_id` the merchant that the
    keys reach: for tests, the test merchant."""

    owner_id: str
    side_id: str
    mode: Mode
    by: AuditActor
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMaker:
    """Who changes keys over the API, and when. `own` is the rate limit that the caller has, and `default` the one of a
    key without a limit of its own. None is no limit."""

    caller: Caller
    by: AuditActor
    now: datetime
    own: RateLimit | None
    default: RateLimit | None


async def create(tx: Tx, maker: KeyMaker, new: NewApiKey) -> tuple[ApiKey, str]:
    """The stored key, and the token, which is shown only once. A new key without a rate limit gets that of the maker.
    Raises ForbiddenError, ConflictError and InvalidError."""
    _refuse_stronger(maker.caller, new.scopes)
    await refuse_limited(tx, maker.caller, new.scopes)
    limited = replace(new, rate_limit=new.rate_limit or maker.caller.rate_limit)
    _refuse_faster(maker, limited.rate_limit)
    return await add(tx, await _change(tx, maker), limited)


async def rotate(tx: Tx, maker: KeyMaker, key_id: str, rotation: Rotation) -> tuple[ApiKey, str]:
    """The key that replaces a key, and its token. Raises NotFoundError, ForbiddenError, ConflictError and
    InvalidError."""
    key = await _require_changeable(tx, maker.caller, key_id)
    _refuse_faster(maker, key.rate_limit)
    if key.key_id != maker.caller.key_id:
        await refuse_limited(tx, maker.caller, key.scopes)
    return await replace_key(tx, await _change(tx, maker), key, rotation)


async def revoke(tx: Tx, maker: KeyMaker, key_id: str) -> ApiKey:
    """A key that is revoked already stays as it is. Raises NotFoundError and ForbiddenError."""
    key = await _require_changeable(tx, maker.caller, key_id)
    return await end(tx, await _change(tx, maker), key)


async def limit_rate(tx: Tx, maker: KeyMaker, key_id: str, rate_limit: RateLimit | None) -> ApiKey:
    """Change the rate limit of a key. Raises NotFoundError, ForbiddenError and ConflictError."""
    key = await _require_changeable(tx, maker.caller, key_id)
    _refuse_faster(maker, rate_limit)
    return await set_limit(tx, await _change(tx, maker), key, rate_limit)


async def read(tx: Tx, caller: Caller, key_id: str) -> ApiKey:
    """Raises NotFoundError."""
    key = await api_keys.load(tx, await _owner(tx, caller), caller.mode, key_id)
    if key is None:
        raise NotFoundError("api_key", key_id)
    return key


async def page(tx: Tx, caller: Caller, *, limit: int, after: tuple[datetime, str] | None) -> list[ApiKey]:
    """The keys of the caller's side, the newest first."""
    return await api_keys.page(tx, await _owner(tx, caller), caller.mode, limit=limit, after=after)


async def add(tx: Tx, change: KeyChange, new: NewApiKey, rotated_from: str | None = None) -> tuple[ApiKey, str]:
    if new.expires_at is not None and new.expires_at <= change.now:
        raise InvalidError("expires_in_past", field="expires_at")
    await api_keys.lock_merchant(tx, change.owner_id)
    if await api_keys.count_active(tx, change.owner_id, change.mode, change.now) >= MOST_KEYS:
        raise ConflictError("too_many_api_keys", limit=MOST_KEYS)
    token = new_token(change.owner_id, change.mode)
    key = ApiKey(
        merchant_id=change.owner_id,
        key_id=new_id(change.now),
        digest=digest_of(token),
        name=new.name,
        scopes=new.scopes,
        created_at=change.now,
        mode=change.mode,
        prefix=prefix_of(token),
        expires_at=new.expires_at,
        rotated_from=rotated_from,
        rate_limit=new.rate_limit,
    )
    await api_keys.add(tx, key)
    await _record(tx, change, AuditAction.API_KEY_CREATED, key.key_id, {}, _audited(key))
    return key, token


async def replace_key(tx: Tx, change: KeyChange, key: ApiKey, rotation: Rotation) -> tuple[ApiKey, str]:
    """`key` is locked. It works until the overlap has passed, and no longer than it would have worked anyway."""
    if not key.is_active(change.now):
        raise ConflictError("api_key_not_active", id=key.key_id)
    if successor := await api_keys.successor(tx, key):
        raise ConflictError("api_key_rotated", id=key.key_id, successor=successor)
    ends_at = change.now + rotation.overlap
    ending = replace(key, expires_at=ends_at if key.expires_at is None else min(key.expires_at, ends_at))
    await api_keys.save_end(tx, ending)
    await _record(tx, change, AuditAction.API_KEY_ROTATED, key.key_id, _ends(key), _ends(ending))
    new = NewApiKey(name=key.name, scopes=key.scopes, expires_at=rotation.expires_at, rate_limit=key.rate_limit)
    return await add(tx, change, new, rotated_from=key.key_id)


async def end(tx: Tx, change: KeyChange, key: ApiKey) -> ApiKey:
    """Revoke a key, which is locked."""
    if key.revoked_at is not None:
        return key
    revoked = replace(key, revoked_at=change.now)
    await api_keys.save_end(tx, revoked)
    await _record(tx, change, AuditAction.API_KEY_REVOKED, key.key_id, _ends(key), _ends(revoked))
    return revoked


async def set_limit(tx: Tx, change: KeyChange, key: ApiKey, rate_limit: RateLimit | None) -> ApiKey:
    """`key` is locked. The same limit again changes nothing."""
    if key.rate_limit == rate_limit:
        return key
    limited = replace(key, rate_limit=rate_limit)
    await api_keys.save_limit(tx, limited)
    await _record(tx, change, AuditAction.API_KEY_LIMITED, key.key_id, _limit_of(key), _limit_of(limited))
    return limited


async def _require_changeable(tx: Tx, caller: Caller, key_id: str) -> ApiKey:
    key = await api_keys.lock(tx, await _owner(tx, caller), caller.mode, key_id)
    if key is None:
        raise NotFoundError("api_key", key_id)
    _refuse_stronger(caller, key.scopes)
    return key


async def _change(tx: Tx, maker: KeyMaker) -> KeyChange:
    caller = maker.caller
    owner_id = await _owner(tx, caller)
    return KeyChange(owner_id=owner_id, side_id=caller.merchant_id, mode=caller.mode, by=maker.by, now=maker.now)


async def _owner(tx: Tx, caller: Caller) -> str:
    """The live merchant of the caller. Raises NotFoundError if the test side has just been erased."""
    if caller.mode is Mode.LIVE:
        return caller.merchant_id
    owner_id = await api_keys.live_merchant(tx, caller.merchant_id)
    if owner_id is None:
        raise NotFoundError("merchant", caller.merchant_id)
    return owner_id


def _refuse_stronger(caller: Caller, scopes: frozenset[str]) -> None:
    for scope in sorted(scopes):
        if not caller.may(Scope(scope)):
            raise ForbiddenError("scope_not_held", scope=scope)


def _refuse_faster(maker: KeyMaker, rate_limit: RateLimit | None) -> None:
    wanted, own = rate_limit or maker.default, maker.own
    if own is not None and (wanted is None or not wanted.is_within(own)):
        raise ConflictError("rate_limit_above_own", requests_per_minute=own.requests_per_minute, burst=own.burst)


async def _record(
    tx: Tx, change: KeyChange, action: AuditAction, key_id: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    await audit.record(
        tx,
        merchant_id=change.side_id,
        by=change.by,
        action=action,
        subject_id=key_id,
        changes=audit.changes_of(before, after),
        now=change.now,
    )


def _audited(key: ApiKey) -> Mapping[str, Any]:
    """The fields of a new key that the audit trail has."""
    fields = ("name", "mode", "scopes", "prefix", "expires_at", "rotated_from")
    return {**{name: getattr(key, name) for name in fields}, **_limit_of(key)}


def _limit_of(key: ApiKey) -> Mapping[str, Any]:
    limit = key.rate_limit
    return {"requests_per_minute": limit and limit.requests_per_minute, "burst": limit and limit.burst}


def _ends(key: ApiKey) -> Mapping[str, Any]:
    return {"expires_at": key.expires_at, "revoked_at": key.revoked_at}
