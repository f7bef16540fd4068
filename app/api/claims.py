"""Claims: asked, decided and read. One endpoint for each command; every answer is the whole claim."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import DecidesClaims, Exchange, IdempotencyKey, IfVersion, ReadsClaims, WritesClaims, require
from app.api.examples import claim_view, ok, quote
from app.api.paging import cursor, page_answer, position
from app.api.pictures import claim_picture, event_picture, quote_picture
from app.api.problems import responses
from app.api.schemas.claims import (
    AnswerIn,
    ApproveIn,
    ClaimIn,
    ClaimOut,
    ClaimPage,
    ConfirmDeliveryIn,
    DispatchIn,
    EventPage,
    HoldIn,
    InspectIn,
    OfferIn,
    QuoteOut,
    ReceiveIn,
    ReclassifyIn,
    RejectIn,
    ReleaseIn,
    ReshipIn,
    WithdrawIn,
)
from app.api.schemas.common import Instant, Name
from app.engine.commands import AcceptOffer, Command, DeclineOffer
from app.engine.vocabulary import Kind, Reason, Role, State
from app.service import claims
from app.service.callers import Scope
from app.service.claims import ClaimView
from app.service.idempotency import Answer
from app.service.ids import new_id
from app.store.claims import ClaimFilter
from app.store.codec import dump

router = APIRouter(prefix="/v1/claims", tags=["claims"], responses=responses(401, 403, 413, 422, 503))

_CLAIM = ok(claim_picture(claim_view))
_QUOTE = ok(quote_picture(quote))

ClaimId = Annotated[Name, Path(description="The claim's id.")]
OfferId = Annotated[Name, Path(description="The offer's id.")]
_COMMANDED: dict[int | str, dict[str, Any]] = {**_CLAIM, **responses(400, 404, 409, 412)}


class ClaimListing(BaseModel):
    """How a list of claims may be narrowed; conditions are joined by AND."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    kind: Kind | None = None
    reason: Reason | None = None
    order_id: Name | None = None
    sku: Name | None = None
    held: bool | None = None
    overdue: Annotated[bool | None, Field(description="Past its next deadline.")] = None
    requested_from: Instant | None = None
    requested_before: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None

    def filter(self, now: datetime) -> ClaimFilter:
        same = ("state", "kind", "reason", "order_id", "sku", "held", "requested_from", "requested_before")
        values = {name: getattr(self, name) for name in same}
        return ClaimFilter(**values, overdue=self.overdue, now=now)


class EventListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: str | None = None


@router.post(
    "",
    status_code=201,
    summary="Open a claim",
    response_model=ClaimOut,
    responses={201: _CLAIM[200], **responses(400, 404, 409)},
)
async def open_claim(body: ClaimIn, exchange: WritesClaims, key: IdempotencyKey = None) -> Response:
    """Ask for a cancellation, return, exchange or refund. An ineligible claim is taken too: its assessment says
    why, and the answer is the seller's. What cannot be (units that another claim holds) is refused."""
    now = exchange.now
    command = body.command(new_id(now), exchange.actor(body.requested_by, body.actor), now)

    async def work(tx: Any) -> Answer:
        view = await claims.request(tx, exchange.caller, body.order_id, command, now)
        headers = {"ETag": _etag(view), "Location": f"/v1/claims/{view.claim.claim_id}"}
        return Answer(status=201, body=render(view), headers=headers)

    return await exchange.once(key, work)


@router.post(
    "/quote",
    summary="Quote a claim",
    response_model=QuoteOut,
    responses={**_QUOTE, **responses(404, 409)},
)
async def quote_claim(body: ClaimIn, exchange: WritesClaims) -> Response:
    """What a claim would be judged and worth, by the same code, with nothing stored."""
    now = exchange.now
    command = body.command(new_id(now), exchange.actor(body.requested_by, body.actor), now)
    found = await exchange.read(lambda tx: claims.quote(tx, exchange.caller, body.order_id, command, now))
    return Response(dump(quote_picture(found)), media_type="application/json")


@router.get("", summary="List claims", response_model=ClaimPage, responses=responses(400))
async def list_claims(exchange: ReadsClaims, listing: Annotated[ClaimListing, Query()]) -> Response:
    """Newest first."""
    limit = min(listing.limit, exchange.rooms.page_size_max)
    after = position(listing.cursor, str)
    found = await exchange.read(
        lambda tx: claims.page(
            tx,
            exchange.caller,
            listing.filter(exchange.now),
            exchange.now,
            limit=limit + 1,
            after=str(after[0]) if after else None,
        )
    )
    rows, more = found[:limit], found[limit:]
    last = cursor(rows[-1].claim.claim_id) if more else None
    return page_answer(exchange.request, [claim_picture(row) for row in rows], last)


@router.get("/{claim_id}", summary="Read a claim", response_model=ClaimOut, responses={**_CLAIM, **responses(404)})
async def get_claim(claim_id: ClaimId, exchange: ReadsClaims) -> Response:
    """The claim with its assessment, amounts, deadlines, and what can be done next."""
    view = await exchange.read(lambda tx: claims.read(tx, exchange.caller, claim_id, exchange.now))
    return Response(render(view), headers={"ETag": _etag(view)}, media_type="application/json")


@router.get(
    "/{claim_id}/events",
    summary="Read a claim's history",
    response_model=EventPage,
    responses=responses(400, 404),
)
async def list_events(
    claim_id: ClaimId, exchange: ReadsClaims, listing: Annotated[EventListing, Query()]
) -> Response:
    """Every step, oldest first, each hashed over the one before."""
    limit = min(listing.limit, exchange.rooms.page_size_max)
    start = position(listing.cursor, int)
    after = int(str(start[0])) if start else 0
    found = await exchange.read(
        lambda tx: claims.history(tx, exchange.caller, claim_id, limit=limit + 1, after=after)
    )
    rows, more = found[:limit], found[limit:]
    last = cursor(rows[-1].seq) if more else None
    return page_answer(exchange.request, [event_picture(row) for row in rows], last)


