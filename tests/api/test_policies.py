"""A seller's own policies: checked against the law, published in versions, pinned by orders."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from app.api.schemas.policies import TermsInput
from tests.api.policies import check, promise, publish, window, within
from tests.storefront import Storefront

ROOT = Path(__file__).parent.parent.parent


async def test_every_preset_limits_holds_and_offers_and_escalates_unanswered_claims(
    sqlite_shop: Storefront,
) -> None:
    presets = (await sqlite_shop.get("/v1/presets")).json()["data"]
    assert {preset["unanswered"] for preset in presets} == {"escalate"}
    for preset in presets:
        for name in ("hold_within", "offer_within", "ship_date_within", "ask_carrier_after", "tell_buyer_after"):
            assert preset[name]["length"] > 0, preset["policy_id"]
            assert preset[name]["citation"], preset["policy_id"]


async def test_a_promise_that_is_void_for_one_kind_is_kept_for_the_other(sqlite_shop: Storefront) -> None:
    both = {**promise(1, "business_days", "goods_back"), "kinds": ["cancel", "return"]}
    result = await check(sqlite_shop, "kr", promises=[both])
    assert [violation["kinds"] for violation in result["violations"]] == [["cancel"]]
    assert [rule["kinds"] for rule in result["policy"]["promises"]] == [["return"]]


@pytest.mark.parametrize("last_first", [False, True])
async def test_of_several_promises_the_soonest_counts(shop: Storefront, *, last_first: bool) -> None:
    late, soon = promise(2, "business_days", "requested"), promise(0, "days", "requested")
    promises = [{**late, "kinds": ["cancel"]}, {**soon, "kinds": ["cancel"], "reasons": ["out_of_stock"]}]
    await publish(shop, terms={"promises": promises[::-1] if last_first else promises})
    await shop.push_order(policy="house")
    claim = await shop.give(await shop.claim("cancel", "out_of_stock"), "approve")
    assert claim["deadlines"]["refund_due_on"] == claim["requested_at"][:10]


async def test_fees_that_are_not_stated_are_the_fees_of_the_base(sqlite_shop: Storefront) -> None:
    result = await check(sqlite_shop, "storefront_kr", fees={"return": 2500})
    fees = result["policy"]["fees"]
    assert (fees["return"], fees["outbound"], fees["exchange_round_trip"]) == (2500, 3000, 6000)
    assert fees["free_shipping_from"] == 50000
    without = await check(sqlite_shop, "storefront_kr", fees={"free_shipping_from": None})
    assert without["policy"]["fees"]["free_shipping_from"] is None


async def test_goods_have_time_to_come_back_with_every_anchor(shop: Storefront) -> None:
    await publish(shop, terms={"collect_within": within(1, "delivered")})
    await shop.push_order(policy="house")
    await shop.ship()
    shop.clock.turn(days=3)
    claim = await shop.give(await shop.claim("return"), "approve")
    assert claim["deadlines"]["collect_by"] > claim["approved_at"]
    refusal = await shop.post("/v1/policies/check", {"base": "kr", "terms": {"collect_within": within(0, "approved")}})
    assert (refusal.status_code, refusal.json()["errors"][0]["field"]) == (422, "terms.collect_within")


async def test_the_refusal_of_an_unknown_base_names_the_field_base(sqlite_shop: Storefront) -> None:
    answer = await sqlite_shop.post("/v1/policies/check", {"base": "atlantis", "terms": {}})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "base")


async def test_a_sooner_refund_that_was_promised_is_due_sooner(shop: Storefront) -> None:
    await publish(shop, terms={"promises": [promise(1, "business_days")]})
    await shop.push_order(policy="house")
    await shop.ship()
    claim = await shop.claim("return", "defective")
    for command, body in (
        ("approve", {}),
        ("receive", {"lines": [{"line_id": "1", "quantity": 1}]}),
        ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]}),
    ):
        claim = await shop.give(claim, command, body)
    assert claim["deadlines"]["refund_due_on"] == "2026-06-09"


async def test_terms_are_described_by_a_schema(sqlite_shop: Storefront) -> None:
    answer = await sqlite_shop.get("/v1/policies/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    assert schema == json.loads((ROOT / "docs" / "policy.schema.json").read_text("utf-8"))
    assert set(schema["$defs"]["TermsInput"]["properties"]) == set(TermsInput.model_fields)


async def test_a_restocking_fee_that_the_law_lets_stand_is_kept_of_the_goods(shop: Storefront) -> None:
    terms = {"fees": {"restocking_percent": 15}}
    await publish(shop, base="us", terms=terms)
    await shop.push_order(policy="house", currency="USD", country="US", time_zone="America/Chicago")
    await shop.ship()
    claim = await shop.claim("return")
    assert [(step["code"], step["amount"]) for step in claim["amounts"]["steps"]] == [
        ("goods", 12000),
        ("restocking_fee", -1800),
    ]


async def test_closing_days_of_the_sellers_own_are_days_of_rest(shop: Storefront) -> None:
    await publish(shop, terms={"closing_days": ["2026-06-15"]})
    await shop.push_order(policy="house")
    await shop.ship()
    claim = await shop.claim("return")
    assert claim["assessment"]["window"]["ends_on"] == "2026-06-16"


async def test_money_that_comes_late_bears_interest(shop: Storefront) -> None:
    await shop.push_order(lines=[{"line_id": "1", "quantity": 1, "unit_price": 100000}], shipping_charged=0)
    claim = await shop.give(await shop.claim("cancel"), "approve")
    (refund,) = await shop.refunds_of(claim)
    amount = refund["amount"]
    assert (refund["due_on"], refund["late_interest"], refund["late_interest_percent"]) == ("2026-06-11", 0, 15)
    shop.clock.turn(days=13)  # the 21st: ten days late
    address = f"/v1/refunds/{refund['refund_id']}"
    ten_days = amount * 15 * 10 // 36500
    assert (await shop.get(address)).json()["late_interest"] == ten_days
    settled = (await shop.post(f"{address}/succeeded")).json()
    assert settled["late_interest"] == ten_days
    shop.clock.turn(days=30)
    assert (await shop.get(address)).json()["late_interest"] == ten_days


async def test_a_storefront_shows_its_policy(sqlite_shop: Storefront) -> None:
    terms = {
        "title": "머그 가게",
        "windows": [
            {
                "code": "house",
                "kinds": ["return"],
                "periods": [{"length": 30, "unit": "days", "anchor": "delivered"}],
            }
        ],
    }
    body = {"policy_id": "house", "base": "kr", "terms": terms}
    assert (await sqlite_shop.post("/v1/policies", body)).status_code == 201
    page = (await sqlite_shop.get("/v1/policies/house/1/page")).json()
    assert (page["language"], page["policy"]) == ("ko", "머그 가게")
    (mind,) = [row for row in page["rows"] if row["topic"] == "mind"]
    assert mind["answers"][-2:] == [
        "받으신 다음 날부터 30일 이내",
        "여러 기한이 해당하면 가장 늦게 끝나는 기한을 따릅니다.",
    ]
    html = await sqlite_shop.get("/v1/policies/house/1/page.html", language="ja")
    assert html.headers["content-type"].startswith("text/html")
    assert "お受け取り日の翌日から30日以内" in html.text
    assert (await sqlite_shop.get("/v1/policies/kr/1/page")).json()["policy"] == "Korea, E-Commerce Act"
    for missing in ("house/2", "none/1", "kr/9"):
        assert (await sqlite_shop.get(f"/v1/policies/{missing}/page")).status_code == 404


async def test_closing_days_do_not_put_off_what_the_law_wants(shop: Storefront) -> None:
    closing_days = [f"2026-06-{day:02}" for day in range(8, 31)]
    await publish(shop, terms={"closing_days": closing_days})
    await shop.push_order(policy="house")
    claim = await shop.give(await shop.claim("cancel"), "approve")
    assert claim["deadlines"]["refund_due_on"] == "2026-06-11"


async def test_more_offer_rounds_raise_the_rounds_for_buyers_who_want_more(sqlite_shop: Storefront) -> None:
    result = await check(sqlite_shop, "jp", offer_rounds=7)
    assert (result["policy"]["offers"]["rounds"], result["policy"]["offers"]["rounds_if_wanted"]) == (7, 7)


async def test_a_window_for_one_reason_leaves_the_default_for_the_others(shop: Storefront) -> None:
    await publish(shop, base="jp", terms={"windows": [window(30, reasons=["size_or_color"])]})
    await shop.push_order(policy="house", currency="JPY")
    await shop.ship()
    mind = await shop.claim("return")
    size = await shop.claim("return", "size_or_color")
    assert [claim["assessment"]["window"]["rule"] for claim in (mind, size)] == ["jp_statutory_return", "house_return"]


async def test_days_of_rest_count_though_nobody_states_when_the_order_was_paid(shop: Storefront) -> None:
    shop.clock.instant = datetime.fromisoformat("2026-12-18T12:00:00+09:00")
    await shop.push_order(paid_at=None, payments=[])
    await shop.ship()
    shop.clock.turn(days=9)
    claim = await shop.claim("return")  # the seventh day is Christmas, a Friday: the next Monday is the 28th
    shop.clock.turn(days=10)
    later = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert [each["assessment"]["window"]["ends_on"] for each in (claim, later)] == ["2026-12-28"] * 2


async def test_terms_at_their_limits_can_be_checked(sqlite_shop: Storefront) -> None:
    longest = {"length": 60, "unit": "business_days", "anchor": "delivered"}
    windows = [{"code": f"w{n}", "kinds": ["return"], "periods": [longest] * 3} for n in range(20)]
    assert (await check(sqlite_shop, "kr", windows=windows))["violations"] == []
