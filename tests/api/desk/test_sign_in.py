"""The doors of the desk: invitation, second factor, sign-in, sign-out, and what a stranger gets."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.service.floods import Floods
from tests.api.buyer.pages import Browser, forms
from tests.api.desk.clerks import COOKIE, SIGN_IN, clerk, sign_in
from tests.api.staff import PASSWORD, STEP, Person, code_of, invite, join
from tests.storefront import Storefront

SECRET = re.compile(r'name="secret" value="([A-Z2-7]+)"')
DOORS = ("sign-in", "invitation", "sessions", "API sign-in", "API invitation", "API token")
CODE = re.compile(r"<li><code>([^<]+)</code></li>")


ChangeState = Callable[..., None]


@pytest.fixture
def change_state(service: FastAPI) -> Iterator[ChangeState]:
    """Gives the service other objects or settings until the end of a test."""
    before = service.state.app_state

    def change(**changes: object) -> None:
        service.state.app_state = replace(before, **changes)

    yield change
    service.state.app_state = before


def status(browser: Browser) -> int:
    assert browser.page is not None
    return browser.page.status_code


def path(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.url.raw_path.decode()


async def test_an_invited_person_comes_to_the_desk_by_pages_alone(shop: Storefront) -> None:
    token = (await invite(shop, "minji@mug.example"))["token"]
    browser = Browser(shop.http)
    await browser.open(f"/desk/invitation?token={token}")
    assert "minji@mug.example" in browser.text
    await browser.send("/desk/invitation", name="김민지", password=PASSWORD, password_again="another password")
    assert (status(browser), "두 비밀번호가 서로 다릅니다" in browser.text) == (422, True)
    await browser.send("/desk/invitation", name="김민지", password="password1234", password_again="password1234")
    assert (status(browser), 'id="password-error"' in browser.text) == (422, True)
    await browser.send("/desk/invitation", name="김민지", password=PASSWORD, password_again=PASSWORD)
    assert path(browser) == "/desk/second-factor"
    await browser.open("/desk")  # nothing before the second factor
    assert path(browser) == "/desk/second-factor"
    await browser.send("/desk/second-factor/secret")
    (secret,) = SECRET.findall(browser.text)
    assert browser.text.count("<svg") == 1
    await browser.send("/desk/second-factor", code="000000")
    assert (status(browser), SECRET.findall(browser.text)) == (422, [secret])
    await browser.send("/desk/second-factor", code=code_of(shop, secret))
    codes = CODE.findall(browser.text)
    assert len(codes) == 10
    await browser.open("/desk")
    assert (status(browser), path(browser)) == (200, "/desk")
    await browser.open("/desk/second-factor")
    assert codes[0] not in browser.text
    person = Person("", "minji@mug.example", secret, codes, shop)
    assert path(await sign_in(shop, person, code=codes[0])) == "/desk"
    again = await sign_in(shop, person, code=codes[0])
    assert (status(again), 'id="code-error"' in again.text) == (401, True)


async def test_a_link_is_used_up_and_an_invented_one_opens_nothing(sqlite_shop: Storefront) -> None:
    token = (await invite(sqlite_shop, "minji@mug.example"))["token"]
    browser = Browser(sqlite_shop.http)
    for attempt, expected in ((token, 303), (token, 404), (token[:-1] + "x", 404), ("", 404)):
        form = {"token": attempt, "name": "김민지", "password": PASSWORD, "password_again": PASSWORD}
        answer = await sqlite_shop.http.post("/desk/invitation", data=form)
        assert answer.status_code == expected
    await browser.open(f"/desk/invitation?token={token}")
    assert status(browser) == 404


async def test_a_person_with_a_second_factor_sets_a_new_password_and_still_shows_a_code(
    sqlite_shop: Storefront,
) -> None:
    person = await join(sqlite_shop)
    link = await sqlite_shop.post(f"/v1/staff/{person.staff_id}/password-links", {"delivery": "answer"})
    browser = Browser(sqlite_shop.http)
    await browser.open(f"/desk/invitation?token={link.json()['token']}")
    assert 'name="name"' not in browser.text
    new = "비 오는 날의 초록 우산 둘"
    await browser.send("/desk/invitation", password=new, password_again=new)
    assert path(browser) == f"{SIGN_IN}?done=password_set"
    await browser.send(
        SIGN_IN, email=person.email, password=new, code=code_of(sqlite_shop, person.secret)
    )  # fmt: skip
    assert path(browser) == "/desk"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "not the password"}, None),
        ({"email": "nobody@mug.example"}, None),
        ({"code": ""}, "code"),
        ({"code": "000000"}, "code"),
        ({"shop": str(uuid4())}, "shop"),
        ({"email": "no address"}, "email"),
    ],
)
async def test_a_wrong_sign_in_opens_nothing_and_says_where(
    sqlite_shop: Storefront, wrong: dict[str, str], field: str | None
) -> None:
    person = await join(sqlite_shop)
    browser = Browser(sqlite_shop.http)
    await browser.open(f"{SIGN_IN}?shop={sqlite_shop.merchant_id}")
    right = {"email": person.email, "password": PASSWORD, "code": code_of(sqlite_shop, person.secret)}
    await browser.send(SIGN_IN, **{**right, **wrong})
    assert status(browser) in (401, 404, 422)
    assert COOKIE not in browser.cookies
    assert 'role="alert"' in browser.text
    assert PASSWORD not in browser.text
    assert (f'id="{field}-error"' in browser.text) == (field is not None)


async def test_the_answer_is_the_same_for_an_address_that_nobody_has(sqlite_shop: Storefront) -> None:
    person = await join(sqlite_shop)
    pages = []
    for email in (person.email, "nobody@mug.example"):
        stranger = replace(person, email=email)
        browser = await sign_in(sqlite_shop, stranger, password="not the password at all")
        pages.append((status(browser), browser.text.replace(email, "")))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("way", ["signed out", "idle", "ended by the shop", "disabled"])
async def test_an_ended_sign_in_leads_to_the_form_and_back_to_the_page(sqlite_shop: Storefront, way: str) -> None:
    person = await join(sqlite_shop)
    browser = await sign_in(sqlite_shop, person)
    cookie = browser.cookies[COOKIE]
    if way == "signed out":
        await browser.send("/desk/sign-out")
        assert COOKIE not in browser.cookies
    elif way == "idle":
        sqlite_shop.clock.turn(minutes=61)
    elif way == "ended by the shop":
        for each in (await sqlite_shop.get("/v1/staff-sessions")).json()["data"]:
            assert (await sqlite_shop.delete(f"/v1/staff-sessions/{each['session_id']}")).status_code == 200
    else:
        await sqlite_shop.patch(f"/v1/staff/{person.staff_id}", {"disabled": True})
    browser.cookies[COOKIE] = cookie
    await browser.open("/desk?tab=mine")
    assert status(browser) == 401
    assert 'name="next" value="/desk?tab=mine"' in browser.text
    if way == "disabled":
        return
    sqlite_shop.clock.turn(seconds=STEP)
    await browser.send(
        SIGN_IN, email=person.email, password=PASSWORD, code=code_of(sqlite_shop, person.secret)
    )  # fmt: skip
    assert (status(browser), path(browser)) == (200, "/desk?tab=mine")


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/desk\\evil", "/desk//evil.example\r\nX: 1", "/order", "x"]
)
async def test_no_link_leads_out_of_the_desk_after_a_sign_in(sqlite_shop: Storefront, address: str) -> None:
    person = await join(sqlite_shop)
    browser = Browser(sqlite_shop.http)
    await browser.open(f"{SIGN_IN}?shop={sqlite_shop.merchant_id}&next={quote(address, safe='')}")
    await browser.send(
        SIGN_IN, email=person.email, password=PASSWORD, code=code_of(sqlite_shop, person.secret)
    )  # fmt: skip
    assert path(browser) == "/desk"


async def test_a_form_of_another_site_does_nothing(sqlite_shop: Storefront) -> None:
    person = await join(sqlite_shop)
    form = {
        "shop": sqlite_shop.merchant_id,
        "email": person.email,
        "password": PASSWORD,
        "code": code_of(sqlite_shop, person.secret),
    }
    for site in ("cross-site", "same-site"):
        answer = await sqlite_shop.http.post(SIGN_IN, data=form, headers={"Sec-Fetch-Site": site})
        assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    one, other = await sign_in(sqlite_shop, person), await clerk(sqlite_shop, role="manager", name="이수진")
    word = forms(other.text)[0].fields["form_word"]
    for sent in ({}, {"form_word": word}, {"form_word": ""}):
        await one.open("/desk")
        assert (await one.post("/desk/sign-out", sent)).status_code == 401
        one.cookies[COOKIE] = one.cookies.get(COOKIE, "") or await _token(sqlite_shop, person)


async def _token(shop: Storefront, person: Person) -> str:
    shop.clock.turn(seconds=STEP)
    return (await sign_in(shop, person)).cookies[COOKIE]


async def test_the_cookie_is_for_this_host_alone_and_no_script_reads_it(
    sqlite_shop: Storefront, service: FastAPI, change_state: ChangeState
) -> None:
    person = await join(sqlite_shop)
    change_state(public_url="")
    form = {"shop": sqlite_shop.merchant_id, "email": person.email, "password": PASSWORD}
    for scheme, name, secure in (("http", "recourse_desk", False), ("https", COOKIE, True)):
        sqlite_shop.clock.turn(seconds=STEP)
        transport = httpx.ASGITransport(service)
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://desk") as http:
            answer = await http.post(SIGN_IN, data={**form, "code": code_of(sqlite_shop, person.secret)})
            cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{name}="))
            attributes = {each.strip().lower() for each in cookie.split(";")[1:]}
            assert {"httponly", "samesite=lax", "path=/"} <= attributes
            assert not any(each.startswith("domain") for each in attributes)
            assert ("secure" in attributes) == secure
            assert (await http.get("/desk")).status_code == 200


async def test_a_page_says_what_it_may_load_and_is_in_no_cache(sqlite_shop: Storefront) -> None:
    browser = await clerk(sqlite_shop)
    assert browser.page is not None
    headers = browser.page.headers
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'; script-src 'self'; connect-src 'self'"
    )
    for address in re.findall(r'(?:src|href)="(/desk/(?:scripts|style)[^"]+)"', browser.text):
        answer = await sqlite_shop.http.get(address)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)


async def test_an_unknown_page_and_a_page_beyond_the_role_are_said_in_words(sqlite_shop: Storefront) -> None:
    browser = await clerk(sqlite_shop)
    assert (await browser.open("/desk/nothing/here")).status_code == 404
    assert "찾으시는 페이지가 없습니다" in browser.text
    assert browser.text.count("<h1>") == 1


class TestFloods:
    """A network that fails too often is refused before any work, over the API too."""

    MOST = 5

    @pytest.fixture(autouse=True)
    def few_failures(self, change_state: ChangeState) -> None:
        change_state(key_floods=Floods(self.MOST))

    @pytest.mark.parametrize("door", DOORS)
    async def test_a_network_is_refused_after_some_failures(self, sqlite_shop: Storefront, door: str) -> None:
        http, of = sqlite_shop.http, sqlite_shop.merchant_id
        answers = []
        for place in range(self.MOST + 1):
            email = f"{place}@mug.example"
            invented = f"rs_{of.replace('-', '')}_{uuid4().hex}"
            if door == "sign-in":
                answer = await http.post(SIGN_IN, data={"shop": of, "email": email, "password": "no"})
            elif door == "invitation":
                answer = await http.get(f"/desk/invitation?token=rsi_{invented[3:]}")
            elif door == "sessions":
                answer = await http.get("/desk", headers={"Cookie": f"{COOKIE}={invented}"})
            elif door == "API sign-in":
                body = {"merchant_id": of, "email": email, "password": "no"}
                answer = await http.post("/v1/staff-session", json=body)
            elif door == "API invitation":
                body = {"token": f"rsi_{invented[3:]}", "name": "김민지", "password": PASSWORD}
                answer = await http.post("/v1/staff-invitations/accept", json=body)
            else:
                answer = await http.get("/v1/staff-session", headers={"Authorization": f"Bearer {invented}"})
            answers.append(answer)
        assert [answer.status_code == 429 for answer in answers] == [False] * self.MOST + [True]
        assert answers[-1].headers["retry-after"] == "12"

    async def test_who_has_signed_in_goes_on_behind_a_flooding_network(self, sqlite_shop: Storefront) -> None:
        browser = await clerk(sqlite_shop)
        await browser.open("/desk")
        for _ in range(self.MOST):
            await sqlite_shop.http.post(SIGN_IN, data={"shop": str(uuid4()), "email": "a@b.example", "password": "no"})
        assert (await Browser(sqlite_shop.http).open(SIGN_IN)).status_code == 429
        assert (await browser.open("/desk")).status_code == 200
