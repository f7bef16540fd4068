"""A repeated POST has one effect: every POST carries an Idempotency-Key, and the service stores the answer under it."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from app.service.idempotency import forget_old_answers
from tests.api.answers import KEY_ROUTES, method_of, name_of
from tests.api.claims import codes
from tests.api.file_scenes import FORMS
from tests.api.for_tests import FOR_TESTS
from tests.api.scenes import KEYLESS, SCENES, all_of
from tests.api.walks import ONE
from tests.storefront import ORDER, Storefront, new_key

BULK = {"POST /v1/claims/bulk", "POST /v1/orders/bulk"}
"""A repeated request continues: see tests/api/test_bulk.py and tests/api/test_order_bulk.py."""
POSTS = {name: scene for name, scene in SCENES.items() if name not in KEYLESS | BULK}
KEPT = ("etag", "location", "content-type")
CANCEL = {"order_id": "order-1", "kind": "cancel", "reason": "change_of_mind", "lines": [ONE]}


def test_there_is_a_scene_for_every_route_that_writes() -> None:
    assert {name_of(route) for route in KEY_ROUTES if method_of(route) != "GET"} == SCENES.keys() | FORMS | FOR_TESTS


async def test_every_post_takes_a_key_and_does_nothing_twice_under_it(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    for name, scene in POSTS.items():
        order_id = key = name.translate({ord(" "): "-", ord("/"): "-"})
        with subtests.test(name):
            path, body = await scene(shop, order_id)
            before = await all_of(shop, order_id)
            keyless = await shop.http.post(path, json=body, headers={"Authorization": f"Bearer {shop.token}"})
            assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency_key_required")
            assert await all_of(shop, order_id) == before
            first = await shop.post(path, body, key=key)
            assert first.status_code in (200, 201), first.text
            assert "idempotent-replayed" not in first.headers
            after = await all_of(shop, order_id)
            assert after != before
            again = await shop.post(path, body, key=key)
            assert again.headers["idempotent-replayed"] == "true"
            assert (again.status_code, again.content) == (first.status_code, first.content)
            assert [again.headers.get(name) for name in KEPT] == [first.headers.get(name) for name in KEPT]
            assert await all_of(shop, order_id) == after


async def test_a_key_belongs_to_one_request(shop: Storefront) -> None:
    await shop.push_order()
    first = await shop.post("/v1/claims", CANCEL, key="k")
    claim = first.json()["claim_id"]
    state = await all_of(shop, "order-1")
    for path, body in (
        ("/v1/claims", {**CANCEL, "note": "다른 요청"}),
        (f"/v1/claims/{claim}/approve", {}),
        (f"/v1/claims/{claim}/retract", {}),
        ("/v1/orders/order-1/confirm", {}),
    ):
        answer = await shop.post(path, body, key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert await all_of(shop, "order-1") == state
    again = await shop.post("/v1/claims", CANCEL, key="k")
    assert (again.status_code, again.content) == (201, first.content)


async def test_the_keys_of_two_merchants_do_not_meet(shop: Storefront, service: FastAPI) -> None:
    merchant_id, token = await new_key(service.state.app_state.database, shop.clock())
    other = Storefront(shop.http, token, merchant_id, shop.clock)
    claims = []
    for merchant in (shop, other):
        await merchant.push_order()
        answer = await merchant.post("/v1/claims", CANCEL, key="k")
        assert answer.status_code == 201
        assert "idempotent-replayed" not in answer.headers
        claims.append(answer.json()["claim_id"])
    assert len(set(claims)) == 2


async def test_two_keys_of_one_merchant_share_its_idempotency_keys(shop: Storefront, service: FastAPI) -> None:
    await shop.push_order()
    first = await shop.post("/v1/claims", CANCEL, key="k")
    _, token = await new_key(service.state.app_state.database, shop.clock(), merchant_id=shop.merchant_id)
    colleague = Storefront(shop.http, token, shop.merchant_id, shop.clock)
    again = await colleague.post("/v1/claims", CANCEL, key="k")
    assert (again.headers["idempotent-replayed"], again.content) == ("true", first.content)


async def test_a_refused_request_may_be_repeated_under_its_key(shop: Storefront) -> None:
    missing = await shop.post("/v1/claims", CANCEL, key="k")
    assert missing.status_code == 404
    invalid = await shop.post("/v1/claims", {**CANCEL, "kind": "swap"}, key="k")
    assert invalid.status_code == 422
    await shop.push_order()
    refusal = await shop.post("/v1/claims", {**CANCEL, "lines": [{**ONE, "quantity": 3}]}, key="k")
    assert codes(refusal.json()) == ["units_unavailable"]
    accepted = await shop.post("/v1/claims", CANCEL, key="k")
    assert accepted.status_code == 201
    path = f"/v1/claims/{accepted.json()['claim_id']}"
    await shop.post(f"{path}/hold", {"reason": "other"})
    for stale in ('"1"', '"2"'):
        answer = await shop.post(f"{path}/approve", {}, key="a", if_match=stale)
        assert answer.status_code == (412 if stale == '"1"' else 409)
    await shop.post(f"{path}/release")
    approved = await shop.post(f"{path}/approve", {}, key="a")
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")


@pytest.mark.parametrize(
    ("key", "valid"),
    [
        ("k", True),
        ("x" * 255, True),
        ("0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b", True),
        ("!~", True),
        ('"quoted"', True),
        ("x" * 256, False),
        ("", False),
        (" ", False),
        ("two words", False),
        ("tab\tbed", False),
        ("키", False),
        ("é", False),
        ("\x7f", False),
    ],
)
async def test_a_key_is_up_to_255_printable_characters(sqlite_shop: Storefront, key: str, valid: bool) -> None:
    await sqlite_shop.push_order()
    headers = [
        (b"Authorization", f"Bearer {sqlite_shop.token}".encode()),
        (b"Idempotency-Key", key.encode()),
    ]
    answer = await sqlite_shop.http.post("/v1/claims", json=CANCEL, headers=headers)
    assert answer.status_code == (201 if valid else 422), answer.text
    if not valid:
        assert answer.json()["errors"][0]["field"] == "header.Idempotency-Key"


async def test_an_answer_is_kept_for_as_long_as_the_service_says(shop: Storefront, service: FastAPI) -> None:
    await shop.push_order()
    first = await shop.post("/v1/claims", CANCEL, key="k")
    database, day = service.state.app_state.database, timedelta(hours=24)
    shop.clock.turn(hours=24)
    assert await forget_old_answers(database, now=shop.clock(), keep_for=day) == 0
    assert (await shop.post("/v1/claims", CANCEL, key="k")).content == first.content
    shop.clock.turn(seconds=1)
    assert await forget_old_answers(database, now=shop.clock(), keep_for=day) == 1
    second = await shop.post("/v1/claims", CANCEL, key="k")
    assert second.status_code == 201
    assert second.json()["claim_id"] != first.json()["claim_id"]


async def test_an_order_is_pushed_without_a_key(shop: Storefront) -> None:
    for status in (201, 200):
        answer = await shop.http.put(
            "/v1/orders/order-1", json=ORDER, headers={"Authorization": f"Bearer {shop.token}"}
        )
        assert answer.status_code == status
