"""Another option for units that others cancel, ship or change at the same moment."""

from typing import Any

import httpx

from tests.races.conftest import BOTH, CALLERS, ORDERS, Arena, everywhere, tally
from tests.storefront import Storefront

LARGE = {"line_id": "1", "quantity": 2, "sku": "MUG-L"}


async def request(shop: Storefront, order: str, **wanted: Any) -> httpx.Response:
    return await shop.post(f"/v1/orders/{order}/option-changes", {**LARGE, **wanted})


async def requested(arena: Arena) -> dict[str, str]:
    """The path of an open change of both units of each order."""
    await arena.orders()
    answers = await arena.together(request, ORDERS)
    return {
        order: f"/v1/orders/{order}/option-changes/{answer.json()['change_id']}"
        for order, answer in zip(ORDERS, answers, strict=True)
    }


async def places_of(arena: Arena, order: str) -> tuple[int, int, int, int]:
    """Units of the bought line that are changed, cancelled or held by a cancellation, shipped, and in the new line."""
    lines = (await arena.shop.get(f"/v1/orders/{order}")).json()["lines"]
    bought, made = lines[0], sum(line["quantity"] for line in lines[1:])
    units = bought["units"]
    return units["changed"], units["cancelled"] + units["open_cancel"], bought["shipped"], made


@everywhere
async def test_of_all_who_ask_for_another_option_of_the_same_units_one_waits(arena: Arena) -> None:
    await arena.orders()
    answers = await arena.rush(lambda shop, size: request(shop, ORDERS[0], sku=f"MUG-{size}"), range(CALLERS))
    assert tally(answers) == {"201": 1, "409 option_change_open": CALLERS - 1}


@everywhere
async def test_a_change_that_all_accept_at_once_is_carried_out_once(arena: Arena) -> None:
    paths = await requested(arena)
    answers = await arena.rush(lambda shop, _: shop.post(f"{paths[ORDERS[0]]}/accept"), range(CALLERS))
    assert tally(answers) == {"200": CALLERS}
    assert await places_of(arena, ORDERS[0]) == (2, 0, 0, 2)


async def test_units_are_changed_or_cancelled_and_never_both(arena: Arena) -> None:
    paths = await requested(arena)
    ends = await arena.duel(
        lambda shop, order: shop.post(f"{paths[order]}/accept"),
        lambda shop, order: shop.ask("cancel", order_id=order, lines=BOTH),
        ORDERS,
    )
    assert set(ends) <= {("200", "409 units_unavailable"), ("409 option_change_decided", "201")}
    for order, (accepted, _) in zip(ORDERS, ends, strict=True):
        changed = (2, 0, 0, 2) if accepted == "200" else (0, 2, 0, 0)
        assert await places_of(arena, order) == changed


async def test_units_are_shipped_as_the_option_that_they_had_or_as_the_new_one(arena: Arena) -> None:
    paths = await requested(arena)
    parcel = {"carrier": "cj", "shipped_at": arena.shop.clock().isoformat()}
    ends = await arena.duel(
        lambda shop, order: shop.post(f"{paths[order]}/accept"),
        lambda shop, order: shop.post(f"/v1/orders/{order}/shipments", {**parcel, "tracking_number": order}),
        ORDERS,
    )
    assert set(ends) <= {("200", "200"), ("409 option_change_decided", "200")}
    for order, (accepted, _) in zip(ORDERS, ends, strict=True):
        lines = (await arena.shop.get(f"/v1/orders/{order}")).json()["lines"]
        assert [line["shipped"] for line in lines] == ([0, 2] if accepted == "200" else [2])


async def test_a_request_and_a_cancellation_of_the_same_units_leave_no_change_of_cancelled_units(
    arena: Arena,
) -> None:
    await arena.orders()
    ends = await arena.duel(request, lambda shop, order: shop.ask("cancel", order_id=order, lines=BOTH), ORDERS)
    assert set(ends) <= {("201", "201"), ("409 units_not_changeable", "201")}
    for order, (asked, _) in zip(ORDERS, ends, strict=True):
        changes = (await arena.shop.get(f"/v1/orders/{order}/option-changes")).json()["data"]
        assert [change["status"] for change in changes] == (["overtaken"] if asked == "201" else [])
