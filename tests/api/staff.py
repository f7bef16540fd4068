"""People of a shop who have accepted, set up a second factor and signed in."""

from dataclasses import dataclass
from typing import Any

import httpx
import pyotp

from tests.storefront import Storefront

PASSWORD = "말린 자두 세 봉지와 연필"
STEP = 30
"""Seconds. A code works once, so the clock turns before the next."""


@dataclass
class Person:
    """`session` calls the service as the person."""

    staff_id: str
    email: str
    secret: str
    recovery_codes: list[str]
    session: Storefront


async def invite(shop: Storefront, email: str, role: str = "clerk", **more: Any) -> dict[str, Any]:
    answer = await shop.post("/v1/staff-invitations", {"email": email, "role": role, "delivery": "answer", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def accept(shop: Storefront, token: str, name: str = "김민지", password: str = PASSWORD) -> httpx.Response:
    return await open_post(shop, "/v1/staff-invitations/accept", {"token": token, "name": name, "password": password})


async def sign_in(shop: Storefront, email: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
    shown = {"merchant_id": shop.merchant_id, "email": email, "password": password, **more}
    return await open_post(shop, "/v1/staff-session", shown)


async def open_post(shop: Storefront, path: str, body: Any) -> httpx.Response:
    """Without a key."""
    return await shop.http.post(path, json=body)


def signed_in(shop: Storefront, answer: httpx.Response) -> Storefront:
    assert answer.status_code == 201, answer.text
    return Storefront(shop.http, answer.json()["token"], shop.merchant_id, shop.clock)


def code_of(shop: Storefront, secret: str) -> str:
    return pyotp.TOTP(secret).at(shop.clock())


async def join(shop: Storefront, email: str = "minji@mug.example", role: str = "clerk", name: str = "김민지") -> Person:
    """Invite, accept, sign in and set up the second factor."""
    invitation = await invite(shop, email, role)
    person = (await accept(shop, invitation["token"], name)).json()
    session = signed_in(shop, await sign_in(shop, email))
    secret = (await session.post("/v1/staff-session/totp")).json()["secret"]
    confirmed = await session.post("/v1/staff-session/totp/confirm", {"code": code_of(shop, secret)})
    assert confirmed.status_code == 200, confirmed.text
    shop.clock.turn(seconds=STEP)
    return Person(person["staff_id"], email, secret, confirmed.json()["codes"], session)
