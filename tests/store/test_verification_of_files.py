"""`recourse verify` finds bytes and records of files that somebody changed beside the service."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.files import PDF, add_file, photo
from tests.store.tampering import publish, tamper, verify
from tests.storefront import storefront


@dataclass
class Kept:
    """A photo, and a document that was erased."""

    url: str
    folder: Path
    photo: dict[str, Any]
    erased: dict[str, Any]

    async def found(self) -> list[str]:
        result = await verify(self.url, RECOURSE_FILES_FOLDER=str(self.folder))
        lines = result.stdout.splitlines()
        return [line for line in lines if "every history is as written" not in line]


@pytest.fixture
async def kept(database_url: str, tmp_path: Path) -> AsyncIterator[Kept]:
    folder = tmp_path / "files"
    async with storefront(database_url, files_folder=str(folder)) as shop:
        await shop.push_order()
        claim_id = (await shop.claim("cancel"))["claim_id"]
        first = await add_file(shop, claim_id, photo())
        second = await add_file(shop, claim_id, PDF)
        path = f"/v1/claims/{claim_id}/files"
        await shop.delete(f"{path}/{second['file_id']}")
        await shop.post(f"{path}/url", {"url": "https://images.marketplace.example/1.jpg"})
        await publish(shop.clock, database_url)
        yield Kept(database_url, folder, first, second)


async def test_nothing_is_found_while_bytes_and_records_are_as_they_were(kept: Kept) -> None:
    assert await kept.found() == []


async def test_changed_and_missing_bytes_are_found(kept: Kept) -> None:
    (path,) = (path for path in kept.folder.rglob("*") if path.is_file())
    its = f"file {kept.photo['file_id']} of claim {kept.photo['claim_id']}"
    for content in (path.read_bytes() + b"x", path.read_bytes()[:-1], PDF):
        path.write_bytes(content)
        assert await kept.found() == [f"{its}: its bytes are not what the record says"]
    path.unlink()
    assert await kept.found() == [f"{its}: its bytes are missing"]


EDITS = {
    "digest": ("UPDATE claim_files SET digest = 'x' WHERE file_id = '{photo}'", "digest"),
    "line": ("UPDATE claim_files SET line_id = '1' WHERE file_id = '{erased}'", "line_id"),
    "size": ("UPDATE claim_files SET size = 1 WHERE file_id = '{erased}'", "size"),
    "an erased file is back": (
        "UPDATE claim_files SET status = 'ready', erased_at = NULL WHERE file_id = '{erased}'",
        "status",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
async def test_a_changed_record_is_found(kept: Kept, edit: str) -> None:
    sql, name = EDITS[edit]
    ids = {"photo": kept.photo["file_id"], "erased": kept.erased["file_id"]}
    await tamper(kept.url, [sql.format(**ids)])
    found = await kept.found()
    assert any(f"is not what its last event says: {name}" in line for line in found), found


async def test_a_missing_and_an_invented_record_are_found(kept: Kept) -> None:
    first = kept.photo["file_id"]
    await tamper(kept.url, [f"UPDATE claim_files SET file_id = 'x' WHERE file_id = '{first}'"])
    found = "\n".join(await kept.found())
    assert f"file {first} is missing" in found
    assert "file x is in no history" in found
