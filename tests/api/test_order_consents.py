"""What a buyer has agreed to at the checkout is kept as it was shown, and is evidence where the law asks for it."""

from typing import Any

import pytest

from tests.storefront import ORDER, Storefront

CONSENT = {
    "text": "각인 상품은 제작이 시작되면 취소할 수 없다는 안내를 확인했습니다.",
    "version": "2026-05",
    "option": "확인했습니다",
    "agreed_at": "2026-06-05T01:00:00Z",
}
PROVES = {"records": ["notice", "consent"], "line_ids": ["1"]}


async def consents(shop: Storefront) -> list[dict[str, Any]]:
    answer = await shop.get("/v1/orders/order-1/consents")
    assert answer.status_code == 200
    listed: list[dict[str, Any]] = answer.json()["data"]
    return listed


def custom(**changes: Any) -> list[dict[str, Any]]:
    return [{**ORDER["lines"][0], "nature": "custom_made", **changes}]


async def test_a_consent_of_the_checkout_is_kept_as_it_was_shown(shop: Storefront) -> None:
    plain = {"text": "동의합니다.", "agreed_at": "2026-06-04T01:00:00Z"}
    await shop.push_order(consents=[{**CONSENT, **PROVES}, plain])
    earlier, consent = await consents(shop)
    assert {name: earlier[name] for name in plain} == plain
    assert (earlier["version"], earlier["option"], earlier["records"], earlier["line_ids"]) == (None, None, [], [])
    digest = consent.pop("digest")
    assert consent == {
        **CONSENT,
        "records": ["consent", "notice"],
        "line_ids": ["1"],
        "recorded_at": "2026-06-08T03:00:00Z",
    }
    assert len(digest) == 64
    assert digest != earlier["digest"]


async def test_a_later_push_adds_consents_and_takes_none_away(shop: Storefront) -> None:
    await shop.push_order(consents=[CONSENT])
    (first,) = await consents(shop)
    shop.clock.turn(hours=1)
    await shop.push_order()
    await shop.push_order(consents=[CONSENT])
    assert await consents(shop) == [first]
    newer = {**CONSENT, "version": "2026-06", "agreed_at": "2026-06-06T01:00:00Z"}
    await shop.push_order(consents=[newer])
    assert [each["version"] for each in await consents(shop)] == ["2026-05", "2026-06"]
    assert (await consents(shop))[0] == first


async def test_what_a_consent_proves_is_on_record_even_if_a_later_push_leaves_it_out(shop: Storefront) -> None:
    await shop.push_order(lines=custom(), consents=[{**CONSENT, **PROVES}, {**CONSENT, "records": ["acknowledgement"]}])
    order = await shop.push_order(lines=custom(records=["preview"]))
    assert sorted(order["lines"][0]["records"]) == ["consent", "notice", "preview"]
    assert order["records"] == ["acknowledgement"]
    order = await shop.push_order(lines=custom())
    assert sorted(order["lines"][0]["records"]) == ["consent", "notice"]


@pytest.mark.parametrize(("proven", "verdict"), [({}, "eligible"), (PROVES, "ineligible")], ids=["silent", "proves"])
async def test_custom_made_goods_are_excluded_only_where_the_consent_proves_the_notice(
    shop: Storefront, proven: dict[str, Any], verdict: str
) -> None:
    await shop.push_order(lines=custom(), consents=[{**CONSENT, **proven}])
    claim = await shop.claim("cancel")
    assert claim["assessment"]["verdict"] == verdict


EU = {"currency": "EUR", "country": "FR", "policy": "eu"}
BEGUN = {**CONSENT, "text": "I lose my right of withdrawal.", "records": ["consent", "acknowledgement"]}


@pytest.mark.parametrize(("nature", "condition"), [("digital", "begun"), ("service", "performed")])
async def test_the_right_to_withdraw_is_lost_only_by_the_consent_that_the_law_asks_for(
    shop: Storefront, nature: str, condition: str
) -> None:
    line = {**ORDER["lines"][0], "nature": nature, "records": ["confirmation"]}
    verdicts = []
    for order_id, shown in (("order-1", []), ("order-2", [{**BEGUN, "line_ids": ["1"]}])):
        await shop.push_order(order_id, **EU, lines=[line], consents=shown)
        claim = await shop.claim("cancel", order_id=order_id, conditions=[condition])
        verdicts.append(claim["assessment"]["verdict"])
    assert verdicts == ["eligible", "ineligible"]


async def test_a_consent_is_not_made_after_a_claim_and_is_then_only_kept(shop: Storefront) -> None:
    await shop.push_order(lines=custom())
    await shop.claim("cancel")
    late = await shop.put("/v1/orders/order-1", {**ORDER, "lines": custom(), "consents": [{**CONSENT, **PROVES}]})
    assert (late.status_code, late.json()["code"]) == (409, "line_has_claims")
    assert await consents(shop) == []
    await shop.push_order(lines=custom(), consents=[CONSENT])
    assert len(await consents(shop)) == 1


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"agreed_at": "2026-06-09T12:00:00+09:00"}, 422, "in_future"),
        ({"line_ids": ["9"]}, 422, "unknown_line"),
        ({"records": ["cure_refused"]}, 422, "invalid_request"),
    ],
    ids=["future", "unknown line", "what no consent proves"],
)
async def test_a_consent_that_cannot_be_is_refused_with_its_push(
    shop: Storefront, change: dict[str, Any], status: int, code: str
) -> None:
    answer = await shop.put("/v1/orders/order-1", {**ORDER, "consents": [{**CONSENT, **change}]})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await shop.get("/v1/orders/order-1")).status_code == 404


async def test_an_order_has_a_hundred_consents_at_most(shop: Storefront) -> None:
    many = [{**CONSENT, "version": str(number)} for number in range(101)]
    for start in range(0, 100, 20):
        await shop.push_order(consents=many[start : start + 20])
    full = await shop.put("/v1/orders/order-1", {**ORDER, "consents": many[100:]})
    assert (full.status_code, full.json()["code"]) == (409, "too_many_consents")
    await shop.push_order(consents=many[:20])


async def test_the_consents_of_an_unknown_order_are_not_found(shop: Storefront) -> None:
    assert (await shop.get("/v1/orders/none/consents")).status_code == 404
    await shop.push_order()
    assert await consents(shop) == []
