"""Situations to render every template in: each step of the walks of the engine, and what goes on beside the steps."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from app import json_text
from app.engine import Decision, Facts, command_name, decide, next_command, standing_of
from app.engine.model.claim import Claim
from app.engine.model.commands import Command
from app.engine.model.vocabulary import State
from app.engine.transitions import ledger
from app.messages.message_rules import MESSAGE_RULES
from app.records.buyer import Buyer
from app.records.shop import ReturnAddress, Shop, ShopProfile, WayToPay
from app.service.events.event import PublishedEvent
from app.service.message_context import Scene
from app.service.standing import beside
from tests.engine.orders import NOW
from tests.engine.walks import WALKS, Walk

SHOP = Shop(
    name="7",
    contact_email="a@b.example",
    profile=ShopProfile(
        phone="02-555-0142",
        chat_url="https://mug.example",
        return_addresses=(ReturnAddress(address="8"),),
        ways_to_pay=(WayToPay(currency="KRW", account="9"),),
    ),
)
PEOPLE = (SHOP, Buyer(name="6"))
FREE_TEXTS = {"message", "note", "text", "title", "sku", "question", "failure", "override", "name", "bank"}
"""The fields whose values people write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One event in one situation. `data` is the data of the event as JSON."""

    name: str
    event: str
    scene: Scene
    facts: Facts
    claim: Claim | None
    data: Mapping[str, Any]


@cache
def cases() -> tuple[Case, ...]:
    """Each situation once."""
    return (*_of_claims(), *_of_orders())


def _of_claims() -> Iterator[Case]:
    seen: set[tuple[Any, ...]] = set()
    for walk in WALKS:
        for decision, facts in _steps(walk):
            claim = replace(decision.claim, claim_id="claim")
            place = decision.event.type, json_text.dump(claim), facts.now, facts.order.order_id
            if place not in seen:
                seen.add(place)
                stored = json_text.load(json_text.dump({"claim": claim, **beside(claim, standing_of(claim, facts))}))
                standing = Standing(claim, facts, stored)
                yield from _of_decision(walk, decision, standing)
                for case in _beside(walk, standing):
                    what = case.event, claim.kind, claim.reason, _of_event(case), bool(claim.hold)
                    if what not in seen:
                        seen.add(what)
                        yield case


def _of_event(case: Case) -> str:
    """What the event adds to its claim, and the offer that it is about."""
    offers = case.claim.offers if case.claim and case.event == "claim.offer_reminded" else ()
    return json_text.dump([{**case.data, "claim": None, "amounts": None, "assessment": None}, offers[-1:]])


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim after a step, and the part of an event's data that tells it."""

    claim: Claim
    facts: Facts
    stored: dict[str, Any]

    def case(self, name: str, event: str, later: timedelta = timedelta(), **data: Any) -> Case:
        facts = replace(self.facts, now=self.facts.now + later)
        told = {**json_text.load(json_text.dump(data)), **self.stored}
        scene = _scene(event, "claim", self.claim, facts, told)
        return Case(name=name, event=event, scene=scene, facts=facts, claim=self.claim, data=told)


def _steps(walk: Walk) -> Iterator[tuple[Decision, Facts]]:
    claim, facts = None, walk.facts
    for step in walk.steps:
        command = step if isinstance(step, Command) else None
        facts = facts if isinstance(step, Command) else step(facts)
        command = command or (next_command(claim, facts) if claim else None)
        while command is not None:
            decision = decide(claim, command, facts)
            assert isinstance(decision, Decision), (walk.name, command, decision)
            claim, facts = decision.claim, ledger.apply_effects(facts, decision.effects)
            yield decision, facts
            command = next_command(claim, facts)


def _of_decision(walk: Walk, decision: Decision, standing: Standing) -> Iterator[Case]:
    event = decision.event
    if event.type in MESSAGE_RULES:
        command = json_text.tagged("command", event.command) | {"command": command_name(type(event.command))}
        data: dict[str, Any] = {"by": event.by, "from": event.source, "to": event.target, "command": command}
        yield standing.case(walk.name, event.type, **data)


def _beside(walk: Walk, standing: Standing) -> Iterator[Case]:
    """What goes on beside the steps of a claim: questions, reminders, refunds and accounts."""
    claim = standing.claim
    if claim.hold:
        yield standing.case(walk.name, "claim.question_asked", contact={"kind": "question", "text": "?"})
        yield standing.case(walk.name, "claim.question_answered", contact={"kind": "answer", "text": "!"})
        yield standing.case(walk.name, "claim.answer_reminded", question="?")
    if claim.state is State.REQUESTED:
        yield standing.case(walk.name, "claim.response_reminded")
    if claim.state is State.APPROVED and claim.deadlines.collect_by:
        yield standing.case(walk.name, "claim.goods_reminded")
    if claim.offers and claim.offers[-1].expires_at:
        yield standing.case(walk.name, "claim.offer_reminded", command={"offer_id": claim.offers[-1].offer_id})
    yield from _of_money(walk, standing)


def _of_money(walk: Walk, standing: Standing) -> Iterator[Case]:
    """The refunds of the claim, in time and late, and the account for them."""
    claim = standing.claim
    for share in claim.amounts.shares if claim.amounts else ():
        due_on = claim.deadlines.refund_due_on
        owed = {"amount": share.amount, "method": share.method, "due_on": due_on, "failure": "no"}
        late = {**owed, "late_interest": 7, "late_interest_percent": 15}
        account = {"bank": "088", "masked_number": "***9"}
        yield standing.case(walk.name, "refund.created", refund=owed)
        yield standing.case(walk.name, "claim.refund_account_requested", amount=share.amount, account=None)
        yield standing.case(walk.name, "claim.refund_account_set", amount=share.amount, account=account)
        for event in ("refund.succeeded", "refund.failed", "refund.unknown", "refund.reminded"):
            yield standing.case(walk.name, event, refund=owed)
        for event in ("refund.succeeded", "refund.failed", "refund.overdue"):
            yield standing.case(walk.name, event, timedelta(days=40), refund=late)


def _scene(event: str, subject: str, claim: Claim | None, facts: Facts, data: dict[str, Any]) -> Scene:
    published = PublishedEvent(
        merchant_id="m", event_id="e", type=event, at=facts.now, subject=subject, subject_id="s", data=data
    )
    return Scene(published, claim=claim, state=claim.state if claim else None, facts=facts, people=PEOPLE)


def _of_orders() -> Iterator[Case]:
    """The examples of the events of orders, each with the order of a walk."""
    folder = files("app.service.events") / "examples"
    orders = list({walk.facts.order: walk.facts for walk in WALKS}.values())
    for event in (name for name in MESSAGE_RULES if name.startswith("order.")):
        example = json.loads((folder / f"{event}.json").read_text("utf-8"))
        data = {key: value for key, value in example["data"].items() if key not in ("order", "messages")}
        for facts in orders:
            at = replace(facts, now=min(NOW, datetime.fromisoformat(example["timestamp"]).astimezone(UTC)))
            lines = [{"line_id": facts.order.lines[0].line_id, "quantity": 1}] if "lines" in data else None
            told = {**data, **({"lines": lines} if lines else {})}
            yield Case(
                name=event,
                event=event,
                scene=_scene(event, "order", None, at, told),
                facts=at,
                claim=None,
                data=told,
            )
