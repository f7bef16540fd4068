"""The use cases of buyers' access to one order: links, the sessions that they open, and tokens of the storefront.

The form of a token is `rbl_<merchant>_<secret>` for a link, `rbs_...` for a session and `rbt_...` for a token of the
storefront. The secret has 256 random bits, so a plain SHA-256 is enough at rest.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.records.buyer_access import AccessKind, BuyerAccess, OpenAccess
from app.service.callers import Caller, digest_of
from app.service.errors import NotFoundError
from app.service.ids import new_id
from app.store import buyer_access, orders
from app.store.database import Database, Tx

LINK_LASTS = timedelta(days=3)
LINK_LASTS_AT_MOST = timedelta(days=30)
TOKEN_LASTS = timedelta(minutes=15)
TOKEN_LASTS_AT_MOST = timedelta(hours=1)
MAILED_LINK_LASTS = timedelta(days=1)
SESSION_LASTS = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=60)
"""A session ends when nobody uses it for this long."""
IDLE_STEP = timedelta(minutes=1)
"""The end of an idle session moves at most this often, so that most requests write nothing."""
KEPT = timedelta(days=30)
"""How long a list shows a link after the link has expired."""

_PREFIXES = {AccessKind.LINK: "rbl", AccessKind.SESSION: "rbs", AccessKind.TOKEN: "rbt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccess:
    """Access with its token, which is shown only once."""

    access: BuyerAccess
    token: str


async def create_link(tx: Tx, caller: Caller, order_id: str, now: datetime, *, lasts: timedelta) -> NewAccess:
    """A link that opens one session. Raises NotFoundError for an unknown order."""
    return await _create(tx, caller, order_id, AccessKind.LINK, now, lasts)


async def create_token(tx: Tx, caller: Caller, order_id: str, now: datetime, *, lasts: timedelta) -> NewAccess:
    """A token for the browser of a buyer who has signed in at the storefront. Raises NotFoundError for an unknown
    order."""
    return await _create(tx, caller, order_id, AccessKind.TOKEN, now, lasts)


async def create_link_for_mail(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> NewAccess:
    """A link for the mail to the buyer of an order, made when the mail is sent."""
    new = _new(merchant_id, order_id, AccessKind.LINK, now, MAILED_LINK_LASTS)
    await buyer_access.add(tx, merchant_id, new.access)
    return new


def link_url(public_url: str, token: str) -> str | None:
    """The token is in the query, because the log has paths. None without a public address."""
    return f"{public_url}/c?link={token}" if public_url else None


async def opens_session(database: Database, link_token: str, now: datetime, *, browser: str = "") -> bool:
    """Whether `open_session` would return a session. The link stays as it is."""
    merchant_id = merchant_of(link_token, AccessKind.LINK)
    if merchant_id is None:
        return False
    async with database.read() as tx:
        found = await buyer_access.find(tx, merchant_id, digest_of(link_token), now)
        if found is not None and found.access.used_at is None:
            return True
        secret = _secret_of(link_token, browser)
        return secret is not None and await _opened_before(tx, merchant_id, secret, now) is not None


async def open_session(tx: Tx, link_token: str, now: datetime, *, browser: str = "") -> NewAccess | None:
    """Use up a link. None for a link that is unknown, used, expired or revoked.

    `browser` is a secret of the browser that shows the link. With the same secret, the link returns the session that
    it has opened: a button that is pressed twice opens one session.
    """
    merchant_id = merchant_of(link_token, AccessKind.LINK)
    if merchant_id is None:
        return None
    secret = _secret_of(link_token, browser)
    link = await buyer_access.use_link(tx, merchant_id, digest_of(link_token), now)
    if link is None:
        return await _opened_before(tx, merchant_id, secret, now) if secret else None
    new = _new(merchant_id, link.order_id, AccessKind.SESSION, now, SESSION_LASTS, secret=secret)
    session = replace(new.access, opened_by=link.access_id, idle_by=now + SESSION_IDLE)
    await buyer_access.add(tx, merchant_id, session)
    return replace(new, access=session)


async def recognise(database: Database, token: str, now: datetime) -> tuple[Caller, OpenAccess] | None:
    """The caller of a session or of a token, who reaches one order. None for a token that is not in force. The session
    stays open for SESSION_IDLE more."""
    recognised = await look_up(database, token, now)
    if recognised is None:
        return None
    caller, access = recognised[0], recognised[1].access
    if access.idle_by is not None and access.idle_by < now + SESSION_IDLE - IDLE_STEP:
        until = now + SESSION_IDLE
        await database.write(lambda tx: buyer_access.stay(tx, caller.merchant_id, access.access_id, until))
    return recognised


async def look_up(database: Database, token: str, now: datetime) -> tuple[Caller, OpenAccess] | None:
    """The same as `recognise`, and the session ends as if nobody had used it."""
    merchant_id = merchant_of(token, AccessKind.SESSION, AccessKind.TOKEN)
    if merchant_id is None:
        return None
    async with database.read() as tx:
        found = await buyer_access.find(tx, merchant_id, digest_of(token), now)
    return (_caller(merchant_id, found.access), found) if found else None


async def end_session(tx: Tx, caller: Caller, now: datetime) -> BuyerAccess:
    """End the session or the token of the caller. Raises NotFoundError if it has just ended."""
    ended = await buyer_access.end(tx, caller.merchant_id, caller.key_id, now)
    if ended is None:
        raise NotFoundError("buyer_session", caller.key_id)
    return ended


async def revoke_link(tx: Tx, caller: Caller, order_id: str, link_id: str, now: datetime) -> BuyerAccess:
    """End a link and the session that it has opened. Raises NotFoundError."""
    await buyer_access.end_link(tx, caller.merchant_id, order_id, link_id, now)
    link = await buyer_access.load_link(tx, caller.merchant_id, order_id, link_id)
    if link is None:
        raise NotFoundError("buyer_link", link_id)
    return link


async def revoke_all(tx: Tx, caller: Caller, order_id: str, now: datetime) -> list[BuyerAccess]:
    """End every link, session and token of an order. Returns its links. Raises NotFoundError for an unknown order."""
    await buyer_access.end_all(tx, caller.merchant_id, order_id, now)
    return await links_of(tx, caller, order_id)


async def links_of(tx: Tx, caller: Caller, order_id: str) -> list[BuyerAccess]:
    """The newest link comes first. Raises NotFoundError for an unknown order."""
    links = await buyer_access.links_of(tx, caller.merchant_id, order_id)
    if not links:
        await _refuse_unknown(tx, caller.merchant_id, order_id)
    return links


async def forget_expired(database: Database, now: datetime) -> int:
    """Delete a batch of access that expired long ago. Returns how many."""
    return await database.write(lambda tx: buyer_access.purge(tx, now - KEPT))


def merchant_of(token: str, *kinds: AccessKind) -> str | None:
    """The merchant in a token of one of these kinds. None for another text."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] not in {_PREFIXES[kind] for kind in kinds} or len(parts[1]) != 32:
        return None
    try:
        return str(UUID(hex=parts[1]))
    except ValueError:
        return None


