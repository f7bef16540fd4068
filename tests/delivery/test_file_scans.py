"""The scanner of files: a real command of the operator, run by the worker."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.files.scanner import Scanner
from app.files.store import LocalDisk
from app.service.file_scans import scan_due
from app.store.database import Database
from tests.files import PDF, add_file
from tests.storefront import Storefront, storefront

EICAR = PDF + rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = """#!/bin/sh
echo scanned >> "$0.log"
test -e "$0.broken" && exit 2
grep -q EICAR "$1" && exit 1
exit 0
"""


@dataclass
class Scanned:
    """`command` is the scanner. While `broken` exists, the scanner fails."""

    shop: Storefront
    claim_id: str
    database: Database
    folder: Path
    command: Path

    @property
    def broken(self) -> Path:
        return self.command.with_name("scan.broken")

    async def scan(self) -> int:
        return await scan_due(self.database, LocalDisk(self.folder), Scanner(str(self.command)), self.shop.clock())

    async def shown(self, file: dict[str, Any]) -> dict[str, Any]:
        return dict((await self.shop.get(f"/v1/claims/{self.claim_id}/files/{file['file_id']}")).json())


@pytest.fixture
async def scanned(database_url: str, tmp_path: Path) -> AsyncIterator[Scanned]:
    command, folder = tmp_path / "scan", tmp_path / "files"
    command.write_text(SCRIPT)
    command.chmod(0o755)
    database = Database(database_url)
    async with storefront(database_url, files_folder=str(folder), file_scanner=str(command)) as shop:
        await shop.push_order()
        claim_id = (await shop.claim("cancel"))["claim_id"]
        yield Scanned(shop, claim_id, database, folder, command)
    await database.close()


async def test_a_file_waits_for_its_scan_and_is_then_read(scanned: Scanned) -> None:
    file = await add_file(scanned.shop, scanned.claim_id, PDF)
    assert file["status"] == "waiting"
    shown = await scanned.shown(file)
    assert (shown["status"], shown["url"]) == ("waiting", None)
    assert await scanned.scan() == 1
    shown = await scanned.shown(file)
    assert shown["status"] == "ready"
    assert (await scanned.shop.http.get(shown["url"])).content == PDF
    assert await scanned.scan() == 0


async def test_an_infected_file_is_erased_and_told(scanned: Scanned) -> None:
    file = await add_file(scanned.shop, scanned.claim_id, EICAR, caption="영수증")
    assert await scanned.scan() == 1
    shown = await scanned.shown(file)
    assert (shown["status"], shown["url"], shown["caption"]) == ("infected", None, None)
    assert (shown["digest"], shown["erased_by"]) == (file["digest"], "scanner")
    assert not [path for path in scanned.folder.rglob("*") if path.is_file()]
    event = (await scanned.shop.get(f"/v1/claims/{scanned.claim_id}/events")).json()["data"][-1]
    assert event["type"] == "claim.file_erased"
    assert event["data"]["by"] == {"role": "system", "name": "scanner", "key": None}
    assert event["data"]["file"]["status"] == "infected"


async def test_a_scanner_that_fails_is_asked_again_and_the_file_waits(scanned: Scanned) -> None:
    scanned.broken.touch()
    file = await add_file(scanned.shop, scanned.claim_id, PDF)
    assert await scanned.scan() == 0
    assert await scanned.scan() == 0
    log = scanned.command.with_name("scan.log")
    assert log.read_text().count("scanned") == 1  # not at once
    scanned.broken.unlink()
    scanned.shop.clock.instant += timedelta(minutes=5)
    assert (await scanned.shown(file))["status"] == "waiting"
    assert await scanned.scan() == 1
    assert (await scanned.shown(file))["status"] == "ready"


async def test_a_scanner_that_is_not_there_lets_no_file_pass(scanned: Scanned) -> None:
    file = await add_file(scanned.shop, scanned.claim_id, PDF)
    scanned.command.unlink()
    assert await scanned.scan() == 0
    assert (await scanned.shown(file))["status"] == "waiting"


async def test_a_file_that_is_erased_while_it_waits_is_not_scanned(scanned: Scanned) -> None:
    file = await add_file(scanned.shop, scanned.claim_id, PDF)
    path = f"/v1/claims/{scanned.claim_id}/files/{file['file_id']}"
    assert (await scanned.shop.delete(path)).json()["status"] == "erased"
    assert await scanned.scan() == 0
    assert not scanned.command.with_name("scan.log").exists()
