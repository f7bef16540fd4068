"""The shop's own work on claims: assignee, seen, snooze and tags, which are no step of the claim."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.staff import join
from tests.storefront import Storefront


async def work(shop: Storefront, claim: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = await shop.patch(f"/v1/claims/{claim['claim_id']}/work", changes)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def queued(shop: Storefront, **query: Any) -> list[str]:
    answer = await shop.get("/v1/queue", **query)
    assert answer.status_code == 200, answer.text
    return [entry["subject_id"] for entry in answer.json()["data"]]


@pytest.fixture
async def claim(shop: Storefront) -> dict[str, Any]:
    await shop.push_order()
    return await shop.claim("cancel")


async def test_work_changes_neither_the_version_nor_the_history_of_the_claim(
    shop: Storefront, claim: dict[str, Any]
) -> None:
    path = f"/v1/claims/{claim['claim_id']}"
    history = (await shop.get(f"{path}/events")).json()
    assert (await shop.get(f"{path}/work")).json() == {
        **dict.fromkeys(("assignee", "seen_at", "seen_by", "snoozed_until_at")),
        "tags": [],
    }
    await work(shop, claim, seen=True, tags=["vip"])
    assert (await shop.get(path)).json() == claim
    assert (await shop.get(f"{path}/events")).json() == history


async def test_whoever_sees_a_claim_first_is_kept(shop: Storefront, claim: dict[str, Any]) -> None:
    minji = await join(shop)
    first = await work(minji.session, claim, seen=True)
    assert first["seen_by"] == "김민지"
    shop.clock.turn(hours=1)
    assert await work(shop, claim, seen=True) == first
    (entry,) = (await shop.get("/v1/queue")).json()["data"]
    assert (entry["claim"]["checklist"]["seen_by"], entry["claim"]["checklist"]["seen_at"]) == (
        *("김민지",),
        first["seen_at"],
    )


async def test_an_assigned_claim_is_in_the_list_of_its_person(shop: Storefront, claim: dict[str, Any]) -> None:
    minji, sujin = await join(shop), await join(shop, "sujin@mug.example", name="이수진")
    staff = {each["name"]: each["staff_id"] for each in (await shop.get("/v1/staff")).json()["data"]}
    await work(shop, claim, assignee=staff["김민지"])
    assert await queued(minji.session, assignee="me") == [claim["claim_id"]]
    assert await queued(sujin.session, assignee="me") == await queued(shop, assignee="me") == []
    assert await queued(shop, assignee=staff["김민지"]) == [claim["claim_id"]]
    assert (await work(shop, claim, tags=["vip"]))["assignee"] == staff["김민지"]
    assert (await work(shop, claim, assignee=None))["assignee"] is None
    assert await queued(minji.session, assignee="me") == []


async def test_a_claim_is_assigned_only_to_somebody_who_may_sign_in(shop: Storefront, claim: dict[str, Any]) -> None:
    await join(shop)
    (person,) = (await shop.get("/v1/staff")).json()["data"]
    await shop.patch(f"/v1/staff/{person['staff_id']}", {"disabled": True})
    path = f"/v1/claims/{claim['claim_id']}/work"
    refused = await shop.patch(path, {"assignee": person["staff_id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "assignee_disabled")
    assert (await shop.patch(path, {"assignee": "nobody"})).status_code == 404


async def test_a_claim_sleeps_until_its_instant_and_wakes_by_itself(shop: Storefront, claim: dict[str, Any]) -> None:
    until = (shop.clock() + timedelta(hours=3)).isoformat()
    await work(shop, claim, snoozed_until_at=until)
    assert await queued(shop) == []
    assert await queued(shop, snoozed=True) == [claim["claim_id"]]
    shop.clock.turn(hours=3)
    assert await queued(shop) == [claim["claim_id"]]
    assert await queued(shop, snoozed=True) == []
    await work(shop, claim, snoozed_until_at=(shop.clock() + timedelta(hours=3)).isoformat())
    await work(shop, claim, snoozed_until_at=None)
    assert await queued(shop) == [claim["claim_id"]]


async def test_tags_are_written_in_one_form_and_replaced_together(shop: Storefront, claim: dict[str, Any]) -> None:
    assert (await work(shop, claim, tags=["ＶＩＰ ", "vip", "사이즈  문의"]))["tags"] == ["vip", "사이즈 문의"]
    assert await queued(shop, tag="Vip") == [claim["claim_id"]]
    assert await queued(shop, tag="other") == []
    assert (await work(shop, claim, tags=["other"]))["tags"] == ["other"]
    assert await queued(shop, tag="vip") == []
