"""The use cases of merchants and their API keys. Each change of a key is in the audit trail."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.records.api_key import ApiKey, Scope
from app.records.audit_entry import AuditAction, AuditActor
from app.records.merchant import Merchant, Mode
from app.service import audit
from app.service.callers import digest_of, new_token
from app.service.errors import NotFoundError
from app.service.ids import new_id
from app.service.test_mode import require_test_merchant
from app.store import api_keys, feed
from app.store.database import Tx


async def create_merchant(tx: Tx, *, name: str, policy: str, now: datetime) -> Merchant:
    merchant = Merchant(merchant_id=new_id(now), name=name, policy=policy, created_at=now)
    await api_keys.add_merchant(tx, merchant)
    await feed.begin(tx, merchant.merchant_id, now)
    return merchant


async def create_key(
    tx: Tx,
    *,
    merchant_id: str,
    name: str,
    scopes: frozenset[Scope],
    by: AuditActor,
    now: datetime,
    mode: Mode = Mode.LIVE,
) -> tuple[ApiKey, str]:
    """The stored key, and the token, which is shown only once. The merchant is a live one, and a key for tests reaches
    its test side, which is made if there is none. Raises NotFoundError."""
    merchant = await api_keys.merchant(tx, merchant_id)
    if merchant is None or merchant.mode is Mode.TEST:
        raise NotFoundError("merchant", merchant_id)
    side = await _side(tx, merchant_id, mode, now)
    token = new_token(merchant_id, mode)
    key = ApiKey(
        merchant_id=merchant_id,
        key_id=new_id(now),
        digest=digest_of(token),
        name=name,
        scopes=frozenset(scopes),
        created_at=now,
        mode=mode,
    )
    await api_keys.add(tx, key)
    await audit.record(
        tx,
        merchant_id=side,
        by=by,
        action=AuditAction.API_KEY_CREATED,
        subject_id=key.key_id,
        changes=audit.changes_of({}, _audited(key)),
        now=now,
    )
    return key, token


async def revoke_key(tx: Tx, *, key_id: str, by: AuditActor, now: datetime) -> None:
    """Raises NotFoundError, also for a key that is revoked already."""
    key = await api_keys.revoke(tx, key_id, now)
    if key is None:
        raise NotFoundError("api_key", key_id)
    await audit.record(
        tx,
        merchant_id=await _side(tx, key.merchant_id, key.mode, now),
        by=by,
        action=AuditAction.API_KEY_REVOKED,
        subject_id=key_id,
        changes=audit.changes_of({"revoked_at": None}, {"revoked_at": now}),
        now=now,
    )


async def _side(tx: Tx, merchant_id: str, mode: Mode, now: datetime) -> str:
    """The merchant that a key of this mode reaches."""
    return merchant_id if mode is Mode.LIVE else await require_test_merchant(tx, merchant_id, now)


def _audited(key: ApiKey) -> Mapping[str, Any]:
    """The fields of a key that the audit trail has."""
    return {"name": key.name, "mode": key.mode, "scopes": key.scopes}
