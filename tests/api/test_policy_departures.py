"""Terms that give the buyer less than default law: the service allows them, and says what the law gives otherwise."""

from typing import Any

from tests.api.policies import check, publish, window
from tests.storefront import Storefront

USED = {"ground": "auction", "kinds": ["return"], "faults": ["seller"]}
MONTHS = {"unit": "months_to_the_date", "anchor": "delivered"}
TWO_YEARS = {"code": "two_years", "kinds": ["return"], "faults": ["seller"], "periods": [{**MONTHS, "length": 24}]}
EVERY_REMEDY = {"kinds": ["return", "exchange", "refund", "repair"], "faults": ["seller"]}
SHORT = {"code": "short", **EVERY_REMEDY, "periods": [{**MONTHS, "length": 6}]}
DEPARTING: list[tuple[str, dict[str, Any], list[str]]] = [
    ("jp", {"windows": [window(3)]}, ["windows.0 jp_statutory_return"]),
    ("jp", {"windows": [window(8)]}, []),  # one day more than the law, where the day of delivery is the first
    ("jp", {"windows": [window(30)]}, []),
    ("jp", {"windows": [window(3, reasons=["size_or_color"])]}, []),  # every other reason has the law's window
    ("jp", {"windows": [window(3, natures=["hygiene"])]}, []),  # and every other nature
    ("qoo10_jp", {"windows": [window(440, faults=["seller"])]}, ["windows.0 jp_rescission"]),
    ("us", {"windows": [window(3)]}, ["windows.0 us_no_policy_shown"]),
    ("us", {"windows": [window(30, "contract")]}, []),
    ("us", {"windows": [TWO_YEARS]}, ["windows.0 us_rejection_of_goods"]),
    ("us", {"fees": {"restocking_percent": 15}}, ["fees.restocking_percent restocking"]),
    ("us", {"exceptions": [USED]}, ["exceptions.0 us_rejection_of_goods"]),
    ("kr", {"windows": [window(3)]}, []),  # void, and no departure
    ("kr", {"windows": [SHORT]}, ["windows.0 kr_rescission_for_serious_defect", "windows.0 kr_free_repair"]),
    # A seller who concealed a defect is bound by the law, whatever the contract says (TW Civil Code 366).
    ("tw", {"windows": [SHORT]}, ["windows.0 tw_defective_goods", "windows.0 tw_missing_or_lost_goods"]),
    ("eu", {"windows": [window(30)]}, []),
]


async def test_a_term_below_default_law_is_allowed_and_said(sqlite_shop: Storefront, subtests: Any) -> None:
    for base, terms, said in DEPARTING:
        with subtests.test(f"{base} {terms}"):
            departures = (await check(sqlite_shop, base, **terms))["departures"]
            assert [f"{one['field']} {one['rule']}" for one in departures] == said
            assert all(one["citation"] and one["default"] and one["term"] for one in departures)


async def test_a_departure_names_the_default_the_term_and_the_limits(sqlite_shop: Storefront) -> None:
    checked = await check(sqlite_shop, "us", windows=[TWO_YEARS])
    assert checked["violations"] == []
    (departure,) = checked["departures"]
    limits = departure.pop("limits")
    assert departure == {
        "field": "windows.0",
        "rule": "us_rejection_of_goods",
        "citation": next(rule["citation"] for rule in await _windows(sqlite_shop, "us", "us_rejection_of_goods")),
        "default": "48 months to the date from delivered",
        "term": "24 months to the date from delivered",
        "kinds": ["return"],
        "faults": ["seller"],
    }
    assert [(limit["citation"], limit["at_least"] and limit["at_least"]["length"]) for limit in limits] == [
        ("US UCC 2-725(1)", 12),
        ("US UCC 2-719(2), 2-302: unconscionable clauses", None),
    ]


async def _windows(shop: Storefront, preset: str, code: str) -> list[dict[str, Any]]:
    presets = (await shop.get("/v1/presets")).json()["data"]
    (policy,) = [policy for policy in presets if policy["policy_id"] == preset]
    return [rule for rule in policy["windows"] if rule["code"] == code]


async def test_a_contract_cannot_go_below_the_limit(sqlite_shop: Storefront) -> None:
    """UCC 2-725(1): a contract may reduce four years to one, and not below."""
    checked = await check(sqlite_shop, "us", windows=[SHORT])
    (violation,) = checked["violations"]
    assert (violation["code"], violation["citation"]) == ("window_below_statute", "US UCC 2-725(1)")
    assert (sorted(violation["kinds"]), violation["faults"]) == (["refund", "return"], ["seller"])
    assert checked["departures"] == []
    codes = [rule["code"] for rule in checked["policy"]["windows"]]
    assert {"us_rejection_of_goods", "us_goods_not_delivered"} <= set(codes)
    longest = {**SHORT, "periods": [{**MONTHS, "length": 12}]}
    assert (await check(sqlite_shop, "us", windows=[longest]))["violations"] == []


async def test_japanese_limits_are_those_of_the_consumer_contract_act(sqlite_shop: Storefront) -> None:
    for faults, cited in (
        (["buyer"], ["JP Consumer Contract Act 10"]),
        (["seller"], ["JP Consumer Contract Act 10", "JP Consumer Contract Act 8, 8-2"]),
    ):
        (departure, *_) = (await check(sqlite_shop, "jp", windows=[window(3, faults=faults)]))["departures"]
        assert [limit["citation"] for limit in departure["limits"]] == cited


async def test_a_publication_says_what_departs_and_the_term_binds(shop: Storefront) -> None:
    published = await publish(shop, base="jp", terms={"windows": [window(3)]})
    assert published["violations"] == []
    assert [one["rule"] for one in published["departures"]] == ["jp_statutory_return"]
    assert (await shop.get("/v1/policies/house/1")).json() == published
    bound = [rule["code"] for rule in published["policy"]["windows"] if rule["kinds"] == ["return"]]
    assert "house_return" in bound
    assert "jp_statutory_return" not in bound
