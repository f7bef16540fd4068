"""Two files are sent to a claim that has one place left."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

from tests.files import PDF, send_file
from tests.storefront import storefront


async def test_uploads_at_the_limit_take_the_last_place_once(database_url: str, tmp_path: Path) -> None:
    async with storefront(database_url, files_folder=str(tmp_path / "files"), files_per_claim=2) as shop:
        await shop.push_order()
        claim_id = (await shop.claim("cancel"))["claim_id"]
        answers = await asyncio.gather(*(send_file(shop, claim_id, PDF) for _ in range(8)))
        codes = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
        assert codes == {(201, None): 2, (409, "too_many_files"): 6}
        events = (await shop.get(f"/v1/claims/{claim_id}/events")).json()["data"]
        assert [event["type"] for event in events].count("claim.file_added") == 2


async def test_bytes_of_all_files_have_a_limit_too(database_url: str, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"files_folder": str(tmp_path / "files"), "files_total_bytes": 3 * len(PDF) - 1}
    async with storefront(database_url, **settings) as shop:
        await shop.push_order()
        claim_id = (await shop.claim("cancel"))["claim_id"]
        answers = await asyncio.gather(*(send_file(shop, claim_id, PDF) for _ in range(4)))
        codes = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
        assert codes == {(201, None): 2, (409, "files_too_large"): 2}
        kept = next(answer.json() for answer in answers if answer.status_code == 201)
        assert (await shop.delete(f"/v1/claims/{claim_id}/files/{kept['file_id']}")).status_code == 200
        assert (await send_file(shop, claim_id, PDF)).status_code == 201