async def _create(
    tx: Tx, caller: Caller, order_id: str, kind: AccessKind, now: datetime, lasts: timedelta
) -> NewAccess:  # fmt: skip
    await _refuse_unknown(tx, caller.merchant_id, order_id)
    new = _new(caller.merchant_id, order_id, kind, now, lasts)
    access = replace(new.access, created_by=caller.name)
    await buyer_access.add(tx, caller.merchant_id, access)
    return replace(new, access=access)


def _secret_of(link_token: str, browser: str) -> str | None:
    """The secret of the session that a link opens in a browser. None for a browser without a secret."""
    return hashlib.sha256(f"session\0{link_token}\0{browser}".encode()).hexdigest() if browser else None


async def _opened_before(tx: Tx, merchant_id: str, secret: str, now: datetime) -> NewAccess | None:
    token = _token(merchant_id, AccessKind.SESSION, secret)
    found = await buyer_access.find(tx, merchant_id, digest_of(token), now)
    return NewAccess(access=found.access, token=token) if found else None


def _token(merchant_id: str, kind: AccessKind, secret: str) -> str:
    return f"{_PREFIXES[kind]}_{UUID(merchant_id).hex}_{secret}"


def _new(
    merchant_id: str, order_id: str, kind: AccessKind, now: datetime, lasts: timedelta, *, secret: str | None = None
) -> NewAccess:
    token = _token(merchant_id, kind, secret or secrets.token_urlsafe(32))
    access = BuyerAccess(
        access_id=new_id(now),
        order_id=order_id,
        kind=kind,
        digest=digest_of(token),
        created_at=now,
        expires_at=now + lasts,
    )
    return NewAccess(access=access, token=token)


def _caller(merchant_id: str, access: BuyerAccess) -> Caller:
    return Caller(
        merchant_id=merchant_id,
        key_id=access.access_id,
        name=f"buyer {access.kind} {access.access_id}",
        scopes=frozenset(),
        order_id=access.order_id,
    )


async def _refuse_unknown(tx: Tx, merchant_id: str, order_id: str) -> None:
    if await orders.load(tx, merchant_id, order_id) is None:
        raise NotFoundError("order", order_id)
