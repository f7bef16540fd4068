"""Message templates of merchants. Each version is written once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTemplate:
    """A version with `text` None removes the merchant's template: the built-in template is in force again."""

    merchant_id: str
    event: str
    audience: str
    language: str
    version: int
    text: str | None
    created_at: datetime
