"""`recourse verify --receipt` tells whether a PDF is the receipt on record, and `recourse verify` whether the record is
what its events tell."""

import hashlib
from asyncio import to_thread
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from typer.testing import Result

from tests import databases
from tests.pdfs import require_fonts
from tests.store.tampering import publish, tamper, verify
from tests.storefront import Storefront
from tests.withdrawals import declare

FORGED = hashlib.sha256(b"%PDF-forged").hexdigest()
EDITS = {
    "a withdrawal is gone": (["DELETE FROM withdrawals"], "withdrawal {id} is missing"),
    "a receipt is gone": (["DELETE FROM withdrawal_receipts"], "receipt of withdrawal {id} is missing"),
    "another receipt": (
        [f"UPDATE withdrawal_receipts SET digest = '{FORGED}'"],
        "receipt of withdrawal {id}: its SHA-256 is not what its event tells",
    ),
    "other bytes": (
        ["UPDATE withdrawal_receipts SET content = substr(content, 2)"],
        "receipt of withdrawal {id}: its bytes do not have its SHA-256",
    ),
    "a receipt without an event": (
        ["UPDATE notices SET type = 'withdrawal.closed' WHERE type = 'withdrawal.receipt_made'"],
        "receipt of withdrawal {id}: no event tells it",
    ),
}


@pytest.fixture(autouse=True)
def fonts() -> None:
    require_fonts()


@pytest.fixture
def other_url(home: Path, tmp_path: Path) -> str:
    """A database beside the one of the shop."""
    return databases.copy_sqlite(home, tmp_path / "other.db")


async def received(shop: Storefront, file: Path) -> dict[str, Any]:
    """A withdrawal, whose receipt is in the file."""
    withdrawal = await declare(shop, name="Jürgen Weiß")
    answer = await shop.get(f"/v1/withdrawals/{withdrawal['withdrawal_id']}/receipt")
    await to_thread(file.write_bytes, answer.content)
    return withdrawal


async def checked(url: str, file: Path) -> Result:
    return await verify(url, "--receipt", str(file))


async def test_the_receipt_on_record_is_genuine(shop: Storefront, database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    withdrawal = await received(shop, file)
    result = await checked(database_url, file)
    assert result.exit_code == 0, result.output
    its = f"receipt of withdrawal {withdrawal['withdrawal_id']}, made at 2026-06-08 03:00:00 UTC, and unchanged."
    assert f"{file}: genuine. This is the {its}" in result.output
    for part in ("received at     2026-06-08 03:00:00 UTC", "Jürgen Weiß", "order-1", withdrawal["hash"]):
        assert part in result.output


async def test_a_changed_file_is_not_genuine(shop: Storefront, database_url: str, tmp_path: Path) -> None:
    file, changed = tmp_path / "receipt.pdf", tmp_path / "changed.pdf"
    withdrawal = await received(shop, file)
    pdf = await to_thread(file.read_bytes)
    for place in (len(pdf) // 2, len(pdf) - 1):
        await to_thread(changed.write_bytes, pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :])
        await _is_refused(database_url, changed, "changed. The receipt of withdrawal " + withdrawal["withdrawal_id"])
    writer = PdfWriter(clone_from=file)
    writer.add_annotation(0, FreeText(text="1 May 2026", rect=(100, 600, 300, 650)))
    writer.write(changed)
    await _is_refused(database_url, changed, "changed. The receipt of withdrawal " + withdrawal["withdrawal_id"])
    await to_thread(changed.write_bytes, b"%PDF-1.7 a PDF of somebody else")
    await _is_refused(database_url, changed, "not genuine. The file names no withdrawal")
    mark = f"recourse receipt {shop.merchant_id}/{(await declare(shop))['withdrawal_id']}"
    await to_thread(changed.write_bytes, f"%PDF-1.7 {mark}".encode())
    await _is_refused(database_url, changed, "not genuine. No receipt of withdrawal")
    await _is_refused(database_url, tmp_path / "none.pdf", "cannot be read")


async def test_a_receipt_of_another_database_is_unknown(shop: Storefront, other_url: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    withdrawal = await received(shop, file)
    await _is_refused(other_url, file, f"unknown. This database has no withdrawal {withdrawal['withdrawal_id']}")


@pytest.mark.parametrize("edit", EDITS)
async def test_a_record_that_is_not_what_its_events_tell_is_found(
    shop: Storefront, database_url: str, tmp_path: Path, edit: str
) -> None:
    file = tmp_path / "receipt.pdf"
    withdrawal = await received(shop, file)
    await publish(shop.clock, database_url)
    before = await verify(database_url)
    assert before.exit_code == 0, before.output
    statements, sentence = EDITS[edit]
    await tamper(database_url, statements)
    after = await verify(database_url)
    assert after.exit_code == 1
    assert sentence.format(id=withdrawal["withdrawal_id"]) in after.output


async def test_what_is_deleted_of_an_erased_test_merchant_is_not_missed(
    shop: Storefront, database_url: str, tmp_path: Path
) -> None:
    await received(shop, tmp_path / "receipt.pdf")
    await publish(shop.clock, database_url)
    erased = "UPDATE merchants SET mode = 'test', erased_at = '2026-06-08 03:00:00+00:00'"
    await tamper(database_url, [erased, "DELETE FROM withdrawal_receipts", "DELETE FROM withdrawals"])
    result = await verify(database_url)
    assert (result.exit_code, "missing" in result.output) == (0, False), result.output


async def test_somebody_who_writes_the_database_cannot_put_a_forged_receipt_on_record(
    shop: Storefront, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "receipt.pdf"
    await received(shop, file)
    forged = await to_thread(file.read_bytes) + b"\n"
    await to_thread(file.write_bytes, forged)
    digest = hashlib.sha256(forged).hexdigest()
    await tamper(database_url, [f"UPDATE withdrawal_receipts SET digest = '{digest}', content = NULL"])
    await _is_refused(database_url, file, "not proven. The record of the receipt")


async def _is_refused(url: str, file: Path, sentence: str) -> None:
    result = await checked(url, file)
    assert result.exit_code == 1
    assert sentence in result.output, result.output
