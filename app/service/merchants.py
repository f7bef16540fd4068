"""What the operator does: makes merchants, and makes, rotates, limits and revokes the keys of any merchant."""

from datetime import datetime

from app.records.api_key import ApiKey, NewApiKey, RateLimit, Rotation
from app.records.audit_entry import AuditActor
from app.records.merchant import Merchant, Mode
from app.service.api_keys import KeyChange, add, end, replace_key, set_limit
from app.service.errors import NotFoundError
from app.service.ids import new_id
from app.service.test_mode import require_test_merchant
from app.store import api_keys, feed, report_changes
from app.store.database import Tx


async def create_merchant(tx: Tx, *, name: str, policy: str, now: datetime) -> Merchant:
    merchant = Merchant(merchant_id=new_id(now), name=name, policy=policy, created_at=now)
    await api_keys.add_merchant(tx, merchant)
    await feed.begin(tx, merchant.merchant_id, now)
    await report_changes.begin(tx, merchant.merchant_id, now)
    return merchant


async def create_key(
    tx: Tx, *, merchant_id: str, new: NewApiKey, by: AuditActor, now: datetime, mode: Mode = Mode.LIVE
) -> tuple[ApiKey, str]:
    """The stored key, and the token, which is shown only once. The merchant is a live one, and a key for tests reaches
    its test side, which is made if there is none. Raises NotFoundError and InvalidError."""
    merchant = await api_keys.merchant(tx, merchant_id)
    if merchant is None or merchant.mode is Mode.TEST:
        raise NotFoundError("merchant", merchant_id)
    return await add(tx, await _change(tx, merchant_id, mode, by, now), new)


async def rotate_key(tx: Tx, *, key_id: str, rotation: Rotation, by: AuditActor, now: datetime) -> tuple[ApiKey, str]:
    """The key that replaces a key, and its token. Raises NotFoundError, ConflictError and InvalidError."""
    key = await _locked(tx, key_id)
    return await replace_key(tx, await _change(tx, key.merchant_id, key.mode, by, now), key, rotation)


async def revoke_key(tx: Tx, *, key_id: str, by: AuditActor, now: datetime) -> ApiKey:
    """A key that is revoked already stays as it is. Raises NotFoundError."""
    key = await _locked(tx, key_id)
    return await end(tx, await _change(tx, key.merchant_id, key.mode, by, now), key)


async def limit_key(tx: Tx, *, key_id: str, rate_limit: RateLimit | None, by: AuditActor, now: datetime) -> ApiKey:
    """Change the rate limit of a key. None is the limit of the service. Raises NotFoundError."""
    key = await _locked(tx, key_id)
    return await set_limit(tx, await _change(tx, key.merchant_id, key.mode, by, now), key, rate_limit)


async def _locked(tx: Tx, key_id: str) -> ApiKey:
    found = await api_keys.by_id(tx, key_id)
    key = await api_keys.lock(tx, found.merchant_id, found.mode, key_id) if found else None
    if key is None:
        raise NotFoundError("api_key", key_id)
    return key


async def _change(tx: Tx, merchant_id: str, mode: Mode, by: AuditActor, now: datetime) -> KeyChange:
    side = merchant_id if mode is Mode.LIVE else await require_test_merchant(tx, merchant_id, now)
    return KeyChange(owner_id=merchant_id, side_id=side, mode=mode, by=by, now=now)
