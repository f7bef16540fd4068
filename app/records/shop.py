"""The shop of a merchant, as the sender and receiver of messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.records.merchant import Mode
from app.records.message_settings import NO_SETTINGS, MessageSettings

Texts = Mapping[str, str]
"""A text in some languages, by the code of the language."""


def in_language(texts: Texts, language: str) -> str | None:
    """The text in the language, otherwise in English, otherwise in the first language that the shop wrote."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnAddress:
    """Where buyers send goods. `country` is the country of the orders that it is for, None for all others. `method`
    says how to send the goods, `hours` when parcels are taken."""

    address: str
    country: str | None = None
    method: Texts = field(default_factory=dict)
    hours: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayToPay:
    """How buyers pay what they owe in a currency: into an account, or on a page."""

    currency: str
    account: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """How the pages for buyers look. Colours are `#rrggbb`: `accent` is of links and buttons, `band` of the head of a
    page. `logo` is an image as a `data:` URL."""

    accent: str | None = None
    band: str | None = None
    logo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopProfile:
    """What a shop says about itself. All of it is for its buyers to read, and all of it is optional. `postal_address`
    is the seat of the seller, as the law wants it named. `origins` are the origins of the storefront whose pages may
    call the buyer's API from a browser. `surveys`: after the end of a claim the buyer is asked how it went."""

    names: Texts = field(default_factory=dict)
    postal_address: str | None = None
    phone: str | None = None
    hours: Texts = field(default_factory=dict)
    chat_url: str | None = None
    return_addresses: tuple[ReturnAddress, ...] = ()
    ways_to_pay: tuple[WayToPay, ...] = ()
    theme: Theme = Theme()
    origins: tuple[str, ...] = ()
    surveys: bool = True

    def return_address(self, country: str) -> ReturnAddress | None:
        """The address for an order of the country, otherwise the address for all others."""
        by_country = {each.country: each for each in self.return_addresses}
        return by_country.get(country) or by_country.get(None)

    def way_to_pay(self, currency: str) -> WayToPay | None:
        return next((way for way in self.ways_to_pay if way.currency == currency), None)


NO_PROFILE = ShopProfile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """`name` is the merchant's name unless the shop has its own. `bounce` is the answer of the mail server when the
    address does not exist."""

    name: str
    contact_email: str | None = None
    language: str | None = None
    bounce: str | None = None
    bounced_at: datetime | None = None
    profile: ShopProfile = NO_PROFILE
    message_settings: MessageSettings = NO_SETTINGS
    mode: Mode = Mode.LIVE

    @property
    def address(self) -> str | None:
        """The address for messages. None after a bounce."""
        return None if self.bounced_at else self.contact_email

    def name_in(self, language: str) -> str:
        return self.profile.names.get(language) or self.name
