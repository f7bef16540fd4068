"""Look-ups of buyers who have no link: counted and queued in the request, and answered by the worker with a mail.

The request reads neither the order nor its buyer, so its answer and its time tell nothing about them. The link goes to
the address on record, whoever asks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from app.records.buyer import Buyer
from app.records.buyer_lookup import BuyerLookup, Counted
from app.records.merchant import Mode
from app.service.errors import NotFoundError, TooManyError
from app.service.events.publish import publish
from app.service.ids import new_id
from app.store import api_keys, buyer_lookups, buyers, merchant_clocks, orders, shops
from app.store.database import Database, Tx

MOST_IN_AN_HOUR = {
    Counted.NETWORK: 20,
    Counted.SHOP: 1000,
    Counted.ORDER: 5,
    Counted.EMAIL: 5,
    Counted.WITHDRAWAL: 200,
    Counted.SIGN_IN: 10,
    Counted.SIGN_IN_EMAIL: 100,
    Counted.SIGN_IN_NETWORK: 100,
}
"""Many people can share one network. The law gives each of them the withdrawal, so its limit is high."""
LINK_REQUESTED = "order.link_requested"
_HOUR = timedelta(hours=1)
_IPV6_NETWORK = 64
"""A household has a network of this size, and can choose any address in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLookup:
    """What a visitor knows about an order: its id, and the address or the last four digits of the phone. `host` is the
    network address of the visitor, None if unknown."""

    order_id: str
    email: str | None
    phone_ending: str | None
    host: str | None


async def ask(tx: Tx, merchant_id: str, new: NewLookup, now: datetime) -> None:
    """Queue a look-up. Raises NotFoundError for an unknown shop, and TooManyError."""
    try:
        await shops.load(tx, merchant_id)
    except LookupError:
        raise NotFoundError("shop", merchant_id) from None
    email = new.email and new.email.lower()
    values = {
        Counted.NETWORK: network_of(new.host),
        Counted.SHOP: "",
        Counted.ORDER: f"{new.order_id}\0{email or new.phone_ending}",
        Counted.EMAIL: email,
    }
    for counted, value in values.items():
        if value is not None and (seconds := await count_in_hour(tx, merchant_id, counted, value, now)):
            raise TooManyError("too_many_lookups", retry_after=seconds)
    lookup = BuyerLookup(
        lookup_id=new_id(now),
        order_id=new.order_id,
        email_digest=_digest(email) if email else None,
        phone_ending=new.phone_ending,
        created_at=now,
    )
    await buyer_lookups.add(tx, merchant_id, lookup)


async def count_withdrawal(tx: Tx, merchant_id: str, host: str | None, now: datetime) -> None:
    """Count a withdrawal on the page. `host` as in NewLookup. Raises TooManyError."""
    network = network_of(host)
    if network is not None and (seconds := await count_in_hour(tx, merchant_id, Counted.WITHDRAWAL, network, now)):
        raise TooManyError("too_many_withdrawals", retry_after=seconds)


async def answer_next(database: Database, now: datetime) -> int:
    """Answer the oldest look-up that waits: if the order has this buyer, publish that the buyer needs a link. Returns
    how many look-ups were taken."""
    return await database.write(lambda tx: _answer_next(tx, now))


async def forget_counts(database: Database, now: datetime) -> int:
    """Delete a batch of counts of past hours. Returns how many."""
    return await database.write(lambda tx: buyer_lookups.purge(tx, now - _HOUR))


def network_of(host: str | None) -> str | None:
    """The network that a visitor's address is in: an IPv4 address, or 64 bits of an IPv6 address."""
    if host is None:
        return None
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ip_network((address, _IPV6_NETWORK), strict=False))


async def count_in_hour(tx: Tx, merchant_id: str, counted: Counted, value: str, now: datetime) -> int:
    """Returns the seconds to wait above the limit of the hour, and 0 below it."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    if await buyer_lookups.count(tx, merchant_id, counted, _digest(value), hour) <= MOST_IN_AN_HOUR[counted]:
        return 0
    return int((hour + _HOUR - now).total_seconds()) + 1


async def _answer_next(tx: Tx, now: datetime) -> int:
    taken = await buyer_lookups.take(tx, now)
    if taken is None:
        return 0
    merchant_id, lookup = taken
    clock = await merchant_clocks.load(tx, merchant_id) if await api_keys.mode(tx, merchant_id) is Mode.TEST else None
    at = now if clock is None else clock.at(now)
    await orders.lock(tx, merchant_id, lookup.order_id)
    stored = await orders.load(tx, merchant_id, lookup.order_id)
    buyer = await buyers.load(tx, merchant_id, lookup.order_id)
    if stored is not None and buyer is not None and _is_of(lookup, buyer):
        await publish(tx, merchant_id, stored.order, LINK_REQUESTED, at)
    return 1


def _is_of(lookup: BuyerLookup, buyer: Buyer) -> bool:
    if buyer.address is None:
        return False
    if lookup.email_digest is not None:
        return lookup.email_digest == _digest(buyer.address.lower())
    return lookup.phone_ending is not None and lookup.phone_ending == buyer.phone_ending


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()
