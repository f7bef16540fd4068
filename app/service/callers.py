"""API keys: the caller of a request and the caller's scopes.

The form of a key is `rk_<merchant>_<secret>`, and `rk_test_<merchant>_<secret>` for the test side of the merchant. The
secret has 256 random bits, so a plain SHA-256 is enough at rest. The key has the id of the live merchant, so that every
look-up begins with the id, and that a key for tests outlives the data of the test side.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.clock import Elapsed, elapsed
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.records.api_key import ApiKey, RateLimit, Scope
from app.records.audit_entry import AuditActor, AuditActorKind
from app.records.authority import Authority, HolderKind
from app.records.merchant import Mode
from app.records.merchant_clock import MerchantClock
from app.store import api_keys
from app.store.database import Database
from app.store.memo import Memo


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One authenticated key, a person of the merchant's staff, or a buyer. `order_id` is the one order that a buyer
    reaches. It is None for a key and for staff, who reach every order of the merchant. `clock` is the clock of a test
    merchant. For staff, `key_id` is the id of the session, and `role` the role that the scopes are of."""

    merchant_id: str
    key_id: str
    name: str
    scopes: frozenset[str]
    order_id: str | None = None
    clock: MerchantClock | None = None
    staff_id: str | None = None
    role: str | None = None
    owner_id: str | None = None
    """The live merchant that the key belongs to. None for a buyer and for staff."""
    expires_at: datetime | None = None
    """When the key expires, by the system clock."""
    rate_limit: RateLimit | None = None
    """The limit of the key's own. None is the limit of the service."""

    @property
    def mode(self) -> Mode:
        return Mode.LIVE if self.clock is None else Mode.TEST

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    @property
    def authority(self) -> Authority | None:
        """Who decides, as limits name them. None for a buyer."""
        if self.order_id is not None:
            return None
        if self.staff_id:
            return Authority(kind=HolderKind.STAFF, holder_id=self.staff_id, name=self.name, role=self.role)
        return Authority(kind=HolderKind.API_KEY, holder_id=self.key_id, name=self.name)

    def on_record(self, ip_address: str | None) -> AuditActor:
        """The caller in the audit trail."""
        kind = AuditActorKind.STAFF if self.staff_id else AuditActorKind.API_KEY
        actor_id = self.staff_id or self.key_id
        return AuditActor(kind=kind, name=self.name, actor_id=actor_id, ip_address=ip_address)

    def reaches(self, order_id: str) -> bool:
        return self.order_id in (None, order_id)

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def signs(self, name: str | None) -> str:
        """The name of who acts, where a request may name a person. Staff act under their own name alone."""
        return self.name if self.staff_id else name or self.name

    def acting_as(self, role: Role, name: str | None) -> Actor:
        """`name` is the name of a person, and does not hide the key."""
        key = f"staff {self.staff_id}" if self.staff_id else self.name
        return Actor(role=role, name=self.signs(name), key=key)


class Callers:
    """Recognises keys and caches each live key for a few seconds. For that time a revoked key may still be accepted. A
    key for tests is looked up each time, because the clock comes with it."""

    def __init__(self, database: Database, *, remember_seconds: float, elapsed: Elapsed = elapsed) -> None:
        self._database = database
        self._elapsed = elapsed
        self._remember = remember_seconds
        self._cache = Memo()

    def cached(self, token: str) -> Caller | None:
        """A live key that was recognised some seconds ago."""
        cached: tuple[float, Caller] | None = self._cache.get(digest_of(token))
        return cached[1] if cached is not None and self._elapsed() < cached[0] else None

    async def recognise(self, token: str) -> Caller | None:
        """None for a key that is unknown, malformed or revoked. A key that has expired is recognised."""
        if caller := self.cached(token):
            return caller
        if token.startswith(_PREFIXES[Mode.TEST]):
            return await self._look_up_for_tests(token)
        merchant_id = _merchant_of(token, Mode.LIVE)
        return None if merchant_id is None else await self._look_up(merchant_id, digest_of(token))

    async def _look_up(self, merchant_id: str, digest: str) -> Caller | None:
        now = self._elapsed()
        async with self._database.read() as tx:
            key = await api_keys.find(tx, merchant_id, digest)
        if key is None:
            return None
        caller = _caller(key)
        self._cache.put(digest, (now + self._remember, caller))
        return caller

    async def _look_up_for_tests(self, token: str) -> Caller | None:
        merchant_id = _merchant_of(token, Mode.TEST)
        if merchant_id is None:
            return None
        async with self._database.read() as tx:
            stored = await api_keys.find_for_tests(tx, merchant_id, digest_of(token))
        if stored is None:
            return None
        key, clock = stored
        return replace(_caller(key), merchant_id=clock.merchant_id, clock=clock)

    def forget(self) -> None:
        """Look up every key again, since one of them has changed. Other processes do so when their time is over."""
        self._cache = Memo()


def _caller(key: ApiKey) -> Caller:
    """The caller of a live key."""
    return Caller(
        merchant_id=key.merchant_id,
        key_id=key.key_id,
        name=key.name,
        scopes=key.scopes,
        owner_id=key.merchant_id,
        expires_at=key.expires_at,
        rate_limit=key.rate_limit,
    )


_PREFIXES = {Mode.LIVE: "rk_", Mode.TEST: "rk_test_"}


def new_token(merchant_id: str, mode: Mode) -> str:
    return f"{_PREFIXES[mode]}{UUID(merchant_id).hex}_{secrets.token_urlsafe(32)}"


def prefix_of(token: str) -> str:
    """How a key begins, to recognise it: 4 of the 43 characters of its secret."""
    return token[:-39]


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _merchant_of(token: str, mode: Mode) -> str | None:
    """The live merchant in a key of this mode. None for another text."""
    prefix = _PREFIXES[mode]
    merchant, _, secret = token.removeprefix(prefix).partition("_")
    if not token.startswith(prefix) or not secret or len(merchant) != 32:
        return None
    try:
        return str(UUID(hex=merchant))
    except ValueError:
        return None
