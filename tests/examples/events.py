"""Bodies of events: a claim that the engine has made, in the target states of the table's rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app import json_text
from app.engine import Progress, advance, command_name, standing_of
from app.engine.model.claim import Actor, Claim
from app.engine.model.commands import Command, Reject, Request, RequestedLine
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.refund import Refund, RefundPart, RefundStatus
from app.engine.model.vocabulary import Ground, Kind, Nature, Reason, Record, Role, State
from app.engine.policy.facts import Facts
from app.engine.transitions.table import TABLE
from app.presets.loader import policy_by_key
from app.records.contact import Contact, ContactKind
from app.records.refund import StoredRefund
from app.records.refund_account import RefundAccount
from app.service.ids import new_id
from app.service.policies import make_facts
from app.service.resources.asked import asked_values
from app.service.resources.claim import claim_body
from app.service.resources.claim_file import file_facts
from app.service.resources.contact import contact_body
from app.service.resources.refund import refund_body
from app.service.resources.refund_account import refund_account_body
from app.service.resources.refund_breaker import opening_values
from app.service.resources.return_parcel import parcel_facts
from app.service.resources.survey import survey_facts
from app.service.resources.withdrawal import withdrawal_body
from app.service.resources.withdrawal_receipt import withdrawal_receipt_body
from tests.examples import claim_files, order_events, refund_breakers, return_parcels, rules, surveys, withdrawals

MOMENT = "2026-06-10T01:00:00Z"
_NOW = datetime.fromisoformat(MOMENT)
_CLAIM_ID = "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b"
_ORDER = Order(
    order_id="2026060512345",
    country="KR",
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


_BUYER = Actor(role=Role.BUYER, name="buyer-7", key="storefront")
_SELLER = Actor(role=Role.SELLER, name="minji", key="desk")
_REQUEST = Request(
    by=_BUYER,
    claim_id=_CLAIM_ID,
    kind=Kind.RETURN,
    reason=Reason.DEFECTIVE,
    lines=(RequestedLine(line_id="1", quantity=1),),
    requested_at=_NOW,
)
_FACTS = make_facts(policy_by_key(_ORDER.policy), _ORDER, _NOW)


def _decided(claim: Claim | None, command: Command, facts: Facts) -> Progress:
    progress = advance(claim, command, facts, new_id)
    if not isinstance(progress, Progress):
        raise TypeError("the example must be a claim that can be made")
    return progress


_CLAIM = _decided(None, _REQUEST, _FACTS).claim
_WITH_A_NAME = OrderLine(
    line_id="2",
    sku="MUG-NAME",
    quantity=1,
    unit_price=15000,
    nature=Nature.CUSTOM_MADE,
    records=frozenset({Record.NOTICE, Record.CONSENT}),
    shipped=1,
    delivered=1,
    delivered_at=_ORDER.lines[0].delivered_at,
)
_BOTH = replace(
    _ORDER,
    lines=(*_ORDER.lines, _WITH_A_NAME),
    payments=(Payment(payment_id="pay-1", method="card", captured=39000),),
)


def _partly_rejected() -> tuple[Claim, Facts]:
    """A return of two lines, of which the custom-made one is rejected."""
    lines = (RequestedLine(line_id="1", quantity=1), RequestedLine(line_id="2", quantity=1))
    asked = replace(_REQUEST, reason=Reason.CHANGE_OF_MIND, lines=lines)
    requested = _decided(None, asked, make_facts(policy_by_key(_BOTH.policy), _BOTH, _NOW))
    rejection = Reject(by=_SELLER, ground=Ground.CUSTOM_MADE, message="이름을 새긴 상품은 반품할 수 없습니다.")
    rejected = _decided(requested.claim, rejection, requested.facts)
    return rejected.claim, rejected.facts


def body_of(name: str) -> dict[str, Any]:
    """The whole body, as a webhook sends it."""
    subject, _, event = name.partition(".")
    data = {
        "claim": _OF_CLAIM_ASIDE.get(event, _of_claim),
        "refund": _of_refund,
        "order": order_events.data_of,
        "withdrawal": _of_withdrawal,
        "endpoint": _of_endpoint,
        "refund_breaker": _of_breaker,
    }[subject](event)
    body: dict[str, Any] = json_text.load(
        json_text.dump({"type": name, "timestamp": MOMENT, "mode": "live", "data": data})
    )
    return body


def _of_withdrawal(event: str) -> Mapping[str, Any]:
    if event == "receipt_made":
        receipt = withdrawal_receipt_body(withdrawals.receipt)
        return {"withdrawal_id": withdrawals.receipt.withdrawal_id, "receipt": receipt, "messages": []}
    body = withdrawal_body(getattr(withdrawals, event))
    return {"withdrawal_id": body["withdrawal_id"], "withdrawal": body, "messages": []}


def _of_claim(event: str) -> Mapping[str, Any]:
    """The claim lacks the history before its state, if its content does not need the history: the example shows only
    the fields."""
    row = next(row for row in TABLE if row.event == event)
    sources = {state for _, state in row.where}
    source = next((state for state in State if state in sources), None)
    claim, facts = _partly_rejected() if event == "partly_rejected" else (_CLAIM, _FACTS)
    claim = replace(claim, state=row.to or source or State.REQUESTED, version=1 if source is None else 2)
    return {
        "by": _SELLER if source else _BUYER,
        "from": source,
        "to": claim.state,
        "command": {"command": command_name(row.command)},
        "effects": [],
        **({"before": asked_values(claim)} if event == "edited" else {}),
        "claim": _claim_body(claim, facts),
        **_place(claim.version),
    }


def _claim_body(claim: Claim, facts: Facts = _FACTS) -> Mapping[str, Any]:
    """The standing is that of the request, which lacks what the example changed."""
    standing = standing_of(replace(claim, state=State.REQUESTED), facts)
    return claim_body(
        claim, assessment=standing.assessment, amounts=standing.amounts, metadata={}, created_at=_NOW, updated_at=_NOW
    )


_STATUS = {"created": "pending", "reminded": "pending", "overdue": "processing", "part_paid": "pending"}
_PARTS = {"part_paid": 5000, "succeeded": 12000}


def _of_refund(event: str) -> Mapping[str, Any]:
    paid = _PARTS.get(event)
    parts = (RefundPart(method="card", amount=paid, paid_at=_NOW, provider_reference="re_81"),) if paid else ()
    refund = replace(_REFUND, status=RefundStatus(_STATUS.get(event, event)), parts=parts)
    return {"refund": refund_body(StoredRefund(refund=refund), _NOW), **_place(3)}


_CONTACTS = {
    "question_asked": (ContactKind.QUESTION, Role.SELLER, "사진을 보내주시겠어요?"),
    "question_answered": (ContactKind.ANSWER, Role.BUYER, "네, 보내드렸어요."),
}


_NAMED = RefundAccount(claim_id=_CLAIM_ID, bank="088", masked_number="********6789", asked_at=_NOW, named_at=_NOW)
_ACCOUNTS = {"refund_account_requested": None, "refund_account_set": refund_account_body(_NAMED)}


def _of_account(event: str) -> Mapping[str, Any]:
    return {"amount": 12000, "currency": "KRW", "account": _ACCOUNTS[event], **_place(4)}


def _of_file(event: str) -> Mapping[str, Any]:
    file = claim_files.ERASED if event == "file_erased" else claim_files.PHOTO
    by = _SELLER if event == "file_erased" else _BUYER
    return {"by": by, "file": file_facts(file), **_place(5)}


def _of_parcel(_: str) -> Mapping[str, Any]:
    return {"by": _SELLER, "parcel": parcel_facts(return_parcels.ON_THE_WAY), **_place(4)}


def _of_disposition(_: str) -> Mapping[str, Any]:
    return {"by": _SELLER, "line_id": "1", "units": [{"disposition": "refurbish", "quantity": 1}], **_place(7)}


def _of_rule(_: str) -> Mapping[str, Any]:
    return {**rules.APPLIED, **_place(3)}


def _of_survey(_: str) -> Mapping[str, Any]:
    return {"by": _BUYER, "survey": survey_facts(surveys.SURVEY), **_place(6)}


def _of_contact(event: str) -> Mapping[str, Any]:
    kind, role, text = _CONTACTS[event]
    contact = Contact(
        contact_id="0198c1f4-5d6e-7f80-9a1b-2c3d4e5f6071",
        claim_id=_CLAIM_ID,
        kind=kind,
        role=role.value,
        author="minji",
        text=text,
        at=_NOW,
    )
    by = Actor(role=role, name="minji", key="desk")
    return {"by": by, "contact": contact_body(contact), "claim": _claim_body(_CLAIM), **_place(2)}


def _of_reminder(event: str) -> Mapping[str, Any]:
    question = "사진을 보내주시겠어요?" if event == "answer_reminded" else None
    by = Actor(role=Role.SYSTEM, name="deadline")
    return {"by": by, "due_at": MOMENT, "question": question, "claim": _claim_body(_CLAIM), **_place(2)}


def _of_breaker(_: str) -> Mapping[str, Any]:
    return {**opening_values(refund_breakers.OPENING), "messages": []}


def _of_endpoint(event: str) -> Mapping[str, Any]:
    return {
        "endpoint_id": "0198c1f3-0a5b-7d10-8a7c-1e2d3c4b5a69",
        "url": "https://shop.example/recourse",
        "failing_started_at": None if event == "test" else "2026-06-08T01:00:00Z",
        "disables_at": "2026-06-13T01:00:00Z" if event == "failing" else None,
        "disabled_reason": "failing" if event == "disabled" else None,
        "messages": [],
    }


_OF_CLAIM_ASIDE = {
    **dict.fromkeys(_CONTACTS, _of_contact),
    **dict.fromkeys(("file_added", "file_erased"), _of_file),
    **dict.fromkeys(_ACCOUNTS, _of_account),
    "parcel_changed": _of_parcel,
    "disposition_changed": _of_disposition,
    "survey_answered": _of_survey,
    "rule_applied": _of_rule,
    **dict.fromkeys(("response_reminded", "goods_reminded", "offer_reminded", "answer_reminded"), _of_reminder),
}
"""The events about a claim that are no step of it."""


def _place(version: int) -> dict[str, Any]:
    return {
        "claim_id": _CLAIM_ID,
        "order_id": _ORDER.order_id,
        "version": version,
        "seq": version,
        "messages": [],
    }
