"""The withdrawal that a visitor without an account declares on the page: once for each form, with a limit for each
network."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app import json_text
from app.records.merchant_clock import MerchantClock
from app.service import buyer_lookups, withdrawals
from app.service.errors import ConflictError
from app.service.idempotency import Answer, once
from app.service.merchant_clocks import hold, time_of
from app.service.withdrawal_receipts import zone_of_shop
from app.service.withdrawals import NewDeclaration
from app.store.database import Database, Tx

_IN_FLIGHT = "idempotency_key_in_flight"
_LOOKS_AGAIN_AFTER = 0.1
"""Seconds until a form that is sent twice looks again for the answer to the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`received_at` is in the time zone of the shop's default policy: its `tzinfo` is a ZoneInfo."""

    withdrawal_id: str
    hash: str
    received_at: datetime


async def declare(
    database: Database,
    merchant_id: str,
    key: str,
    new: NewDeclaration,
    host: str | None,
    now: datetime,
    *,
    clock: MerchantClock | None = None,
) -> Receipt:
    """Record the declaration of a form. A form with the same key and content has the receipt of the first, and a form
    that is under way is waited for. `host` is the network address of the visitor, None if unknown. `now` is of the
    system clock, and `clock` is that of a test merchant. Raises TooManyError, and ConflictError while the clock
    moves."""
    declared_at = time_of(clock, now)
    content = (key, new.order_number, new.name, new.email, new.goods, new.text)
    digest = hashlib.sha256(json_text.dump(content).encode()).hexdigest()

    async def work(tx: Tx) -> Answer:
        if clock is not None:
            await hold(tx, clock, now)
        await buyer_lookups.count_withdrawal(tx, merchant_id, host, now)
        withdrawal = await withdrawals.receive(tx, merchant_id, new, declared_at)
        zone = await zone_of_shop(tx, merchant_id, declared_at)
        body = {"withdrawal_id": withdrawal.withdrawal_id, "hash": withdrawal.hash}
        body |= {"received_at": declared_at.isoformat(), "time_zone": zone.key}
        return Answer(status=201, body=json_text.dump(body))

    while True:
        try:
            answer = await once(
                database, merchant_id=merchant_id, key=f"withdrawal:{digest}", fingerprint=digest, now=now, work=work
            )
        except ConflictError as error:
            if error.code != _IN_FLIGHT:
                raise
            await asyncio.sleep(_LOOKS_AGAIN_AFTER)
        else:
            return _receipt(json_text.load(answer.body))


def _receipt(body: dict[str, str]) -> Receipt:
    received_at = datetime.fromisoformat(body["received_at"]).astimezone(ZoneInfo(body["time_zone"]))
    return Receipt(withdrawal_id=body["withdrawal_id"], hash=body["hash"], received_at=received_at)
