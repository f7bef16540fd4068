"""Withdrawals from contracts: what a buyer declared, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app import json_text
from app.records.field_digest import hash_of, instant, optional


class WithdrawalStatus(StrEnum):
    RECEIVED = "received"
    """The worker has not looked for the order yet."""
    UNMATCHED = "unmatched"
    """No order fits. The seller must look."""
    MATCHED = "matched"
    CLOSED = "closed"
    """The seller closed an unmatched withdrawal, with a reason."""


class Channel(StrEnum):
    """Where the buyer declared the withdrawal."""

    PAGE = "page"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalLine:
    """Units of a line of the order."""

    line_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What the buyer declared, as the buyer wrote it. It never changes. Without `lines` and `goods` it is about the
    whole order. `goods` are goods in the buyer's words. `language` is the language of the acknowledgement. `salt` is
    random, so that nobody can guess the content from its hash."""

    merchant_id: str
    withdrawal_id: str
    order_number: str
    name: str
    email: str
    lines: tuple[WithdrawalLine, ...]
    goods: str | None
    text: str | None
    language: str
    channel: Channel
    declared_at: datetime
    received_at: datetime
    salt: str

    @property
    def hash(self) -> str:
        """SHA-256 over every field."""
        return hash_of(
            (
                *(self.merchant_id, self.withdrawal_id, self.order_number, self.name, self.email),
                json_text.dump(self.lines),
                *(optional(self.goods), optional(self.text)),
                *(self.language, self.channel.value, instant(self.declared_at), instant(self.received_at), self.salt),
            )
        )

    @property
    def goods_in_words(self) -> str | None:
        """What the declaration is about, for people. None for the whole order."""
        named = ", ".join(f"{line.line_id} × {line.quantity}" for line in self.lines)
        return "; ".join(filter(None, (self.goods, named))) or None

    def is_repeat_of(self, other: "Declaration") -> bool:
        """The same person declares the same for what is the same order."""
        same = self.lines == other.lines and self.goods == other.goods
        return same and self.email.casefold() == other.email.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """`hash` is the hash of the declaration as it was received. `order_id` is the matched order, `claim_ids` the claims
    that came of it, and `refusals` the codes for which the engine opened none. `repeats` is an earlier withdrawal that
    declared the same. `decided_by` is the person who matched or closed it, None for the service."""

    declaration: Declaration
    hash: str
    status: WithdrawalStatus = WithdrawalStatus.RECEIVED
    order_id: str | None = None
    claim_ids: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    repeats: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    closing_reason: str | None = None

    @property
    def withdrawal_id(self) -> str:
        return self.declaration.withdrawal_id
