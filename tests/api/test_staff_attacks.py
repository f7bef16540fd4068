"""What somebody with a stolen password, an old link or few scopes tries against the people of a shop."""

from app.records.api_key import Scope
from app.store.database import Database
from tests.api.authority import limit
from tests.api.keys import colleague
from tests.api.staff import PASSWORD, accept, code_of, invite, join, sign_in, signed_in
from tests.storefront import Storefront

NEW = "비 오는 날의 초록 우산 둘"


async def test_a_session_that_never_showed_a_second_factor_gets_no_scope_from_it(shop: Storefront) -> None:
    """The thief of a password signs in first, and waits until the person has set up the second factor."""
    await accept(shop, (await invite(shop, "minji@mug.example"))["token"])
    thief, minji = [signed_in(shop, await sign_in(shop, "minji@mug.example")) for _ in range(2)]
    secret = (await minji.post("/v1/staff-session/totp")).json()["secret"]
    await minji.post("/v1/staff-session/totp/confirm", {"code": code_of(shop, secret)})
    assert (await minji.get("/v1/claims")).status_code == 200
    for path in ("/v1/claims", "/v1/staff-session"):
        assert (await thief.get(path)).status_code == 401


async def test_a_link_for_a_new_password_ends_with_the_password_and_with_the_person(shop: Storefront) -> None:
    minji = await join(shop)
    links = f"/v1/staff/{minji.staff_id}/password-links"
    before = (await shop.post(links, {"delivery": "answer"})).json()["token"]
    change = {"password": PASSWORD, "new_password": NEW}
    assert (await minji.session.put("/v1/staff-session/password", change)).status_code == 200
    assert (await accept(shop, before)).json()["code"] == "invalid_invitation"
    again = (await shop.post(links, {"delivery": "answer"})).json()["token"]
    for disabled in (True, False):
        await shop.patch(f"/v1/staff/{minji.staff_id}", {"disabled": disabled})
    assert (await accept(shop, again)).json()["code"] == "invalid_invitation"


async def test_an_invitation_that_another_one_replaces_ends_in_the_audit_trail(shop: Storefront) -> None:
    first = await invite(shop, "minji@mug.example")
    await invite(shop, "minji@mug.example")
    entries = (await shop.get("/v1/audit-entries", subject_id=first["invitation_id"])).json()["data"]
    assert [entry["action"] for entry in entries] == ["staff_invitation.revoked", "staff_invitation.created"]


async def test_nobody_ends_an_invitation_to_more_than_their_own_scopes(shop: Storefront, database: Database) -> None:
    owner = await invite(shop, "owner@mug.example", "owner")
    key = await colleague(shop, database, Scope.STAFF_WRITE, Scope.CLAIMS_READ)
    await shop.put("/v1/staff-roles/reader", {"scopes": ["claims:read"]})
    for answer in (
        await key.delete(f"/v1/staff-invitations/{owner['invitation_id']}"),
        await key.post("/v1/staff-invitations", {"email": "owner@mug.example", "role": "reader"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    assert (await accept(shop, owner["token"])).status_code == 201


async def test_a_right_password_without_a_code_is_in_the_audit_trail(shop: Storefront) -> None:
    """It is the first sign that somebody else knows the password."""
    minji = await join(shop)
    assert (await sign_in(shop, minji.email)).json()["code"] == "second_factor_required"
    (failed,) = (await shop.get("/v1/audit-entries", action="staff.sign_in_failed")).json()["data"]
    assert (failed["subject_id"], failed["actor"]["ip_address"]) == (minji.staff_id, "127.0.0.1")
    assert failed["changes"]["reason"]["after"] == "second_factor_required"


async def test_whoever_has_a_limit_enables_nobody_who_decides(shop: Storefront) -> None:
    owner, minji = await join(shop, "owner@mug.example", "owner"), await join(shop)
    await limit(shop, "role", "owner", per_decision=0)
    path = f"/v1/staff/{minji.staff_id}"
    assert (await owner.session.patch(path, {"disabled": True})).status_code == 200
    refused = await owner.session.patch(path, {"disabled": False})
    assert (refused.status_code, refused.json()["code"]) == (403, "authority_is_limited")
