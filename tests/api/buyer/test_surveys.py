"""A buyer says once how a claim went, and the shop reads it, over HTTP on both databases."""

from typing import Any

import pytest

from tests.api.buyer.visits import Visit, visit
from tests.api.claims import history
from tests.api.test_refused_claims import DUPLICATE
from tests.storefront import Storefront

GOOD: dict[str, Any] = {"score": "good", "text": "답변이 <빨라서> 좋았어요."}


async def refunded(shop: Storefront, order_id: str = "order-1") -> tuple[Visit, str]:
    """The buyer of a claim whose refund has succeeded, and the path of its survey."""
    await shop.push_order(order_id)
    claim = await shop.give(await shop.claim("cancel", order_id=order_id), "approve")
    (refund,) = await shop.refunds_of(claim)
    paid = {"provider_reference": f"re-{order_id}"}
    assert (await shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded", paid)).status_code == 200
    return await visit(shop, order_id), f"/claims/{claim['claim_id']}/survey"


async def rejected(shop: Storefront, order_id: str = "order-1") -> tuple[Visit, str]:
    await shop.push_order(order_id)
    claim = await shop.give(await shop.claim("cancel", order_id=order_id), "reject", DUPLICATE)
    return await visit(shop, order_id), f"/claims/{claim['claim_id']}/survey"


async def answered(buyer: Visit, path: str, **body: Any) -> dict[str, Any]:
    answer = await buyer.post(path, body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def code_of(buyer: Visit, path: str, **body: Any) -> tuple[int, str]:
    answer = await buyer.post(path, body)
    return answer.status_code, answer.json()["code"]


async def test_a_buyer_answers_after_the_end_and_the_shop_reads_it(shop: Storefront) -> None:
    buyer, path = await refunded(shop)
    asked = (await buyer.get(path)).json()
    assert asked["questions"] == ["score", "text"]
    assert asked["answer"] is None
    own = await answered(buyer, path, **GOOD)
    assert {**own, **GOOD, "rejected": False, "reason_understood": None} == own
    seen = (await shop.get(f"/v1{path}")).json()
    assert {name: seen[name] for name in own} == own
    after = (await buyer.get(path)).json()
    assert after == {**asked, "questions": [], "answer": own}
    assert (await shop.get("/v1/surveys")).json()["data"] == [seen]


async def test_the_event_has_the_score_and_not_the_words(shop: Storefront) -> None:
    buyer, path = await refunded(shop)
    await answered(buyer, path, **GOOD)
    survey = (await shop.get(f"/v1{path}")).json()
    event = (await history(shop, {"claim_id": survey["claim_id"]}))[-1]
    assert event["type"] == "claim.survey_answered"
    assert event["data"]["by"]["role"] == "buyer"
    assert event["data"]["survey"] == {
        name: survey[name] for name in survey if name not in ("claim_id", "order_id", "text")
    }


async def test_after_a_rejection_the_buyer_is_asked_about_the_reason_and_an_alternative(shop: Storefront) -> None:
    buyer, path = await rejected(shop)
    questions = (await buyer.get(path)).json()["questions"]
    assert questions == ["score", "reason_understood", "alternative_found", "text"]
    own = await answered(buyer, path, score="bad", reason_understood=True, alternative_found=False)
    assert (own["rejected"], own["reason_understood"], own["alternative_found"], own["text"]) == (
        *(True, True, False),
        None,
    )


@pytest.mark.parametrize("question", ["reason_understood", "alternative_found"])
async def test_no_other_claim_has_the_questions_of_a_rejection(sqlite_shop: Storefront, question: str) -> None:
    buyer, path = await refunded(sqlite_shop)
    answer = await buyer.post(path, {"score": "good", question: True})
    assert (answer.status_code, answer.json()["code"]) == (409, "survey_question_not_asked")
    assert answer.json()["errors"][0]["field"] == question


async def test_a_claim_has_one_survey(shop: Storefront) -> None:
    buyer, path = await refunded(shop)
    first = await answered(buyer, path, **GOOD)
    assert await code_of(buyer, path, score="bad") == (409, "survey_answered")
    assert (await buyer.get(path)).json()["answer"] == first


async def test_an_open_claim_has_no_survey(sqlite_shop: Storefront) -> None:
    await sqlite_shop.push_order()
    claim = await sqlite_shop.claim("cancel")
    buyer, path = await visit(sqlite_shop), f"/claims/{claim['claim_id']}/survey"
    assert (await buyer.get(path)).json() == {"questions": [], "answer_by": None, "answer": None}
    assert await code_of(buyer, path, **GOOD) == (409, "claim_not_ended")
    assert (await sqlite_shop.get(f"/v1{path}")).status_code == 404


@pytest.mark.parametrize("end", ["retracted", "expired"])
async def test_each_other_end_has_a_survey_too(sqlite_shop: Storefront, end: str) -> None:
    await sqlite_shop.push_order()
    await sqlite_shop.ship()
    claim = await sqlite_shop.claim("return")
    if end == "expired":
        await sqlite_shop.give(claim, "approve")
        sqlite_shop.clock.turn(days=60)
    claim = await sqlite_shop.give(claim, "expire" if end == "expired" else "retract")
    assert claim["state"] == end
    await answered(await visit(sqlite_shop), f"/claims/{claim['claim_id']}/survey", **GOOD)


@pytest.mark.parametrize(("seconds", "is_open"), [(-1, True), (0, False)])
async def test_the_time_to_answer_ends_with_the_thirtieth_local_day_after_the_claim(
    sqlite_shop: Storefront, seconds: int, *, is_open: bool
) -> None:
    _, path = await rejected(sqlite_shop)  # on 8 June at noon in Seoul
    sqlite_shop.clock.turn(days=30, hours=12, seconds=seconds)
    buyer = await visit(sqlite_shop)
    asked = (await buyer.get(path)).json()
    assert bool(asked["questions"]) == is_open
    assert asked["answer_by"] == "2026-07-08T15:00:00Z"
    answer = await buyer.post(path, GOOD)
    assert (answer.status_code, answer.json().get("code")) == ((201, None) if is_open else (409, "survey_ended"))


async def test_a_shop_that_does_not_ask_gets_no_survey(sqlite_shop: Storefront) -> None:
    buyer, path = await rejected(sqlite_shop)
    assert (await sqlite_shop.put("/v1/shop", {"name": "머그", "surveys": False})).json()["surveys"] is False
    assert (await buyer.get(path)).json() == {"questions": [], "answer_by": None, "answer": None}
    assert await code_of(buyer, path, **GOOD) == (409, "survey_off")
    assert (await sqlite_shop.put("/v1/shop", {"name": "머그"})).json()["surveys"] is True
    await answered(buyer, path, **GOOD)


WRONG: dict[str, list[Any]] = {
    "score": ["best", "GOOD", "", 1, None],
    "text": ["", " ", "\n", "a\0b", "a\x7fb", "x" * 501, 1, []],
    "reason_understood": ["yes", 1, "true"],
    "alternative_found": ["no", 0],
    "rejected": [True],
}


@pytest.mark.parametrize("field", WRONG)
async def test_a_bad_field_is_refused_by_its_name(sqlite_shop: Storefront, field: str) -> None:
    buyer, path = await rejected(sqlite_shop)
    for value in WRONG[field]:
        answer = await buyer.post(path, {**GOOD, field: value})
        assert answer.status_code == 422, value
        assert answer.json()["errors"][0]["field"].startswith(field)
    assert (await sqlite_shop.get("/v1/surveys")).json()["data"] == []


async def test_the_list_is_narrowed_and_read_page_by_page(shop: Storefront) -> None:
    paths, marks = [], []
    for number, score in enumerate(["good", "bad", "bad", "so_so"]):
        buyer, path = await (rejected if number % 2 else refunded)(shop, f"order-{number}")
        marks.append(shop.clock().isoformat())
        await answered(buyer, path, score=score)
        paths.append(path)
        shop.clock.turn(seconds=1)

    async def listed(**where: Any) -> list[int]:
        rows = (await shop.get("/v1/surveys", **where)).json()["data"]
        return [paths.index(f"/claims/{row['claim_id']}/survey") for row in rows]

    assert await listed() == [3, 2, 1, 0]
    assert await listed(score="bad") == [2, 1]
    assert await listed(rejected="true") == [3, 1]
    assert await listed(rejected="false", score="bad") == [2]
    assert await listed(answered_from=marks[1], answered_before=marks[3]) == [2, 1]
    pages, cursor = [], None
    for _ in range(3):
        answer = (await shop.get("/v1/surveys", limit=2, **({"cursor": cursor} if cursor else {}))).json()
        pages.append([row["order_id"] for row in answer["data"]])
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert pages == [["order-3", "order-2"], ["order-1", "order-0"]]


async def test_answers_of_one_instant_are_on_one_page_each(sqlite_shop: Storefront) -> None:
    orders = {"order-1", "order-2", "order-3"}
    for order_id in sorted(orders):
        await answered(*await rejected(sqlite_shop, order_id), score="good")
    seen: list[str] = []
    cursor = None
    while cursor or not seen:
        answer = (await sqlite_shop.get("/v1/surveys", limit=1, **({"cursor": cursor} if cursor else {}))).json()
        seen += [row["order_id"] for row in answer["data"]]
        cursor = answer["next_cursor"]
    assert (len(seen), set(seen)) == (3, orders)


async def test_nobody_reads_or_answers_the_survey_of_another_order(sqlite_shop: Storefront) -> None:
    other, _ = await rejected(sqlite_shop, "order-2")
    _, path = await rejected(sqlite_shop)
    assert (await other.get(path)).status_code == 404
    assert (await other.post(path, GOOD)).status_code == 404
