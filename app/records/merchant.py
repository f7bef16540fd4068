"""Merchants."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """`policy` is the default policy of new orders."""

    merchant_id: str
    name: str
    policy: str
    created_at: datetime
