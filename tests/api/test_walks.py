"""Every kind of claim, walked over HTTP to every end state."""

from itertools import pairwise
from typing import Any

import pytest

from tests.api import walks
from tests.api.claims import begin, codes, history, order_of, read, refusals, take
from tests.api.walks import ONE, SORRY, WALKS, Walk
from tests.storefront import Storefront

FINAL = {"refunded", "exchanged", "sent_back", "rejected", "retracted"}

ENDPOINTS: dict[str, tuple[str, dict[str, Any]]] = {
    "approve": ("approve", {}),
    "reject": ("reject", {"ground": "duplicate", "message": SORRY, "evidence": ["ticket-7"]}),
    "edit": ("edit", {}),
    "retract": ("retract", {}),
    "hold": ("hold", {"reason": "seller_check"}),
    "release": ("release", {}),
    "reclassify": ("reclassify", {"reason": "not_as_described", "fault": "seller"}),
    "make_offer": ("offers", {"alternative": "free_return_shipping", "message": "어떠세요?"}),
    "accept_offer": ("offers/{offer_id}/accept", {}),
    "decline_offer": ("offers/{offer_id}/decline", {}),
    "dispatch": ("dispatch", {}),
    "receive": ("receive", {"lines": [ONE]}),
    "inspect": ("inspect", {}),
    "complete_repair": ("complete-repair", {}),
    "reship": ("reship", {"tracking": walks.PARCEL}),
    "confirm_payment": walks.FEE,
    "convert": ("convert", {}),
    "expire": ("expire", {}),
    "confirm_delivery": ("confirm-delivery", {}),
}
"""The endpoint of each command, with a body that most claims accept."""
BY_ITSELF = {"settle_refund", "order_shipped", "mark_overdue", "lapse_offer"}
"""Commands without an endpoint: time, refunds and parcels cause them."""


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS.keys())
async def test_a_claim_walks_to_its_end(shop: Storefront, walk: Walk) -> None:
    claim = await begin(shop, walk)
    states = [claim["state"]]
    for step in walk.steps:
        claim = await take(shop, claim, step)
        assert claim == await read(shop, claim)
        states.append(claim["state"])
    assert " ".join(states) == walk.states
    assert claim["state"] in FINAL
    assert claim["closed_at"] == claim["updated_at"]
    events = await history(shop, claim)
    assert " ".join(event["type"].removeprefix("claim.") for event in events) == walk.events
    line = (await order_of(shop, claim))["lines"][0]
    shelves = {name: count for name, count in line["units"].items() if count and name != "untouched"}
    assert shelves == walk.units
    assert sum(line["units"].values()) == line["quantity"]
    refunds = await shop.refunds_of(claim)
    assert sum(refund["amount"] for refund in refunds) == walk.refunded == sum_of_payments(await order_of(shop, claim))
    assert {refund["status"] for refund in refunds} <= {"succeeded"}


def sum_of_payments(order: dict[str, Any]) -> int:
    return sum(payment["refunded"] for payment in order["payments"])


async def test_a_history_is_a_chain_with_who_did_what(shop: Storefront) -> None:
    walk = WALKS["a return at the buyer's cost"]
    claim = await begin(shop, walk)
    for step in walk.steps:
        claim = await take(shop, claim, step)
    events = await history(shop, claim)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["previous"] == "0" * 64
    assert all(after["previous"] == before["hash"] for before, after in pairwise(events))
    steps = [event["data"] for event in events if event["type"].startswith("claim.")]
    assert [step["from"] for step in steps] == [None, *[step["to"] for step in steps[:-1]]]
    assert [step["by"]["role"] for step in steps] == [
        *("buyer", "seller", "buyer", "seller", "seller", "system"),
    ]
    one_by_one = []
    answer = await shop.get(f"/v1/claims/{claim['claim_id']}/events", limit=2)
    one_by_one += answer.json()["data"]
    while "next" in answer.links:
        answer = await shop.http.get(answer.links["next"]["url"], headers=answer.request.headers)
        one_by_one += answer.json()["data"]
    assert one_by_one == events


# Actions of a claim


