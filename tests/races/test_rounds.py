"""The races for a claim, for units and for the money of a payment, again and again (`make soak`)."""

import random
from functools import partial
from itertools import cycle, islice

import httpx
import pytest

from tests.races.conftest import CALLERS, Arena, tally
from tests.rounds import ROUNDS
from tests.storefront import Storefront

pytestmark = pytest.mark.soak

RETURNS = (("return", "change_of_mind"), ("return", "size_or_color"), ("return", "defective"))
"""Delivered goods can come back for each of these reasons, so that the claim of any winner can be approved."""


async def ask(order: str, shop: Storefront, kind: tuple[str, str]) -> httpx.Response:
    return await shop.ask(*kind, order_id=order, lines=[{"line_id": "1", "quantity": 1}])


async def approve(claim: str, shop: Storefront, _: int) -> httpx.Response:
    return await shop.post(f"/v1/claims/{claim}/approve")


async def test_one_of_all_callers_wins_in_every_round(arena: Arena) -> None:
    """Each rush is audited by SQL."""
    chance = random.Random(ROUNDS)
    for round_ in range(ROUNDS):
        order, units = f"order-{round_}", chance.randrange(1, 6)
        await arena.shop.push_order(order, lines=[{"line_id": "1", "quantity": units, "unit_price": 4500}])
        arena.shop.clock.turn(hours=-1)  # `ship` turns the clock by an hour
        await arena.shop.ship(order)
        asked = await arena.rush(partial(ask, order), islice(cycle(RETURNS), CALLERS))
        assert tally(asked) == {"201": units, "409 units_unavailable": CALLERS - units}, round_
        claim = next(answer.json()["claim_id"] for answer in asked if answer.status_code == 201)
        approved = await arena.rush(partial(approve, claim), range(CALLERS))
        assert tally(approved) == {"200": 1, "409 illegal_transition": CALLERS - 1}, round_
