"""What a buyer has agreed to at the checkout, as the buyer saw it. A record never changes."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.vocabulary import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConsent:
    """`digest` is the SHA-256 of the content, in hexadecimal. `records` are what the consent proves, for the lines
    `line_ids` or for the whole order. `recorded_at` is when the storefront pushed it first."""

    order_id: str
    digest: str
    text: str
    version: str | None
    option: str | None
    agreed_at: datetime
    records: frozenset[Record]
    line_ids: tuple[str, ...]
    recorded_at: datetime
