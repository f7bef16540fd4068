"""The shop of a merchant, as the sender and receiver of messages."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """`name` is the merchant's name unless the shop has its own. `bounce` is the answer of the mail server when the
    address does not exist."""

    name: str
    contact_email: str | None = None
    language: str | None = None
    bounce: str | None = None
    bounced_at: datetime | None = None

    @property
    def address(self) -> str | None:
        """The address for messages. None after a bounce."""
        return None if self.bounced_at else self.contact_email
