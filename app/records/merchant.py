"""Merchants, and their test sides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mode(StrEnum):
    LIVE = "live"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """`policy` is the default policy of new orders. A live merchant has at most one test side, which is a merchant of
    its own: `test_merchant_id`. A test merchant with `erased_at` is out of use, and a worker deletes its rows."""

    merchant_id: str
    name: str
    policy: str
    created_at: datetime
    mode: Mode = Mode.LIVE
    test_merchant_id: str | None = None
    erased_at: datetime | None = None
