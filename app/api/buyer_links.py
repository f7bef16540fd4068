"""The routes that let buyers in: links and tokens for one order, which the seller makes and revokes."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Path, Response

from app.api.context import LetsBuyersIn, ReadsOrders
from app.api.examples import ok
from app.api.problem_examples import responses
from app.api.schemas.buyer_access import (
    BuyerAccessBody,
    BuyerLinkBody,
    BuyerLinkList,
    BuyerTokenBody,
    CreateBuyerLinkRequest,
    CreateBuyerTokenRequest,
    access_body,
)
from app.api.schemas.common import Name
from app.json_text import dump
from app.records.buyer_access import BuyerAccess
from app.service import buyer_access
from app.service.buyer_access import NewAccess, link_url
from app.service.idempotency import Answer

router = APIRouter(prefix="/v1/orders/{order_id}", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))

OrderId = Annotated[Name, Path(description="Your own id of the order.")]
LinkId = Annotated[Name, Path(description="The id of the link.")]


@router.post(
    "/buyer-links",
    status_code=201,
    summary="Create a link for the buyer",
    response_model=BuyerLinkBody,
    responses={**ok("buyer_link", 201), **responses(400, 404, 409, 415)},
)
async def create_buyer_link(
    order_id: OrderId,
    ctx: LetsBuyersIn,
    body: Annotated[CreateBuyerLinkRequest, Body(default_factory=CreateBuyerLinkRequest)],
) -> Response:
    """The link opens one session for this order, once. Only this answer shows the link: the service stores a hash. A
    repeated request makes another link, so the route takes no Idempotency-Key."""
    return await ctx.write(
        lambda tx: buyer_access.create_link(tx, ctx.caller, order_id, ctx.now, lasts=body.lasts),
        lambda new: _created(new, url=link_url(ctx.app_state.public_url, new.token)),
    )


@router.get(
    "/buyer-links",
    summary="List the links of the buyer",
    response_model=BuyerLinkList,
    responses={**ok("buyer_links"), **responses(404)},
)
async def list_buyer_links(order_id: OrderId, ctx: ReadsOrders) -> Response:
    """Return the links without their secrets, and when each was used. A link is listed for 30 days after its end."""
    links = await ctx.read(lambda tx: buyer_access.links_of(tx, ctx.caller, order_id))
    return Response(_listed(links).body, media_type="application/json")


@router.delete(
    "/buyer-links/{link_id}",
    summary="Revoke a link of the buyer",
    response_model=BuyerAccessBody,
    responses={**ok("buyer_access"), **responses(404, 409)},
)
async def delete_buyer_link(order_id: OrderId, link_id: LinkId, ctx: LetsBuyersIn) -> Response:
    """End the link, and the session that it has opened."""
    return await ctx.write(
        lambda tx: buyer_access.revoke_link(tx, ctx.caller, order_id, link_id, ctx.now),
        lambda link: Answer(status=200, body=dump(access_body(link))),
    )


@router.delete(
    "/buyer-links",
    summary="Revoke all access of the buyer",
    response_model=BuyerLinkList,
    responses={**ok("buyer_links"), **responses(404, 409)},
)
async def delete_buyer_links(order_id: OrderId, ctx: LetsBuyersIn) -> Response:
    """End every link, session and token of the order."""
    return await ctx.write(lambda tx: buyer_access.revoke_all(tx, ctx.caller, order_id, ctx.now), _listed)


@router.post(
    "/buyer-tokens",
    status_code=201,
    summary="Create a token for the browser of the buyer",
    response_model=BuyerTokenBody,
    responses={**ok("buyer_token", 201), **responses(400, 404, 409, 415)},
)
async def create_buyer_token(
    order_id: OrderId,
    ctx: LetsBuyersIn,
    body: Annotated[CreateBuyerTokenRequest, Body(default_factory=CreateBuyerTokenRequest)],
) -> Response:
    """For a buyer who has signed in at your storefront. The browser sends the token to `/buyer/v1` as
    `Authorization: Bearer rbt_...`, until the token expires. Only this answer shows the token."""
    return await ctx.write(
        lambda tx: buyer_access.create_token(tx, ctx.caller, order_id, ctx.now, lasts=body.lasts), _created
    )


def _created(new: NewAccess, **more: str | None) -> Answer:
    return Answer(status=201, body=dump({**access_body(new.access), "token": new.token, **more}))


def _listed(links: Sequence[BuyerAccess]) -> Answer:
    return Answer(status=200, body=dump({"data": [access_body(link) for link in links]}))
