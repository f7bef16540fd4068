"""How people sign in, what a session is good for, and how it ends."""

import pytest

from app.service.passwords import Passwords
from app.service.staff_sessions import forget_ended
from app.store.database import Database
from tests.api.staff import PASSWORD, STEP, accept, code_of, invite, join, sign_in, signed_in
from tests.storefront import Storefront


async def test_without_a_second_factor_a_session_has_no_scope(shop: Storefront) -> None:
    await accept(shop, (await invite(shop, "minji@mug.example"))["token"])
    session = signed_in(shop, await sign_in(shop, "minji@mug.example"))
    assert (await session.get("/v1/staff-session")).json()["scopes"] == []
    refused = await session.get("/v1/claims")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")


async def test_a_secret_counts_after_a_right_code(shop: Storefront) -> None:
    await accept(shop, (await invite(shop, "minji@mug.example"))["token"])
    session = signed_in(shop, await sign_in(shop, "minji@mug.example"))
    early = await session.post("/v1/staff-session/totp/confirm", {"code": "123456"})
    assert (early.status_code, early.json()["code"]) == (409, "second_factor_not_begun")
    made = (await session.post("/v1/staff-session/totp")).json()
    assert made["url"].startswith("otpauth://totp/shop:minji%40mug.example?secret=" + made["secret"])
    right = code_of(shop, made["secret"])
    wrong = await session.post("/v1/staff-session/totp/confirm", {"code": f"{(int(right) + 1) % 1_000_000:06}"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "code_not_of_authenticator")
    assert (await sign_in(shop, "minji@mug.example")).json()["scopes"] == []
    assert len((await session.post("/v1/staff-session/totp/confirm", {"code": right})).json()["codes"]) == 10
    for path in ("/v1/staff-session/totp", "/v1/staff-session/totp/confirm"):
        again = await session.post(path, {"code": right})
        assert (again.status_code, again.json()["code"]) == (409, "second_factor_is_set")


async def test_a_code_works_once(shop: Storefront) -> None:
    minji = await join(shop)
    assert (await sign_in(shop, minji.email)).json()["code"] == "second_factor_required"
    code = code_of(shop, minji.secret)
    assert (await sign_in(shop, minji.email, code=code)).status_code == 201
    replayed = await sign_in(shop, minji.email, code=code)
    assert (replayed.status_code, replayed.json()["code"]) == (401, "wrong_code")
    shop.clock.turn(seconds=STEP)
    assert (await sign_in(shop, minji.email, code=code)).json()["code"] == "wrong_code"
    assert (await sign_in(shop, minji.email, code=code_of(shop, minji.secret))).status_code == 201


@pytest.mark.parametrize(("seconds", "status"), [(-30, 201), (30, 201), (-90, 401), (90, 401)])
async def test_the_clock_of_a_phone_may_be_half_a_minute_away(
    sqlite_shop: Storefront, seconds: int, status: int
) -> None:
    minji = await join(sqlite_shop)
    sqlite_shop.clock.turn(seconds=STEP * 10)
    sqlite_shop.clock.turn(seconds=seconds)
    code = code_of(sqlite_shop, minji.secret)
    sqlite_shop.clock.turn(seconds=-seconds)
    assert (await sign_in(sqlite_shop, minji.email, code=code)).status_code == status


async def test_a_recovery_code_works_once(shop: Storefront) -> None:
    minji = await join(shop)
    code = minji.recovery_codes[3]
    assert (await sign_in(shop, minji.email, code=code.upper())).status_code == 201
    assert (await sign_in(shop, minji.email, code=code)).json()["code"] == "wrong_code"
    assert (await sign_in(shop, minji.email, code=minji.recovery_codes[4].replace("-", ""))).status_code == 201


async def test_a_second_factor_that_was_removed_is_set_up_again(shop: Storefront) -> None:
    minji = await join(shop)
    assert (await shop.delete(f"/v1/staff/{minji.staff_id}/second-factor")).json()["second_factor"] is False
    assert (await minji.session.get("/v1/staff-session")).status_code == 401
    session = signed_in(shop, await sign_in(shop, minji.email))
    assert (await session.get("/v1/claims")).json()["code"] == "second_factor_missing"
    assert (await session.post("/v1/staff-session/totp")).json()["secret"] != minji.secret


async def test_wrong_addresses_and_wrong_passwords_get_the_same_answer_and_the_same_work(
    shop: Storefront, monkeypatch: pytest.MonkeyPatch
) -> None:
    minji = await join(shop)
    compared: list[str] = []
    verify = Passwords._verify

    def counted(self: Passwords, stored: str, password: str) -> bool:
        compared.append(stored)
        return verify(self, stored, password)

    monkeypatch.setattr(Passwords, "_verify", counted)
    answers = [
        await sign_in(shop, minji.email, "not this one, it is wrong"),
        await sign_in(shop, "nobody@mug.example"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "wrong_credentials")] * 2
    assert len(compared) == 2
    assert compared[1].startswith(compared[0].rpartition("$")[0].rpartition("$")[0])


async def test_an_address_in_other_letters_is_the_same(shop: Storefront) -> None:
    minji = await join(shop)
    assert (await sign_in(shop, "Minji@MUG.example", code=code_of(shop, minji.secret))).status_code == 201


async def test_attempts_are_limited_by_address_and_network(shop: Storefront) -> None:
    minji = await join(shop)
    for _ in range(9):
        assert (await sign_in(shop, minji.email, "not this one, it is wrong")).status_code == 401
    late = await sign_in(shop, minji.email, code=code_of(shop, minji.secret))
    assert (late.status_code, late.json()["code"]) == (429, "too_many_sign_ins")
    assert int(late.headers["retry-after"]) <= 3600
    shop.clock.turn(hours=1)
    assert (await sign_in(shop, minji.email, code=code_of(shop, minji.secret))).status_code == 201


async def test_a_session_ends_after_an_hour_without_use(shop: Storefront) -> None:
    minji = await join(shop)
    for _ in range(3):
        shop.clock.turn(minutes=59)
        assert (await minji.session.get("/v1/claims")).status_code == 200
    shop.clock.turn(minutes=61)
    ended = await minji.session.get("/v1/claims")
    assert (ended.status_code, ended.json()["code"]) == (401, "invalid_api_key")


async def test_a_session_ends_after_twelve_hours(shop: Storefront) -> None:
    minji = await join(shop)
    for _ in range(24):
        shop.clock.turn(minutes=29)
        assert (await minji.session.get("/v1/staff-session")).status_code == 200
    shop.clock.turn(minutes=24)
    ended = await minji.session.get("/v1/staff-session")
    assert (ended.status_code, ended.json()["code"]) == (401, "invalid_staff_session")


async def test_when_a_session_was_seen_is_written_once_a_minute(shop: Storefront) -> None:
    minji = await join(shop)
    seen = []
    for seconds in (0, 31, 31, 10):
        shop.clock.turn(seconds=seconds)
        await minji.session.get("/v1/claims")
        (session,) = (await shop.get("/v1/staff-sessions")).json()["data"]
        seen.append(session["seen_at"])
    assert len(set(seen)) == 2


async def test_a_session_can_be_ended_by_its_person_and_by_the_merchant(shop: Storefront) -> None:
    minji = await join(shop)
    second = signed_in(shop, await sign_in(shop, minji.email, code=code_of(shop, minji.secret)))
    listed = (await shop.get("/v1/staff-sessions", staff_id=minji.staff_id)).json()["data"]
    assert len(listed) == 2
    assert listed[0]["ip_address"] == "127.0.0.1"
    assert (await second.delete("/v1/staff-session")).json()["ended_at"]
    assert (await second.get("/v1/claims")).status_code == 401
    assert (await minji.session.get("/v1/claims")).status_code == 200
    path = f"/v1/staff-sessions/{listed[1]['session_id']}"
    assert (await shop.delete(path)).status_code == 200
    assert (await minji.session.get("/v1/claims")).status_code == 401
    assert (await shop.delete(path)).status_code == 404
    assert (await shop.get("/v1/staff-sessions")).json()["data"] == []


async def test_a_new_password_ends_the_other_sessions(shop: Storefront) -> None:
    minji = await join(shop)
    other = signed_in(shop, await sign_in(shop, minji.email, code=code_of(shop, minji.secret)))
    new = "비 오는 날의 초록 우산 둘"
    path = "/v1/staff-session/password"
    wrong = await minji.session.put(path, {"password": new, "new_password": new})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    weak = await minji.session.put(path, {"password": PASSWORD, "new_password": "passwordpassword"})
    assert (weak.status_code, weak.json()["code"]) == (422, "password_too_simple")
    assert (await minji.session.put(path, {"password": PASSWORD, "new_password": new})).status_code == 200
    assert (await minji.session.get("/v1/claims")).status_code == 200
    assert (await other.get("/v1/claims")).status_code == 401
    assert (await sign_in(shop, minji.email)).json()["code"] == "wrong_credentials"
    assert (await sign_in(shop, minji.email, new)).json()["code"] == "second_factor_required"


async def test_a_person_may_do_what_the_role_has_and_nothing_else(shop: Storefront) -> None:
    minji = await join(shop)
    for method, path in (("GET", "/v1/staff"), ("POST", "/v1/staff-invitations"), ("PUT", "/v1/shop")):
        answer = await shop.http.request(
            method, path, json={}, headers={"Authorization": f"Bearer {minji.session.token}"}
        )
        assert (answer.status_code, answer.json()["code"]) == (
            (403, "missing_scope") if path != "/v1/shop" else (422, "invalid_request")
        )


async def test_a_password_that_is_compared_long_ago_opens_nothing(shop: Storefront) -> None:
    """A shop that is not there is told as such: it is no secret."""
    answer = await sign_in(Storefront(shop.http, "", "0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2"), "a@mug.example")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_ended_sessions_are_forgotten_after_a_while(shop: Storefront, database: Database) -> None:
    await join(shop)
    shop.clock.turn(days=90)
    assert await forget_ended(database, shop.clock()) == 0
    shop.clock.turn(days=1)
    assert await forget_ended(database, shop.clock()) == 1
