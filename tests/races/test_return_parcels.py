"""Parcels of one claim that are announced, received and matched at once: no unit is in two of them."""

import httpx

from tests.api.return_scenes import approved_return, path_of, unannounced
from tests.api.walks import ONE
from tests.races.conftest import Arena, everywhere
from tests.storefront import Storefront

UNITS, CALLS = 2, 12


@everywhere
async def test_the_units_of_a_claim_are_in_one_parcel_and_counted_once(arena: Arena) -> None:
    claim = await approved_return(arena.shop, lines=[{**ONE, "quantity": UNITS}])
    path = f"/v1/claims/{claim['claim_id']}/parcels"

    async def announce(shop: Storefront, number: int) -> httpx.Response:
        return await shop.post(path, {"way": "own_post", "lines": [ONE]}, key=f"a-{number}")

    answers = await arena.rush(announce, range(CALLS))
    assert sorted(answer.status_code for answer in answers) == [201] * UNITS + [409] * (CALLS - UNITS)
    parcels = (await arena.shop.get(path)).json()["data"]
    assert [parcel["number"] for parcel in parcels] == [1, 2]
    nobodys = await unannounced(arena.shop)

    async def count(shop: Storefront, number: int) -> httpx.Response:
        if number % 3 == 2:
            body = {"claim_id": claim["claim_id"], "lines": [ONE]}
            return await shop.post(f"/v1/unannounced-parcels/{nobodys['parcel_id']}/match", body, key=f"m-{number}")
        return await shop.post(f"{path_of(parcels[number % 3])}/receive", {}, key=f"r-{number}")

    await arena.rush(count, range(CALLS))
    after = (await arena.shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (after["state"], sum(each["quantity"] for each in after["lines"][0]["receipts"])) == ("received", UNITS)
    assert (await announce(arena.shop, CALLS)).status_code == 409
