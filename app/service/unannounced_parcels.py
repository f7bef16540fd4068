"""The use cases of parcels that nobody announced: record what came, list what waits, and match it with a claim."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.engine.model.claim import Actor, Claim
from app.engine.model.clocks import CLOCKS_DIFFER
from app.engine.model.commands import Receive
from app.engine.model.order import Order
from app.records.return_number import plain_number
from app.records.return_parcel import ParcelState, ReturnParcel
from app.service import claims as claims_service
from app.service.callers import Caller
from app.service.claim_parcels import next_number, return_number_of
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.files import require_claim
from app.service.ids import new_id
from app.service.return_parcels import ParcelView, received_parcel, record_parcel, refuse_taken_number
from app.store import claims, return_parcels
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class CameUnannounced:
    """`received_at` None is now."""

    carrier: str | None = None
    tracking_number: str | None = None
    note: str | None = None
    received_at: datetime | None = None


async def add(tx: Tx, caller: Caller, came: CameUnannounced, now: datetime) -> ParcelView:
    """Raises InvalidError for a receipt in the future, and ConflictError for a number that another parcel has."""
    received_at = came.received_at or now
    if received_at > now + CLOCKS_DIFFER:
        raise InvalidError("in_future", name="received_at", field="received_at")
    parcel = ReturnParcel(
        parcel_id=new_id(now),
        state=ParcelState.RECEIVED,
        carrier=came.carrier,
        tracking_number=came.tracking_number and plain_number(came.tracking_number),
        created_at=now,
        state_at=received_at,
        received_at=received_at,
        note=came.note,
    )
    await refuse_taken_number(tx, caller, parcel)
    await return_parcels.add(tx, caller.merchant_id, parcel)
    return ParcelView(parcel=parcel, return_number=None)


async def page(
    tx: Tx, caller: Caller, *, limit: int, after: str | None, matched: bool | None = None
) -> list[ParcelView]:  # fmt: skip
    """The newest first."""
    found = await return_parcels.nobodys(tx, caller.merchant_id, limit=limit, after=after, matched=matched)
    claim_ids = [each.claim_id for each in found if each.claim_id is not None]
    numbers = await return_parcels.numbers(tx, caller.merchant_id, claim_ids)
    return [ParcelView(parcel=each, return_number=numbers.get(each.claim_id or "")) for each in found]


async def read(tx: Tx, caller: Caller, parcel_id: str) -> ParcelView:
    """Raises NotFoundError, also for a parcel that was announced."""
    parcel = await _load(tx, caller, parcel_id)
    known = await return_parcels.numbers(tx, caller.merchant_id, [parcel.claim_id] if parcel.claim_id else [])
    return ParcelView(parcel=parcel, return_number=known.get(parcel.claim_id or ""))


async def match(
    tx: Tx, caller: Caller, parcel_id: str, claim_id: str, command: Receive, by: Actor, now: datetime
) -> ParcelView:
    """The claim receives the units of the parcel at the instant at which the parcel came. So the time to pay the money
    back runs from that instant. Raises NotFoundError, RefusedError, and ConflictError for a parcel that has its
    claim."""
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await require_claim(tx, caller, claim_id)
    await return_parcels.lock(tx, caller.merchant_id, parcel_id)
    parcel = await _load(tx, caller, parcel_id)
    if parcel.claim_id is not None:
        raise ConflictError("parcel_matched", id=parcel_id)
    came_at = _came_at(stored.claim, stored.order, parcel.received_at or now)
    counted = replace(command, received_at=came_at)
    number = await return_number_of(tx, caller.merchant_id, claim_id)
    await claims_service.act(tx, caller, claim_id, counted, now)
    present = await return_parcels.of_claim(tx, caller.merchant_id, claim_id)
    matched = replace(
        received_parcel(parcel, counted, now),
        claim_id=claim_id,
        number=next_number(present),
        received_at=parcel.received_at,
        matched_at=now,
        matched_by=by.name,
    )
    await return_parcels.save(tx, caller.merchant_id, matched)
    await record_parcel(tx, caller, await require_claim(tx, caller, claim_id), matched, by, now)
    return ParcelView(parcel=matched, return_number=number)


def _came_at(claim: Claim, order: Order, received_at: datetime) -> datetime:
    """Goods that came before the claim was made count from the claim: before that nobody owed anything for them."""
    lines = [order.line(line.line_id) for line in claim.lines]
    shipped = [line.shipped_at for line in lines if line is not None and line.shipped_at is not None]
    follows = [claim.submission.requested_at, *filter(None, [claim.dispatched_at]), *sorted(shipped)[:1]]
    return max(received_at, *follows)


async def _load(tx: Tx, caller: Caller, parcel_id: str) -> ReturnParcel:
    parcel = await return_parcels.load(tx, caller.merchant_id, parcel_id)
    if parcel is None or parcel.way is not None:
        raise NotFoundError("return_parcel", parcel_id)
    return parcel