async def try_command(shop: Storefront, claim: dict[str, Any], command: str) -> Any:
    path, body = ENDPOINTS[command]
    if command == "make_offer" and claim["kind"] in ("cancel", "refund"):
        body = {"alternative": "store_credit", "message": "어떠세요?", "amount": 1000}
    if command == "reclassify":  # the body keeps the fault: a settled fault cannot change
        body = {**body, "fault": claim["fault"]}
    if command == "edit":
        lines = [{"line_id": line["line_id"], "quantity": line["quantity"]} for line in claim["lines"]]
        body = {"reason": claim["reason"], "lines": lines, "note": "?"}
    if command == "inspect":
        received = sum(receipt["quantity"] for receipt in claim["lines"][0]["receipts"])
        body = {"lines": [{"line_id": "1", "accepted": received}]}
    offer_id = claim["offers"][-1]["offer_id"] if claim["offers"] else "none"
    return await shop.post(f"/v1/claims/{claim['claim_id']}/{path.format(offer_id=offer_id)}", body)


async def assert_refused_as_listed(shop: Storefront, claim: dict[str, Any]) -> None:
    """The service refuses each command that the claim does not allow, with the refusals that the claim lists."""
    for action in claim["actions"]:
        if action["allowed"]:
            continue
        answer = await try_command(shop, claim, action["command"])
        assert answer.status_code == 409, (action, answer.text)
        actual = answer.json()["refusals"]
        assert all(refusal in actual for refusal in action["refusals"]), (action, actual)
    assert await read(shop, claim) == claim


LONG = (
    "a cancellation is granted",
    "a return that waits for the seller",
    "a return that comes in parts, with a deduction, and partly goes back",
    "a return of goods that the buyer broke",
    "an exchange",
    "a repair",
    "a refund of a part",
)


@pytest.mark.parametrize("name", LONG)
async def test_a_command_that_a_claim_does_not_allow_is_refused_with_the_listed_refusals(
    sqlite_shop: Storefront, name: str
) -> None:
    claim = await begin(sqlite_shop, WALKS[name])
    await assert_refused_as_listed(sqlite_shop, claim)
    for step in WALKS[name].steps:
        claim = await take(sqlite_shop, claim, step)
        await assert_refused_as_listed(sqlite_shop, claim)
    allowed = {action["command"] for action in claim["actions"] if action["allowed"]}
    assert allowed == ({"make_offer"} if claim["state"] == "rejected" else set())


@pytest.mark.parametrize("name", LONG)
async def test_a_command_that_a_claim_allows_succeeds(
    sqlite_shop: Storefront, name: str, subtests: pytest.Subtests
) -> None:
    """Each allowed command of each state of the walk gets a new claim in that state."""
    shop, walk = sqlite_shop, WALKS[name]
    for reached in range(len(walk.steps)):
        claim = await arrive(shop, walk, reached, f"look-{reached}")
        allowed = [action["command"] for action in claim["actions"] if action["allowed"]]
        for command in allowed:
            with subtests.test(f"{claim['state']} {command}"):
                fresh = await arrive(shop, walk, reached, f"{command}-{reached}")
                answer = await try_command(shop, fresh, command)
                assert answer.status_code == 200, answer.text
                assert answer.json()["version"] > fresh["version"]


async def arrive(shop: Storefront, walk: Walk, steps: int, order_id: str) -> dict[str, Any]:
    claim = await begin(shop, walk, order_id)
    for step in walk.steps[:steps]:
        claim = await take(shop, claim, step)
    return claim


async def test_an_offer_cannot_be_answered_before_it_is_made(sqlite_shop: Storefront) -> None:
    claim = await begin(sqlite_shop, WALKS["a return at the buyer's cost"])
    allowed = {action["command"]: action["allowed"] for action in claim["actions"]}
    assert (allowed["make_offer"], allowed["accept_offer"], allowed["decline_offer"]) == (True, False, False)


async def test_every_command_of_the_engine_has_an_endpoint_or_happens_by_itself(sqlite_shop: Storefront) -> None:
    events = set()
    for number, name in enumerate(LONG):
        claim = await begin(sqlite_shop, WALKS[name], f"order-{number}")
        events |= {action["command"] for action in claim["actions"]}
        for command in BY_ITSELF:
            answer = await sqlite_shop.post(f"/v1/claims/{claim['claim_id']}/{command}")
            assert answer.status_code == 404
    assert events == ENDPOINTS.keys()


