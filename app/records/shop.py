"""The shop of a merchant, as the sender and receiver of messages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """`name` is the merchant's own where nothing else is said. `bounce` is what was answered when the address
    turned out to be none."""

    name: str
    contact_email: str | None = None
    language: str | None = None
    bounce: str | None = None
    bounced_at: datetime | None = None

    @property
    def address(self) -> str | None:
        """Where a message would arrive."""
        return None if self.bounced_at else self.contact_email
