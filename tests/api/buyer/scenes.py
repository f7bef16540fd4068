"""For every route of buyers that writes, a scene in which the request succeeds: the setup, the path and the body."""

from collections.abc import Awaitable, Callable, Mapping

from tests.api.buyer.visits import link_to
from tests.api.walks import Body
from tests.storefront import Storefront

Scene = Callable[[Storefront, str], Awaitable[tuple[str, Body]]]


async def open_session(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    return "/buyer/v1/sessions", {"token": (await link_to(shop, order_id))["token"]}


async def end_session(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    return "/buyer/v1/sessions/current", {}


OPEN_TO_BUYERS = {"POST /buyer/v1/sessions"}
"""Routes that take no token in a header."""

BUYER_SCENES: Mapping[str, Scene] = {
    "POST /buyer/v1/sessions": open_session,
    "DELETE /buyer/v1/sessions/current": end_session,
}
BUYER_BODILESS = {"DELETE /buyer/v1/sessions/current"}
BUYER_KEYLESS = BUYER_BODILESS | {"POST /buyer/v1/sessions"}
"""Routes without an Idempotency-Key."""