# Particular refusals on the way


async def test_while_a_claim_is_held_it_says_why_and_what_it_still_takes(shop: Storefront) -> None:
    claim = await shop.give(await begin(shop, WALKS["a return at the buyer's cost"]), *walks.HOLD)
    assert claim["hold"]["reason"] == "seller_check"
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/approve")
    assert codes(answer.json()) == ["on_hold"]
    assert answer.json()["refusals"][0]["params"] == {"hold_reason": "seller_check"}
    assert await refusals(shop, claim, "reject", ground="duplicate", message=SORRY) == [
        "on_hold",
        "evidence_required",
    ]
    assert [action["command"] for action in claim["actions"] if action["allowed"]] == ["release", "edit", "retract"]
    claim = await shop.give(claim, "release")
    assert claim["hold"] is None
    assert await refusals(shop, claim, "release") == ["not_on_hold"]
    assert (await shop.give(claim, "approve"))["state"] == "approved"


async def test_a_rejection_needs_a_ground_a_message_and_where_the_policy_says_so_an_alternative(
    shop: Storefront,
) -> None:
    claim = await begin(shop, WALKS["a return at the buyer's cost"])
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/reject", {"ground": "window_closed"})
    assert codes(answer.json()) == ["no_ground_for_rejection", "message_required"]
    assert answer.json()["code"] == "no_ground_for_rejection"
    assert [refusal["field"] for refusal in answer.json()["refusals"]] == ["ground", "message"]
    assert all("KR E-Commerce Act 17" in refusal["citation"] for refusal in answer.json()["refusals"])
    assert await refusals(shop, claim, "reject", ground="duplicate", message=SORRY) == ["evidence_required"]
    await shop.push_order("naver", policy="naver", confirmed_at="2026-06-05T12:00:00+09:00")
    claim = await shop.claim("cancel", order_id="naver")
    rejection = {"ground": "duplicate", "message": SORRY, "evidence": ["ticket-7"]}
    assert await refusals(shop, claim, "reject", **rejection) == ["alternative_required"]
    rejected = await shop.give(claim, "reject", {**rejection, "alternatives": ["exchange"]})
    assert rejected["rejection"] == {**rejection, "alternatives": ["exchange"]}


async def test_an_ineligible_claim_is_granted_only_with_a_reason_that_stays_on_record(shop: Storefront) -> None:
    claim = await begin(shop, WALKS["a return that comes too late"])
    assert claim["assessment"]["verdict"] == "ineligible"
    assert [action["needs"] for action in claim["actions"] if action["command"] == "approve"] == [["override"]]
    assert await refusals(shop, claim, "approve") == ["ineligible"]
    assert await refusals(shop, claim, "approve", override="  ") == ["ineligible"]
    approved = await shop.give(claim, "approve", {"override": "단골 손님", "actor": "minji"})
    override = {key: approved["override"][key] for key in ("reason", "by", "grounds")}
    assert override == {
        "reason": "단골 손님",
        "by": {"role": "seller", "name": "minji", "key": "test"},
        "grounds": ["window_closed"],
    }
    approval = (await history(shop, claim))[-1]["data"]
    assert approval["command"] == {
        "command": "approve",
        "override": "단골 손님",
        "keep_goods": False,
        "waive_fee": False,
    }
    assert approval["claim"]["override"] == approved["override"]


async def test_an_undecided_fault_is_classified_before_it_costs_money(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    claim = await shop.claim("return", "other")
    assert (claim["fault"], claim["assessment"]["verdict"]) == ("undecided", "review")
    assert await refusals(shop, claim, "approve") == ["not_classified"]
    assert await refusals(shop, claim, "reclassify", reason="other") == ["nothing_changes"]
    claim = await shop.give(claim, "reclassify", {"reason": "other", "fault": "buyer", "evidence": ["photo-1"]})
    assert (claim["fault"], claim["amounts"]["total"]) == ("buyer", 9000)
    claim = await shop.give(claim, "reclassify", {"reason": "wrong_item", "note": "사진 확인"})
    assert (claim["reason"], claim["fault"], claim["amounts"]["total"]) == ("wrong_item", "seller", 12000)
    assert (await shop.give(claim, "approve"))["state"] == "approved"
