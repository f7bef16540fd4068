"""Large answers are compressed for clients that take gzip. Small answers and pages are not."""

import httpx
import pytest

from tests.storefront import Storefront


async def answer_in(shop: Storefront, path: str, encoding: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {shop.token}", "Accept-Encoding": encoding}
    return (await shop.http.get(path, headers=headers)).raise_for_status()


async def test_a_large_answer_is_compressed_for_a_client_that_takes_gzip(sqlite_shop: Storefront) -> None:
    packed = await answer_in(sqlite_shop, "/v1/event-types", "gzip")
    plain = await answer_in(sqlite_shop, "/v1/event-types", "identity")
    assert (packed.headers["content-encoding"], "content-encoding" in plain.headers) == ("gzip", False)
    assert "Accept-Encoding" in packed.headers["vary"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    assert packed.content == plain.content


@pytest.mark.parametrize("path", ["/v1/orders", "/docs"])
async def test_a_small_answer_and_a_page_are_not_compressed(sqlite_shop: Storefront, path: str) -> None:
    assert "content-encoding" not in (await answer_in(sqlite_shop, path, "gzip")).headers
