"""The texts of the papers of a return parcel: the label outside of the box, and the packing slip inside."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.messages.render import one_line
from app.messages.translations import FALLBACK, MESSAGE_LANGUAGES, word
from app.records.return_number import label_code, written
from app.records.return_parcel import ReturnParcel


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSource:
    """What a paper is made of."""

    parcel: ReturnParcel
    return_number: str
    claim: Claim
    order: Order
    shop: str


def paper_language(*chosen: str | None) -> str:
    """The first choice that papers are written in."""
    return next((each for each in chosen if each in MESSAGE_LANGUAGES), FALLBACK)


def paper_content(source: PaperSource, paper: str, language: str) -> dict[str, Any]:
    """What the templates set, without the drawn codes. `paper` is `label` or `slip`."""
    texts, parcel = paper_words(language), source.parcel
    destination = parcel.destination
    return {
        "title": texts[paper],
        "shop": _plain(source.shop),
        "words": {name: text for name, text in texts.items() if isinstance(text, str)},
        "note": texts[f"{paper}_note"],
        "address": _plain(destination.address) if destination else texts["no_address"],
        "postal_code": destination and destination.postal_code,
        "phone": destination and destination.phone,
        "return_number": written(source.return_number),
        "code": label_code(source.return_number, parcel.number or 1),
        "parcel": texts["of"].format(number=parcel.number or 1),
        "way": texts["ways"][parcel.way] if parcel.way else "",
        "rows": _rows(source, texts, language),
        "items": [_item(source.order, each.line_id, each.quantity) for each in parcel.lines],
    }


@cache
def paper_words(language: str) -> Mapping[str, Any]:
    return tomllib.loads((files("app.messages") / "return_papers" / f"{language}.toml").read_text("utf-8"))


def _rows(source: PaperSource, texts: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    claim, parcel = source.claim, source.parcel
    destination = parcel.destination
    to = [part for part in (destination.postal_code, destination.address) if part] if destination else []
    values = {
        "order_number": claim.order_id,
        "parcel": texts["of"].format(number=parcel.number or 1),
        "kind": word("kind", claim.kind, language),
        "reason": word("reason", claim.reason, language),
        "way": texts["ways"][parcel.way] if parcel.way else "",
        "send_to": " ".join(to) or texts["no_address"],
    }
    return [{"label": texts[name], "value": _plain(value)} for name, value in values.items() if value]


def _item(order: Order, line_id: str, quantity: int) -> dict[str, Any]:
    line = order.line(line_id)
    sku = (line and line.sku) or line_id
    return {"title": _plain((line and line.title) or sku), "sku": _plain(sku), "quantity": quantity}


def _plain(text: str) -> str:
    """In one line, without invisible characters, such as those that turn the direction of the text."""
    return "".join(each if each.isprintable() else " " for each in one_line(text))
