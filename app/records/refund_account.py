"""The account that a buyer names for the refunds of a claim."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account in full. `account_type` is a word such as `ordinary`, where a country has several."""

    bank: str
    number: str
    holder: str
    branch: str | None = None
    account_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAccount:
    """What is stored: the account is encrypted, and erased when no refund needs it. `masked_number` shows the last
    characters. `asked_at` is the last question to the buyer."""

    claim_id: str
    bank: str | None = None
    masked_number: str | None = None
    encrypted: str | None = None
    asked_at: datetime | None = None
    named_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def waits_for_buyer(self) -> bool:
        """The buyer was asked, and has named no account since."""
        return self.asked_at is not None and (self.named_at is None or self.asked_at > self.named_at)


_SHOWN = 4


def masked(number: str) -> str:
    """Stars, and the last characters of the number: four, or fewer of a short number."""
    plain = "".join(character for character in number if character.isalnum())
    shown = min(_SHOWN, len(plain) // 2)
    return "*" * (len(plain) - shown) + plain[len(plain) - shown :]
