"""What a buyer reads about the shop of the order."""

from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.order import Order
from app.records.shop import Shop, in_language


class BuyerReturnAddress(BaseModel):
    """Where goods of this order go back to."""

    address: str = Field(description="The address.")
    method: str | None = Field(description="How to send the goods.")
    hours: str | None = Field(description="When parcels are taken there.")


class BuyerWayToPay(BaseModel):
    """How to pay what is owed."""

    account: str | None = Field(description="The account.")
    url: str | None = Field(description="The page where you can pay.")


class BuyerShopBody(BaseModel):
    """The shop of the order. Texts are in the language of the answer, or in English, or as the shop wrote them."""

    name: str = Field(description="The name of the shop.")
    phone: str | None = Field(description="The number to call.")
    hours: str | None = Field(description="When the shop can be reached.")
    chat_url: str | None = Field(description="The page where you can chat with the shop.")
    return_address: BuyerReturnAddress | None = Field(
        description="Where goods go back to. Null: the shop has not said."
    )
    way_to_pay: BuyerWayToPay | None = Field(description="How to pay what is owed. Null: the shop has not said.")


def shop_for_buyer(shop: Shop, order: Order, language: str) -> dict[str, Any]:
    profile = shop.profile
    back, way = profile.return_address(order.country), profile.way_to_pay(order.currency)
    return {
        "name": shop.name_in(language),
        "phone": profile.phone,
        "hours": in_language(profile.hours, language),
        "chat_url": profile.chat_url,
        "return_address": back
        and {
            "address": back.address,
            "method": in_language(back.method, language),
            "hours": in_language(back.hours, language),
        },
        "way_to_pay": way and {"account": way.account, "url": way.url},
    }
