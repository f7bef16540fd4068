"""One command for many claims: each is decided alone, and a repeated request does nothing twice."""

from typing import Any

from tests.api.claims import history, read
from tests.storefront import Storefront

Body = dict[str, Any]


async def bulk(shop: Storefront, command: str, claims: list[Body], *, key: str | None = None, **more: Any) -> Body:
    ids = [claim["claim_id"] for claim in claims]
    answer = await shop.post("/v1/claims/bulk", {"command": command, "claim_ids": ids, **more}, key=key)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def cancellations(shop: Storefront, count: int) -> list[Body]:
    for number in range(count):
        await shop.push_order(f"order-{number}")
    return [await shop.claim("cancel", order_id=f"order-{number}") for number in range(count)]


def outcomes(answer: Body) -> list[str]:
    return [result["outcome"] for result in answer["results"]]


async def test_each_claim_has_its_own_result(shop: Storefront) -> None:
    one, two = await cancellations(shop, 2)
    await shop.push_order("order-9")
    await shop.ship("order-9")
    undecided = await shop.claim("return", "other", order_id="order-9")
    answer = await bulk(shop, "approve", [one, undecided, {"claim_id": "nobody"}, two])
    assert outcomes(answer) == ["accepted", "refused", "not_found", "accepted"]
    assert (answer["accepted"], answer["refused"], answer["not_found"]) == (2, 1, 1)
    done, refused, missing, _ = answer["results"]
    assert (done["state"], done["turn"], done["refund"]) == ("approved", "seller", 12_000)
    assert (refused["code"], [each["code"] for each in refused["refusals"]]) == ("not_classified", ["not_classified"])
    assert (missing["code"], missing["detail"]) == ("not_found", "There is no claim nobody.")
    assert [(await read(shop, claim))["state"] for claim in (one, two, undecided)] == [
        *("approved", "approved"),
        "requested",
    ]


async def test_a_dry_run_says_the_same_and_changes_nothing(shop: Storefront) -> None:
    claims = await cancellations(shop, 2)
    before = [await history(shop, claim) for claim in claims]
    dry = await bulk(shop, "approve", claims, dry_run=True)
    assert [await history(shop, claim) for claim in claims] == before
    real = await bulk(shop, "approve", claims)
    assert (dry["dry_run"], real["dry_run"]) == (True, False)
    assert dry["results"] == real["results"]


async def test_a_repeated_request_continues_and_does_nothing_twice(shop: Storefront) -> None:
    one, two = await cancellations(shop, 2)
    await shop.give(two, "hold", {"reason": "seller_check"})
    first = await bulk(shop, "approve", [one, two], key="once")
    assert outcomes(first) == ["accepted", "refused"]
    await shop.give(two, "release")
    again = await bulk(shop, "approve", [one, two], key="once")
    assert outcomes(again) == ["accepted", "accepted"]
    assert again["results"][0] == first["results"][0]
    steps = [event["type"] for event in await history(shop, one)]
    assert steps.count("claim.approved") == 1


async def test_another_request_with_the_key_is_refused_before_any_claim_is_touched(shop: Storefront) -> None:
    one, two = await cancellations(shop, 2)
    await bulk(shop, "approve", [one], key="once")
    other = {"command": "approve", "claim_ids": [two["claim_id"]]}
    answer = await shop.post("/v1/claims/bulk", other, key="once")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert (await read(shop, two))["state"] == "requested"


async def test_the_body_is_that_of_the_command(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return")
    held = await bulk(shop, "hold", [claim], body={"reason": "seller_check", "note": "사진 확인"})
    assert outcomes(held) == ["accepted"]
    assert (await read(shop, claim))["hold"]["note"] == "사진 확인"
    wrong = {"command": "hold", "claim_ids": [claim["claim_id"]], "body": {"reason": "tired"}}
    answer = await shop.post("/v1/claims/bulk", wrong)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.reason")
