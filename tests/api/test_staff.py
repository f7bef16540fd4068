"""People of a shop: invited, with a role, changed and disabled; nobody gives what they do not have."""

import pytest

from app.records.api_key import Scope
from app.service.staff_roles import BUILT_IN
from app.store.database import Database
from tests.api.claims import begin, history
from tests.api.keys import colleague, stranger
from tests.api.staff import PASSWORD, accept, invite, join, sign_in
from tests.api.walks import WALKS
from tests.storefront import Storefront


async def test_an_invited_person_signs_in_and_acts_under_their_own_name(shop: Storefront) -> None:
    minji = await join(shop)
    own = (await minji.session.get("/v1/staff-session")).json()
    assert (own["staff"]["name"], own["staff"]["role"], own["staff"]["second_factor"]) == ("김민지", "clerk", True)
    assert set(own["scopes"]) == BUILT_IN["clerk"]
    claim = await begin(shop, WALKS["a cancellation is granted"])
    approved = await minji.session.post(f"/v1/claims/{claim['claim_id']}/approve", {"actor": "somebody else"})
    assert approved.status_code == 200, approved.text
    by = (await history(shop, claim))[1]["data"]["by"]
    assert by == {"role": "seller", "name": "김민지", "key": f"staff {minji.staff_id}"}


async def test_an_entry_of_the_faq_is_signed_by_the_person_who_writes_it(shop: Storefront) -> None:
    minji = await join(shop)
    entry = {"entry_id": "cost", "language": "ko", "question": "얼마인가요?", "answer": "무료입니다.", "actor": "남"}
    assert (await minji.session.post("/v1/faq-entries", entry)).json()["written_by"] == "김민지"


@pytest.mark.parametrize(("role", "scopes"), BUILT_IN.items())
def test_no_built_in_role_reaches_beyond_its_merchant(role: str, scopes: frozenset[Scope]) -> None:
    assert not scopes & {Scope.ADMIN, Scope.METRICS_READ}, role
    assert (Scope.STAFF_WRITE in scopes) == (role == "owner")


async def test_an_invitation_works_once(shop: Storefront) -> None:
    invitation = await invite(shop, "Minji@Mug.example")
    assert invitation["email"] == "minji@mug.example"
    assert (await accept(shop, invitation["token"])).status_code == 201
    again = await accept(shop, invitation["token"])
    assert (again.status_code, again.json()["code"]) == (401, "invalid_invitation")
    (listed,) = (await shop.get("/v1/staff-invitations")).json()["data"]
    assert listed["accepted_at"]
    assert listed["staff_id"] == (await shop.get("/v1/staff")).json()["data"][0]["staff_id"]


async def test_an_invitation_that_has_ended_opens_nothing(shop: Storefront, database: Database) -> None:
    expired = await invite(shop, "a@mug.example")
    revoked = await invite(shop, "b@mug.example")
    replaced = await invite(shop, "c@mug.example")
    await invite(shop, "c@mug.example")
    path = f"/v1/staff-invitations/{revoked['invitation_id']}"
    assert (await shop.delete(path)).json()["revoked_at"]
    assert (await shop.delete(path)).json()["revoked_at"]
    theirs = (await stranger(shop, database)).token.split("_")[1]
    valid = (await invite(shop, "d@mug.example"))["token"]
    assert (await accept(shop, replaced["token"])).status_code == 401
    shop.clock.turn(days=7)
    wrong = {
        "expired": expired["token"],
        "revoked": revoked["token"],
        "of another merchant": valid.replace(valid.split("_")[1], theirs),
        "no token": "rsi_x",
        "no merchant": f"rsi_{'z' * 32}_{'0' * 43}",
        "another kind": valid.replace("rsi_", "rs_"),
    }
    for name, token in wrong.items():
        answer = await accept(shop, token)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_invitation"), name


