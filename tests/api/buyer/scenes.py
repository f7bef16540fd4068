"""For every route of buyers that writes, a scene in which the request succeeds: the setup, the path and the body."""

from collections.abc import Awaitable, Callable, Mapping

from tests.api import walks
from tests.api.buyer.visits import link_to
from tests.api.claim_commands import COMMANDS, EDITED, OFFERED
from tests.api.option_scenes import answer_option_change
from tests.api.refund_scenes import ACCOUNT, use_refund_account
from tests.api.return_scenes import add_return_parcel
from tests.api.scenes import ELSEWHERE, command
from tests.api.test_refused_claims import DUPLICATE
from tests.api.walks import ONE, Body
from tests.storefront import Storefront

Scene = Callable[[Storefront, str], Awaitable[tuple[str, Body]]]


async def open_session(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    return "/buyer/v1/sessions", {"token": (await link_to(shop, order_id))["token"]}


async def look_up(shop: Storefront, order_id: str) -> tuple[str, Body]:
    return f"/buyer/v1/shops/{shop.merchant_id}/lookups", {"order_id": order_id, "email": "mina@example.com"}


def of_order(path: str, body: Body) -> Scene:
    async def scene(shop: Storefront, order_id: str) -> tuple[str, Body]:
        await shop.push_order(order_id)
        return f"/buyer/v1/{path}", body

    return scene


def of_claim(scene: Callable[[Storefront, str], Awaitable[tuple[str, Body]]], body: Body | None = None) -> Scene:
    """The same request as a storefront's, by the buyer."""

    async def of_buyer(shop: Storefront, order_id: str) -> tuple[str, Body]:
        path, sent = await scene(shop, order_id)
        return f"/buyer{path}", sent if body is None else body

    return of_buyer


ASKED = ("contacts", {"kind": "question", "text": "사진이 있을까요?"})


async def answer_question(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    claim = await shop.claim("cancel", order_id=order_id)
    path = f"/v1/claims/{claim['claim_id']}/contacts"
    assert (await shop.post(path, ASKED[1])).status_code == 201
    return f"/buyer{path}", {"text": "네, 보내드릴게요."}


async def answer_survey(shop: Storefront, order_id: str) -> tuple[str, Body]:
    """The survey of a claim that was rejected."""
    await shop.push_order(order_id)
    claim = await shop.give(await shop.claim("cancel", order_id=order_id), "reject", DUPLICATE)
    path = f"/buyer/v1/claims/{claim['claim_id']}/survey"
    return path, {"score": "so_so", "reason_understood": True, "alternative_found": False, "text": "아쉬워요."}


async def retract_option(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, body = await answer_option_change("retract", {})(shop, order_id)
    change_id = path.split("/")[-2]
    return f"/buyer/v1/option-changes/{change_id}/retract", body


WANTED_OPTION: Body = {"line_id": "1", "quantity": 1, "sku": "MUG-BLUE"}
CANCEL: Body = {"kind": "cancel", "reason": "change_of_mind", "lines": [ONE]}
OPEN_TO_BUYERS = {"POST /buyer/v1/sessions", "POST /buyer/v1/shops/{merchant_id}/lookups"}
"""Routes that take no token in a header."""

BUYER_SCENES: Mapping[str, Scene] = {
    "POST /buyer/v1/claims/{claim_id}/parcels": of_claim(add_return_parcel),
    "POST /buyer/v1/sessions": open_session,
    "DELETE /buyer/v1/sessions/current": of_order("sessions/current", {}),
    "POST /buyer/v1/shops/{merchant_id}/lookups": look_up,
    "POST /buyer/v1/claims": of_order("claims", CANCEL),
    "POST /buyer/v1/claims/quote": of_order("claims/quote", CANCEL),
    "POST /buyer/v1/claims/{claim_id}/edit": of_claim(command("return", (), "edit", EDITED)),
    "POST /buyer/v1/claims/{claim_id}/edit/quote": of_claim(command("return", (), "edit/quote", EDITED)),
    "POST /buyer/v1/claims/{claim_id}/retract": of_claim(command("return", (), "retract", {"note": "?"})),
    "POST /buyer/v1/claims/{claim_id}/dispatch": of_claim(
        command("return", (walks.APPROVE,), "dispatch", COMMANDS["dispatch"][2])
    ),
    "POST /buyer/v1/claims/{claim_id}/offers/{offer_id}/accept": of_claim(
        command("return", (OFFERED,), "offers/{offer_id}/accept", {})
    ),
    "POST /buyer/v1/claims/{claim_id}/offers/{offer_id}/decline": of_claim(
        command("return", (OFFERED,), "offers/{offer_id}/decline", {"more_offers": True})
    ),
    "POST /buyer/v1/claims/{claim_id}/contacts": answer_question,
    "PUT /buyer/v1/claims/{claim_id}/refund-account": of_claim(use_refund_account("", ACCOUNT)),
    "POST /buyer/v1/claims/{claim_id}/survey": answer_survey,
    "POST /buyer/v1/address-changes": of_order("address-changes", ELSEWHERE),
    "POST /buyer/v1/option-changes": of_order("option-changes", WANTED_OPTION),
    "POST /buyer/v1/option-changes/{change_id}/retract": retract_option,
    "POST /buyer/v1/delivery-dates": of_order(
        "delivery-dates", {"lines": [{"line_id": "1", "deliver_on": "2026-06-16"}]}
    ),
}
BUYER_BODILESS = {"DELETE /buyer/v1/sessions/current"}
BUYER_KEYLESS = BUYER_BODILESS | {
    *OPEN_TO_BUYERS,
    "POST /buyer/v1/claims/quote",
    "POST /buyer/v1/claims/{claim_id}/edit/quote",
    "PUT /buyer/v1/claims/{claim_id}/refund-account",
}
"""Routes without an Idempotency-Key: a repeated request has no second effect, or the answer has a secret."""
