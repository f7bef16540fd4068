"""What the page of an opened parcel shows, and the receipt of the parcel that the page names."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.api.schemas.goods import InspectGoodsRequest
from app.desk.receipt_forms import body_of_inspection
from app.desk.visit import Arrived
from app.engine.model.claim import Claim
from app.engine.model.commands import Receive
from app.engine.model.vocabulary import Role, State
from app.records.claim_file import ClaimFile
from app.records.return_parcel import Destination, ReturnParcel
from app.service import claims, files, previews, return_locations, return_parcels, unannounced_parcels
from app.service.claims import ClaimView
from app.service.errors import NotFoundError, ServiceError
from app.service.previews import Preview
from app.service.return_parcels import ParcelView
from app.service.transactions import Tx
from app.service.visits import Surroundings, surroundings

_MOST_FILES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptScene:
    """`parcel` is the parcel that is open, `place` where its goods go, and `preview` what accepting all of them would
    do."""

    view: ClaimView
    around: Surroundings
    parcel: ReturnParcel | None
    parcels: Sequence[ParcelView]
    files: Sequence[ClaimFile]
    place: Destination | None
    preview: Preview | None


async def scene_of(tx: Tx, seen: Arrived, claim_id: str, parcel_id: str) -> ReceiptScene:
    """Raises NotFoundError, also for a parcel of another claim."""
    view = await claims.read(tx, seen.caller, claim_id, seen.now)
    around = await surroundings(tx, seen.caller, view.claim.order_id, seen.now)
    parcels = await return_parcels.of_claim(tx, seen.caller, claim_id)
    named = next((each.parcel for each in parcels if each.parcel.parcel_id == parcel_id), None)
    if parcel_id and named is None:
        named = (await unannounced_parcels.read(tx, seen.caller, parcel_id)).parcel
        if named.claim_id is not None:
            raise NotFoundError("return_parcel", parcel_id)
    line_ids = [line.line_id for line in view.claim.lines]
    planned = named.destination if named else None
    return ReceiptScene(
        view=view,
        around=around,
        parcel=named,
        parcels=parcels,
        files=await files.page(tx, seen.caller, claim_id, limit=_MOST_FILES, after=None),
        place=planned
        or await return_locations.destination_of(tx, seen.caller.merchant_id, view.claim, around.order, line_ids),
        preview=await _preview(tx, seen, view.claim),
    )


async def receive_parcel(tx: Tx, seen: Arrived, claim_id: str, parcel_id: str, command: Receive) -> None:
    """The units of an announced parcel, of one that nobody announced, or of goods without a parcel."""
    caller, now = seen.caller, seen.now
    announced = await return_parcels.of_claim(tx, caller, claim_id)
    if not parcel_id:
        await claims.act(tx, caller, claim_id, command, now)
    elif any(each.parcel.parcel_id == parcel_id for each in announced):
        await return_parcels.receive(tx, caller, claim_id, parcel_id, command, now)
    else:
        await unannounced_parcels.match(tx, caller, parcel_id, claim_id, command, command.by, now)


async def _preview(tx: Tx, seen: Arrived, claim: Claim) -> Preview | None:
    if claim.state is not State.RECEIVED:
        return None
    body = InspectGoodsRequest.model_validate(body_of_inspection(claim, {}))
    command = body.command(seen.actor(Role.SELLER, None))
    try:
        return await previews.preview(tx, seen.caller, claim.claim_id, command, seen.now)
    except ServiceError:  # the page shows the goods all the same, and the press says what is wrong
        return None
