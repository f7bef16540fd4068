"""A draft is tried on past claims before it counts: the totals are those of the claims replayed by hand."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.engine import Decision, decide, standing_of
from app.engine.model.claim import Actor
from app.engine.model.commands import Approve, Request, RequestedLine
from app.engine.model.order import Units
from app.engine.model.vocabulary import Kind, Reason, Role
from app.engine.transitions.ledger import apply_effects
from app.records.api_key import Scope
from app.service.policies import make_facts, pinned_preset
from app.store import orders
from app.store.database import Database
from tests.api.keys import colleague
from tests.api.rule_scenes import publish, rule
from tests.storefront import MONDAY, Storefront

DEFECTIVE = {"field": "reason", "one_of": ["defective"]}
KEEP = rule("approve_keep_goods", "cheap", currency="KRW", conditions=[{"field": "value", "at_most": 12000}, DEFECTIVE])
PERIOD = {"requested_from": "2026-06-01T00:00:00Z", "requested_before": "2026-07-01T00:00:00Z"}
LIVES = (
    ("defective", 1, "approve"),
    ("defective", 2, ""),
    ("change_of_mind", 1, "approve"),
    ("change_of_mind", 1, "retract"),
    ("other", 1, ""),
    ("wrong_item", 1, ""),
)
"""Returns of a number of mugs, and what somebody did then."""


async def lived(shop: Storefront) -> dict[str, tuple[str, int]]:
    """The claims of a shop by their ids, with their reason and units."""
    claims = {}
    for number, (reason, quantity, command) in enumerate(LIVES):
        await shop.push_order(f"order-{number}")
        await shop.ship(f"order-{number}")
        lines = [{"line_id": "1", "quantity": quantity}]
        claim = await shop.claim("return", reason, order_id=f"order-{number}", lines=lines)
        if command:
            await shop.give(claim, command)
        claims[claim["claim_id"]] = (reason, quantity)
    shop.clock.turn(days=30)
    return claims


async def tried(shop: Storefront, **drafts: Any) -> dict[str, Any]:
    answer = await shop.post("/v1/what-if", {**PERIOD, **drafts})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def by_hand(shop: Storefront, database: Database, claim_id: str) -> tuple[int, str, int, str]:
    """The refund and the outcome without rules, and the same under the draft, by commands given here."""
    body = (await shop.get(f"/v1/claims/{claim_id}")).json()
    async with database.read() as tx:
        stored = await orders.load(tx, shop.merchant_id, body["order_id"])
    assert stored is not None
    lines = tuple(replace(line, units=Units()) for line in stored.order.lines)
    bought = replace(stored.order, lines=lines, payments=tuple(replace(p, refunded=0) for p in stored.order.payments))
    bought = replace(bought, shipping_refunded=0)
    requested_at = MONDAY + timedelta(hours=1 + int(body["order_id"].removeprefix("order-")))
    facts = make_facts(pinned_preset("storefront_kr"), bought, requested_at)
    reason, quantity = Reason(body["reason"]), body["lines"][0]["quantity"]
    command = Request(
        by=Actor(role=Role.BUYER, name="mina"),
        claim_id=claim_id,
        kind=Kind.RETURN,
        reason=reason,
        lines=(RequestedLine(line_id="1", quantity=quantity),),
        requested_at=requested_at,
    )
    opened = decide(None, command, facts)
    assert isinstance(opened, Decision)
    plain = standing_of(opened.claim, facts)
    outcome = {"eligible": "approvable", "ineligible": "refusable", "review": "unclear"}[plain.assessment.verdict]
    refund = plain.amounts.total if outcome == "approvable" else 0
    if reason is not Reason.DEFECTIVE or quantity * 12000 > 12000:
        return refund, outcome, refund, outcome
    keep = Approve(by=Actor(role=Role.SYSTEM, name="hand"), keep_goods=True)
    kept = decide(opened.claim, keep, apply_effects(facts, opened.effects))
    assert isinstance(kept, Decision)
    assert kept.claim.amounts is not None
    return refund, outcome, kept.claim.amounts.total, "approved"


async def test_what_if_equals_the_claims_replayed_by_hand(shop: Storefront, database: Database) -> None:
    claims = await lived(shop)
    answer = await tried(shop, rules=[KEEP])
    hand = {claim_id: await by_hand(shop, database, claim_id) for claim_id in claims}
    assert (answer["claims"], answer["replayed"], answer["not_replayed"]) == (len(LIVES), len(LIVES), [])
    told = {each["outcome"]: (each["before"], each["after"]) for each in answer["outcomes"]}
    before = Counter(outcome for _, outcome, _, _ in hand.values())
    after = Counter(outcome for _, _, _, outcome in hand.values())
    assert told == {name: (before[name], after[name]) for name in told}
    (refunds,) = answer["refunds"]
    sums = sum(row[0] for row in hand.values()), sum(row[2] for row in hand.values())
    assert (refunds["before"], refunds["after"], refunds["difference"]) == (*sums, sums[1] - sums[0])
    changed = {claim_id: row for claim_id, row in hand.items() if row[:2] != row[2:]}
    assert len(changed) == 1
    assert {
        each["claim_id"]: (
            *(each["before"]["refund"], each["before"]["outcome"]),
            *(each["after"]["refund"], each["after"]["outcome"]),
        )
        for each in answer["changes"]
    } == changed
    assert [each["after"]["rule_id"] for each in answer["changes"]] == ["cheap"]
    assert (answer["goods_kept_before"], answer["goods_kept_after"]) == (0, 1)


async def test_what_if_stores_nothing_and_compares_with_the_rules_in_force(shop: Storefront) -> None:
    await lived(shop)
    histories = (await shop.get("/v1/events")).json()
    await tried(shop, rules=[KEEP])
    assert (await shop.get("/v1/events")).json() == histories
    await publish(shop, KEEP)
    assert (await tried(shop, rules=[KEEP]))["changes"] == []
    assert len((await tried(shop, rules=[]))["changes"]) == 1


async def test_pages_have_each_claim_once(shop: Storefront) -> None:
    await lived(shop)
    whole, seen, cursor = await tried(shop, rules=[KEEP]), 0, None
    changes = []
    while True:
        page = await tried(shop, rules=[KEEP], limit=2, cursor=cursor)
        seen += page["claims"]
        changes += page["changes"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert (seen, changes) == (whole["claims"], whole["changes"])


async def test_a_draft_of_a_policy_is_tried_on_every_claim(shop: Storefront) -> None:
    await lived(shop)
    terms = {"automation": [{"kinds": ["return"], "when": "always"}]}
    answer = await tried(shop, policy={"base": "storefront_kr", "terms": terms})
    told = {each["outcome"]: (each["before"], each["after"]) for each in answer["outcomes"]}
    assert (told["approved"], told["approvable"]) == ((0, 5), (5, 0))


async def test_claims_that_cannot_be_replayed_are_counted_with_the_reason(shop: Storefront) -> None:
    await shop.push_order()
    await shop.ship()
    for _ in range(2):
        await shop.claim("return", "defective")
    answer = await tried(shop, rules=[KEEP])
    assert (answer["claims"], answer["replayed"]) == (2, 0)
    assert answer["not_replayed"] == [{"reason": "other_claims", "claims": 2}]


async def test_only_claims_of_the_period_count(shop: Storefront) -> None:
    await lived(shop)
    later = {"requested_from": "2026-07-01T00:00:00Z", "requested_before": "2026-08-01T00:00:00Z"}
    assert (await shop.post("/v1/what-if", {**later, "rules": [KEEP]})).json()["claims"] == 0


async def test_a_trial_needs_a_draft_and_the_right_to_read_claims(shop: Storefront, database: Database) -> None:
    assert (await shop.post("/v1/what-if", PERIOD)).status_code == 422
    reader = await colleague(shop, database, Scope.POLICIES_READ)
    refused = await reader.post("/v1/what-if", {**PERIOD, "rules": []})
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
