"""The shop's FAQ: entries with versions, and answers in the shop's own words."""

from typing import Any

import pytest

from app.service import faq_entries
from app.store.database import Database
from tests.api.keys import stranger
from tests.storefront import Storefront

COST: dict[str, Any] = {
    "entry_id": "return-cost",
    "language": "ko",
    "question": "반품 배송비는 누가 부담하나요?",
    "phrasings": ["반품할 때 택배비가 드나요?"],
    "answer": "단순 변심이면 구매자님이 부담하세요.",
}
WHEN: dict[str, Any] = {
    "entry_id": "refund-when",
    "language": "ko",
    "question": "환불은 언제 되나요?",
    "answer": "3영업일 안에 됩니다.",
}
COST_IN_JAPANESE: dict[str, Any] = {
    **COST,
    "language": "ja",
    "question": "返品の送料は？",
    "phrasings": [],
    "answer": "お客様のご負担です。",
}


async def write(shop: Storefront, **entry: Any) -> dict[str, Any]:
    answer = await shop.post("/v1/faq-entries", entry)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def search(shop: Storefront, q: str, language: str = "ko") -> list[str]:
    answer = await shop.get("/v1/faq-entries/search", q=q, language=language)
    assert answer.status_code == 200, answer.text
    return [found["entry"]["entry_id"] for found in answer.json()["data"]]


async def test_every_write_is_a_version_that_says_who_wrote_it(shop: Storefront) -> None:
    first = await write(shop, **COST)
    second = await write(shop, **{**COST, "answer": "저희가 부담합니다.", "actor": "minji"})
    assert (first["version"], second["version"]) == (1, 2)
    assert (await shop.get("/v1/faq-entries")).json()["data"] == [second]
    versions = (await shop.get("/v1/faq-entries/ko/return-cost")).json()["data"]
    assert versions == [second, first]
    assert [version["written_by"] for version in versions] == ["minji", "test"]


async def test_a_removed_entry_is_found_no_more_and_keeps_its_versions(shop: Storefront) -> None:
    first = await write(shop, **COST)
    removed = await shop.delete("/v1/faq-entries/ko/return-cost")
    assert removed.json() == first
    assert (await shop.get("/v1/faq-entries")).json()["data"] == []
    assert await search(shop, COST["question"]) == []
    versions = (await shop.get("/v1/faq-entries/ko/return-cost")).json()["data"]
    assert [(version["version"], version["answer"]) for version in versions] == [(2, None), (1, COST["answer"])]
    again = await shop.delete("/v1/faq-entries/ko/return-cost")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    assert (await write(shop, **COST))["version"] == 3
    assert await search(shop, COST["question"]) == ["return-cost"]


async def test_languages_have_entries_of_their_own(shop: Storefront) -> None:
    await write(shop, **COST)
    await write(shop, **COST_IN_JAPANESE)
    in_japanese = (await shop.get("/v1/faq-entries", language="ja")).json()["data"]
    assert [entry["answer"] for entry in in_japanese] == ["お客様のご負担です。"]
    assert len((await shop.get("/v1/faq-entries")).json()["data"]) == 2


@pytest.mark.parametrize(
    ("language", "q", "found"),
    [
        ("ko", "반품하면 배송비 제가 내나요", ["return-cost"]),
        ("ko", "돈은 며칠 뒤에 들어와요?", ["refund-when"]),
        ("ko", "아르바이트 채용하나요?", []),
        ("ja", "返送する費用はこちらの負担ですか", ["return-cost"]),
        ("ja", "반품 배송비는 누가 부담하나요?", []),
        ("en", "Who pays the return shipping?", []),
    ],
)
async def test_a_question_finds_the_answer_in_its_language_or_none(
    sqlite_shop: Storefront, language: str, q: str, found: list[str]
) -> None:
    for entry in (COST, WHEN, COST_IN_JAPANESE):
        await write(sqlite_shop, **entry)
    assert await search(sqlite_shop, q, language) == found


async def test_another_shops_answers_are_not_found(shop: Storefront, database: Database) -> None:
    await write(shop, **COST)
    other = await stranger(shop, database)
    assert await search(other, COST["question"]) == []
    assert (await other.get("/v1/faq-entries")).json()["data"] == []
    assert (await other.delete("/v1/faq-entries/ko/return-cost")).status_code == 404


async def test_a_shop_has_a_limited_number_of_entries(sqlite_shop: Storefront, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faq_entries, "MOST_ENTRIES", 1)
    await write(sqlite_shop, **COST)
    refused = await sqlite_shop.post("/v1/faq-entries", WHEN)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_faq_entries")
    assert (await write(sqlite_shop, **COST))["version"] == 2
    assert (await write(sqlite_shop, **COST_IN_JAPANESE))["version"] == 1
