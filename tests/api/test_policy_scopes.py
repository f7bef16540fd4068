"""A seller's rules for some lines: by nature and record, and from the events that the rules of a law count from."""

from typing import Any

import pytest

from tests.api.policies import check, promise, publish, window
from tests.storefront import Storefront

SCOPE = {"natures": ["service"], "records": ["notice"], "without_records": ["information_missing"]}
SERVICES = window(14, "contract", "forward", natures=["digital", "service", "dated_service", "urgent_repair"])
NEVER = {"ground": "custom_made", "kinds": ["return"], "natures": ["custom_made"]}
RETURN = {"order_id": "order-1", "kind": "return", "reason": "change_of_mind"}
JUDGED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("eu", {"windows": [SERVICES]}, []),
    ("uk", {"windows": [SERVICES]}, []),
    ("eu", {"windows": [{**SERVICES, "natures": ["service", "standard"]}]}, ["window_below_statute windows.0"]),
    ("eu", {"windows": [window(13, "contract", "forward", natures=["service"])]}, ["window_below_statute windows.0"]),
    ("eu", {"windows": [window(14, "paid", "forward", natures=["service"])]}, []),  # a contract is never paid before it
    ("eu", {"windows": [window(14, "first_delivered", "forward", natures=["subscription"])]}, []),
    (
        "eu",
        {"windows": [window(14, "first_delivered", "forward", natures=["hygiene"])]},
        ["window_below_statute windows.0"],  # of several parcels the last one counts
    ),
    ("kr", {"windows": [window(3, records=["notice"])]}, ["window_below_statute windows.0"]),
    ("kr", {"windows": [window(3, "informed")]}, ["window_below_statute windows.0"]),
    ("kr", {"windows": [window(30, "repaired", faults=["buyer"])]}, []),
    (
        "kr",
        {"exceptions": [{**NEVER, "records": ["notice", "consent"], "without_records": ["preview"]}]},
        [],  # the seller asks for more than the law
    ),
    ("eu", {"exceptions": [{**NEVER, "natures": ["standard"]}]}, ["exception_beyond_statute exceptions.0"]),
    (
        "kr",
        {"promises": [{**promise(7, "days"), "natures": ["standard"]}]},
        ["refund_deadline_beyond_statute promises.0"],
    ),
    ("kr", {"promises": [{**promise(1, "business_days", "requested"), "natures": ["service"]}]}, []),
    (
        "kr",
        {"promises": [{**promise(9, "business_days", "requested"), "natures": ["service"]}]},
        ["refund_deadline_beyond_statute promises.0"],
    ),
]


async def test_a_rule_for_some_lines_is_compared_with_the_law_of_these_lines(
    sqlite_shop: Storefront, subtests: pytest.Subtests
) -> None:
    for base, terms, void in JUDGED:
        with subtests.test(f"{base} {terms}"):
            violations = (await check(sqlite_shop, base, **terms))["violations"]
            assert sorted({f"{violation['code']} {violation['field']}" for violation in violations}) == void


async def test_every_rule_comes_back_with_its_scope(shop: Storefront) -> None:
    terms = {
        "windows": [{**window(30, "contract"), **SCOPE}],
        "exceptions": [{**NEVER, **SCOPE}],
        "promises": [{**promise(1, "business_days"), **SCOPE}],
        "automation": [{"kinds": ["cancel"], "when": "always", **SCOPE}],
    }
    published = await publish(shop, base="storefront_us", terms=terms)
    assert published["violations"] == []
    again = (await shop.get("/v1/policies/house/1")).json()
    for name in terms:
        bound = [rule for rule in again["policy"][name] if rule["citation"] == "the seller's own promise"]
        for rules in (again["terms"][name], bound):
            assert [{key: rule[key] for key in SCOPE} for rule in rules] == [SCOPE]


@pytest.mark.parametrize("anchor", ["contract", "informed", "unobstructed", "first_delivered", "repaired"])
async def test_a_window_counts_from_every_event_before_the_request(sqlite_shop: Storefront, anchor: str) -> None:
    own = window(30, anchor)
    own["periods"][0]["then_months"] = 12
    policy = (await check(sqlite_shop, "us", windows=[own]))["policy"]
    (period,) = policy["windows"][-1]["periods"]
    assert (period["anchor"], period["length"], period["then_months"]) == (anchor, 30, 12)
    await publish(sqlite_shop, base="us", terms={"windows": [own], "language": "en"})
    assert (await sqlite_shop.get("/v1/policies/house/1/page")).status_code == 200


async def test_a_window_from_an_event_of_some_orders_leaves_the_default_to_the_others(sqlite_shop: Storefront) -> None:
    def codes(result: dict[str, Any]) -> list[str]:
        return [rule["code"] for rule in result["policy"]["windows"] if "return" in rule["kinds"]]

    informed, delivered = window(30, "informed"), window(30, "delivered")
    assert "us_no_policy_shown" in codes(await check(sqlite_shop, "us", windows=[informed]))
    assert "us_no_policy_shown" in codes(
        await check(sqlite_shop, "us", windows=[{**delivered, "natures": ["digital"]}])
    )
    assert "us_no_policy_shown" not in codes(await check(sqlite_shop, "us", windows=[delivered]))


async def test_a_service_and_goods_of_one_order_have_their_own_windows(shop: Storefront) -> None:
    """The order is 20 days old: a window for services is over, and the goods came a few days ago."""
    terms = {"windows": [{**window(30, "contract", "forward"), "natures": ["service"]}]}
    await publish(shop, base="storefront_eu", terms=terms)
    line = {"quantity": 1, "unit_price": 1000}
    lines = [{**line, "line_id": "1", "sku": "MUG"}, {**line, "line_id": "2", "sku": "HELP", "nature": "service"}]
    payments = [{"payment_id": "p", "method": "card", "amount": 2000}]
    await shop.push_order(
        policy="house", currency="EUR", country="IE", lines=lines, payments=payments, shipping_charged=0
    )
    await shop.ship()
    shop.clock.turn(days=20)
    claimed = [{"line_id": "1", "quantity": 1}, {"line_id": "2", "quantity": 1}]
    quoted = await shop.post("/v1/claims/quote", {**RETURN, "lines": claimed})
    judged = {line["line_id"]: line for line in quoted.json()["assessment"]["lines"]}
    assert judged["1"]["window"]["rule"] == "eu_withdrawal"
    assert (judged["2"]["window"]["rule"], judged["2"]["verdict"]) == ("house_return", "eligible")
    assert judged["1"]["verdict"] == "ineligible"


async def test_a_scope_that_fits_no_line_is_refused(sqlite_shop: Storefront) -> None:
    terms = {"windows": [window(30, records=["notice"], without_records=["notice"])]}
    answer = await sqlite_shop.post("/v1/policies/check", {"base": "kr", "terms": terms})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "terms.windows.0"
