"""A look-up of a buyer who has no link, and what its rate is counted by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerLookup:
    """`order_id` is as the visitor wrote it. `email_digest` is the SHA-256 of the address in lower case, in
    hexadecimal. A look-up has it or the last four digits of the phone."""

    lookup_id: str
    order_id: str
    email_digest: str | None
    phone_ending: str | None
    created_at: datetime


class Counted(StrEnum):
    """What look-ups are counted by, in the order in which they are counted, and the withdrawals of a network. Sign-ins
    of staff are counted by address and network, by address, and by network."""

    NETWORK = "network"
    SHOP = "shop"
    ORDER = "order"
    EMAIL = "email"
    WITHDRAWAL = "withdrawal"
    SIGN_IN = "sign_in"
    SIGN_IN_EMAIL = "sign_in_email"
    SIGN_IN_NETWORK = "sign_in_network"
