"""Receipts of withdrawals: each has the SHA-256 that its event tells, and so has a file that somebody shows."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from app import json_text
from app.messages.withdrawal_receipt import marked_withdrawal
from app.records.withdrawal import Withdrawal
from app.records.withdrawal_receipt import WithdrawalReceipt
from app.store import withdrawal_receipts, withdrawals
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`sentences` say why the file is the receipt or why not. `declared` are names and values of the record, to be
    compared with what the file shows."""

    is_genuine: bool
    sentences: tuple[str, ...]
    declared: tuple[tuple[str, str], ...] = ()


async def of_receipts(tx: Tx) -> AsyncIterator[str | None]:
    """One sentence for each receipt that does not fit, and None after each."""
    async for receipt, told in withdrawal_receipts.every(tx):
        if difference := _difference(receipt, told) or _difference_of_bytes(receipt):
            yield f"receipt of withdrawal {receipt.withdrawal_id}: {difference}"
        yield None
    for withdrawal_id in await withdrawal_receipts.lost(tx):
        yield f"receipt of withdrawal {withdrawal_id} is missing"


async def verdict_on(tx: Tx, pdf: bytes) -> Verdict:
    """Whether a file is a receipt of this database, byte for byte."""
    marked = marked_withdrawal(pdf)
    if marked is None:
        return _not_genuine("not genuine. The file names no withdrawal, as every receipt does.")
    withdrawal = await withdrawals.load(tx, *marked)
    if withdrawal is None:
        return _not_genuine(f"unknown. This database has no withdrawal {marked[1]} of merchant {marked[0]}.")
    stored = await withdrawal_receipts.with_event(tx, *marked)
    if stored is None:
        return _not_genuine(f"not genuine. No receipt of withdrawal {marked[1]} is on record.", withdrawal)
    receipt, told = stored
    digest, made = hashlib.sha256(pdf).hexdigest(), f"made at {receipt.made_at:%Y-%m-%d %H:%M:%S} UTC"
    its = f"receipt of withdrawal {receipt.withdrawal_id}, {made}"
    if difference := _difference(receipt, told):
        return _not_genuine(f"not proven. The record of the {its}, was changed: {difference}.", withdrawal)
    if digest != receipt.digest:
        changed = f"changed. The {its}, has the SHA-256 {receipt.digest}, and this file has {digest}."
        return _not_genuine(changed, withdrawal)
    genuine = f"genuine. This is the {its}, and unchanged."
    return Verdict(is_genuine=True, sentences=(genuine, *_erased(withdrawal)), declared=_declared(withdrawal))


def _difference(receipt: WithdrawalReceipt, told: str | None) -> str | None:
    if told is None:
        return "no event tells it"
    if json_text.load(told)["receipt"]["digest"] != receipt.digest:
        return "its SHA-256 is not what its event tells"
    return None


def _difference_of_bytes(receipt: WithdrawalReceipt) -> str | None:
    if receipt.content is not None and hashlib.sha256(receipt.content).hexdigest() != receipt.digest:
        return "its bytes do not have its SHA-256"
    return None


def _not_genuine(sentence: str, withdrawal: Withdrawal | None = None) -> Verdict:
    return Verdict(is_genuine=False, sentences=(sentence,), declared=_declared(withdrawal) if withdrawal else ())


def _erased(withdrawal: Withdrawal) -> tuple[str, ...]:
    if withdrawal.declaration.hash == withdrawal.hash:
        return ()
    return ("the declaration in the database was changed or erased since.",)


def _declared(withdrawal: Withdrawal) -> tuple[tuple[str, str], ...]:
    declaration = withdrawal.declaration
    values: dict[str, Any] = {
        "declared at": f"{declaration.declared_at:%Y-%m-%d %H:%M:%S} UTC",
        "received at": f"{declaration.received_at:%Y-%m-%d %H:%M:%S} UTC",
        "name": declaration.name,
        "e-mail": declaration.email,
        "order number": declaration.order_number,
        "goods": declaration.goods_in_words or "the whole order",
        "message": declaration.text or "",
        "declaration": withdrawal.hash,
    }
    return tuple((name, " ".join(value.split())) for name, value in values.items() if value)
