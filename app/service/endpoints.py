"""The use cases of endpoints: create, change, test, delete. A new secret is shown only once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.records.endpoint import Endpoint, StoredSecret
from app.service import endpoint_health as health
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError, StaleVersionError
from app.service.events.types import TEST, require_known
from app.service.ids import new_id
from app.store import api_keys, deliveries, endpoints
from app.store.database import Tx
from app.webhooks import addresses, signature
from app.webhooks.addresses import Reach
from app.webhooks.headers import check_headers
from app.webhooks.signature import Secret

ENDPOINTS_MAX = 50
"""The maximum number of endpoints of a merchant. Each event is a delivery to each endpoint."""
OLD_SECRET_SIGNS = timedelta(hours=24)
"""How long a replaced secret signs together with the new secret."""
SECRETS_MAX = 3
"""The present secret and the last two of the replaced ones. Each of them is a signature on every delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """The data of a new endpoint. With `ed25519` a signing key signs too, and its public key is shown."""

    url: str
    description: str | None
    types: tuple[str, ...]
    headers: Mapping[str, str]
    rate_limit: int | None
    paused: bool
    ed25519: bool


def signing_secrets(endpoint: Endpoint, at: datetime) -> list[Secret]:
    """The secrets that sign at an instant: the present secret, the last two replaced ones for a day, and the ed25519
    key."""
    live = [each.secret for each in endpoint.secrets if each.expires_at is None or at < each.expires_at][:SECRETS_MAX]
    return [Secret.parse(text) for text in (*live, *([endpoint.signing_key] if endpoint.signing_key else []))]


def public_key(endpoint: Endpoint) -> str | None:
    """The key `whpk_...` that verifies `v1a` signatures."""
    return Secret.parse(endpoint.signing_key).public if endpoint.signing_key else None


async def create(tx: Tx, caller: Caller, new: NewEndpoint, now: datetime, *, reach: Reach) -> tuple[Endpoint, str]:
    """The endpoint, and its secret, which is shown only once. Raises InvalidError, and ConflictError at the limit."""
    _check(new.url, new.types, new.headers, reach=reach)
    await api_keys.lock_merchant(tx, caller.merchant_id)
    if len(await endpoints.all_of(tx, caller.merchant_id)) >= ENDPOINTS_MAX:
        raise ConflictError("too_many_endpoints", limit=ENDPOINTS_MAX)
    secret = signature.new_secret().text
    endpoint = Endpoint(
        merchant_id=caller.merchant_id,
        endpoint_id=new_id(now),
        url=new.url,
        description=new.description,
        types=new.types,
        headers=dict(new.headers),
        secrets=(StoredSecret(secret=secret),),
        signing_key=signature.new_signing_key().text if new.ed25519 else None,
        rate_limit=new.rate_limit,
        paused=new.paused,
        created_at=now,
        updated_at=now,
    )
    await endpoints.add(tx, endpoint)
    return endpoint, secret


async def read(tx: Tx, caller: Caller, endpoint_id: str) -> Endpoint:
    endpoint = await endpoints.load(tx, caller.merchant_id, endpoint_id)
    if endpoint is None:
        raise NotFoundError("endpoint", endpoint_id)
    return endpoint


async def take(tx: Tx, caller: Caller, endpoint_id: str) -> Endpoint:
    """The endpoint, locked: until the end of the transaction nobody changes or deletes it. Raises NotFoundError."""
    endpoint = await endpoints.take(tx, caller.merchant_id, endpoint_id)
    if endpoint is None:
        raise NotFoundError("endpoint", endpoint_id)
    return endpoint


async def listed(tx: Tx, caller: Caller) -> list[Endpoint]:
    """The endpoints in the order of their creation."""
    return await endpoints.all_of(tx, caller.merchant_id)


async def change(
    tx: Tx,
    caller: Caller,
    endpoint_id: str,
    changes: Mapping[str, Any],
    now: datetime,
    *,
    version: int | None,
    reach: Reach,
) -> Endpoint:
    """Change fields of an endpoint. `disabled` can only be False: it enables the endpoint as if it were new."""
    before = await _at_version(tx, caller, endpoint_id, version)
    fields = {name: value for name, value in changes.items() if name != "disabled"}
    after = replace(before, **fields)
    _check(after.url, after.types, after.headers, reach=reach)
    if "disabled" in changes:
        await endpoints.enable(tx, before)
        missed_from_at = before.missed_from_at or before.disabled_at
        after = replace(after, failing_since=None, warned_at=None, disabled_at=None, disabled_reason=None)
        after = replace(after, missed_from_at=missed_from_at)
    return await _save(tx, after, now)


async def rotate_secret(tx: Tx, caller: Caller, endpoint_id: str, now: datetime) -> tuple[Endpoint, str]:
    """The endpoint and its new secret, which is shown only once. The old secret signs for another day, unless two
    newer secrets replace it before."""
    endpoint = await take(tx, caller, endpoint_id)
    secret = signature.new_secret().text
    old_secrets = tuple(
        replace(old, expires_at=old.expires_at or now + OLD_SECRET_SIGNS)
        for old in endpoint.secrets
        if old.expires_at is None or old.expires_at > now
    )
    rotated = replace(endpoint, secrets=(StoredSecret(secret=secret), *old_secrets)[:SECRETS_MAX])
    return await _save(tx, rotated, now), secret


async def remove(tx: Tx, caller: Caller, endpoint_id: str, now: datetime, *, version: int | None) -> Endpoint:
    """Remove an endpoint: no more deliveries, no secrets. The record of its deliveries is kept. The worker cancels what
    is pending beyond one batch."""
    endpoint = await _at_version(tx, caller, endpoint_id, version)
    removed = await _save(tx, replace(endpoint, secrets=(), signing_key=None, headers={}, deleted_at=now), now)
    await deliveries.cancel(tx, caller.merchant_id, endpoint_id)
    return removed


async def test(tx: Tx, caller: Caller, endpoint_id: str, now: datetime) -> str:
    """Send a test event to an endpoint. Returns the id of the event."""
    endpoint = await read(tx, caller, endpoint_id)
    if endpoint.paused or endpoint.disabled_at is not None:
        raise ConflictError("endpoint_not_sending")
    return await health.publish(tx, endpoint, TEST, now)


async def _at_version(tx: Tx, caller: Caller, endpoint_id: str, version: int | None) -> Endpoint:
    endpoint = await take(tx, caller, endpoint_id)
    if version is not None and version != endpoint.version:
        raise StaleVersionError(resource="endpoint", id=endpoint_id, version=endpoint.version, expected=version)
    return endpoint


async def _save(tx: Tx, endpoint: Endpoint, now: datetime) -> Endpoint:
    saved = replace(endpoint, version=endpoint.version + 1, updated_at=now)
    if not await endpoints.save(tx, saved, seen=endpoint.version):
        raise StaleVersionError(resource="endpoint", id=endpoint.endpoint_id)
    return saved


def _check(url: str, types: tuple[str, ...], headers: Mapping[str, str], *, reach: Reach) -> None:
    if violation := addresses.check_url(url, allow_private=reach.allow_private, ports=reach.ports):
        raise InvalidError("url_not_allowed", complaint=violation, field="url")
    if violation := check_headers(headers):
        raise InvalidError("headers_not_allowed", complaint=violation, field="headers")
    require_known(types)