@router.post("/{claim_id}/approve", summary="Approve", response_model=ClaimOut, responses=_COMMANDED)
async def approve(
    claim_id: ClaimId, body: ApproveIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Grant the claim: a cancellation or refund then owes its money, a return or exchange awaits the goods."""
    if body.override is not None:
        require(exchange.caller, Scope.CLAIMS_OVERRIDE)
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post("/{claim_id}/reject", summary="Reject", response_model=ClaimOut, responses=_COMMANDED)
async def reject(
    claim_id: ClaimId, body: RejectIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Refuse the claim, on a ground that the facts support. What the buyer is entitled to cannot be refused."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post("/{claim_id}/withdraw", summary="Withdraw", response_model=ClaimOut, responses=_COMMANDED)
async def withdraw(
    claim_id: ClaimId, body: WithdrawIn, exchange: WritesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """The buyer lets go of the claim, until the goods are back."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.BUYER, body.actor)))


@router.post("/{claim_id}/hold", summary="Hold", response_model=ClaimOut, responses=_COMMANDED)
async def hold(
    claim_id: ClaimId, body: HoldIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Stop the claim where it is; only release and withdraw are taken until then."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post("/{claim_id}/release", summary="Release", response_model=ClaimOut, responses=_COMMANDED)
async def release(
    claim_id: ClaimId, body: ReleaseIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Let a held claim go on."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post("/{claim_id}/reclassify", summary="Reclassify", response_model=ClaimOut, responses=_COMMANDED)
async def reclassify(
    claim_id: ClaimId, body: ReclassifyIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Change the reason, the fault or the replacements, with evidence; costs and amounts follow."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post("/{claim_id}/offers", summary="Make an offer", response_model=ClaimOut, responses=_COMMANDED)
async def make_offer(
    claim_id: ClaimId, body: OfferIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Put an alternative to the buyer. Declined, it leaves the buyer's right as it was."""
    command = body.command(new_id(exchange.now), exchange.actor(Role.SELLER, body.actor))
    return await _give(exchange, key, claim_id, seen, command)


@router.post(
    "/{claim_id}/offers/{offer_id}/accept",
    summary="Accept an offer",
    response_model=ClaimOut,
    responses=_COMMANDED,
)
async def accept_offer(
    claim_id: ClaimId,
    offer_id: OfferId,
    body: AnswerIn,
    exchange: WritesClaims,
    seen: IfVersion,
    key: IdempotencyKey = None,
) -> Response:
    """The buyer takes the alternative; the claim goes on, or ends, with it."""
    command = AcceptOffer(by=exchange.actor(Role.BUYER, body.actor), offer_id=offer_id)
    return await _give(exchange, key, claim_id, seen, command)


@router.post(
    "/{claim_id}/offers/{offer_id}/decline",
    summary="Decline an offer",
    response_model=ClaimOut,
    responses=_COMMANDED,
)
async def decline_offer(
    claim_id: ClaimId,
    offer_id: OfferId,
    body: AnswerIn,
    exchange: WritesClaims,
    seen: IfVersion,
    key: IdempotencyKey = None,
) -> Response:
    """The buyer does not; the claim stands as it did."""
    command = DeclineOffer(by=exchange.actor(Role.BUYER, body.actor), offer_id=offer_id)
    return await _give(exchange, key, claim_id, seen, command)


@router.post("/{claim_id}/dispatch", summary="Dispatch", response_model=ClaimOut, responses=_COMMANDED)
async def dispatch(
    claim_id: ClaimId, body: DispatchIn, exchange: WritesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """The goods are on their way back."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.BUYER, body.actor)))


@router.post("/{claim_id}/receive", summary="Receive", response_model=ClaimOut, responses=_COMMANDED)
async def receive(
    claim_id: ClaimId, body: ReceiveIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Goods have come back, counted by line and condition; in parts if need be."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post("/{claim_id}/inspect", summary="Inspect", response_model=ClaimOut, responses=_COMMANDED)
async def inspect(
    claim_id: ClaimId, body: InspectIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """Take the goods back, line by line, or send them back to the buyer with a ground."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post("/{claim_id}/reship", summary="Reship", response_model=ClaimOut, responses=_COMMANDED)
async def reship(
    claim_id: ClaimId, body: ReshipIn, exchange: DecidesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """The replacement has left; it becomes a line of the order."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


@router.post(
    "/{claim_id}/confirm-delivery", summary="Confirm delivery", response_model=ClaimOut, responses=_COMMANDED
)
async def confirm_delivery(
    claim_id: ClaimId, body: ConfirmDeliveryIn, exchange: WritesClaims, seen: IfVersion, key: IdempotencyKey = None
) -> Response:
    """The replacement has arrived: the exchange is done."""
    return await _give(exchange, key, claim_id, seen, body.command(exchange.actor(Role.SELLER, body.actor)))


async def _give(
    exchange: Exchange, key: str | None, claim_id: str, seen: int | None, command: Command
) -> Response:
    async def work(tx: Any) -> Answer:
        view = await claims.act(tx, exchange.caller, claim_id, command, exchange.now, if_version=seen)
        return Answer(status=200, body=render(view), headers={"ETag": _etag(view)})

    return await exchange.once(key, work)


def _etag(view: ClaimView) -> str:
    return f'"{view.claim.version}"'


def render(view: ClaimView) -> str:
    return dump(claim_picture(view))
