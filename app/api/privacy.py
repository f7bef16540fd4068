"""The routes of the data of buyers: what is held and until when, its export, its erasure, and legal holds."""

from collections.abc import AsyncIterator, Sequence
from typing import IO, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Body, Path, Response
from fastapi.responses import StreamingResponse

from app.api.context import IdempotencyKey, ReadsOrders, RequestContext, WritesPrivacy
from app.api.examples import ok
from app.api.orders import OrderId
from app.api.problem_examples import responses
from app.api.schemas.common import Name
from app.api.schemas.endpoints import EmptyRequest
from app.api.schemas.privacy import BuyerPrivacyList, PutLegalHoldRequest
from app.json_text import dump
from app.records.privacy import HeldData
from app.service.idempotency import Answer
from app.service.privacy import erasing, exporting, holding, legal_holds
from app.service.resources.privacy import OrderPrivacyBody, order_privacy_body

router = APIRouter(prefix="/v1", tags=["privacy"], responses=responses(401, 403, 413, 422, 429, 503))

BuyerId = Annotated[Name, Path(description="Your own id of the buyer: the `buyer_id` of the orders.")]
Nothing = Annotated[EmptyRequest, Body(default_factory=EmptyRequest)]
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}, "example": "(the ZIP)"}}}
}
_BLOCK = 256 * 1024


@router.get(
    "/orders/{order_id}/privacy",
    summary="Read what is held about the buyer of an order",
    response_model=OrderPrivacyBody,
    responses={**ok("order_privacy"), **responses(404)},
)
async def get_order_privacy(order_id: OrderId, ctx: ReadsOrders) -> Response:
    """The data of the buyer in groups, each with the time until which it is kept and the article that wants it."""
    held = await ctx.read(lambda tx: holding.read(tx, ctx.caller, order_id, ctx.now))
    return Response(_answer(held).body, media_type="application/json")


@router.post(
    "/orders/{order_id}/erase",
    summary="Erase the buyer of an order",
    response_model=OrderPrivacyBody,
    responses={**ok("order_privacy"), **responses(400, 404, 409, 415)},
)
async def erase_order_buyer(order_id: OrderId, _: Nothing, ctx: WritesPrivacy, key: IdempotencyKey) -> Response:
    """Erase now what no law wants kept. The worker erases the rest when its time has ended. The answer says which group
    is erased, which is kept until when, and under which article. The history of the claims stays whole."""
    by, now = ctx.audit_actor, ctx.now
    return await ctx.once(key, lambda tx: erasing.erase_order(tx, ctx.caller, order_id, by, now), _answer)


@router.get(
    "/orders/{order_id}/export",
    summary="Export the data of the buyer of an order",
    response_class=Response,
    responses={**_ZIP, **responses(404)},
)
async def export_order_buyer(order_id: OrderId, ctx: WritesPrivacy) -> Response:
    """A ZIP with all data about the order as JSON, and with the files of its claims. The audit trail says who has
    exported it."""
    return await _export(ctx, [order_id])


@router.put(
    "/orders/{order_id}/legal-hold",
    summary="Set a legal hold",
    response_model=OrderPrivacyBody,
    responses={**ok("order_privacy_on_hold"), **responses(400, 404, 409, 415)},
)
async def put_legal_hold(order_id: OrderId, body: PutLegalHoldRequest, ctx: WritesPrivacy) -> Response:
    """Nothing of the order is erased until the hold is lifted. The audit trail has both."""
    by, now = ctx.audit_actor, ctx.now
    return await ctx.write(lambda tx: legal_holds.put(tx, ctx.caller, order_id, body.reason, by, now), _answer)


@router.delete(
    "/orders/{order_id}/legal-hold",
    summary="Lift a legal hold",
    response_model=OrderPrivacyBody,
    responses={**ok("order_privacy"), **responses(404, 409)},
)
async def delete_legal_hold(order_id: OrderId, ctx: WritesPrivacy) -> Response:
    """What has reached its end meanwhile is erased by the worker."""
    return await ctx.write(lambda tx: legal_holds.lift(tx, ctx.caller, order_id, ctx.audit_actor, ctx.now), _answer)


@router.post(
    "/buyers/{buyer_id}/erase",
    summary="Erase a buyer",
    response_model=BuyerPrivacyList,
    responses={**ok("buyer_privacy"), **responses(400, 404, 409, 415)},
)
async def erase_buyer(buyer_id: BuyerId, _: Nothing, ctx: WritesPrivacy, key: IdempotencyKey) -> Response:
    """Erase the buyer of every order with this `buyer_id`. An order on legal hold is left as it is."""
    by, now = ctx.audit_actor, ctx.now
    return await ctx.once(key, lambda tx: erasing.erase_buyer(tx, ctx.caller, buyer_id, by, now), _answers)


@router.get(
    "/buyers/{buyer_id}/export",
    summary="Export the data of a buyer",
    response_class=Response,
    responses={**_ZIP, **responses(404, 409)},
)
async def export_buyer(buyer_id: BuyerId, ctx: WritesPrivacy) -> Response:
    """The same for every order with this `buyer_id`."""
    order_ids = await ctx.read(lambda tx: erasing.orders_of_buyer(tx, ctx.caller, buyer_id))
    return await _export(ctx, order_ids)


async def _export(ctx: RequestContext, order_ids: Sequence[str]) -> Response:
    state, merchant_id = ctx.app_state, ctx.caller.merchant_id
    async with ctx.turn():
        archive = await exporting.export(
            state.database, state.files.store, merchant_id, order_ids, ctx.audit_actor, ctx.now
        )
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'attachment; filename="buyer.zip"'}
    return StreamingResponse(_blocks(archive), headers=headers, media_type="application/zip")


async def _blocks(archive: IO[bytes]) -> AsyncIterator[bytes]:
    with archive:
        while block := await to_thread.run_sync(archive.read, _BLOCK):
            yield block


def _answer(held: HeldData) -> Answer:
    return Answer(status=200, body=dump(order_privacy_body(held)))


def _answers(held: Sequence[HeldData]) -> Answer:
    return Answer(status=200, body=dump({"data": [order_privacy_body(each) for each in held]}))
