"""Many sign-ins with one code, and many answers to one invitation: each counts once."""

from typing import Any

import httpx

from app import clock
from tests.api.staff import Person, accept, code_of, invite, join, sign_in
from tests.races.conftest import Arena, everywhere, tally
from tests.storefront import Storefront

CALLERS = 8
"""Fewer than the attempts of an hour."""


async def come(arena: Arena, email: str, role: str = "clerk") -> Person:
    """The services go by the system clock, and so do the codes of the person. The next code is half a minute ahead."""
    arena.shop.clock.instant = clock.now()
    return await join(arena.shop, email, role)


@everywhere
async def test_one_code_opens_one_session(arena: Arena) -> None:
    minji = await come(arena, "minji@mug.example")
    code = code_of(arena.shop, minji.secret)

    async def enter(shop: Storefront, _: int) -> httpx.Response:
        return await sign_in(shop, minji.email, code=code)

    assert tally(await arena.rush(enter, range(CALLERS))) == {"201": 1, "401 wrong_code": CALLERS - 1}
    sessions: list[Any] = (await arena.shop.get("/v1/staff-sessions")).json()["data"]
    assert len(sessions) == 2


@everywhere
async def test_one_invitation_makes_one_person(arena: Arena) -> None:
    token = (await invite(arena.shop, "minji@mug.example"))["token"]

    async def answer(shop: Storefront, number: int) -> httpx.Response:
        return await accept(shop, token, f"person {number}")

    answers = tally(await arena.rush(answer, range(CALLERS)))
    assert answers["201"] == 1
    assert len((await arena.shop.get("/v1/staff")).json()["data"]) == 1


@everywhere
async def test_of_two_owners_one_stays(arena: Arena) -> None:
    owners = [await come(arena, f"{name}@mug.example", "owner") for name in ("a", "b")]

    async def leave(shop: Storefront, number: int) -> httpx.Response:
        return await shop.patch(f"/v1/staff/{owners[number].staff_id}", {"disabled": True})

    assert tally(await arena.rush(leave, range(2))) == {"200": 1, "409 last_owner": 1}