async def test_an_accepted_invitation_cannot_be_revoked(shop: Storefront) -> None:
    invitation = await invite(shop, "minji@mug.example")
    await accept(shop, invitation["token"])
    answer = await shop.delete(f"/v1/staff-invitations/{invitation['invitation_id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "invitation_accepted")


async def test_an_address_is_of_one_person(shop: Storefront) -> None:
    await join(shop)
    answer = await shop.post("/v1/staff-invitations", {"email": "MINJI@mug.example", "role": "clerk"})
    assert (answer.status_code, answer.json()["code"]) == (409, "staff_exists")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("tiny one", "password_too_short"),
        ("elevenchars", "password_too_short"),
        ("aaaaaaaaaaaaaaaa", "password_too_simple"),
        ("121212121212", "password_too_simple"),
        ("passwordpassword", "password_too_simple"),
        ("Password1234!", "password_too_simple"),
        ("qwertyuiop123", "password_too_simple"),
        ("minji.kim2026", "password_too_simple"),
    ],
)
async def test_a_weak_password_is_refused_and_the_invitation_stays(
    sqlite_shop: Storefront, password: str, code: str
) -> None:
    invitation = await invite(sqlite_shop, "minji.kim@mug.example")
    refused = await accept(sqlite_shop, invitation["token"], "김민지", password)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert password not in refused.text
    assert (await accept(sqlite_shop, invitation["token"])).status_code == 201


# Nobody gives what they do not have


