"""Examples of what events hold: a claim that the engine has made, in the states that the table's rows lead to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app import json_text
from app.engine.advance import Progress, advance
from app.engine.decide import command_name
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.fast_values import replace
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.refund import Refund, RefundStatus
from app.engine.model.vocabulary import Kind, Reason, Role, State
from app.engine.transitions.transition import Transition
from app.presets.loader import policy_by_key
from app.service.ids import new_id
from app.service.policies import make_facts

MOMENT = "2026-06-10T01:00:00Z"
_NOW = datetime.fromisoformat(MOMENT)
_CLAIM_ID = "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b"
_ORDER = Order(
    order_id="2026060512345",
    currency="KRW",
    policy="storefront_kr@1",
    buyer_id="buyer-7",
    paid_at=datetime.fromisoformat("2026-06-05T01:00:00Z"),
    payments=(Payment(payment_id="pay-1", method="card", captured=24000),),
    lines=(
        OrderLine(
            line_id="1",
            sku="MUG-WHITE",
            quantity=2,
            unit_price=12000,
            shipped=2,
            delivered=2,
            delivered_at=datetime.fromisoformat("2026-06-08T06:00:00Z"),
        ),
    ),
)
_REFUND = Refund(
    refund_id="0198c1f2-8a10-7b0c-b1d7-0d2b6a9e4c55",
    claim_id=_CLAIM_ID,
    order_id=_ORDER.order_id,
    payment_id="pay-1",
    method="card",
    amount=12000,
    currency="KRW",
    idempotency_key="0198c1f2-8a10-7f35-8c1e-77aa0c3d9e12",
    created_at=_NOW,
)


def _asked() -> Progress:
    command = Request(
        by=Actor(role=Role.BUYER, name="buyer-7"),
        claim_id=_CLAIM_ID,
        kind=Kind.RETURN,
        reason=Reason.DEFECTIVE,
        lines=(RequestedLine(line_id="1", quantity=1),),
        requested_at=_NOW,
    )
    progress = advance(None, command, make_facts(policy_by_key(_ORDER.policy), _ORDER, _NOW), new_id)
    if not isinstance(progress, Progress):
        raise TypeError("the example must be a claim that can be made")
    return progress


_CLAIM = _asked().claim


def of_claim(row: Transition) -> Mapping[str, Any]:
    """The event of a row of the table. The claim is short of what led there: it shows the fields, not a
    history."""
    source = next((state for state in State if state in row.sources), None) if row.sources else None
    target = row.to or source or State.REQUESTED
    claim = replace(_CLAIM, state=target, version=1 if source is None else 2)
    data = {
        "by": Actor(role=Role.SELLER if source else Role.BUYER, name="minji" if source else "buyer-7"),
        "from": source,
        "to": target,
        "command": {"command": command_name(row.command)},
        "effects": [],
        "claim": claim,
        **_place(claim.version),
    }
    return _plain(data)


def of_refund(status: str) -> Mapping[str, Any]:
    refund = replace(_REFUND, status=RefundStatus(status))
    return _plain({"refund": refund, **_place(3)})


def of_contact(kind: str, role: Role, text: str) -> Mapping[str, Any]:
    contact = {"contact_id": "0198c1f4-5d6e-7f80-9a1b-2c3d4e5f6071", "kind": kind, "text": text}
    return _plain({"by": Actor(role=role, name="minji"), "contact": contact, "claim": _CLAIM, **_place(2)})


def of_endpoint(event_type: str) -> Mapping[str, Any]:
    is_failing = event_type != "endpoint.test"
    return {
        "endpoint_id": "0198c1f3-0a5b-7d10-8a7c-1e2d3c4b5a69",
        "url": "https://shop.example/recourse",
        "failing_since": "2026-06-08T01:00:00Z" if is_failing else None,
        "disables_at": "2026-06-13T01:00:00Z" if event_type == "endpoint.failing" else None,
        "disabled_reason": "failing" if event_type == "endpoint.disabled" else None,
        "messages": [],
    }


def _place(version: int) -> dict[str, Any]:
    where = {"claim_id": _CLAIM_ID, "order_id": _ORDER.order_id}
    return {**where, "version": version, "seq": version, "messages": []}


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json_text.load(json_text.dump(data))
    return found
