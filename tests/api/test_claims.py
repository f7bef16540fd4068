"""Claims requested, read, listed and decided: rules that hold for every kind of claim."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.claims import begin, codes, order_of, read, take
from tests.api.test_orders import pages
from tests.api.walks import APPROVE, BLUE, ONE, WALKS
from tests.storefront import ORDER, Storefront

TWO: dict[str, Any] = {**ONE, "quantity": 2}


async def test_a_claim_is_answered_whole_and_where_to_find_it(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    answer = await shop.ask(
        "return",
        "defective",
        actor="mina",
        note="금이 갔어요.\n사진을 보냅니다.",
        conditions=["opened", "damaged", "opened"],
        discovered_at="2026-06-08T12:30:00+09:00",
        requested_at="2026-06-08T12:45:00+09:00",
    )
    claim = answer.json()
    assert answer.headers["location"] == f"/v1/claims/{claim['claim_id']}"
    assert (await shop.get(answer.headers["location"])).json() == claim
    assert {name: claim[name] for name in ("order_id", "kind", "state", "reason", "fault", "version")} == {
        "order_id": "order-1",
        "kind": "return",
        "state": "requested",
        "reason": "defective",
        "fault": "seller",
        "version": 1,
    }
    assert (claim["requester"], claim["note"]) == (
        {"role": "buyer", "name": "mina", "key": "test"},
        "금이 갔어요.\n사진을 보냅니다.",
    )
    assert (claim["conditions"], claim["requested_at"]) == (["damaged", "opened"], "2026-06-08T03:45:00Z")
    assert claim["deadlines"]["respond_by"] == "2026-06-11T15:00:00Z"
    assert (await order_of(shop, claim))["lines"][0]["units"]["open_other"] == 1


async def test_the_requester_has_the_name_of_the_key_unless_the_request_names_an_actor(shop: Storefront) -> None:
    await shop.push_order()
    first = await shop.claim("cancel")
    second = await shop.claim("cancel", requester="seller", actor="minji")
    assert [claim["requester"] for claim in (first, second)] == [
        {"role": "buyer", "name": "test", "key": "test"},
        {"role": "seller", "name": "minji", "key": "test"},
    ]


# Units


async def test_a_unit_is_in_one_open_claim_at_most_for_every_pair_of_kinds(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    order_changes = {"lines": [{**ORDER["lines"][0], "quantity": 3}]}
    for open_kind in ("return", "exchange", "refund"):
        for kind in ("return", "exchange", "refund", "cancel"):
            with subtests.test(f"{kind} over {open_kind}"):
                order_id = f"{kind} over {open_kind}"
                await shop.push_order(order_id, **order_changes)
                await shop.ship(order_id)
                await shop.claim(open_kind, "defective", order_id=order_id, lines=[TWO])
                refusal = await shop.ask(kind, "defective", order_id=order_id, lines=[TWO])
                assert refusal.status_code == 409
                assert codes(refusal.json())[0] == "units_unavailable"
                answer = await shop.ask(kind, "defective", order_id=order_id, lines=[ONE])
                assert answer.status_code == 201, answer.text
                order = (await shop.get(f"/v1/orders/{order_id}")).json()
                assert order["lines"][0]["units"]["untouched"] == 0


UNASKABLE: list[tuple[str, dict[str, Any], list[str], list[str | None]]] = [
    ("return", {"lines": [{"line_id": "9", "quantity": 1}]}, ["unknown_line"], ["lines"]),
    ("cancel", {"lines": [{**ONE, "quantity": 3}]}, ["units_unavailable"], ["lines"]),
    ("cancel", {"lines": [ONE, ONE]}, ["line_twice"], ["lines"]),
    ("return", {}, ["not_shipped"], ["lines"]),
    ("refund", {}, ["not_shipped"], ["lines"]),
    ("cancel", {"amount": 100}, ["amount_not_allowed"], ["amount"]),
    ("cancel", {"requested_at": "2026-06-08T12:05:01+09:00"}, ["requested_in_future"], ["requested_at"]),
    (
        "exchange",
        {"lines": [{"line_id": "9", "quantity": 1}, TWO], "requested_at": "2027-01-01T00:00:00Z"},
        ["unknown_line", "not_shipped", "requested_in_future"],
        ["lines", "lines", "requested_at"],
    ),
]


async def test_an_impossible_request_is_refused_for_every_reason_and_not_stored(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    before = await shop.push_order()
    for kind, changes, expected, fields in UNASKABLE:
        with subtests.test(f"{kind} {changes}"):
            answer = await shop.ask(kind, **changes)
            assert (answer.status_code, codes(answer.json())) == (409, expected)
            assert answer.json()["code"] == expected[0]
            assert [refusal["field"] for refusal in answer.json()["refusals"]] == fields
    assert (await shop.get("/v1/orders/order-1")).json() == before
    assert (await shop.get("/v1/claims")).json()["data"] == []


async def test_a_claim_may_be_asked_for_by_a_clock_that_is_ahead_by_minutes_and_not_a_moment_later(
    shop: Storefront,
) -> None:
    await shop.push_order()
    latest = shop.clock() + timedelta(minutes=5)
    answer = await shop.ask("cancel", requested_at=latest.isoformat())
    assert answer.status_code == 201
    refusal = await shop.ask("cancel", requested_at=(latest + timedelta(microseconds=1)).isoformat())
    assert codes(refusal.json()) == ["requested_in_future"]


@pytest.mark.parametrize("policy", ["storefront_kr", "jp"])
async def test_a_fault_cannot_be_discovered_in_the_future(sqlite_shop: Storefront, policy: str) -> None:
    await sqlite_shop.push_order(policy=policy)
    await sqlite_shop.ship()
    answer = await sqlite_shop.ask("return", "defective", discovered_at="2099-01-01T00:00:00Z")
    assert answer.status_code == 409


async def test_the_moment_of_the_buyers_request_counts_not_the_moment_of_its_report(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    shop.clock.turn(days=7)
    in_time = shop.clock().isoformat()
    shop.clock.turn(days=1)
    asked_in_time = await shop.claim("return", requested_at=in_time)
    asked_late = await shop.claim("return")
    verdicts = [claim["assessment"]["verdict"] for claim in (asked_in_time, asked_late)]
    assert verdicts == ["eligible", "ineligible"]
    assert asked_late["assessment"]["findings"][0]["ground"] == "window_closed"


async def test_a_claim_on_an_unknown_order_and_an_unknown_claim_are_not_found(shop: Storefront) -> None:
    claim = "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b"
    for answer in (
        await shop.ask("cancel"),
        await shop.get(f"/v1/claims/{claim}"),
        await shop.get("/v1/claims/nonsense"),
        await shop.get(f"/v1/claims/{claim}/events"),
        await shop.post(f"/v1/claims/{claim}/approve"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# Versions


async def test_a_decision_may_rest_on_the_version_that_was_seen(shop: Storefront) -> None:
    await shop.push_order()
    claim = await shop.claim("cancel")
    path = f"/v1/claims/{claim['claim_id']}"
    assert (await shop.get(path)).headers["etag"] == '"1"'
    held = await shop.post(f"{path}/hold", {"reason": "other"}, if_match='"1"')
    assert (held.status_code, held.headers["etag"], held.json()["version"]) == (200, '"2"', 2)
    for stale in ('"1"', "1", 'W/"1"', '"3"', '"999999999"'):
        late = await shop.post(f"{path}/release", {}, if_match=stale)
        assert (late.status_code, late.json()["code"]) == (412, "stale_version"), stale
    assert (await shop.get(path)).headers["etag"] == '"2"'
    for fresh, command in (('W/"2"', "release"), ("*", "hold"), ('"4"', "release"), ("5", "approve")):
        body = {"reason": "other"} if command == "hold" else {}
        answer = await shop.post(f"{path}/{command}", body, if_match=fresh)
        assert answer.status_code == 200, (fresh, answer.text)


# Lists


TUESDAY = "2026-06-09T04:00:00Z"
ALL = {"cancel", "held", "exchange", "approved", "retracted"}
FILTERS: list[tuple[dict[str, str], set[str]]] = [
    ({}, ALL),
    ({"state": "requested"}, {"cancel", "held", "exchange"}),
    ({"state": "approved"}, {"approved"}),
    ({"kind": "cancel"}, {"cancel", "held", "retracted"}),
    ({"kind": "cancel", "state": "retracted"}, {"retracted"}),
    ({"reason": "out_of_stock"}, {"held"}),
    ({"order_id": "late"}, {"exchange", "approved"}),
    ({"order_id": "nowhere"}, set()),
    ({"sku": "PLATE"}, {"held", "approved"}),
    ({"sku": "PLATE", "order_id": "late"}, {"approved"}),
    ({"sku": "MUG-BLUE"}, set()),
    ({"held": "true"}, {"held"}),
    ({"held": "false"}, ALL - {"held"}),
    ({"overdue": "true"}, {"cancel"}),
    ({"overdue": "false"}, {"held", "exchange", "approved", "retracted"}),
    ({"requested_from": TUESDAY}, {"exchange", "approved", "retracted"}),
    ({"requested_before": TUESDAY}, {"cancel", "held"}),
    ({"requested_from": TUESDAY, "requested_before": "2026-06-09T06:00:00Z"}, {"exchange", "approved"}),
    ({"requested_from": "2026-06-09T13:00:01+09:00"}, {"retracted"}),
]


async def claims_by_name(shop: Storefront) -> dict[str, dict[str, Any]]:
    """Claims on two orders over five days."""
    lines = [ORDER["lines"][0], {"line_id": "2", "sku": "PLATE", "quantity": 1, "unit_price": 5000}]
    plate = [{"line_id": "2", "quantity": 1}]
    await shop.push_order("early", lines=lines)
    await shop.push_order("late", lines=lines)
    await shop.ship("late")
    cancel = await shop.claim("cancel", order_id="early")
    held = await shop.claim("cancel", "out_of_stock", order_id="early", lines=plate)
    await shop.give(held, "hold", {"reason": "other"})
    shop.clock.turn(days=1)
    exchange = await shop.claim("exchange", order_id="late", lines=[{**ONE, "replacement": BLUE}])
    assert exchange["requested_at"] == TUESDAY
    approved = await shop.claim("return", "defective", order_id="late", lines=plate)
    await shop.give(approved, "approve")
    shop.clock.turn(days=3)
    retracted = await shop.claim("cancel", "other", order_id="early")
    await shop.give(retracted, "retract")
    return {"cancel": cancel, "held": held, "exchange": exchange, "approved": approved, "retracted": retracted}


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=[str(query) for query, _ in FILTERS])
async def test_a_list_is_narrowed_by_every_filter(shop: Storefront, query: dict[str, str], expected: set[str]) -> None:
    names = {claim["claim_id"]: name for name, claim in (await claims_by_name(shop)).items()}
    listed = [names[claim["claim_id"]] for page in await pages(shop, "/v1/claims", limit=2, **query) for claim in page]
    assert sorted(listed) == sorted(expected)


async def test_a_listed_claim_is_the_claim_that_is_read(shop: Storefront) -> None:
    await begin(shop, WALKS["a return at the buyer's cost"])
    (listed,) = (await shop.get("/v1/claims")).json()["data"]
    assert listed == await read(shop, listed)


async def test_pages_have_no_gaps_and_no_repeats_while_new_claims_arrive(shop: Storefront) -> None:
    claim_ids: list[str] = []

    async def another() -> None:
        shop.clock.turn(seconds=1)
        await shop.push_order(f"order-{len(claim_ids)}")
        claim_ids.append((await shop.claim("cancel", order_id=f"order-{len(claim_ids)}"))["claim_id"])

    for _ in range(7):
        await another()
    expected = list(reversed(claim_ids))
    listed: list[str] = []
    answer = await shop.get("/v1/claims", limit=2, kind="cancel")
    while True:
        listed += [claim["claim_id"] for claim in answer.json()["data"]]
        if "next" not in answer.links:
            break
        await another()
        assert "kind=cancel" in answer.links["next"]["url"]
        answer = await shop.http.get(answer.links["next"]["url"], headers=answer.request.headers)
    assert listed == expected
    newest_first = [claim["claim_id"] for claim in (await shop.get("/v1/claims", limit=100)).json()["data"]]
    assert newest_first == list(reversed(claim_ids))


async def test_claims_that_change_between_pages_stay_where_they_are(shop: Storefront) -> None:
    claims = []
    for number in range(4):
        shop.clock.turn(seconds=1)
        await shop.push_order(f"order-{number}")
        claims.append(await shop.claim("cancel", order_id=f"order-{number}"))
    first = (await shop.get("/v1/claims", limit=2)).json()
    for claim in claims:
        await take(shop, claim, APPROVE)
    second = (await shop.get("/v1/claims", limit=2, cursor=first["next_cursor"])).json()
    listed = [claim["claim_id"] for page in (first, second) for claim in page["data"]]
    assert listed == [claim["claim_id"] for claim in reversed(claims)]
    assert {claim["state"] for claim in second["data"]} == {"approved"}
