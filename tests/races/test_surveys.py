"""Many answers to the survey of a claim at once: one is kept, and it stays."""

import httpx

from tests.api.buyer.visits import Visit, signed_in
from tests.races.conftest import CALLERS, Arena, everywhere, tally
from tests.storefront import Storefront


@everywhere
async def test_one_of_many_answers_at_once_is_kept(arena: Arena) -> None:
    await arena.shop.push_order()
    claim = await arena.shop.give(await arena.shop.claim("cancel"), "retract")
    token = (await signed_in(arena.shop)).token
    path = f"/claims/{claim['claim_id']}/survey"

    async def say(shop: Storefront, number: int) -> httpx.Response:
        score = ("good", "so_so", "bad")[number % 3]
        return await Visit(shop.http, token, {}).post(path, {"score": score, "text": f"answer {number}"})

    answers = await arena.rush(say, range(CALLERS))
    assert tally(answers) == {"201": 1, "409 survey_answered": CALLERS - 1}
    (kept,) = [answer.json() for answer in answers if answer.status_code == 201]
    (survey,) = (await arena.shop.get("/v1/surveys")).json()["data"]
    assert {name: survey[name] for name in kept} == kept
    events = (await arena.shop.get(f"/v1/claims/{claim['claim_id']}/events")).json()["data"]
    assert [event["type"] for event in events].count("claim.survey_answered") == 1
