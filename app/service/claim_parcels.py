"""What a command to a claim does to its return parcels. The claim's history has the command, and no second event."""

from dataclasses import replace
from datetime import datetime

from app.engine.model.claim import Claim
from app.engine.model.commands import Command, Dispatch, Receive, happened_at
from app.engine.model.order import Order
from app.engine.model.vocabulary import State
from app.records.return_number import new_return_number, plain_number
from app.records.return_parcel import HOLDING, SENT, ParcelState, ReturnParcel, Way
from app.service.ids import new_id
from app.service.parcel_units import units_left
from app.service.return_locations import destination_of
from app.store import return_parcels
from app.store.database import Tx


async def follow(tx: Tx, merchant_id: str, claim: Claim, order: Order, command: Command, now: datetime) -> None:
    """A parcel that is reported with its number is found by that number. Goods that are all in leave no parcel open."""
    if isinstance(command, Dispatch) and command.tracking is not None:
        await _follow_dispatch(tx, merchant_id, claim, order, command, now)
    if isinstance(command, Receive):
        await _follow_receipt(tx, merchant_id, claim, order, command, now)


async def return_number_of(tx: Tx, merchant_id: str, claim_id: str) -> str:
    """The number of the claim, made at its first parcel. The caller has locked the order of the claim."""
    known = (await return_parcels.numbers(tx, merchant_id, [claim_id])).get(claim_id)
    if known is not None:
        return known
    number = new_return_number()
    while await return_parcels.claim_of_number(tx, merchant_id, number) is not None:
        number = new_return_number()
    await return_parcels.add_number(tx, merchant_id, claim_id, number)
    return number


def next_number(present: list[ReturnParcel]) -> int:
    return max((each.number or 0 for each in present), default=0) + 1


async def _follow_dispatch(
    tx: Tx, merchant_id: str, claim: Claim, order: Order, command: Dispatch, now: datetime
) -> None:
    """An announced parcel without a number gets this number. Otherwise the report is a new parcel. Goods of several
    claims can share a parcel, which is recorded with the first of them."""
    if command.tracking is None:
        return
    carrier, number = command.tracking.carrier, plain_number(command.tracking.number)
    known = await return_parcels.with_tracking_number(tx, merchant_id, number) if number else []
    present = await return_parcels.of_claim(tx, merchant_id, claim.claim_id)
    unsent = next((each for each in present if each.state in HOLDING - SENT and not each.tracking_number), None)
    lines = units_left(claim, order, present) if unsent is None else unsent.lines
    is_known = any(each.carrier == carrier and each.state is not ParcelState.CANCELLED for each in known)
    if not number or not lines or is_known:
        return
    sent_at = happened_at(command) or now
    if unsent is not None:
        sent = replace(unsent, state=ParcelState.ON_THE_WAY, state_at=sent_at, sent_at=sent_at)
        await return_parcels.save(tx, merchant_id, replace(sent, carrier=carrier, tracking_number=number))
        return
    await return_number_of(tx, merchant_id, claim.claim_id)
    parcel = ReturnParcel(
        parcel_id=new_id(now),
        claim_id=claim.claim_id,
        number=next_number(present),
        way=Way.OWN_POST,
        carrier=carrier,
        tracking_number=number,
        lines=lines,
        destination=await destination_of(tx, merchant_id, claim, order, [each.line_id for each in lines]),
        created_at=now,
        state=ParcelState.ON_THE_WAY,
        state_at=sent_at,
        sent_at=sent_at,
    )
    await return_parcels.add(tx, merchant_id, parcel)


async def _follow_receipt(
    tx: Tx, merchant_id: str, claim: Claim, order: Order, command: Receive, now: datetime
) -> None:
    """A parcel that was sent has come if no units are missing. A parcel that nobody gave away comes no more once the
    receipt is closed."""
    if claim.state in (State.APPROVED, State.COLLECTING):
        return
    came_at = command.received_at or now
    is_complete = not units_left(claim, order, ())
    for parcel in await return_parcels.of_claim(tx, merchant_id, claim.claim_id):
        if parcel.state in SENT and is_complete:
            come = replace(parcel, state=ParcelState.RECEIVED, state_at=came_at, received_at=came_at)
            await return_parcels.save(tx, merchant_id, come)
        elif parcel.state in HOLDING - SENT:
            await return_parcels.save(tx, merchant_id, replace(parcel, state=ParcelState.CANCELLED, state_at=now))
