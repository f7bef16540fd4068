"""Receipts of withdrawals."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalReceipt:
    """`digest` is the SHA-256 of the PDF in hexadecimal. `content` is the PDF, None after it was erased."""

    merchant_id: str
    withdrawal_id: str
    digest: str
    made_at: datetime
    content: bytes | None
