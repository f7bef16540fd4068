"""A seller's own policies: checked against the law, published in versions, pinned by orders."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.api.schemas.policies import TermsInput
from app.cli import app as command_line
from app.store.database import Database
from tests.storefront import ORDER, Storefront, storefront

ROOT = Path(__file__).parent.parent.parent


def window(days: int, anchor: str = "delivered", roll: str = "none", **more: Any) -> dict[str, Any]:
    period = {"length": days, "unit": "days", "anchor": anchor, "roll": roll}
    return {"code": "house_return", "kinds": ["return"], "periods": [period], **more}


def promise(length: int, unit: str, anchor: str = "goods_back") -> dict[str, Any]:
    return {"kinds": ["return"], "periods": [{"length": length, "unit": unit, "anchor": anchor}]}


def within(length: int, anchor: str, roll: str = "none") -> dict[str, Any]:
    return {"length": length, "unit": "days", "anchor": anchor, "roll": roll}


async def check(shop: Storefront, base: str, **terms: Any) -> dict[str, Any]:
    answer = await shop.post("/v1/policies/check", {"base": base, "terms": terms})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def publish(shop: Storefront, policy_id: str = "house", base: str = "kr", **more: Any) -> dict[str, Any]:
    terms = more.pop("terms", {})
    answer = await shop.post("/v1/policies", {"policy_id": policy_id, "base": base, "terms": terms, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


BEGUN = {
    "ground": "service_begun",
    "kinds": ["return"],
    "natures": ["service"],
    "conditions": ["begun"],
    "records": ["notice", "preview"],
}
RETURN = {"order_id": "order-1", "kind": "return", "lines": [{"line_id": "1", "quantity": 1}]}
VOID: list[tuple[str, dict[str, Any], list[str]]] = [
    ("kr", {"windows": [window(3)]}, ["window_below_statute windows.0"]),
    ("kr", {"windows": [window(7)]}, ["window_below_statute windows.0"]),  # it does not roll over a day of rest
    ("kr", {"windows": [window(30)]}, []),
    ("kr", {"windows": [window(30, faults=["seller"])]}, ["window_below_statute windows.0"]),
    ("kr", {"windows": [window(1, kinds=["cancel"])]}, ["window_below_statute windows.0"]),
    ("eu", {"windows": [window(14)]}, ["window_below_statute windows.0"]),
    ("uk", {"windows": [window(14)]}, []),
    ("uk", {"windows": [window(13)]}, ["window_below_statute windows.0"]),
    ("jp", {"windows": [window(3)]}, []),  # the eight days hold where nothing else was shown
    ("us", {"windows": [window(3)]}, []),
    ("kr", {"fees": {"restocking_percent": 10}}, ["restocking_fee_forbidden fees.restocking_percent"]),
    ("us", {"fees": {"restocking_percent": 15}}, []),
    ("kr", {"promises": [promise(7, "days")]}, ["refund_deadline_beyond_statute promises.0"]),
    ("kr", {"promises": [promise(1, "business_days")]}, []),
    ("jp", {"promises": [promise(30, "days")]}, []),
    ("uk", {"promises": [promise(15, "days")]}, ["refund_deadline_beyond_statute promises.0"]),
    ("kr", {"late_interest_percent": 6}, ["late_interest_below_statute late_interest_percent"]),
    ("kr", {"late_interest_percent": 20}, []),
    ("eu", {"collect_within": within(13, "approved", "forward")}, ["collection_below_statute collect_within"]),
    ("eu", {"collect_within": within(14, "approved", "forward")}, []),
    ("uk", {"collect_within": within(10, "approved")}, ["collection_below_statute collect_within"]),
    ("kr", {"collect_within": within(5, "approved")}, []),  # the law sets no day
    ("eu", {"collect_within": within(14, "requested", "forward")}, ["collection_below_statute collect_within"]),
    ("eu", {"collect_within": within(90, "delivered")}, ["collection_below_statute collect_within"]),
    ("kr", {"windows": [window(20, anchor="paid")]}, ["window_below_statute windows.0"]),
    ("kr", {"windows": [window(7, anchor="shipped", roll="forward")]}, ["window_below_statute windows.0"]),
    ("jp", {"windows": [window(440, faults=["seller"])]}, ["window_below_statute windows.0"]),
    (
        "kr",
        {"promises": [{**promise(3, "business_days", "approved"), "kinds": ["cancel"]}]},
        ["refund_deadline_beyond_statute promises.0"],
    ),
    (
        "eu",
        {"fees": {"outbound": 490, "free_shipping_from": 5000}},
        ["outbound_fee_forbidden fees.free_shipping_from"],
    ),
    ("storefront_eu", {"fees": {"free_shipping_from": 1}}, ["outbound_fee_forbidden fees.free_shipping_from"]),
    ("kr", {"fees": {"outbound": 3000, "free_shipping_from": 50000}}, []),
    ("kr", {"overtaken": "refuse"}, ["cancellation_below_statute overtaken"]),
    ("kr", {"overtaken": "return_by_fault"}, []),
    ("eu", {"overtaken": "refuse"}, ["cancellation_below_statute overtaken"]),
    ("us", {"overtaken": "refuse"}, []),
    ("qoo10_jp", {"overtaken": "refuse"}, []),
    ("kr", {"offer_rounds": 2}, ["offers_beyond_statute offer_rounds"]),
    ("kr", {"offer_rounds": 0, "offer_rounds_if_wanted": 3}, []),
    ("us", {"offer_rounds": 3}, []),
    (
        "kr",
        {"exceptions": [{"ground": "custom_made", "kinds": ["return"], "natures": ["custom_made"]}]},
        ["exception_beyond_statute exceptions.0"],  # the law wants a notice and a consent
    ),
    ("eu", {"exceptions": [{"ground": "custom_made", "kinds": ["return"], "natures": ["custom_made"]}]}, []),
    (
        "kr",
        {"exceptions": [BEGUN]},
        ["exception_beyond_statute exceptions.0"],
    ),  # parts not begun can be given back
    ("kr", {"exceptions": [{**BEGUN, "indivisible": True}]}, []),
    (
        "eu",
        {"exceptions": [{"ground": "used_or_consumed", "kinds": ["return"], "conditions": ["opened"]}]},
        ["exception_beyond_statute exceptions.0"],
    ),
]


async def test_what_the_law_forbids_is_reported_with_its_article(
    sqlite_shop: Storefront, subtests: pytest.Subtests
) -> None:
    for base, terms, void in VOID:
        with subtests.test(f"{base} {terms}"):
            found = (await check(sqlite_shop, base, **terms))["violations"]
            assert [f"{one['code']} {one['field']}" for one in found] == void
            assert all(one["citation"] for one in found)


async def test_a_violation_names_the_limit(sqlite_shop: Storefront) -> None:
    days = {"length": 5, "unit": "days"}
    short = {
        "code": "short",
        "kinds": ["return"],
        "faults": ["buyer"],
        "periods": [{**days, "anchor": "delivered"}],
    }
    late = {"kinds": ["return"], "periods": [{**days, "length": 40, "anchor": "goods_back"}]}
    found = await check(sqlite_shop, "kr", windows=[short], promises=[late])
    assert [one["detail"] for one in found["violations"]] == [
        "The window short closes before kr_change_of_mind does: 7 days from delivered.",
        "The law wants the money back sooner: 3 business days from goods_back.",
    ]


async def test_the_command_line_says_the_same(
    sqlite_shop: Storefront, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for number, (base, terms, void) in enumerate(VOID):
        with subtests.test(f"{base} {terms}"):
            file = tmp_path / f"{number}.json"
            file.write_text(json.dumps({"base": base, "terms": terms}))
            done = CliRunner().invoke(command_line, ["policy", "check", str(file)])
            over_http = (await check(sqlite_shop, base, **terms))["violations"]
            lines = [f"{one['code']}  {one['field']}: {one['detail']} [{one['citation']}]" for one in over_http]
            said = done.stdout.splitlines()
            assert (done.exit_code, said) == (1 if void else 0, lines or ["The law lets every term stand."])


async def test_what_no_law_sets_is_as_the_seller_says(sqlite_shop: Storefront) -> None:
    said = {
        "hold_within": {"length": 3, "unit": "business_days"},
        "offer_within": {"length": 2},
        "ship_date_within": {"length": 1, "unit": "business_days"},
        "unanswered": "approve",
    }
    found = await check(sqlite_shop, "naver", **said)
    assert found["violations"] == []
    promised = {"unit": "days", "citation": "the seller's own promise"}
    assert {name: found["policy"][name] for name in said} == {
        "hold_within": {**promised, "length": 3, "unit": "business_days"},
        "offer_within": {**promised, "length": 2},
        "ship_date_within": {**promised, "length": 1, "unit": "business_days"},
        "unanswered": "approve",
    }


async def test_every_preset_limits_holds_and_offers_and_escalates_what_nobody_answers(
    sqlite_shop: Storefront,
) -> None:
    presets = (await sqlite_shop.get("/v1/presets")).json()["data"]
    assert {preset["unanswered"] for preset in presets} == {"escalate"}
    for preset in presets:
        for name in ("hold_within", "offer_within", "ship_date_within"):
            assert preset[name]["length"] > 0, preset["policy_id"]
            assert preset[name]["citation"], preset["policy_id"]


async def test_a_term_that_is_void_in_part_binds_in_the_rest(shop: Storefront) -> None:
    """Thirty days are more than a change of mind has by law, and less than a defect has."""
    terms = {"windows": [window(30, faults=["buyer", "seller"])]}
    (found,) = (await publish(shop, terms=terms))["violations"]
    assert (found["code"], found["kinds"], found["faults"]) == ("window_below_statute", ["return"], ["seller"])
    await shop.push_order(policy="house")
    await shop.ship()
    shop.clock.turn(days=20)
    for reason, rule in (("change_of_mind", "house_return"), ("defective", "kr_sellers_fault")):
        quote = await shop.post("/v1/claims/quote", RETURN | {"reason": reason})
        assessment = quote.json()["assessment"]
        assert (assessment["verdict"], assessment["window"]["rule"]) == ("eligible", rule)


async def test_a_promise_that_is_void_for_one_kind_is_kept_for_the_other(sqlite_shop: Storefront) -> None:
    both = {**promise(1, "business_days", "goods_back"), "kinds": ["cancel", "return"]}
    found = await check(sqlite_shop, "kr", promises=[both])
    assert [one["kinds"] for one in found["violations"]] == [["cancel"]]
    assert [rule["kinds"] for rule in found["policy"]["promises"]] == [["return"]]


@pytest.mark.parametrize("last_first", [False, True])
async def test_of_several_promises_the_soonest_counts(shop: Storefront, *, last_first: bool) -> None:
    late, soon = promise(2, "business_days", "requested"), promise(0, "days", "requested")
    promises = [{**late, "kinds": ["cancel"]}, {**soon, "kinds": ["cancel"], "reasons": ["out_of_stock"]}]
    await publish(shop, terms={"promises": promises[::-1] if last_first else promises})
    await shop.push_order(policy="house")
    claim = await shop.give(await shop.claim("cancel", "out_of_stock"), "approve")
    assert claim["deadlines"]["refund_due_on"] == claim["requested_at"][:10]


async def test_fees_that_are_not_said_are_the_base_s(sqlite_shop: Storefront) -> None:
    found = await check(sqlite_shop, "storefront_kr", fees={"return": 2500})
    fees = found["policy"]["fees"]
    assert (fees["return"], fees["outbound"], fees["exchange_round_trip"]) == (2500, 3000, 6000)
    assert fees["free_shipping_from"] == 50000
    without = await check(sqlite_shop, "storefront_kr", fees={"free_shipping_from": None})
    assert without["policy"]["fees"]["free_shipping_from"] is None


async def test_goods_have_time_to_come_back_whatever_it_is_counted_from(shop: Storefront) -> None:
    await publish(shop, terms={"collect_within": within(1, "delivered")})
    await shop.push_order(policy="house")
    await shop.ship()
    shop.clock.turn(days=3)
    claim = await shop.give(await shop.claim("return"), "approve")
    assert claim["deadlines"]["collect_by"] > claim["approved_at"]
    nothing = await shop.post("/v1/policies/check", {"base": "kr", "terms": {"collect_within": within(0, "approved")}})
    assert (nothing.status_code, nothing.json()["errors"][0]["field"]) == (422, "terms.collect_within")


async def test_an_unknown_base_is_named_as_the_base(sqlite_shop: Storefront) -> None:
    answer = await sqlite_shop.post("/v1/policies/check", {"base": "atlantis", "terms": {}})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "base")


async def test_void_terms_do_not_bind_and_generous_ones_do(shop: Storefront) -> None:
    terms = {"windows": [window(3)], "fees": {"return": 2500, "restocking_percent": 10}}
    policy = await publish(shop, terms=terms)
    assert [found["code"] for found in policy["violations"]] == [
        "window_below_statute",
        "restocking_fee_forbidden",
    ]
    assert (policy["policy"]["fees"]["return"], policy["policy"]["fees"]["restocking_percent"]) == (2500, 0)
    await shop.push_order(policy="house")
    await shop.ship()
    strict = await shop.claim("return")
    assert strict["assessment"]["window"]["rule"] == "kr_change_of_mind"
    assert [(step["code"], step["amount"]) for step in strict["amounts"]["steps"]] == [
        ("goods", 12000),
        ("return_fee", -2500),
    ]
    await publish(shop, "generous", terms={"windows": [window(30)]})
    await shop.push_order("order-2", policy="generous")
    await shop.ship("order-2")
    kind = await shop.claim("return", order_id="order-2")
    window_ = kind["assessment"]["window"]
    assert (window_["rule"], window_["citation"]) == ("house_return", "the seller's own promise")


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


async def test_an_order_is_judged_by_the_version_in_force_when_it_was_paid(shop: Storefront) -> None:
    first = await publish(shop, terms={"windows": [window(10)]})
    shop.clock.turn(days=2)
    between = shop.clock().isoformat()
    shop.clock.turn(days=2)
    second = await publish(shop, terms={"windows": [window(20)]})
    assert (first["key"], second["key"]) == ("house@1", "house@2")
    pinned = {
        paid_at: (await shop.push_order(f"order-{number}", policy="house", paid_at=paid_at))["policy"]
        for number, paid_at in enumerate((between, shop.clock().isoformat(), "2026-01-05T00:00:00Z"))
    }
    assert list(pinned.values()) == ["house@1", "house@2", "house@1"]
    assert (await shop.push_order("order-0", policy="house", paid_at=between))["policy"] == "house@1"


@pytest.mark.parametrize(
    ("named", "by_push", "claimed", "judged_by"),
    [
        ("house", True, False, "house@3"),
        ("house", False, False, "house@3"),
        ("house", False, True, "house@2"),
        ("house@1", False, False, "house@1"),
        ("house@2", True, False, "house@2"),
        ("house@2", False, False, "house@2"),
    ],
)
async def test_an_order_that_is_paid_later_is_judged_by_the_version_of_that_day(
    shop: Storefront, *, named: str, by_push: bool, claimed: bool, judged_by: str
) -> None:
    for version in (1, 2):
        await publish(shop, terms={"windows": [window(10 * version)]})
        shop.clock.turn(days=1)
    unpaid: dict[str, Any] = {"policy": named, "payments": [], "paid_at": None}
    pinned = (await shop.push_order(**unpaid))["policy"]
    assert pinned == ("house@2" if named == "house" else named)
    shop.clock.turn(hours=1)
    await publish(shop, terms={"windows": [window(30)]})
    shop.clock.turn(days=1)
    if claimed:
        await shop.claim("cancel")
    if by_push:
        order = await shop.push_order(policy=named, paid_at=shop.clock().isoformat())
    else:
        paid = {"payment_id": "pay-1", "method": "card", "amount": 27000}
        order = (await shop.post("/v1/orders/order-1/payments", paid)).json()
    assert (order["policy"], order["paid_at"] is None) == (judged_by, False)
    again = await shop.push_order(policy=None, paid_at=order["paid_at"])
    assert again["policy"] == judged_by


async def test_a_version_may_wait_for_its_day(shop: Storefront) -> None:
    await publish(shop)
    later = shop.clock().replace(month=7).isoformat()
    await publish(shop, terms={"windows": [window(20)]}, effective_at=later)
    now = {"policy": "house", "paid_at": shop.clock().isoformat()}
    assert (await shop.push_order(**now))["policy"] == "house@1"
    past = {"policy_id": "house", "base": "kr", "terms": {}, "effective_at": "2026-06-01T00:00:00Z"}
    answer = await shop.post("/v1/policies", past)
    assert (answer.status_code, answer.json()["code"]) == (422, "effective_in_past")


async def test_a_default_judges_orders_that_name_no_policy(database_url: str) -> None:
    """From the next one on, however long a key is remembered."""
    async with storefront(database_url, key_cache_seconds=3600) as shop:
        unnamed = {"policy": None, "paid_at": shop.clock().isoformat()}
        assert (await shop.push_order("before", **unnamed))["policy"] == "storefront_kr@1"
        await publish(shop, is_default=True)
        assert (await shop.push_order("after", **unnamed))["policy"] == "house@1"


async def test_a_policy_is_nobody_elses_and_no_presets(shop: Storefront) -> None:
    answer = await shop.post("/v1/policies", {"policy_id": "kr", "base": "kr", "terms": {}})
    assert (answer.status_code, answer.json()["code"]) == (409, "policy_is_a_preset")
    for body, code in (
        ({"policy_id": "house", "base": "none", "terms": {}}, "unknown_policy"),
        ({"policy_id": "house", "base": "kr@9", "terms": {}}, "unknown_policy"),
    ):
        answer = await shop.post("/v1/policies", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await shop.get("/v1/policies")).json() == {"data": []}
    assert (await shop.get("/v1/policies/house/1")).status_code == 404


async def test_before_its_first_version_a_policy_is_what_it_stands_on(shop: Storefront) -> None:
    later = shop.clock().replace(month=7).isoformat()
    await publish(shop, base="naver", effective_at=later)
    now = {"policy": "house", "paid_at": shop.clock().isoformat()}
    assert (await shop.push_order(**now))["policy"] == "naver@1"


async def test_terms_are_described_by_a_schema(sqlite_shop: Storefront) -> None:
    answer = await sqlite_shop.get("/v1/policies/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    assert schema == json.loads((ROOT / "docs" / "policy.schema.json").read_text("utf-8"))
    assert set(schema["$defs"]["TermsInput"]["properties"]) == set(TermsInput.model_fields)


async def test_versions_are_listed_read_and_compared(shop: Storefront) -> None:
    first = await publish(shop, terms={"fees": {"return": 2500}})
    shop.clock.turn(hours=1)
    second = await publish(shop, terms={"fees": {"return": 3000}, "advance_exchange": True})
    listed = (await shop.get("/v1/policies")).json()["data"]
    assert [one["key"] for one in listed] == ["house@2", "house@1"]
    assert (await shop.get("/v1/policies/house/1")).json() == first
    assert (await shop.get("/v1/policies/house/2")).json() == second
    compared = (await shop.get("/v1/policies/house/2/diff")).json()
    assert (compared["before"], compared["after"]) == ("house@1", "house@2")
    assert [one["field"] for one in compared["differences"]] == ["advance_exchange", "fees"]
    with_law = (await shop.get("/v1/policies/house/1/diff")).json()
    assert with_law["before"] == "kr@1"
    assert {one["field"] for one in with_law["differences"]} == {"fees", "policy_id"}


@pytest.mark.parametrize("change", ["UPDATE policies SET document = '{}'", "DELETE FROM policies"])
async def test_what_was_published_cannot_be_changed(shop: Storefront, database_url: str, change: str) -> None:
    await publish(shop)
    database = Database(database_url)
    with pytest.raises(DBAPIError, match="does not change"):
        async with database.engine.begin() as connection:
            await connection.execute(text(change))
    await database.close()


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
    owed = refund["amount"]
    assert (refund["due_on"], refund["late_interest"], refund["late_interest_percent"]) == ("2026-06-11", 0, 15)
    shop.clock.turn(days=13)  # the 21st: ten days late
    address = f"/v1/refunds/{refund['refund_id']}"
    ten_days = owed * 15 * 10 // 36500
    assert (await shop.get(address)).json()["late_interest"] == ten_days
    paid = (await shop.post(f"{address}/succeeded")).json()
    assert paid["late_interest"] == ten_days
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
    published = {"policy_id": "house", "base": "kr", "terms": terms}
    assert (await sqlite_shop.post("/v1/policies", published)).status_code == 201
    page = (await sqlite_shop.get("/v1/policies/house/1/page")).json()
    assert (page["language"], page["policy"]) == ("ko", "머그 가게")
    (mind,) = [row for row in page["rows"] if row["topic"] == "mind"]
    assert mind["answers"][-2:] == [
        "받으신 날 다음 날부터 30일 안에",
        "여러 가지가 해당하면 가장 늦게 끝나는 것을 따릅니다.",
    ]
    html = await sqlite_shop.get("/v1/policies/house/1/page.html", language="ja")
    assert html.headers["content-type"].startswith("text/html")
    assert "お受け取り日の翌日から30日以内" in html.text
    assert (await sqlite_shop.get("/v1/policies/kr/1/page")).json()["policy"] == "Korea, E-Commerce Act"
    for missing in ("house/2", "none/1", "kr/9"):
        assert (await sqlite_shop.get(f"/v1/policies/{missing}/page")).status_code == 404


async def test_closing_days_do_not_put_off_what_the_law_wants(shop: Storefront) -> None:
    closed = [f"2026-06-{day:02}" for day in range(8, 31)]
    await publish(shop, terms={"closing_days": closed})
    await shop.push_order(policy="house")
    claim = await shop.give(await shop.claim("cancel"), "approve")
    assert claim["deadlines"]["refund_due_on"] == "2026-06-11"


async def test_a_fault_that_is_undecided_is_no_way_around_the_law(sqlite_shop: Storefront) -> None:
    exception = {"ground": "used_or_consumed", "kinds": ["return"], "faults": ["undecided"]}
    found = (await check(sqlite_shop, "kr", exceptions=[exception]))["violations"]
    assert [one["code"] for one in found] == ["exception_beyond_statute"]


async def test_only_cancellations_may_be_without_an_end(sqlite_shop: Storefront) -> None:
    terms = {"windows": [{"code": "house", "kinds": ["return"], "periods": []}]}
    answer = await sqlite_shop.post("/v1/policies/check", {"base": "kr", "terms": terms})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "terms.windows.0")


MONTHS = {"length": 121, "unit": "months", "anchor": "delivered"}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"windows": [window(7, "approved")]}, "windows.0.periods"),
        ({"windows": [window(7, "requested")]}, "windows.0.periods"),
        ({"windows": [window(7), window(9)]}, "windows"),
        ({"windows": [window(7, periods=[MONTHS])]}, "windows.0.periods.0"),
        ({"respond_within": within(2, "goods_back")}, "respond_within"),
        ({"respond_within": within(2, "approved")}, "respond_within"),
        ({"collect_within": within(2, "goods_back")}, "collect_within"),
        ({"fees": {"free_shipping_from": 0}}, "fees.free_shipping_from"),
        ({"offer_rounds": 3, "offer_rounds_if_wanted": 2}, ""),
        ({"currency": "WON"}, "currency"),
    ],
)
async def test_terms_that_could_never_be_kept_are_refused(
    sqlite_shop: Storefront, terms: dict[str, Any], field: str
) -> None:
    answer = await sqlite_shop.post("/v1/policies/check", {"base": "jp", "terms": terms})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (
        422,
        f"terms.{field}".removesuffix("."),
    )


async def test_whoever_wants_more_offers_gets_no_fewer(sqlite_shop: Storefront) -> None:
    found = await check(sqlite_shop, "jp", offer_rounds=7)
    assert (found["policy"]["offers"]["rounds"], found["policy"]["offers"]["rounds_if_wanted"]) == (7, 7)


async def test_what_was_said_of_a_part_leaves_the_default_for_the_rest(shop: Storefront) -> None:
    await publish(shop, base="jp", terms={"windows": [window(30, reasons=["size_or_color"])]})
    await shop.push_order(policy="house", currency="JPY")
    await shop.ship()
    mind = await shop.claim("return")
    size = await shop.claim("return", "size_or_color")
    assert [one["assessment"]["window"]["rule"] for one in (mind, size)] == ["jp_statutory_return", "house_return"]


@pytest.mark.parametrize("version", ["99999999999999999999", "-1", "x", "", "1.0", "٣"])
async def test_a_version_that_is_no_number_is_no_version(shop: Storefront, version: str) -> None:
    answer = await shop.put("/v1/orders/order-1", {**ORDER, "policy": f"house@{version}"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_policy")


async def test_days_of_rest_are_known_though_nobody_says_when_the_order_was_paid(shop: Storefront) -> None:
    shop.clock.instant = datetime.fromisoformat("2026-12-18T12:00:00+09:00")
    await shop.push_order(paid_at=None, payments=[])
    await shop.ship()
    shop.clock.turn(days=9)
    claim = await shop.claim("return")  # the seventh day is Christmas, a Friday: the next Monday is the 28th
    shop.clock.turn(days=10)
    later = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert [one["assessment"]["window"]["ends_on"] for one in (claim, later)] == ["2026-12-28"] * 2


async def test_as_much_as_may_be_said_can_be_checked(sqlite_shop: Storefront) -> None:
    longest = {"length": 60, "unit": "business_days", "anchor": "delivered"}
    many = [{"code": f"w{n}", "kinds": ["return"], "periods": [longest] * 3} for n in range(20)]
    assert (await check(sqlite_shop, "kr", windows=many))["violations"] == []
