"""A buyer's question finds the shop's own words and facts of the order, and never a text that is made up."""

import pytest

from tests.api.buyer.visits import visit
from tests.api.test_faq import COST, COST_IN_JAPANESE, write
from tests.api.test_order_options import option, options_of, outcome
from tests.storefront import Storefront


@pytest.mark.parametrize(
    ("language", "q", "found"),
    [
        ("ko", "반품하면 배송비 제가 내나요", [COST["answer"]]),
        ("ja", "返送する費用はこちらの負担ですか", [COST_IN_JAPANESE["answer"]]),
        ("ko", "아르바이트 채용하나요?", []),
        ("en", "Who pays the return shipping?", []),
    ],
)
async def test_an_answer_is_the_shops_in_the_language_of_the_buyer(
    sqlite_shop: Storefront, language: str, q: str, found: list[str]
) -> None:
    await sqlite_shop.put("/v1/shop", {"name": "머그 가게", "phone": "02-555-0142"})
    for entry in (COST, COST_IN_JAPANESE):
        await write(sqlite_shop, **entry)
    await sqlite_shop.push_order(buyer={"language": language})
    answer = await (await visit(sqlite_shop)).get("/answers", q=q)
    assert answer.headers["content-language"] == language
    assert [each["answer"] for each in answer.json()["answers"]] == found
    assert answer.json()["shop"]["phone"] == "02-555-0142"


async def test_the_facts_are_those_of_the_options(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    options = await options_of(shop)
    facts = (await (await visit(shop)).get("/answers", q="반품")).json()["facts"]
    for kind, reason in (("return", "change_of_mind"), ("return", "defective"), ("exchange", "defective")):
        (fact,) = (each for each in facts if each["kind"] == kind and reason in each["reasons"])
        expected = outcome(option(options, kind), reason)
        assert fact["ends_on"] == expected["assessment"]["window"]["ends_on"]
        assert fact["comes_back"] == expected["amounts"]["total"]
        assert fact["still_owed"] == expected["still_owed"]
