"""The scenes of the texts that a merchant writes: templates of messages, and the FAQ."""

from tests.api.walks import Body
from tests.storefront import Storefront

OWN: Body = {"event": "claim.rejected", "audience": "buyer", "language": "ko"}


async def put_template(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/message-templates", {**OWN, "text": "{{ shop }}\n\n죄송합니다."}


async def reset_template(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, body = await put_template(shop, order_id)
    await shop.post(path, body)
    return "/v1/message-templates/claim.rejected/buyer/ko", {}


FAQ: Body = {
    "entry_id": "return-cost",
    "language": "ko",
    "question": "반품 배송비는 얼마인가요?",
    "answer": "무료입니다.",
}


async def put_faq_entry(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/faq-entries", FAQ


async def delete_faq_entry(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, body = await put_faq_entry(shop, order_id)
    await shop.post(path, body)
    return f"{path}/ko/return-cost", {}


async def set_shop(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/shop", {"name": "머그 가게", "contact_email": "help@mug.example"}


async def set_messages(_: Storefront, order_id: str) -> tuple[str, Body]:
    return "/v1/message-settings", {"time_zone": "Asia/Seoul"}


async def preview_message(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    claim = await shop.claim("cancel", order_id=order_id)
    return "/v1/messages/preview", {**OWN, "claim_id": claim["claim_id"]}


async def add_contact(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    claim = await shop.claim("cancel", order_id=order_id)
    return f"/v1/claims/{claim['claim_id']}/contacts", {"kind": "question", "text": "사진이 있을까요?"}
