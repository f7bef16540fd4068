"""Message templates of merchants. Each version is written once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTemplate:
    """`text` None: those before it are withdrawn, and the built-in one is in force."""

    merchant_id: str
    event: str
    audience: str
    language: str
    version: int
    text: str | None
    created_at: datetime
