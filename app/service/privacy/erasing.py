"""The erasure of a buyer's data: at once what no law wants kept, and the rest at the end of its time, by the worker.

One order is one transaction under the order's lock. The history of its claims stays whole: the erased words are not
in it, or are sealed under a key that is forgotten.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app import json_text
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Role
from app.presets.retention import longest_time
from app.records.audit_entry import AuditAction, AuditActor, AuditActorKind, AuditChange
from app.records.claim_file import FileStatus
from app.records.order import StoredOrder
from app.records.privacy import BuyerErasure, DataGroup, HeldData
from app.service import audit, files
from app.service.callers import Caller
from app.service.errors import ConflictError, NotFoundError
from app.service.events.publish import publish
from app.service.privacy.holding import FEWEST_YEARS, held_of
from app.store import buyer_data, buyer_erasures, claim_files, claims, orders, return_parcels
from app.store.database import Database, Tx

logger = logging.getLogger(__name__)

MOST_ORDERS = 100
"""Orders of one buyer in one request."""
_RETENTION = AuditActor(kind=AuditActorKind.SYSTEM, name="retention")
_ERASER = Actor(role=Role.SYSTEM, name="erasure")
_LOOK_AGAIN_AFTER = timedelta(days=1)
"""While a claim is open, nobody knows when the time of keeping begins."""
_FILES_A_CLAIM = 1_000
_BEGINNING = (datetime(2000, 1, 1, tzinfo=UTC), "")


async def erase_order(tx: Tx, caller: Caller, order_id: str, by: AuditActor, now: datetime) -> HeldData:
    """Erase what can be erased now, and note when the rest can be. A second request changes nothing that the first has
    not. Raises NotFoundError, and ConflictError for an order on legal hold."""
    return await _erase(tx, caller.merchant_id, order_id, by, now)


async def erase_buyer(tx: Tx, caller: Caller, buyer_id: str, by: AuditActor, now: datetime) -> list[HeldData]:
    """The same for every order of a buyer, in the order of their ids. Orders on legal hold are left as they are.

    Raises NotFoundError for a buyer without orders, and ConflictError for a buyer with more than MOST_ORDERS.
    """
    order_ids = await orders_of_buyer(tx, caller, buyer_id)
    erased = []
    for order_id in order_ids:
        try:
            erased.append(await _erase(tx, caller.merchant_id, order_id, by, now))
        except ConflictError:
            erased.append(await held_of(tx, caller.merchant_id, order_id, now))
    return erased


async def orders_of_buyer(tx: Tx, caller: Caller, buyer_id: str) -> list[str]:
    """Raises as `erase_buyer`."""
    order_ids = await buyer_data.orders_of_buyer(tx, caller.merchant_id, buyer_id, limit=MOST_ORDERS + 1)
    if not order_ids:
        raise NotFoundError("buyer", buyer_id)
    if len(order_ids) > MOST_ORDERS:
        raise ConflictError("too_many_orders_of_buyer")
    return order_ids


async def erase_due(database: Database, now: datetime, *, limit: int = 50) -> int:
    """Erase what has reached its end, the longest due first. Returns how many orders. An order that fails is logged and
    looked at again a day later."""
    async with database.read() as tx:
        due = await buyer_erasures.due(tx, now, limit=limit)
    for merchant_id, order_id in due:
        await _erase_safely(database, merchant_id, order_id, now)
    return len(due)


async def _erase_safely(database: Database, merchant_id: str, order_id: str, now: datetime) -> None:
    try:
        await database.write(lambda tx: erase_one(tx, merchant_id, order_id, now))
    except (LookupError, ValueError, ConflictError):
        logger.exception("the data of an order could not be erased")
        await database.write(lambda tx: postpone(tx, merchant_id, order_id, now + _LOOK_AGAIN_AFTER))


async def erase_one(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> bool:
    """What has reached its end of one order. On legal hold nothing is erased, and the worker looks again later."""
    try:
        await _erase(tx, merchant_id, order_id, _RETENTION, now)
    except ConflictError:
        await postpone(tx, merchant_id, order_id, now + _LOOK_AGAIN_AFTER)
    return True


async def postpone(tx: Tx, merchant_id: str, order_id: str, until: datetime) -> None:
    erasure = await buyer_erasures.load(tx, merchant_id, order_id)
    if erasure is not None and erasure.wakes_at is not None:
        await buyer_erasures.save(tx, merchant_id, replace(erasure, wakes_at=until))


async def _erase(tx: Tx, merchant_id: str, order_id: str, by: AuditActor, now: datetime) -> HeldData:
    if not await orders.lock(tx, merchant_id, order_id):
        raise NotFoundError("order", order_id)
    held = await held_of(tx, merchant_id, order_id, now)
    if held.hold is not None:
        raise ConflictError("order_on_legal_hold", set_at=held.hold.set_at.isoformat())
    asked_by = None if by is _RETENTION else by.name
    before = held.erasure or BuyerErasure(order_id=order_id, asked_at=now, asked_by=asked_by, wakes_at=now)
    at_end = [each.group for each in held.groups if each.erased_at is None and each.until_at and each.until_at <= now]
    for group in at_end:
        await _erase_group(tx, merchant_id, order_id, group, now)
    ends = [each.until_at for each in held.groups if each.erased_at is None and each.group not in at_end]
    after = before.with_erased(at_end, now)
    # Data that came after the last group had been erased is for `Retention`: such an erasure does not wake.
    wakes_at = None if after.is_complete else min((end or now + _LOOK_AGAIN_AFTER for end in ends), default=None)
    after = replace(after, wakes_at=wakes_at)
    write = buyer_erasures.add if held.erasure is None else buyer_erasures.save
    await write(tx, merchant_id, after)
    if at_end:
        order = await _stored(tx, merchant_id, order_id)
        await publish(
            tx, merchant_id, order.order, "order.buyer_erased", now, erased=sorted(at_end), erases_next_at=wakes_at
        )
    if at_end or held.erasure is None:
        await _record(tx, merchant_id, order_id, at_end, by, now)
    return await held_of(tx, merchant_id, order_id, now)


async def _erase_group(tx: Tx, merchant_id: str, order_id: str, group: DataGroup, now: datetime) -> None:
    stored = await _stored(tx, merchant_id, order_id)
    its_claims = [claim.claim_id for claim in await claims.all_of_order(tx, merchant_id, order_id)]
    if group is DataGroup.DISPUTE:
        for claim_id in its_claims:
            await _erase_files(tx, merchant_id, claim_id, now)
    await buyer_data.erase(tx, merchant_id, order_id, group, now)
    for named in (f'"order_id":{json_text.dump(order_id)}', *its_claims):
        await buyer_data.empty_answers(tx, merchant_id, named, until=stored.updated_at)


async def _stored(tx: Tx, merchant_id: str, order_id: str) -> StoredOrder:
    stored = await orders.load(tx, merchant_id, order_id)
    if stored is None:
        raise LookupError(f"order {order_id} was there in this transaction")
    return stored


async def _erase_files(tx: Tx, merchant_id: str, claim_id: str, now: datetime) -> None:
    for file in await claim_files.page(tx, merchant_id, claim_id, limit=_FILES_A_CLAIM, after=None):
        await files.end(tx, merchant_id, file, FileStatus.ERASED, _ERASER, now)


async def _record(
    tx: Tx, merchant_id: str, order_id: str, groups: Sequence[DataGroup], by: AuditActor, now: datetime
) -> None:
    await audit.record(
        tx,
        merchant_id=merchant_id,
        by=by,
        action=AuditAction.BUYER_ERASED,
        subject_id=order_id,
        changes={"erased": AuditChange(before=None, after=[group.value for group in groups])},
        now=now,
    )


class Retention:
    """Looks through the orders of all live merchants, the oldest first, for those whose time of keeping may have ended,
    and begins their erasure. A turn reads a bounded number of orders. After the last merchant it begins again."""

    def __init__(self, database: Database, *, at_once: int = 200) -> None:
        self._database = database
        self._at_once = at_once
        self._merchant: str | None = None
        self._after = _BEGINNING

    async def run(self, now: datetime) -> int:
        """Returns how many orders were looked at. 0 at the end of the last merchant."""
        before = now - timedelta(days=FEWEST_YEARS * 365)
        async with self._database.read() as tx:
            if self._merchant is None:
                self._merchant = await buyer_erasures.next_merchant(tx, "")
            if self._merchant is None:
                return 0
        await self._forget_notes(self._merchant, now)
        async with self._database.read() as tx:
            found = await buyer_erasures.old_orders(tx, self._merchant, before, self._after, limit=self._at_once)
        for row in found:
            if not row.is_waiting and not row.is_erased:
                await self._begin(self._merchant, row.order_id, now)
        if len(found) == self._at_once:
            self._after = (found[-1].created_at, found[-1].order_id)
            return len(found)
        return await self._go_on(len(found))

    async def _forget_notes(self, merchant_id: str, now: datetime) -> None:
        """A parcel that nobody has matched belongs to no order, so that no erasure of an order finds its note."""
        before = now - timedelta(days=longest_time(DataGroup.DISPUTE) * 366)
        if self._after == _BEGINNING:
            await self._database.write(
                lambda tx: return_parcels.forget_notes(tx, merchant_id, before, limit=self._at_once)
            )

    async def _begin(self, merchant_id: str, order_id: str, now: datetime) -> None:
        async def work(tx: Tx) -> None:
            held = await held_of(tx, merchant_id, order_id, now)
            is_late = any(
                group.until_at and group.until_at <= now and group.erased_at is None
                for group in held.groups
                if held.erasure or group.group is not DataGroup.UNNEEDED
            )
            if held.hold is None and is_late:
                await _erase(tx, merchant_id, order_id, _RETENTION, now)

        await self._database.write(work)

    async def _go_on(self, count: int) -> int:
        async with self._database.read() as tx:
            self._merchant = await buyer_erasures.next_merchant(tx, self._merchant or "")
        self._after = _BEGINNING
        return 0 if self._merchant is None else max(count, 1)
