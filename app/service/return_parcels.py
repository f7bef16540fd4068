"""The use cases of return parcels: announce, change, receive, read.

A parcel is a record beside the claim, and its changes are in the claim's history. The engine decides what a parcel
means for the claim: the first parcel that was sent is a `Dispatch`, and each parcel that is counted is a `Receive` of
its units. The order of the claim is locked, so that no unit is in two parcels.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.engine.model.claim import Actor, Tracking
from app.engine.model.clocks import CLOCKS_DIFFER
from app.engine.model.commands import Dispatch, Receive, ReceivedLine
from app.records.claim import StoredClaim
from app.records.return_number import plain_number
from app.records.return_parcel import MOVES, SENT, ParcelState, ParcelUnits, ReturnParcel, Way
from app.service import claims as claims_service
from app.service.callers import Caller
from app.service.claim_parcels import next_number, return_number_of
from app.service.decisions import facts_of
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.service.files import require_claim
from app.service.ids import new_id
from app.service.parcel_units import refuse_taken_units, units_left
from app.service.persistence import record_aside
from app.service.resources.return_parcel import parcel_facts
from app.service.return_locations import destination_of
from app.store import claims, return_parcels
from app.store.database import Tx

MOST_PARCELS = 50
"""Of one claim, cancelled ones included."""
PARCEL_CHANGED = "claim.parcel_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParcel:
    """Without `lines` the parcel has all units that are in no parcel yet."""

    way: Way
    carrier: str | None = None
    tracking_number: str | None = None
    lines: tuple[ParcelUnits, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelChange:
    """None leaves a field as it is. `happened_at` is when the parcel came into its state: None for now."""

    state: ParcelState | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelView:
    """A parcel with the return number of its claim."""

    parcel: ReturnParcel
    return_number: str | None


async def announce(tx: Tx, caller: Caller, claim_id: str, new: NewParcel, by: Actor, now: datetime) -> ParcelView:
    """Raises NotFoundError, InvalidError for a line that the claim has not, and ConflictError while the claim takes no
    goods and for units that are in another parcel."""
    stored = await _locked(tx, caller, claim_id, now)
    await _refuse_without_receipt(tx, caller, stored, now)
    present = await return_parcels.of_claim(tx, caller.merchant_id, claim_id)
    if len(present) >= MOST_PARCELS:
        raise ConflictError("too_many_parcels", limit=MOST_PARCELS)
    lines = new.lines or units_left(stored.claim, stored.order, present)
    if not lines:
        raise ConflictError("no_units_left")
    refuse_taken_units(stored, present, lines)
    number = await return_number_of(tx, caller.merchant_id, claim_id)
    line_ids = [each.line_id for each in lines]
    parcel = ReturnParcel(
        parcel_id=new_id(now),
        claim_id=claim_id,
        number=next_number(present),
        way=new.way,
        state=ParcelState.ANNOUNCED,
        carrier=new.carrier,
        tracking_number=new.tracking_number and plain_number(new.tracking_number),
        lines=lines,
        destination=await destination_of(tx, caller.merchant_id, stored.claim, stored.order, line_ids),
        created_at=now,
        state_at=now,
    )
    await refuse_taken_number(tx, caller, parcel)
    await return_parcels.add(tx, caller.merchant_id, parcel)
    await record_parcel(tx, caller, stored, parcel, by, now)
    return ParcelView(parcel=parcel, return_number=number)


async def change(
    tx: Tx, caller: Caller, claim_id: str, parcel_id: str, changes: ParcelChange, by: Actor, now: datetime
) -> ParcelView:
    """A parcel that the buyer has given away dispatches a claim that waits for its goods. Raises as `announce`, and
    ConflictError for a state that cannot follow."""
    stored = await _locked(tx, caller, claim_id, now)
    before = await _load(tx, caller, claim_id, parcel_id)
    happened_at = changes.happened_at or now
    if happened_at > now + CLOCKS_DIFFER:
        raise InvalidError("in_future", name="happened_at", field="happened_at")
    after = _changed(before, changes, happened_at)
    if after.holds_units and not before.holds_units:
        present = await return_parcels.of_claim(tx, caller.merchant_id, claim_id)
        refuse_taken_units(stored, present, after.lines)
    if after != before:
        await refuse_taken_number(tx, caller, after)
        await return_parcels.save(tx, caller.merchant_id, after)
        stored = await record_parcel(tx, caller, stored, after, by, now)
        await _dispatch(tx, caller, stored, after, by, now)
    return await _view(tx, caller, after)


async def receive(
    tx: Tx, caller: Caller, claim_id: str, parcel_id: str, command: Receive, now: datetime
) -> ParcelView:  # fmt: skip
    """The units of the parcel were counted. Without lines in the command, all of them came as they were sold. Raises as
    `announce`."""
    stored = await _locked(tx, caller, claim_id, now)
    before = await _load(tx, caller, claim_id, parcel_id)
    if ParcelState.RECEIVED not in MOVES[before.state]:
        raise ConflictError("parcel_received", id=parcel_id)
    announced = tuple(ReceivedLine(line_id=each.line_id, quantity=each.quantity) for each in before.lines)
    counted = replace(command, lines=command.lines or announced)
    await claims_service.act(tx, caller, claim_id, counted, now)
    received = replace(received_parcel(before, counted, now), sent_at=before.sent_at)
    await return_parcels.save(tx, caller.merchant_id, received)
    await record_parcel(tx, caller, await require_claim(tx, caller, stored.claim.claim_id), received, command.by, now)
    return await _view(tx, caller, received)


async def of_claim(tx: Tx, caller: Caller, claim_id: str) -> list[ParcelView]:
    """Raises NotFoundError."""
    await require_claim(tx, caller, claim_id)
    number = (await return_parcels.numbers(tx, caller.merchant_id, [claim_id])).get(claim_id)
    parcels = await return_parcels.of_claim(tx, caller.merchant_id, claim_id)
    return [ParcelView(parcel=parcel, return_number=number) for parcel in parcels]


async def read(tx: Tx, caller: Caller, claim_id: str, parcel_id: str) -> ParcelView:
    """Raises NotFoundError, also for a parcel of another claim."""
    await require_claim(tx, caller, claim_id)
    return await _view(tx, caller, await _load(tx, caller, claim_id, parcel_id))


async def record_parcel(
    tx: Tx, caller: Caller, stored: StoredClaim, parcel: ReturnParcel, by: Actor, now: datetime
) -> StoredClaim:
    data = {"by": by, "parcel": parcel_facts(parcel)}
    return await record_aside(tx, caller.merchant_id, stored, PARCEL_CHANGED, data, now)


def received_parcel(parcel: ReturnParcel, command: Receive, now: datetime) -> ReturnParcel:
    units: dict[str, int] = {}
    for line in command.lines:
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    received_at = command.received_at or now
    return replace(
        parcel,
        state=ParcelState.RECEIVED,
        state_at=received_at,
        received_at=received_at,
        lines=tuple(ParcelUnits(line_id=line_id, quantity=count) for line_id, count in units.items()),
    )


async def _locked(tx: Tx, caller: Caller, claim_id: str, now: datetime) -> StoredClaim:
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    return await require_claim(tx, caller, claim_id)


async def _load(tx: Tx, caller: Caller, claim_id: str, parcel_id: str) -> ReturnParcel:
    parcel = await return_parcels.load(tx, caller.merchant_id, parcel_id)
    if parcel is None or parcel.claim_id != claim_id:
        raise NotFoundError("return_parcel", parcel_id)
    return parcel


async def _view(tx: Tx, caller: Caller, parcel: ReturnParcel) -> ParcelView:
    known = await return_parcels.numbers(tx, caller.merchant_id, [parcel.claim_id] if parcel.claim_id else [])
    return ParcelView(parcel=parcel, return_number=known.get(parcel.claim_id or ""))


async def _refuse_without_receipt(tx: Tx, caller: Caller, stored: StoredClaim, now: datetime) -> None:
    """The engine says whether the claim takes goods now."""
    view = claims_service.view(stored, await facts_of(tx, caller.merchant_id, stored, now))
    if not any(each.command == "receive" and each.allowed for each in view.actions):
        raise ConflictError("no_goods_expected")


async def refuse_taken_number(tx: Tx, caller: Caller, parcel: ReturnParcel) -> None:
    if parcel.tracking_number is None or parcel.state is ParcelState.CANCELLED:
        return
    for other in await return_parcels.with_tracking_number(tx, caller.merchant_id, parcel.tracking_number):
        is_same = other.parcel_id == parcel.parcel_id or other.carrier != parcel.carrier
        if not is_same and other.state is not ParcelState.CANCELLED:
            raise ConflictError("tracking_number_taken", field="tracking_number", number=parcel.tracking_number)


def _changed(before: ReturnParcel, changes: ParcelChange, happened_at: datetime) -> ReturnParcel:
    after = replace(
        before,
        carrier=changes.carrier or before.carrier,
        tracking_number=plain_number(changes.tracking_number) if changes.tracking_number else before.tracking_number,
    )
    if after.tracking_number and after.carrier is None:
        raise InvalidError("carrier_needed", field="carrier")
    if changes.state is None or changes.state is before.state:
        return after
    if changes.state not in MOVES[before.state] or changes.state is ParcelState.RECEIVED:
        raise ConflictError("parcel_state_cannot_follow", field="state", state=before.state, asked=changes.state)
    is_sent = changes.state in SENT and before.sent_at is None
    return replace(after, state=changes.state, state_at=happened_at, sent_at=happened_at if is_sent else before.sent_at)


async def _dispatch(
    tx: Tx, caller: Caller, stored: StoredClaim, parcel: ReturnParcel, by: Actor, now: datetime
) -> None:
    """Reports of carriers are facts: they are kept although the claim cannot take a dispatch now."""
    if parcel.state not in SENT or parcel.sent_at is None:
        return
    view = claims_service.view(stored, await facts_of(tx, caller.merchant_id, stored, now))
    if not any(each.command == "dispatch" and each.allowed for each in view.actions):
        return
    tracking = None
    if parcel.carrier and parcel.tracking_number:
        tracking = Tracking(carrier=parcel.carrier, number=parcel.tracking_number)
    dispatched_at = parcel.sent_at if tracking and parcel.sent_at < now else None
    command = Dispatch(by=by, tracking=tracking, dispatched_at=dispatched_at)
    await claims_service.act(tx, caller, stored.claim.claim_id, command, now)
