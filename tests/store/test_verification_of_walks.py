"""`recourse verify` finds nothing in what the service itself has written, whatever happened to the claims."""

from app.service.verification import Counts, findings
from app.store.database import Database
from tests.api.claims import begin, take
from tests.api.scenes import BODILESS, SCENES
from tests.api.walks import WALKS
from tests.store.tampering import publish
from tests.storefront import TurnableClock, storefront

RUN = {name for name in SCENES if name not in BODILESS and name.startswith("POST /v1/") and "preview" not in name}


async def found(url: str) -> list[str]:
    database = Database(url)
    async with database.snapshot() as tx:
        sentences = [sentence async for sentence in findings(tx, Counts()) if sentence]
    await database.close()
    return sentences


async def test_nothing_is_found_after_every_walk_of_a_claim(database_url: str) -> None:
    for walk in WALKS.values():
        async with storefront(database_url) as shop:
            claim = await begin(shop, walk)
            for step in walk.steps:
                claim = await take(shop, claim, step)
    assert await found(database_url) == []
    await publish(TurnableClock(), database_url)
    assert await found(database_url) == []


async def test_nothing_is_found_after_every_command_and_report(database_url: str) -> None:
    for name in sorted(RUN):
        async with storefront(database_url) as shop:
            path, body = await SCENES[name](shop, "order-1")
            answer = await shop.post(path, body)
            assert answer.is_success, (name, answer.text)
    await publish(TurnableClock(), database_url)
    assert await found(database_url) == []
