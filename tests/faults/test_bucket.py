"""Files whose bytes are in a bucket, on a real server that speaks S3."""

import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.files.bucket import Bucket
from app.files.store import key_of
from app.service.callers import Caller
from app.service.file_keeping import keep, sweep
from app.service.verification import of_bytes
from app.store.database import Database
from tests.bucket import NAME, environment, s3_server
from tests.files import MP4, PDF, add_file, bytes_of, photo, send_file
from tests.storefront import Storefront, storefront

URL = f"s3://{NAME}/claims"


@dataclass
class Stored:
    shop: Storefront
    claim_id: str
    database: Database
    endpoint: str
    server: subprocess.Popen[bytes]

    def keys(self) -> list[str]:
        """The keys in the bucket, read beside the service."""
        listing = httpx.get(f"{self.endpoint}/{NAME}").text
        return [part.partition("</Key>")[0] for part in listing.split("<Key>")[1:]]


@pytest.fixture
async def stored(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stored]:
    database = Database(sqlite_url)
    with s3_server(tmp_path / "log") as (variables, server), environment(**variables):
        async with storefront(sqlite_url, files_bucket=URL) as shop:
            await shop.push_order()
            claim_id = (await shop.claim("cancel"))["claim_id"]
            yield Stored(shop, claim_id, database, variables["AWS_ENDPOINT_URL"], server)
    await database.close()


async def test_bytes_are_kept_read_and_erased_in_the_bucket(stored: Stored) -> None:
    shop, database = stored.shop, stored.database
    large = MP4 + bytes(12 * 1024 * 1024)
    files = [await add_file(shop, stored.claim_id, content) for content in (photo(), PDF, large)]
    assert [len((await bytes_of(shop, file)).content) for file in files] == [file["size"] for file in files]
    assert (await bytes_of(shop, files[2])).content == large
    expected = {f"claims/{key_of(shop.merchant_id, file['file_id'])}" for file in files}
    assert set(stored.keys()) == expected
    assert [sentence async for sentence in of_bytes(database, Bucket(URL)) if sentence] == []
    await shop.delete(f"/v1/claims/{stored.claim_id}/files/{files[1]['file_id']}")
    assert len(stored.keys()) == 2
    await Bucket(URL).delete(key_of(shop.merchant_id, files[0]["file_id"]))
    missing = [sentence async for sentence in of_bytes(database, Bucket(URL)) if sentence]
    assert missing == [f"file {files[0]['file_id']} of claim {stored.claim_id}: its bytes are missing"]
    assert (await bytes_of(shop, files[0])).status_code == 404


async def test_bytes_without_a_record_are_swept_from_the_bucket(stored: Stored, tmp_path: Path) -> None:
    app = stored.shop.http._transport.app.state.app_state  # type: ignore[attr-defined] # the application in this process
    caller = Caller(merchant_id=stored.shop.merchant_id, key_id="k", name="k", scopes=frozenset())
    sent = tmp_path / "sent"
    sent.write_bytes(PDF)
    with sent.open("rb") as file:
        await keep(stored.database, app.files, caller, file, stored.shop.clock())
    assert len(stored.keys()) == 1
    assert await sweep(stored.database, Bucket(URL), stored.shop.clock() + timedelta(minutes=61)) == 1
    assert stored.keys() == []


async def test_a_bucket_that_does_not_answer_is_told(stored: Stored) -> None:
    file = await add_file(stored.shop, stored.claim_id, PDF)
    stored.server.kill()
    stored.server.wait()
    for answer in (await send_file(stored.shop, stored.claim_id, PDF), await bytes_of(stored.shop, file)):
        assert (answer.status_code, answer.json()["code"]) == (503, "file_store_unavailable")
