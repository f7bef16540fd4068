"""What a shop says about itself, as the variables of templates. A text that the shop has not written is left out."""

from typing import Any

from app.engine.model.order import Order
from app.messages.context import Variables
from app.records.shop import Shop, in_language

Part = dict[str, Any]


def of_shop(shop: Shop, order: Order, language: str) -> Variables:
    """The name, the ways to reach the shop, where to send goods of the order, and how to pay in its currency."""
    return {
        "shop": shop.name_in(language),
        "reach_us": ways_to_reach(shop, language),
        "send_to": _send_to(shop, order, language),
        "pay_to": _pay_to(shop, order),
    }


def who_sells(shop: Shop, language: str) -> list[Part]:
    """The name and the postal address of the seller. Nothing without an address: the title of the page has the name."""
    address = shop.profile.postal_address
    return _parts(seller=shop.name_in(language), postal_address=address) if address else []


def ways_to_reach(shop: Shop, language: str) -> list[Part]:
    profile = shop.profile
    return _parts(
        phone=profile.phone,
        hours=in_language(profile.hours, language),
        chat=profile.chat_url,
        email=shop.address,
    )


def _send_to(shop: Shop, order: Order, language: str) -> list[Part]:
    place = shop.profile.return_address(order.country)
    if place is None:
        return []
    method, hours = in_language(place.method, language), in_language(place.hours, language)
    return _parts(address=place.address, method=method, arrival_hours=hours)


def _pay_to(shop: Shop, order: Order) -> list[Part]:
    way = shop.profile.way_to_pay(order.currency)
    return _parts(account=way.account, pay_url=way.url) if way else []


def _parts(**texts: str | None) -> list[Part]:
    return [{"what": what, "text": text} for what, text in texts.items() if text]
