"""The buyer of an order, as the reader of messages. No event and no claim holds the address of a buyer."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """`bounce` is the answer of the mail server when the address does not exist. `phone_ending` is the last four digits
    of the phone, for a look-up. Personal data: not for logs."""

    name: str | None = None
    email: str | None = None
    language: str | None = None
    bounce: str | None = None
    bounced_at: datetime | None = None
    phone_ending: str | None = None

    @property
    def address(self) -> str | None:
        """The address for messages. None after a bounce."""
        return None if self.bounced_at else self.email
