"""Nobody gets around a limit: by another account, by another key, or by a grant of what nobody has read."""

import pytest

from tests.api.authority import approve, cancellations, limit, open_approvals
from tests.api.staff import Person, join
from tests.api.walks import ONE
from tests.storefront import Storefront


@pytest.fixture
async def minji(shop: Storefront) -> Person:
    return await join(shop)


@pytest.fixture
async def manager(shop: Storefront) -> Person:
    return await join(shop, "suji@mug.example", "manager", "이수진")


def holder(shop: Storefront, secret: str) -> Storefront:
    return Storefront(shop.http, secret, shop.merchant_id, shop.clock)


async def test_whoever_has_a_limit_gives_nobody_an_account_without_one(shop: Storefront, minji: Person) -> None:
    """With a second account of their own they would decide without the limit, or lift the limit."""
    owner = await join(shop, "owner@mug.example", "owner")
    await shop.put("/v1/staff-roles/reader", {"scopes": ["claims:read"]})
    reader = await join(shop, "reader@mug.example", "reader")
    await limit(shop, "role", "owner", per_decision=0)
    invitation = {"email": "second@mug.example", "delivery": "answer"}
    person = f"/v1/staff/{minji.staff_id}"
    for answer in (
        await owner.session.post("/v1/staff-invitations", {**invitation, "role": "clerk"}),
        await owner.session.patch(f"/v1/staff/{owner.staff_id}", {"role": "manager"}),
        await owner.session.patch(f"/v1/staff/{reader.staff_id}", {"role": "clerk"}),
        await owner.session.post(f"{person}/password-links", {"delivery": "answer"}),
        await owner.session.delete(f"{person}/second-factor"),
        await owner.session.put("/v1/staff-roles/reader", {"scopes": ["claims:read", "staff:write"]}),
        await owner.session.post("/v1/api-keys", {"name": "second", "scopes": ["staff:write"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "authority_is_limited"), answer.request.url
    for answer in (
        await owner.session.post("/v1/staff-invitations", {**invitation, "role": "reader"}),
        await owner.session.patch(person, {"name": "김민지 (상담)"}),
        await owner.session.post(f"/v1/staff/{owner.staff_id}/password-links", {"delivery": "answer"}),
        await owner.session.put("/v1/staff-roles/reader", {"scopes": ["claims:read", "orders:read"]}),
    ):
        assert answer.is_success, answer.text


async def test_a_key_that_replaces_another_one_is_the_same_holder_of_limits(shop: Storefront) -> None:
    """Otherwise a key would rotate itself, decide as much again, grant its own approval and lift its limit."""
    scopes = ["api_keys:write", "claims:decide", "claims:read", "staff:write"]
    first = (await shop.post("/v1/api-keys", {"name": "first", "scopes": scopes})).json()
    limit = {"holder_kind": "api_key", "holder": first["key_id"], "currency": "KRW", "per_day": 25000}
    limit_id = (await shop.put("/v1/authority-limits", limit)).json()["limit_id"]
    second = (await holder(shop, first["secret"]).post(f"/v1/api-keys/{first['key_id']}/rotate")).json()
    third = (await holder(shop, second["secret"]).post(f"/v1/api-keys/{second['key_id']}/rotate")).json()
    keys = [holder(shop, key["secret"]) for key in (first, second, third)]
    claims = []
    for number in range(3):
        await shop.push_order(f"order-{number}")
        claims.append((await shop.claim("cancel", order_id=f"order-{number}"))["claim_id"])
    answers = [await key.post(f"/v1/claims/{claim}/approve") for key, claim in zip(keys, claims, strict=True)]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    approval = answers[2].json()["params"]["approval_id"]
    for key in keys:
        for path in ("grant", "refuse"):
            decided = await key.post(f"/v1/approvals/{approval}/{path}")
            assert (decided.status_code, decided.json()["code"]) == (403, "second_person_required")
        for lifted in (
            await key.put("/v1/authority-limits", limit),
            await key.put("/v1/authority-limits", {**limit, "holder": third["key_id"]}),
            await key.delete(f"/v1/authority-limits/{limit_id}"),
        ):
            assert (lifted.status_code, lifted.json()["code"]) == (403, "own_limit")
    assert (await shop.post(f"/v1/approvals/{approval}/grant")).status_code == 200
    assert (await shop.put("/v1/authority-limits", {**limit, "holder": third["key_id"], "per_day": 0})).is_success
    await shop.push_order("order-3")
    claim = (await shop.claim("cancel", order_id="order-3"))["claim_id"]
    assert (await keys[2].post(f"/v1/claims/{claim}/approve")).json()["params"]["allowed"] == 0


async def test_nobody_grants_what_has_taken_the_place_of_what_they_read(
    shop: Storefront, minji: Person, manager: Person
) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    (claim,) = await cancellations(shop, 1)
    path = f"/v1/claims/{claim['claim_id']}/offers"
    ids = []
    for amount in (100, 11000):
        offer = {"alternative": "partial_refund", "amount": amount, "message": "부분 환불은 어떠세요?"}
        ids.append((await minji.session.post(path, offer)).json()["params"]["approval_id"])
    assert [each["approval_id"] for each in await open_approvals(shop)] == ids[1:]
    assert [(await manager.session.post(f"/v1/approvals/{each}/grant")).status_code for each in ids] == [404, 200]
    (offer,) = (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["offers"]
    assert offer["amount"] == 11000


async def test_no_more_is_granted_than_was_asked_for(shop: Storefront, minji: Person, manager: Person) -> None:
    await limit(shop, "role", "clerk", per_decision=0)
    await shop.push_order()
    claim = await shop.claim("cancel", lines=[ONE])
    approval = (await approve(minji.session, claim)).json()["params"]["approval_id"]
    two = {"reason": claim["reason"], "lines": [{**ONE, "quantity": 2}]}
    edited = await shop.post(f"/v1/claims/{claim['claim_id']}/edit", two)
    assert edited.status_code == 200, edited.text
    outgrown = await manager.session.post(f"/v1/approvals/{approval}/grant")
    assert (outgrown.status_code, outgrown.json()["code"]) == (409, "approval_outgrown")
    assert outgrown.json()["params"]["amount"] > outgrown.json()["params"]["asked"] == 12000
    assert await shop.refunds_of(claim) == []
    assert [each["approval_id"] for each in await open_approvals(shop)] == [approval]
    again = (await approve(minji.session, claim)).json()["params"]["approval_id"]
    assert (await manager.session.post(f"/v1/approvals/{again}/grant")).status_code == 200