async def test_nobody_gives_a_role_with_more_than_their_own_scopes(shop: Storefront, database: Database) -> None:
    owner = await join(shop, "owner@mug.example", "owner", "대표")
    key = await colleague(shop, database, Scope.STAFF_WRITE, Scope.STAFF_READ, Scope.CLAIMS_READ)
    forbidden = (403, "scope_not_held")
    for role in BUILT_IN:
        answer = await key.post("/v1/staff-invitations", {"email": "a@mug.example", "role": role})
        assert (answer.status_code, answer.json()["code"]) == forbidden, role
    made = await key.put("/v1/staff-roles/reader", {"scopes": ["claims:read"]})
    assert made.status_code == 200, made.text
    assert (await invite(key, "a@mug.example", "reader"))["role"] == "reader"
    for path, body in (
        ("/v1/staff-roles/all", {"scopes": ["admin"]}),
        ("/v1/staff-roles/reader", {"scopes": ["claims:read", "claims:decide"]}),
    ):
        answer = await key.put(path, body)
        assert (answer.status_code, answer.json()["code"]) == forbidden
    for answer in (
        await key.patch(f"/v1/staff/{owner.staff_id}", {"disabled": True}),
        await key.delete(f"/v1/staff/{owner.staff_id}/second-factor"),
        await key.post(f"/v1/staff/{owner.staff_id}/password-links", {"delivery": "answer"}),
        await owner.session.put("/v1/staff-roles/all", {"scopes": ["admin"]}),
        await owner.session.put("/v1/staff-roles/all", {"scopes": ["metrics:read"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == forbidden


async def test_a_change_of_role_is_in_force_at_once(shop: Storefront) -> None:
    minji = await join(shop)
    await shop.put("/v1/staff-roles/reader", {"scopes": ["claims:read"]})
    assert (await minji.session.get("/v1/refunds")).status_code == 200
    await shop.patch(f"/v1/staff/{minji.staff_id}", {"role": "reader"})
    assert (await minji.session.get("/v1/refunds")).status_code == 403
    assert (await minji.session.get("/v1/claims")).status_code == 200
    await shop.put("/v1/staff-roles/reader", {"scopes": ["orders:read"]})
    assert (await minji.session.get("/v1/claims")).status_code == 403


async def test_a_role_in_use_stays(shop: Storefront) -> None:
    await shop.put("/v1/staff-roles/reader", {"scopes": ["claims:read"]})
    invitation = await invite(shop, "a@mug.example", "reader")
    in_use = await shop.delete("/v1/staff-roles/reader")
    assert (in_use.status_code, in_use.json()["code"]) == (409, "role_in_use")
    await shop.delete(f"/v1/staff-invitations/{invitation['invitation_id']}")
    assert (await shop.delete("/v1/staff-roles/reader")).status_code == 200
    assert (await shop.delete("/v1/staff-roles/reader")).status_code == 404
    for answer in (
        await shop.put("/v1/staff-roles/owner", {"scopes": ["claims:read"]}),
        await shop.delete("/v1/staff-roles/owner"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "role_is_built_in")
    unknown = await shop.post("/v1/staff-invitations", {"email": "a@mug.example", "role": "reader"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_role")


# Changed and disabled


async def test_whoever_is_disabled_is_out_at_once(shop: Storefront) -> None:
    minji = await join(shop)
    disabled = await shop.patch(f"/v1/staff/{minji.staff_id}", {"disabled": True})
    assert disabled.json()["disabled_at"]
    for path in ("/v1/claims", "/v1/staff-session"):
        assert (await minji.session.get(path)).status_code == 401
    assert (await sign_in(shop, minji.email)).json()["code"] == "wrong_credentials"
    link = await shop.post(f"/v1/staff/{minji.staff_id}/password-links", {"delivery": "answer"})
    assert (link.status_code, link.json()["code"]) == (409, "staff_disabled")
    await shop.patch(f"/v1/staff/{minji.staff_id}", {"disabled": False})
    assert (await minji.session.get("/v1/claims")).status_code == 401
    assert (await sign_in(shop, minji.email)).json()["code"] == "second_factor_required"


async def test_the_last_owner_stays(shop: Storefront) -> None:
    first = await join(shop, "a@mug.example", "owner")
    for change in ({"disabled": True}, {"role": "clerk"}):
        answer = await first.session.patch(f"/v1/staff/{first.staff_id}", change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    second = await join(shop, "b@mug.example", "owner")
    assert (await second.session.patch(f"/v1/staff/{first.staff_id}", {"role": "clerk"})).status_code == 200


async def test_a_new_password_comes_by_a_link_and_ends_the_sessions(shop: Storefront) -> None:
    minji = await join(shop)
    link = await shop.post(f"/v1/staff/{minji.staff_id}/password-links", {"delivery": "answer"})
    assert (link.json()["staff_id"], link.json()["email"]) == (minji.staff_id, minji.email)
    new = "비 오는 날의 초록 우산 둘"
    accepted = await accept(shop, link.json()["token"], "다른 이름", new)
    assert (accepted.json()["staff_id"], accepted.json()["name"]) == (minji.staff_id, "김민지")
    assert accepted.json()["second_factor"] is True
    assert (await minji.session.get("/v1/staff-session")).status_code == 401
    assert (await sign_in(shop, minji.email, PASSWORD)).json()["code"] == "wrong_credentials"
    assert (await sign_in(shop, minji.email, new)).json()["code"] == "second_factor_required"


async def test_a_person_of_one_merchant_is_nobody_to_another(shop: Storefront, database: Database) -> None:
    minji = await join(shop)
    other = await stranger(shop, database)
    for path in (f"/v1/staff/{minji.staff_id}", f"/v1/staff-sessions/{'x'}"):
        assert (await other.get(path)).status_code in (404, 405)
    assert (await other.patch(f"/v1/staff/{minji.staff_id}", {"disabled": True})).status_code == 404
    sessions = (await shop.get("/v1/staff-sessions")).json()["data"]
    for session in sessions:
        assert (await other.delete(f"/v1/staff-sessions/{session['session_id']}")).status_code == 404
    assert (await other.get("/v1/staff")).json()["data"] == []
    assert (await sign_in(other, minji.email)).json()["code"] == "wrong_credentials"


async def test_each_act_is_in_the_audit_trail(shop: Storefront) -> None:
    minji = await join(shop)
    await sign_in(shop, minji.email, "not this one, it is wrong")
    await shop.patch(f"/v1/staff/{minji.staff_id}", {"role": "manager"})
    await minji.session.delete("/v1/staff-session")
    entries = (await shop.get("/v1/audit-entries", limit=100)).json()["data"]
    told = [(entry["action"], entry["actor"]["kind"]) for entry in reversed(entries[:-1])]
    assert told == [
        ("staff_invitation.created", "api_key"),
        ("staff_invitation.accepted", "staff"),
        ("staff_session.opened", "staff"),
        ("staff.second_factor_set", "staff"),
        ("staff.sign_in_failed", "system"),
        ("staff.changed", "api_key"),
        ("staff_session.ended", "staff"),
    ]
    assert {entry["actor"]["ip_address"] for entry in entries[:-1]} == {"127.0.0.1"}
    assert PASSWORD not in str(entries)
    (changed,) = (entry for entry in entries if entry["action"] == "staff.changed")
    assert changed["subject_id"] == minji.staff_id
