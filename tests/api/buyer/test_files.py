"""Files that a buyer shows: kept as a storefront's, within limits of the order, and apart from other orders."""

from typing import Any
from uuid import uuid4

import httpx

from app.service.files import OF_BUYER
from app.store.database import Database
from tests.api.buyer.visits import Visit, visit
from tests.api.keys import stranger
from tests.files import PDF, SVG, add_file, photo, with_location
from tests.storefront import Storefront


async def send(
    buyer: Visit, claim_id: str, content: bytes, *, key: str | None = None, **fields: str
) -> httpx.Response:  # fmt: skip
    headers = {"Authorization": f"Bearer {buyer.token}", "Idempotency-Key": key or str(uuid4())}
    path = f"/buyer/v1/claims/{claim_id}/files"
    return await buyer.http.post(path, data=fields, files={"file": ("a", content)}, headers=headers)


async def listed(buyer: Visit, claim_id: str) -> list[dict[str, Any]]:
    return list((await buyer.get(f"/claims/{claim_id}/files")).json()["data"])


async def cancellation(shop: Storefront, order_id: str = "order-1") -> str:
    await shop.push_order(order_id)
    return str((await shop.claim("cancel", order_id=order_id))["claim_id"])


async def test_a_buyer_shows_a_photo_and_reads_it_again(shop: Storefront) -> None:
    claim_id = await cancellation(shop)
    buyer = await visit(shop)
    answer = await send(buyer, claim_id, photo(exif=with_location()), line_id="1", caption="깨졌어요")
    assert answer.status_code == 201, answer.text
    await add_file(shop, claim_id, role="seller", caption="내부용")
    (file,) = await listed(buyer, claim_id)
    assert (file["file_id"], file["caption"], file["line_id"]) == (answer.json()["file_id"], "깨졌어요", "1")
    assert not file.keys() & {"author", "digest", "erased_by"}
    kept = await shop.http.get(file["url"])
    assert (kept.status_code, b"SecretPhone" in kept.content) == (200, False)
    event = (await shop.get(f"/v1/claims/{claim_id}/events")).json()["data"][1]
    assert (event["type"], event["data"]["by"]["role"], event["data"]["by"]["name"]) == (
        "claim.file_added",
        "buyer",
        "buyer",
    )


async def test_a_buyer_cannot_speak_for_the_seller_or_erase(shop: Storefront) -> None:
    claim_id = await cancellation(shop)
    buyer = await visit(shop)
    for field in ("role", "actor"):
        answer = await send(buyer, claim_id, photo(), **{field: "seller"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert (await send(buyer, claim_id, SVG)).json()["code"] == "file_type_not_supported"
    file = (await send(buyer, claim_id, PDF)).json()
    erased = await buyer.delete(f"/claims/{claim_id}/files/{file['file_id']}")
    assert erased.status_code == 404
    assert len(await listed(buyer, claim_id)) == 1


async def test_another_order_and_another_shop_add_and_see_nothing(shop: Storefront, database: Database) -> None:
    claim_id = await cancellation(shop)
    await shop.push_order("other")
    other_shop = await stranger(shop, database)
    await other_shop.push_order()
    for buyer in (await visit(shop, "other"), await visit(other_shop)):
        for answer in (await send(buyer, claim_id, PDF), await buyer.get(f"/claims/{claim_id}/files")):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await listed(await visit(shop), claim_id) == []


async def test_a_form_of_a_buyer_has_one_effect_under_its_key(shop: Storefront) -> None:
    claim_id = await cancellation(shop)
    buyer = await visit(shop)
    first, again = await send(buyer, claim_id, PDF, key="k"), await send(buyer, claim_id, PDF, key="k")
    assert (again.headers["idempotent-replayed"], again.content) == ("true", first.content)
    other = await send(buyer, claim_id, PDF + b"%", key="k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(await listed(buyer, claim_id)) == 1


async def test_the_claims_of_an_order_share_the_limit_of_its_buyer(shop: Storefront) -> None:
    first = await cancellation(shop)
    second = str((await shop.claim("cancel"))["claim_id"])
    buyer = await visit(shop)
    for number in range(OF_BUYER.files):
        assert (await send(buyer, (first, second)[number % 2], PDF)).status_code == 201
    for claim_id in (first, second):
        answer = await send(buyer, claim_id, PDF)
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_files_of_buyer")
        assert answer.json()["errors"][0]["field"] == "file"
    await add_file(shop, first, PDF, role="seller")
    (own, *_) = await listed(buyer, first)
    await shop.delete(f"/v1/claims/{first}/files/{own['file_id']}")
    assert (await send(buyer, second, PDF)).status_code == 201
