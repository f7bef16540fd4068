"""A refusal is in the language of the request's Accept-Language, with the same parameters in every language."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.language import preferred
from tests.storefront import Storefront

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
TOO_LATE = {"ground": "window_closed", "message": "Too late, sorry."}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR", "ko"),
        ("KO-kr", "ko"),
        ("ja-JP, en;q=0.5", "ja"),
        ("en;q=0.5, ja;q=0.9, ko;q=0.7", "ja"),
        ("de, ko;q=0.3", "ko"),
        ("ko, ja", "ko"),
        ("ko;q=0, ja;q=0.1", "ja"),
        ("ko;q=0", "en"),
        ("de-DE, fr", "en"),
        ("*", "en"),
        ("en;q=0, *;q=0.5", "ko"),
        ("de, *;q=0.1", "en"),
        ("ko ; q=0.2 , ja ; q=0.3", "ja"),
        ("ko;Q=0.2, ja;Q=0.3", "ja"),
        ("ko;q=much, ja;q=0.1", "ja"),
        ("korean", "en"),
        (";;q=,,", "en"),
    ],
)
def test_the_language_is_the_one_that_the_caller_likes_best_of_ours(header: str, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.parametrize("language", ["ko", "ja"])
async def test_a_refusal_is_what_the_page_shows(shop: Storefront, language: str) -> None:
    claim = await request_return(shop)
    answer = await shop.post(
        f"/v1/claims/{claim['claim_id']}/reject", TOO_LATE, accept_language=f"{language};q=0.9, en;q=0.1"
    )
    assert answer.json()["refusals"] == [documented_example(language)]
    assert answer.json()["detail"] == documented_example(language)["detail"]
    assert (answer.headers["content-language"], answer.headers["vary"]) == (language, "Accept-Language")


async def test_the_refused_actions_of_a_claim_speak_the_same_language(shop: Storefront) -> None:
    claim = await request_return(shop)
    details = {}
    for language in ("ko", "ja", "en"):
        answer = await get_in(language, shop, f"/v1/claims/{claim['claim_id']}")
        assert (answer.headers["content-language"], answer.headers["vary"]) == (language, "Accept-Language")
        (release,) = (action for action in answer.json()["actions"] if action["command"] == "release")
        details[language] = release["refusals"][0]["detail"]
    assert details == {
        "ko": "보류 중인 클레임이 아닙니다.",
        "ja": "この申請は保留中ではありません。",
        "en": "The claim is not on hold.",
    }
    page = await get_in("ja", shop, "/v1/claims")
    assert page.headers["content-language"] == "ja"
    assert details["ja"] in page.text


async def test_a_stored_answer_is_returned_again_as_it_was_written(shop: Storefront) -> None:
    claim = await request_return(shop)
    path = f"/v1/claims/{claim['claim_id']}/approve"
    first = await shop.post(path, {}, key="once", accept_language="ko")
    again = await shop.post(path, {}, key="once", accept_language="ja")
    assert again.headers["idempotent-replayed"] == "true"
    assert again.text == first.text
    assert [answer.headers["content-language"] for answer in (first, again)] == ["ko", "ko"]


async def request_return(shop: Storefront) -> dict[str, Any]:
    await shop.push_order()
    await shop.ship()
    return await shop.claim("return")


async def get_in(language: str, shop: Storefront, path: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {shop.token}", "Accept-Language": language}
    return await shop.http.get(path, headers=headers)


def documented_example(language: str) -> Any:
    """The example in docs/api.md."""
    match = re.search(
        rf"<!-- {language}:begin -->\n```json\n(.*?)```\n<!-- {language}:end -->", PAGE.read_text(), re.DOTALL
    )
    assert match
    return json.loads(match[1])
