"""The public shape of a shop."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.shop import Shop


class ReturnAddressBody(BaseModel):
    """Where buyers send goods."""

    country: str | None = Field(description="The country of the orders that it is for. Null: of all other orders.")
    address: str = Field(description="The address.")
    method: dict[str, str] = Field(description="How to send the goods, by language.")
    hours: dict[str, str] = Field(description="When parcels are taken there, by language.")


class WayToPayBody(BaseModel):
    """How buyers pay what they owe."""

    currency: str = Field(description="The currency of the orders that it is for.")
    account: str | None = Field(description="The account.")
    url: str | None = Field(description="The page where a buyer can pay.")


class ThemeBody(BaseModel):
    """Two colours and a logo."""

    accent: str | None = Field(description="The colour of links and buttons.")
    band: str | None = Field(description="The colour of the head of each page.")
    logo: str | None = Field(description="The logo, as a `data:` URL.")


class ShopBody(BaseModel):
    """The profile of the shop."""

    merchant_id: str = Field(description="Your id. It is in the addresses of your public pages.")
    name: str = Field(description="The name that buyers know.")
    contact_email: str | None = Field(description="Where messages to the shop go, and where buyers answer.")
    language: str | None = Field(description="The language.")
    bounced_at: datetime | None = Field(
        description="When the mail server refused the address for good. No further message goes to it."
    )
    bounce: str | None = Field(description="What the mail server answered.")
    names: dict[str, str] = Field(description="The name in other languages, by language.")
    postal_address: str | None = Field(description="The postal address of the seller.")
    phone: str | None = Field(description="The number that buyers call.")
    hours: dict[str, str] = Field(description="When buyers can reach the shop, by language.")
    chat_url: str | None = Field(description="The page where buyers can chat with the shop.")
    return_addresses: list[ReturnAddressBody] = Field(description="Where buyers send goods.")
    ways_to_pay: list[WayToPayBody] = Field(description="How buyers pay what they owe.")
    theme: ThemeBody = Field(description="How the pages for buyers look.")
    origins: list[str] = Field(description="The origins whose pages may call `/buyer/v1` from a browser.")
    surveys: bool = Field(description="Whether buyers are asked how a claim went, after its end.")


def shop_body(shop: Shop, merchant_id: str) -> dict[str, Any]:
    """The settings of messages are a resource of their own, and the mode is that of the key."""
    body = asdict(shop)
    del body["message_settings"], body["mode"]
    profile: dict[str, Any] = body.pop("profile")
    return {"merchant_id": merchant_id, **body, **profile}
