"""What the commands about keys do on the configured database."""

from pkgutil import resolve_name

from app import clock
from app.cli.database import operator_actor, run
from app.records.api_key import ApiKey, NewApiKey, RateLimit, Rotation
from app.records.merchant import Mode
from app.service import merchants
from app.store import api_keys
from app.store.database import Tx


def create_key(
    *, new: NewApiKey, merchant: str | None, merchant_name: str, policy: str, mode: Mode
) -> tuple[str, str, str]:
    """Create a key, and a merchant if none is named. Return the merchant's id, the key's id and the key."""

    async def work(tx: Tx) -> tuple[str, str, str]:
        now = clock.now()
        owner = merchant
        if owner is None:
            resolve_name("app.service.policies:pinned_preset")(policy)
            owner = (await merchants.create_merchant(tx, name=merchant_name, policy=policy, now=now)).merchant_id
        key, token = await merchants.create_key(tx, merchant_id=owner, new=new, by=operator_actor(), now=now, mode=mode)
        return owner, key.key_id, token

    return run(work)


def print_keys() -> None:
    stored = run(api_keys.all_keys)
    print(f"{'key id':<36}  {'merchant':<36}  {'mode':<4}  {'state':<24}  {'last used':<16}  name and scopes")
    for key in stored:
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
        print(
            f"{key.key_id}  {key.merchant_id}  {key.mode:<4}  {_state(key):<24}  {used:<16}  {key.name}"
            f"  {' '.join(sorted(key.scopes))}"
        )


def rotate_key(key_id: str, rotation: Rotation) -> tuple[str, str]:
    """Return the id of the new key, and the key."""

    async def work(tx: Tx) -> tuple[str, str]:
        key, token = await merchants.rotate_key(
            tx, key_id=key_id, rotation=rotation, by=operator_actor(), now=clock.now()
        )
        return key.key_id, token

    return run(work)


def revoke_key(key_id: str) -> None:
    run(lambda tx: merchants.revoke_key(tx, key_id=key_id, by=operator_actor(), now=clock.now()))


def limit_key(key_id: str, rate_limit: RateLimit | None) -> None:
    run(lambda tx: merchants.limit_key(tx, key_id=key_id, rate_limit=rate_limit, by=operator_actor(), now=clock.now()))


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
    if key.expires_at:
        verb = "expires" if key.is_active(clock.now()) else "expired"
        return f"{verb} {key.expires_at:%Y-%m-%d %H:%M}"
    return "in use"
