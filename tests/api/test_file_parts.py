"""Videos lose their metadata, and a browser reads a file in parts."""

import pytest

from tests.files import PHONE_VIDEO, PLACE, WEBM, add_file, bytes_of
from tests.storefront import Storefront


@pytest.fixture
async def claim_id(shop: Storefront) -> str:
    await shop.push_order()
    return str((await shop.claim("cancel", "defective"))["claim_id"])


async def test_the_place_is_taken_out_of_a_video(shop: Storefront, claim_id: str) -> None:
    kept = (await bytes_of(shop, await add_file(shop, claim_id, PHONE_VIDEO))).content
    assert len(kept) == len(PHONE_VIDEO)
    assert not [secret for secret in (PLACE, b"SecretPhone", b"location") if secret in kept]
    assert kept[-268:] == PHONE_VIDEO[-268:]
    assert b"tkhd" in kept


async def test_a_part_of_a_file_is_read(shop: Storefront, claim_id: str) -> None:
    file = await add_file(shop, claim_id, WEBM)
    url = (await shop.get(f"/v1/claims/{claim_id}/files/{file['file_id']}")).json()["url"]
    size = len(WEBM)
    for header, start, stop in (("0-1", 0, 2), ("5-", 5, size), ("-3", size - 3, size), ("2-99999", 2, size)):
        part = await shop.http.get(url, headers={"Range": f"bytes={header}"})
        assert (part.status_code, part.content) == (206, WEBM[start:stop]), header
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
        assert part.headers["content-length"] == str(stop - start)
    for header in ("-", "9-2", "99999-", "0-1,3-4", "x", "-0"):
        whole = await shop.http.get(url, headers={"Range": f"bytes={header}"})
        assert (whole.status_code, whole.content) == (200, WEBM), header
