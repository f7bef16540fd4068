"""Rules of a seller: the draft, its check, the versions, and what happens by itself when a buyer opens a claim."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.records.api_key import Scope
from app.records.rule_set import RuleRun
from app.store import rules as stored_rules
from app.store.database import Database
from tests.api.authority import limit
from tests.api.claims import history
from tests.api.keys import colleague
from tests.api.rule_scenes import publish, rule
from tests.api.staff import join
from tests.storefront import Storefront

DEFECTIVE = {"field": "reason", "one_of": ["defective"]}
CHEAP = {"field": "value", "at_most": 12000}
KEEP = rule("approve_keep_goods", "cheap", currency="KRW", conditions=[CHEAP, DEFECTIVE])


async def returned(shop: Storefront, reason: str = "defective", order_id: str = "order-1", **more: Any) -> Any:
    await shop.push_order(order_id, **more)
    await shop.ship(order_id)
    return await shop.claim("return", reason, order_id=order_id)


async def applied(shop: Storefront, claim: Any) -> list[dict[str, Any]]:
    """The rules in the history of a claim."""
    return [event["data"]["rule"] for event in await history(shop, claim) if event["type"] == "claim.rule_applied"]


async def test_a_draft_decides_nothing_until_it_is_published(shop: Storefront) -> None:
    draft = (await shop.put("/v1/rules", {"rules": [KEEP]})).json()
    assert (draft["draft"]["findings"], draft["published"]) == ([], None)
    assert (await returned(shop))["state"] == "requested"
    published = await shop.post("/v1/rules/publish")
    assert (published.status_code, published.json()["version"]) == (201, 1)
    assert (await returned(shop, order_id="order-2"))["state"] == "approved"
    assert (await shop.get("/v1/rules")).json()["published"] == published.json()


async def test_the_history_says_which_rule_decided_and_why(shop: Storefront) -> None:
    await publish(shop, KEEP)
    claim = await returned(shop)
    assert (claim["kind"], claim["state"], claim["amounts"]["total"]) == ("refund", "approved", 12000)
    assert [event["type"] for event in await history(shop, claim)] == [
        *("claim.requested", "claim.approved", "refund.created", "claim.rule_applied")
    ]
    approved = (await history(shop, claim))[1]["data"]
    assert approved["by"] == {"role": "system", "name": "rules", "key": "rule cheap@1"}
    (told,) = await applied(shop, claim)
    assert (told["rule_id"], told["version"], told["outcome"], told["why"]) == ("cheap", 1, "done", [])
    assert told["because"] == [
        {"field": "value", "number": 12000, "words": []},
        {"field": "reason", "number": None, "words": ["defective"]},
    ]


async def test_a_published_version_never_changes_and_old_claims_name_theirs(shop: Storefront) -> None:
    first = await publish(shop, KEEP)
    claim = await returned(shop)
    second = await publish(shop, rule("review"))
    assert second["version"] == 2
    assert (await shop.get("/v1/rules/versions")).json()["data"] == [second, first]
    (told,) = await applied(shop, claim)
    assert (await shop.get(f"/v1/rules/versions/{told['version']}")).json() == first
    assert (await shop.get("/v1/rules/versions/9")).status_code == 404


async def test_rules_that_the_law_forbids_are_not_published(shop: Storefront) -> None:
    forbidden = {"rules": [rule("reject", "no"), KEEP]}
    (found,) = (await shop.post("/v1/rules/check", forbidden)).json()["findings"]
    assert (found["rule_id"], found["code"]) == ("no", "rejects")
    assert "17(5)" in found["citation"]
    stored = await shop.put("/v1/rules", forbidden)
    assert stored.json()["draft"]["findings"] == [found]
    refused = await shop.post("/v1/rules/publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "rules_forbidden")
    assert "no" in refused.json()["detail"]
    assert (await shop.get("/v1/rules/versions")).json()["data"] == []


async def test_there_is_nothing_to_publish_without_a_draft(shop: Storefront) -> None:
    refused = await shop.post("/v1/rules/publish")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_rule_draft")


async def test_a_route_gives_the_claim_to_a_person_and_a_tag(shop: Storefront) -> None:
    minji = await join(shop)
    to_minji = rule("route", "minji", assignee=minji.staff_id, tag="불량", conditions=[DEFECTIVE])
    await publish(shop, to_minji, rule("review", "look"))
    claim = await returned(shop)
    work = (await shop.get(f"/v1/claims/{claim['claim_id']}/work")).json()
    assert (work["assignee"], work["tags"], claim["state"]) == (minji.staff_id, ["불량"], "requested")
    told = [(each["rule_id"], each["outcome"], each["why"]) for each in await applied(shop, claim)]
    assert told == [("minji", "done", []), ("look", "left_to_a_person", ["review"])]


async def test_a_draft_names_only_people_of_the_shop(shop: Storefront) -> None:
    refused = await shop.put("/v1/rules", {"rules": [rule("route", assignee="nobody")]})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_holder")


async def test_a_question_holds_the_claim_and_the_answer_releases_it(shop: Storefront) -> None:
    await publish(shop, rule("ask", text="사진을 보내 주세요.", conditions=[DEFECTIVE]))
    claim = await returned(shop)
    assert (claim["hold"]["reason"], claim["turn"]) == ("buyer_question", "buyer")
    (question,) = (await shop.get(f"/v1/claims/{claim['claim_id']}/contacts")).json()["data"]
    assert (question["kind"], question["text"]) == ("question", "사진을 보내 주세요.")
    await shop.post(f"/v1/claims/{claim['claim_id']}/contacts", {"kind": "answer", "text": "여기 있어요."})
    assert (await shop.get(f"/v1/claims/{claim['claim_id']}")).json()["hold"] is None


async def test_an_offer_of_a_rule_waits_for_the_buyer(shop: Storefront) -> None:
    mind = {"field": "reason", "one_of": ["change_of_mind"]}
    credit = rule("offer", alternative="store_credit", percent=50, text="적립금은 어떠세요?", open_days=3)
    await publish(shop, {**credit, "conditions": [mind]})
    claim = await returned(shop, "change_of_mind")
    (made,) = claim["offers"]
    assert (made["alternative"], made["amount"], made["status"]) == ("store_credit", 6000, "open")


async def test_what_the_engine_refuses_is_left_to_a_person_with_the_reason(shop: Storefront) -> None:
    await publish(shop, rule("approve", "all"))
    claim = await returned(shop, "other")
    assert claim["state"] == "requested"
    (told,) = await applied(shop, claim)
    assert (told["outcome"], "not_classified" in told["why"]) == ("left_to_a_person", True)


async def test_the_policy_approves_before_the_rules_are_tried(shop: Storefront) -> None:
    await publish(shop, rule("review"))
    await shop.push_order("order-1", policy="naver")
    claim = await shop.claim("cancel")
    assert (claim["state"], await applied(shop, claim)) == ("approved", [])


async def test_rules_pay_back_no_more_than_whoever_published_them_may(shop: Storefront, database: Database) -> None:
    minji = await join(shop, "suji@mug.example", "owner", "이수진")
    await publish(minji.session, KEEP)
    await limit(shop, "staff", minji.staff_id, per_day=20000)
    first, second = await returned(shop), await returned(shop, order_id="order-2")
    assert (first["state"], second["state"]) == ("approved", "requested")
    (told,) = await applied(shop, second)
    assert (told["outcome"], told["why"]) == ("left_to_a_person", ["above_authority"])
    assert await shop.refunds_of(second) == []


async def test_a_claim_has_the_rules_tried_on_it_once(shop: Storefront, database: Database) -> None:
    await publish(shop, KEEP)
    claim = await returned(shop)
    again = RuleRun(claim_id=claim["claim_id"], version=1, decided_by=None, ran_at=shop.clock())
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: stored_rules.add_run(tx, shop.merchant_id, again))


async def test_the_record_of_the_buyer_counts_earlier_claims(shop: Storefront) -> None:
    few = {"field": "buyer_claims", "at_most": 1, "in_days": 60}
    await publish(shop, rule("approve", conditions=[few]))
    states = [(await returned(shop, order_id=f"order-{n}", buyer_id="mina"))["state"] for n in range(3)]
    assert states == ["approved", "approved", "requested"]


async def test_the_rules_of_one_merchant_are_not_those_of_another(shop: Storefront, database: Database) -> None:
    reader = await colleague(shop, database, Scope.POLICIES_READ)
    await publish(shop, KEEP)
    assert (await reader.get("/v1/rules")).json()["published"]["version"] == 1
    assert (await reader.put("/v1/rules", {"rules": []})).json()["code"] == "missing_scope"
