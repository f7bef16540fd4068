"""Goods on their way back: parcels beside a claim, their states, and what they mean for the claim."""

from datetime import timedelta
from typing import Any

import pytest

from app.records.return_number import LETTERS, read_return_number
from app.records.return_parcel import HOLDING, MOVES, ParcelState
from tests.api.return_scenes import announced, approved_return, path_of
from tests.api.walks import ONE
from tests.storefront import Storefront

TWO: dict[str, Any] = {"lines": [{**ONE, "quantity": 2}]}
CJ = {"carrier": "cj", "tracking_number": "6598-7654 3210"}


async def report(shop: Storefront, parcel: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = await shop.patch(path_of(parcel), body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def receive(shop: Storefront, parcel: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = await shop.post(f"{path_of(parcel)}/receive", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refused(shop: Storefront, claim: dict[str, Any], **body: Any) -> tuple[int, str]:
    answer = await shop.post(f"/v1/claims/{claim['claim_id']}/parcels", {"way": "own_post", **body})
    return answer.status_code, answer.json()["code"]


async def state_of(shop: Storefront, claim: dict[str, Any]) -> str:
    return str((await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["state"])


async def test_a_parcel_has_the_units_that_no_parcel_has_and_the_number_of_its_claim(shop: Storefront) -> None:
    claim = await approved_return(shop, **TWO)
    first = await announced(shop, claim, lines=[ONE], way="courier_pickup")
    second = await announced(shop, claim, **CJ)
    assert (first["number"], second["number"]) == (1, 2)
    assert first["return_number"] == second["return_number"]
    assert second["label_code"] == f"{first['return_number']}-2"
    assert [each["lines"] for each in (first, second)] == [[ONE], [ONE]]
    assert (second["tracking_number"], second["state"]) == ("659876543210", "announced")
    assert second["tracking_url"].endswith("659876543210")
    listed = (await shop.get(f"/v1/claims/{claim['claim_id']}/parcels")).json()["data"]
    assert [each["parcel_id"] for each in listed] == [first["parcel_id"], second["parcel_id"]]


async def test_no_unit_is_in_two_parcels_and_a_cancelled_parcel_gives_its_units_back(shop: Storefront) -> None:
    claim = await approved_return(shop, **TWO)
    first = await announced(shop, claim, lines=[ONE])
    assert await refused(shop, claim, **TWO) == (409, "units_in_other_parcels")
    assert await refused(shop, claim, lines=[{"line_id": "9", "quantity": 1}]) == (422, "line_not_in_claim")
    await announced(shop, claim)
    assert await refused(shop, claim) == (409, "no_units_left")
    await report(shop, first, state="cancelled")
    await announced(shop, claim, lines=[ONE])
    found_after_all = await shop.patch(path_of(first), {"state": "on_the_way"})
    assert (found_after_all.status_code, found_after_all.json()["code"]) == (409, "units_in_other_parcels")


async def test_a_tracking_number_is_of_one_parcel_until_the_parcel_is_cancelled(shop: Storefront) -> None:
    claim = await approved_return(shop, **TWO)
    parcel = await announced(shop, claim, lines=[ONE], **CJ)
    assert await refused(shop, claim, **CJ) == (409, "tracking_number_taken")
    await announced(shop, claim, lines=[ONE], carrier="hanjin", tracking_number=CJ["tracking_number"])
    await report(shop, parcel, state="cancelled")
    assert (await announced(shop, claim, lines=[ONE], **CJ))["number"] == 3


async def test_the_first_parcel_that_is_sent_dispatches_the_claim(shop: Storefront) -> None:
    claim = await approved_return(shop)
    parcel = await announced(shop, claim, **CJ)
    assert (await report(shop, parcel, state="scheduled"))["sent_at"] is None
    assert await state_of(shop, claim) == "approved"
    shop.clock.turn(hours=5)
    sent_at = shop.clock().isoformat()
    shop.clock.turn(hours=2)
    await report(shop, parcel, state="on_the_way", happened_at=sent_at)
    after = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (after["state"], after["collection"]["number"]) == ("collecting", "659876543210")
    parcel = (await shop.get(path_of(parcel))).json()
    assert parcel["sent_at"] == after["dispatched_at"] == "2026-06-08T09:00:00Z"
    events = (await shop.get(f"/v1/claims/{claim['claim_id']}/events")).json()["data"]
    assert [event["type"] for event in events][-4:] == [
        *("claim.parcel_changed", "claim.parcel_changed", "claim.parcel_changed", "claim.dispatched")
    ]


async def test_the_claim_is_received_with_its_last_parcel_and_the_time_to_pay_runs_from_there(
    shop: Storefront,
) -> None:
    """Korea: three business days after the goods are back. A first parcel of two does not start the clock."""
    claim = await approved_return(shop, **TWO)
    parcels = [await announced(shop, claim, lines=[ONE]) for _ in range(2)]
    shop.clock.turn(days=1)
    await receive(shop, parcels[0], lines=[{**ONE, "condition": "opened"}])
    assert await state_of(shop, claim) == "collecting"
    shop.clock.turn(days=1)  # Wednesday
    last = await receive(shop, parcels[1])
    assert (last["state"], last["lines"]) == ("received", [ONE])
    after = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()
    assert (after["state"], after["received_at"]) == ("received", last["received_at"])
    accepted = await shop.give(claim, "inspect", {"lines": [{"line_id": "1", "accepted": 2}]})
    assert accepted["deadlines"]["refund_due_on"] == "2026-06-15"  # Thursday, Friday, Monday


async def test_units_are_counted_once_and_the_engine_has_the_last_word(shop: Storefront) -> None:
    claim = await approved_return(shop)
    parcel = await announced(shop, claim)
    for lines, code in (
        ([{**ONE, "quantity": 2}], "received_above_announced"),
        ([{"line_id": "9", "quantity": 1}], "unknown_line"),
    ):
        answer = await shop.post(f"{path_of(parcel)}/receive", {"lines": lines})
        assert (answer.status_code, answer.json()["code"]) == (409, code)
    await receive(shop, parcel)
    again = await shop.post(f"{path_of(parcel)}/receive", {})
    assert (again.status_code, again.json()["code"]) == (409, "parcel_received")
    assert await refused(shop, claim) == (409, "no_goods_expected")


async def test_a_receipt_without_parcels_closes_the_parcels_that_were_sent_and_cancels_the_others(
    shop: Storefront,
) -> None:
    claim = await approved_return(shop, **TWO)
    sent, kept = [await announced(shop, claim, lines=[ONE]) for _ in range(2)]
    await report(shop, sent, state="on_the_way")
    await shop.give(claim, "receive", TWO)
    states = [(await shop.get(path_of(each))).json()["state"] for each in (sent, kept)]
    assert states == ["received", "cancelled"]


async def test_a_parcel_that_is_reported_by_a_dispatch_is_found_by_its_number(shop: Storefront) -> None:
    claim = await approved_return(shop)
    await shop.give(claim, "dispatch", {"tracking": {"carrier": "cj", "number": "6411"}})
    (found,) = (await shop.get("/v1/parcels", tracking_number="64-11")).json()["data"]
    assert (found["claim_id"], found["parcels"][0]["state"]) == (claim["claim_id"], "on_the_way")
    assert read_return_number(found["return_number"])


async def test_a_claim_takes_no_parcel_before_its_approval_and_none_that_has_no_goods(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    assert await refused(shop, await shop.claim("return")) == (409, "no_goods_expected")
    assert await refused(shop, await shop.claim("refund", "missing_item")) == (409, "no_goods_expected")


async def test_a_state_follows_only_from_its_table(shop: Storefront) -> None:
    claim = await approved_return(shop)
    parcel = await announced(shop, claim)
    await report(shop, parcel, state="arrived")
    answer = await shop.patch(path_of(parcel), {"state": "booked"})
    assert (answer.status_code, answer.json()["code"]) == (409, "parcel_state_cannot_follow")
    future = (shop.clock() + timedelta(hours=1)).isoformat()
    answer = await shop.patch(path_of(parcel), {"state": "lost", "happened_at": future})
    assert (answer.status_code, answer.json()["code"]) == (422, "in_future")


def test_every_parcel_can_end_and_only_a_counted_one_never_changes() -> None:
    """A law over the table."""
    assert MOVES.keys() == set(ParcelState)
    assert {state for state, following in MOVES.items() if not following} == {ParcelState.RECEIVED}
    for state in ParcelState:
        assert state is ParcelState.RECEIVED or ParcelState.RECEIVED in MOVES[state]
        assert state not in MOVES[state]
    assert HOLDING.isdisjoint({ParcelState.RECEIVED, ParcelState.LOST, ParcelState.CANCELLED})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7K4C-2MXM", "7K4C2MXM"),
        ("7k4c 2mxm", "7K4C2MXM"),
        ("７Ｋ４Ｃ－２ＭＸＭ", "7K4C2MXM"),
        ("7K4C2MXL", None),
        ("K74C2MXM", None),
        ("7K4C2MX", None),
        ("", None),
    ],
)
def test_a_return_number_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert read_return_number(typed) == read


def test_a_return_number_shows_one_wrong_sign_and_two_signs_in_each_others_places() -> None:
    number = "7K4C2MXM"
    for place in range(8):
        others = [number[:place] + sign + number[place + 1 :] for sign in LETTERS if sign != number[place]]
        assert not [wrong for wrong in others if read_return_number(wrong)]
    for place in range(7):
        turned = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert turned == number or read_return_number(turned) is None
