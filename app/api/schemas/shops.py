"""The bodies of the shop: how a merchant shows itself to buyers."""

from base64 import b64decode
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from app.api.schemas.buyers import Email
from app.api.schemas.common import Currency, Input, Name, named_once
from app.api.schemas.orders import Country
from app.api.schemas.policies import Language
from app.messages.colours import WHITE, contrast
from app.records.plain_text import one_line, printable
from app.records.shop import ReturnAddress, Shop, ShopProfile, Theme, WayToPay

Line = Annotated[
    str, StringConstraints(min_length=1, max_length=300), AfterValidator(printable), AfterValidator(one_line)
]
Link = Annotated[
    str, StringConstraints(pattern=r"^https://[!#-;=?-\[\]_a-z~]+$", max_length=1000), AfterValidator(one_line)
]
"""An https URL: ASCII, one line."""
Phone = Annotated[
    str, StringConstraints(pattern=r"^[+(]?[0-9][0-9 ()./-]*$", min_length=3, max_length=40), AfterValidator(one_line)
]

READABLE = 4.5
"""The least contrast of text and its ground: WCAG 2.2, 1.4.3."""
MOST_LOGO = 24_000


def _readable(colour: str) -> str:
    if contrast(colour, WHITE) < READABLE:
        raise ValueError(f"needs a contrast of {READABLE} to white at least")
    return colour


def _image(logo: str) -> str:
    """The type of a logo is that of its first bytes."""
    media_type, _, text = logo.removeprefix("data:").partition(";base64,")
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        raise ValueError("must be base64") from None
    if not content.startswith(_BEGINNINGS[media_type]) or (media_type == "image/webp" and content[8:12] != b"WEBP"):
        raise ValueError(f"is no {media_type}")
    return logo


_BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Accent = Annotated[Colour, AfterValidator(_readable)]
Logo = Annotated[
    str,
    StringConstraints(pattern=r"^data:image/(?:png|jpeg|webp);base64,[0-9A-Za-z+/]+=*$", max_length=MOST_LOGO),
    AfterValidator(_image),
]


def _as_browsers_send_it(origin: str) -> str:
    """A browser leaves out the default port of a scheme, so an origin with that port would never be met."""
    scheme, _, host = origin.partition("://")
    _, _, port = host.partition(":")
    if port == _DEFAULT_PORTS[scheme]:
        raise ValueError("leave out the default port of the scheme")
    if port and int(port) > 65_535:
        raise ValueError("the port must be 65535 at most")
    return origin


_DEFAULT_PORTS = {"http": "80", "https": "443"}
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
Origin = Annotated[
    str,
    StringConstraints(
        pattern=rf"^(?:https://{_LABEL}(?:\.{_LABEL})*|http://localhost)(?::[1-9][0-9]{{0,4}})?$", max_length=300
    ),
    AfterValidator(one_line),
    AfterValidator(_as_browsers_send_it),
]


class LanguageText(Input):
    """A text of the shop in the languages of its buyers."""

    ko: Line | None = Field(default=None, description="The Korean text.")
    ja: Line | None = Field(default=None, description="The Japanese text.")
    en: Line | None = Field(default=None, description="The English text. Readers of a language without a text get it.")
    de: Line | None = Field(default=None, description="The German text.")
    fr: Line | None = Field(default=None, description="The French text.")


class ReturnAddressInput(Input):
    """Where buyers send goods."""

    country: Country | None = Field(
        default=None, description="The country of the orders that it is for. Null: the address of all other orders."
    )
    address: Line = Field(description="The address, with the name of the receiver, in one line.")
    method: LanguageText = Field(default=LanguageText(), description="How to send the goods.")
    hours: LanguageText = Field(default=LanguageText(), description="When parcels are taken there.")


class WayToPayInput(Input):
    """How buyers pay what they owe: an account, a page, or both."""

    currency: Currency = Field(description="The currency of the orders that it is for.")
    account: Line | None = Field(default=None, description="The bank, the number and the holder of the account.")
    url: Link | None = Field(default=None, description="The page where a buyer can pay.")

    @model_validator(mode="after")
    def _has_a_way(self) -> Self:
        if not (self.account or self.url):
            raise ValueError("needs an account or a url")
        return self


class ThemeInput(Input):
    """Two colours and a logo."""

    accent: Accent | None = Field(
        default=None, description="The colour of links and buttons, as `#rrggbb`. White text on it must be readable."
    )
    band: Colour | None = Field(default=None, description="The colour of the head of each page, as `#rrggbb`.")
    logo: Logo | None = Field(default=None, description="The logo: a PNG, JPEG or WebP image as a `data:` URL.")


class PutShopRequest(Input):
    """The name and the address of the shop, and what its buyers may read about it. Without an address the shop gets
    no messages, only webhooks."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "머그 가게",
                    "contact_email": "help@mug.example",
                    "language": "ko",
                    "names": {"en": "Mug House"},
                    "postal_address": "서울 마포구 컵로 10",
                    "phone": "02-555-0142",
                    "hours": {"ko": "평일 10:00~17:00", "en": "10:00-17:00 on working days"},
                    "return_addresses": [{"country": "KR", "address": "서울 마포구 컵로 12, 머그 가게 반품 담당"}],
                    "ways_to_pay": [{"currency": "KRW", "account": "국민은행 000000-00-000000 (예금주: 머그 가게)"}],
                    "origins": ["https://mug.example"],
                }
            ]
        }
    )

    name: Name = Field(description="The name that buyers know.")
    contact_email: Email | None = Field(
        default=None, description="Where messages to the shop go, and where buyers answer."
    )
    language: Language | None = Field(default=None, description="The default is the policy's language.")
    names: LanguageText = Field(
        default=LanguageText(), description="The name in other languages. A language without a name has `name`."
    )
    postal_address: Line | None = Field(
        default=None, description="The postal address of the seller, in one line. The public page of a policy has it."
    )
    phone: Phone | None = Field(default=None, description="The number that buyers call.")
    hours: LanguageText = Field(default=LanguageText(), description="When buyers can reach the shop.")
    chat_url: Link | None = Field(default=None, description="The page where buyers can chat with the shop.")
    return_addresses: Annotated[list[ReturnAddressInput], Field(max_length=20), named_once("country")] = Field(
        default_factory=list, description="Where buyers send goods, by the country of the order."
    )
    ways_to_pay: Annotated[list[WayToPayInput], Field(max_length=20), named_once("currency")] = Field(
        default_factory=list, description="How buyers pay what they owe, by the currency of the order."
    )

    theme: ThemeInput = Field(default=ThemeInput(), description="How the pages for buyers look.")
    origins: Annotated[list[Origin], Field(max_length=20)] = Field(
        default_factory=list,
        description="The origins of your storefront whose pages may call `/buyer/v1` from a browser, as a browser sends"
        " them: `https://host` or `https://host:port`, and for development `http://localhost:port`.",
    )
    surveys: StrictBool = Field(default=True, description="Whether buyers are asked how a claim went, after its end.")

    def shop(self) -> Shop:
        told = self.model_dump(exclude_none=True)
        profile = ShopProfile(
            names=told["names"],
            postal_address=self.postal_address,
            phone=self.phone,
            hours=told["hours"],
            chat_url=self.chat_url,
            return_addresses=tuple(ReturnAddress(**each) for each in told["return_addresses"]),
            ways_to_pay=tuple(WayToPay(**each) for each in told["ways_to_pay"]),
            theme=Theme(**told["theme"]),
            origins=tuple(self.origins),
            surveys=self.surveys,
        )
        return Shop(name=self.name, contact_email=self.contact_email, language=self.language, profile=profile)
