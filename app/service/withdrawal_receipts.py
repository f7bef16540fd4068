"""The PDF receipt of a withdrawal: made when somebody first asks for it, and then kept byte for byte.

Its SHA-256 is published in an event, in the transaction that keeps it. So the mail, the page and the API give the same
file, and nobody can change it later without a trace. No transaction is open while the PDF is made.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app import json_text
from app.files.links import FileLinks
from app.messages.withdrawal_receipt import receipt_content, receipt_language
from app.pdf.typesetting import Typesetting
from app.records.event import StandaloneEvent
from app.records.shop import Shop
from app.records.withdrawal import Withdrawal
from app.records.withdrawal_receipt import WithdrawalReceipt
from app.service import policies
from app.service.errors import NotFoundError
from app.service.ids import new_id
from app.service.resources.withdrawal_receipt import withdrawal_receipt_body
from app.store import notices, shops, withdrawal_receipts, withdrawals
from app.store import policies as stored_policies
from app.store.database import Database, Tx
from app.store.withdrawal_receipts import RECEIPT_MADE
from app.telemetry import EVENTS

LINK_LASTS = timedelta(hours=24)
"""A link to a receipt ends so long after the withdrawal was received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """What the composition root built for receipts."""

    typesetting: Typesetting
    links: FileLinks


async def receipt_of(
    database: Database, typesetting: Typesetting, merchant_id: str, withdrawal_id: str, now: datetime
) -> bytes:
    """The PDF. Raises NotFoundError without the withdrawal and after words of it were erased, and
    PdfUnavailableError."""
    async with database.read() as tx:
        receipt = await withdrawal_receipts.load(tx, merchant_id, withdrawal_id)
        source = await _source(tx, merchant_id, withdrawal_id) if receipt is None else None
    if source is not None:
        withdrawal, shop, zone = source
        language = receipt_language(withdrawal)
        content = receipt_content(withdrawal, shop.name_in(language), zone)
        received_at = withdrawal.declaration.received_at
        pdf = await typesetting.typeset("withdrawal_receipt", content, language, received_at)
        receipt = await database.write(lambda tx: _keep(tx, merchant_id, withdrawal_id, pdf, now))
    if receipt is None or receipt.content is None:
        raise NotFoundError("withdrawal_receipt", withdrawal_id)
    return receipt.content


def file_name(withdrawal_id: str) -> str:
    """Of the PDF, without its ending."""
    return f"withdrawal-{withdrawal_id}"


async def zone_of_shop(tx: Tx, merchant_id: str, at: datetime) -> ZoneInfo:
    """The time zone of the shop's default policy at an instant."""
    default = await stored_policies.default(tx, merchant_id)
    policy = await policies.in_force_of(tx, merchant_id, default, at, at)
    return ZoneInfo(policy.time_zone)


async def _source(tx: Tx, merchant_id: str, withdrawal_id: str) -> tuple[Withdrawal, Shop, ZoneInfo]:
    """What a receipt is made of. Raises NotFoundError."""
    withdrawal = await withdrawals.load(tx, merchant_id, withdrawal_id)
    if withdrawal is None:
        raise NotFoundError("withdrawal", withdrawal_id)
    if withdrawal.declaration.hash != withdrawal.hash:
        raise NotFoundError("withdrawal_receipt", withdrawal_id)
    zone = await zone_of_shop(tx, merchant_id, withdrawal.declaration.received_at)
    return withdrawal, await shops.load(tx, merchant_id), zone


async def _keep(tx: Tx, merchant_id: str, withdrawal_id: str, pdf: bytes, now: datetime) -> WithdrawalReceipt:
    """The first receipt stays: one that was made at the same time is given up."""
    await withdrawals.lock(tx, merchant_id, withdrawal_id)
    present = await withdrawal_receipts.load(tx, merchant_id, withdrawal_id)
    if present is not None:
        return present
    receipt = WithdrawalReceipt(
        merchant_id=merchant_id,
        withdrawal_id=withdrawal_id,
        digest=hashlib.sha256(pdf).hexdigest(),
        made_at=now,
        content=pdf,
    )
    await withdrawal_receipts.add(tx, receipt)
    await notices.add(tx, _event(receipt))
    EVENTS.labels(RECEIPT_MADE).inc()
    return receipt


def _event(receipt: WithdrawalReceipt) -> StandaloneEvent:
    data = {"withdrawal_id": receipt.withdrawal_id, "receipt": withdrawal_receipt_body(receipt)}
    return StandaloneEvent(
        merchant_id=receipt.merchant_id,
        event_id=new_id(receipt.made_at),
        subject="withdrawal",
        subject_id=receipt.withdrawal_id,
        type=RECEIPT_MADE,
        at=receipt.made_at,
        data=json_text.dump(data),
    )
