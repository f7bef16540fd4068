"""Withdrawals of the examples: as it was received, matched, and closed."""

from dataclasses import replace
from datetime import datetime

from app.records.withdrawal import Channel, Declaration, Withdrawal, WithdrawalStatus
from app.records.withdrawal_receipt import WithdrawalReceipt

_DECLARED_AT = datetime.fromisoformat("2026-06-10T23:58:00+09:00")
_DECIDED_AT = datetime.fromisoformat("2026-06-10T23:58:02+09:00")
_DECLARATION = Declaration(
    merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
    withdrawal_id="0198c1f5-3a2b-7c1d-8e0f-1a2b3c4d5e6f",
    order_number="2026060512345",
    name="김민지",
    email="minji@example.com",
    lines=(),
    goods=None,
    text=None,
    language="ko",
    channel=Channel.API,
    declared_at=_DECLARED_AT,
    received_at=_DECLARED_AT,
    salt="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
)
received = Withdrawal(declaration=_DECLARATION, hash=_DECLARATION.hash)
unmatched = replace(received, status=WithdrawalStatus.UNMATCHED)
matched = replace(
    received,
    status=WithdrawalStatus.MATCHED,
    order_id="2026060512345",
    claim_ids=("0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b",),
    decided_at=_DECIDED_AT,
)
closed = replace(
    received,
    status=WithdrawalStatus.CLOSED,
    decided_at=_DECIDED_AT,
    decided_by="수진",
    closing_reason="다른 스토어의 주문입니다.",
)
receipt = WithdrawalReceipt(
    merchant_id=_DECLARATION.merchant_id,
    withdrawal_id=_DECLARATION.withdrawal_id,
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    made_at=_DECIDED_AT,
    content=None,
)
