"""A form that is sent many times at once records one withdrawal, and two workers open one claim for it."""

import asyncio
import re

import httpx

from app.service.withdrawal_matching import match_due
from app.store.database import Database
from tests.races.conftest import CALLERS, Arena, everywhere, tally
from tests.storefront import Storefront
from tests.withdrawals import DECLARATION, IN_GERMANY, claims_of

WORKERS = 4


@everywhere
async def test_a_form_that_is_sent_many_times_at_once_records_one_withdrawal(arena: Arena) -> None:
    path = f"/withdraw/{arena.shop.merchant_id}"
    step_two = await arena.shop.http.post(path, data=_form())
    (key,) = re.findall(r'name="key" value="([^"]+)"', step_two.text)

    async def confirm(shop: Storefront, _: int) -> httpx.Response:
        return await shop.http.post(path, data={**_form(), "key": key, "step": "confirm"})

    answers = await arena.rush(confirm, range(CALLERS))
    assert tally(answers) == {"200": CALLERS}
    (withdrawal,) = (await arena.shop.get("/v1/withdrawals")).json()["data"]
    assert {withdrawal["hash"] in answer.text for answer in answers} == {True}


async def test_workers_that_look_at_once_match_a_withdrawal_once(arena: Arena) -> None:
    await arena.shop.push_order(**IN_GERMANY)
    assert (await arena.shop.post("/v1/withdrawals", DECLARATION)).status_code == 201
    workers = [Database(arena.database_url, pool_size=1) for _ in range(WORKERS)]
    now = arena.shop.clock().replace(year=arena.shop.clock().year + 1)
    try:
        looked_at = await asyncio.gather(*(match_due(worker, now) for worker in workers))
    finally:
        for worker in workers:
            await worker.close()
    assert sum(looked_at) == 1
    (withdrawal,) = (await arena.shop.get("/v1/withdrawals")).json()["data"]
    assert withdrawal["status"] == "matched"
    assert len(await claims_of(arena.shop, withdrawal)) == 1


def _form() -> dict[str, str]:
    return {name: value for name, value in DECLARATION.items() if name != "language"}
