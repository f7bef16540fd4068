"""The page of people: who is there, an invitation, another role, a lock, and sessions that end."""

import pytest

from app.store.database import Database
from tests.api.authority import limit
from tests.api.desk.clerks import clerk, sign_in
from tests.api.for_tests import on_test_side
from tests.api.staff import join
from tests.storefront import Storefront

PAGE = "/desk/people"


async def test_an_owner_invites_changes_signs_out_and_locks_a_person(shop: Storefront) -> None:
    minji = await join(shop)
    await limit(shop, "role", "clerk", per_decision=50000)
    owner = await clerk(shop, role="owner", name="대표")
    await owner.open(PAGE)
    for text in ("김민지", minji.email, "상담", "건당 50,000원", "127.0.0.1", "사용 중"):
        assert text in owner.text
    await owner.send(PAGE, email="suji@mug.example", role="manager", language="ko")
    assert "초대 메일을 보냈습니다." in owner.text
    assert "suji@mug.example · 관리자" in owner.text
    (invitation,) = (each for each in (await shop.get("/v1/staff-invitations")).json()["data"] if not each["staff_id"])
    await owner.send(f"{PAGE}/invitations/{invitation['invitation_id']}/revoke")
    assert "초대를 취소했습니다." in owner.text
    person = f"{PAGE}/{minji.staff_id}"
    await owner.send(f"{person}/role", role="warehouse")
    assert (await minji.session.get("/v1/staff-session")).json()["staff"]["role"] == "warehouse"
    await owner.send(f"{person}/sessions/end")
    assert (await minji.session.get("/v1/staff-session")).status_code == 401
    await owner.send(f"{person}/lock")
    assert "로그인 차단됨" in owner.text
    await owner.send(f"{person}/unlock")
    assert "로그인 차단됨" not in owner.text


async def test_where_no_mail_goes_out_the_page_shows_the_link_once(shop: Storefront, database: Database) -> None:
    owner = await clerk(await on_test_side(shop, database), role="owner")
    await owner.open(PAGE)
    await owner.send(PAGE, email="suji@mug.example", role="clerk", language="ko")
    assert "https://recourse.example/desk/invitation?token=rsi_" in owner.text
    await owner.open(PAGE)
    assert ("rsi_" in owner.text, "suji@mug.example · 상담" in owner.text) == (False, True)


async def test_an_owner_keeps_the_own_session_and_the_last_owner_stays(sqlite_shop: Storefront) -> None:
    person = await join(sqlite_shop, "owner@mug.example", "owner", "대표")
    owner = await sign_in(sqlite_shop, person)
    await owner.open(PAGE)
    await owner.send(f"{PAGE}/{person.staff_id}/sessions/end")
    assert owner.page is not None
    assert owner.page.status_code == 200
    assert (await person.session.get("/v1/staff-session")).status_code == 401
    await owner.send(f"{PAGE}/{person.staff_id}/lock")
    assert owner.page.status_code == 409
    await owner.send(PAGE, email="owner", role="owner", language="ko")
    assert owner.page.status_code == 422
    assert 'aria-describedby="email-error"' in owner.text


@pytest.mark.parametrize(("role", "status", "writes"), [("clerk", 403, False), ("manager", 200, False)])
async def test_only_who_may_write_gets_forms(sqlite_shop: Storefront, role: str, status: int, writes: bool) -> None:
    browser = await clerk(sqlite_shop, role=role)
    assert ('href="/desk/people"' in browser.text) == (status == 200)
    await browser.open(PAGE)
    assert browser.page is not None
    assert browser.page.status_code == status
    assert ('action="/desk/people"' in browser.text) == writes
    refused = await browser.post(PAGE, {"email": "a@mug.example", "role": "clerk", "language": "ko"})
    assert refused.status_code in (401, 403)
