"""Terms that the law forbids: the service reports each with its article, and the terms do not bind."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app as command_line
from tests.api.policies import check, promise, publish, window, within
from tests.storefront import Storefront

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
    ("kr", {"windows": [window(7)]}, ["window_below_statute windows.0"]),  # the window does not roll over a day of rest
    ("kr", {"windows": [window(30)]}, []),
    ("kr", {"windows": [window(30, faults=["seller"])]}, ["window_below_statute windows.0"]),
    ("kr", {"windows": [window(1, kinds=["cancel"])]}, ["window_below_statute windows.0"]),
    ("eu", {"windows": [window(14)]}, ["window_below_statute windows.0"] * 3),  # goods, regular deliveries, services
    ("uk", {"windows": [window(14)]}, []),
    ("uk", {"windows": [window(13)]}, ["window_below_statute windows.0"] * 3),  # goods, regular deliveries, services
    ("jp", {"windows": [window(3)]}, []),  # the law's eight days apply only where the shop shows no other window
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
    ("jp", {"windows": [window(440, faults=["seller"])]}, []),  # the Civil Code is default law
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
        ["exception_beyond_statute exceptions.0"],  # the law requires a notice and a consent
    ),
    ("eu", {"exceptions": [{"ground": "custom_made", "kinds": ["return"], "natures": ["custom_made"]}]}, []),
    (
        "kr",
        {"exceptions": [BEGUN]},
        ["exception_beyond_statute exceptions.0"],
    ),  # the buyer can give back the parts that have not begun
    ("kr", {"exceptions": [{**BEGUN, "indivisible": True}]}, []),
    (
        "eu",
        {"exceptions": [{"ground": "used_or_consumed", "kinds": ["return"], "conditions": ["opened"]}]},
        ["exception_beyond_statute exceptions.0"],
    ),
]


async def test_a_term_that_the_law_forbids_is_reported_with_its_article(
    sqlite_shop: Storefront, subtests: pytest.Subtests
) -> None:
    for base, terms, void in VOID:
        with subtests.test(f"{base} {terms}"):
            violations = (await check(sqlite_shop, base, **terms))["violations"]
            assert [f"{violation['code']} {violation['field']}" for violation in violations] == void
            assert all(violation["citation"] for violation in violations)


async def test_a_violation_names_the_limit(sqlite_shop: Storefront) -> None:
    days = {"length": 5, "unit": "days"}
    short = {
        "code": "short",
        "kinds": ["return"],
        "faults": ["buyer"],
        "periods": [{**days, "anchor": "delivered"}],
    }
    late = {"kinds": ["return"], "periods": [{**days, "length": 40, "anchor": "goods_back"}]}
    result = await check(sqlite_shop, "kr", windows=[short], promises=[late])
    assert [violation["detail"] for violation in result["violations"]] == [
        "The window short closes before the window kr_change_of_mind: 7 days from delivered.",
        "The law requires an earlier refund: 3 business days from goods_back.",
    ]


async def test_the_command_line_says_the_same(
    sqlite_shop: Storefront, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for number, (base, terms, void) in enumerate(VOID):
        with subtests.test(f"{base} {terms}"):
            file = tmp_path / f"{number}.json"
            file.write_text(json.dumps({"base": base, "terms": terms}))
            run = CliRunner().invoke(command_line, ["policy", "check", str(file)])
            over_http = await check(sqlite_shop, base, **terms)
            lines = [
                f"{violation['code']}  {violation['field']}: {violation['detail']} [{violation['citation']}]"
                for violation in over_http["violations"]
            ]
            lines += [
                f"allowed  {one['field']}: {one['term']}; without a term {one['default']} ({one['rule']})"
                f" [{one['citation']}]"
                for one in over_http["departures"]
            ]
            output = run.stdout.splitlines()
            allowed = [] if void else ["The law allows every term."]
            assert (run.exit_code, output) == (1 if void else 0, [*lines, *allowed])


async def test_the_seller_sets_the_limits_that_no_law_sets(sqlite_shop: Storefront) -> None:
    terms = {
        "hold_within": {"length": 3, "unit": "business_days"},
        "offer_within": {"length": 2},
        "ship_date_within": {"length": 1, "unit": "business_days"},
        "unanswered": "approve",
    }
    result = await check(sqlite_shop, "naver", **terms)
    assert result["violations"] == []
    promised = {"unit": "days", "citation": "the seller's own promise"}
    assert {name: result["policy"][name] for name in terms} == {
        "hold_within": {**promised, "length": 3, "unit": "business_days"},
        "offer_within": {**promised, "length": 2},
        "ship_date_within": {**promised, "length": 1, "unit": "business_days"},
        "unanswered": "approve",
    }


async def test_a_term_that_is_void_in_part_binds_in_the_rest(shop: Storefront) -> None:
    """Thirty days are longer than the law's window for a change of mind, and shorter than its window for a defect."""
    terms = {"windows": [window(30, faults=["buyer", "seller"])]}
    (violation,) = (await publish(shop, terms=terms))["violations"]
    assert (violation["code"], violation["kinds"], violation["faults"]) == (
        "window_below_statute",
        ["return"],
        ["seller"],
    )
    await shop.push_order(policy="house")
    await shop.ship()
    shop.clock.turn(days=20)
    for reason, rule in (("change_of_mind", "house_return"), ("defective", "kr_sellers_fault")):
        quote = await shop.post("/v1/claims/quote", RETURN | {"reason": reason})
        assessment = quote.json()["assessment"]
        assert (assessment["verdict"], assessment["window"]["rule"]) == ("eligible", rule)


async def test_void_terms_do_not_bind_and_generous_ones_do(shop: Storefront) -> None:
    terms = {"windows": [window(3)], "fees": {"return": 2500, "restocking_percent": 10}}
    policy = await publish(shop, terms=terms)
    assert [violation["code"] for violation in policy["violations"]] == [
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


async def test_a_fault_that_is_undecided_is_no_way_around_the_law(sqlite_shop: Storefront) -> None:
    exception = {"ground": "used_or_consumed", "kinds": ["return"], "faults": ["undecided"]}
    violations = (await check(sqlite_shop, "kr", exceptions=[exception]))["violations"]
    assert [violation["code"] for violation in violations] == ["exception_beyond_statute"]


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
