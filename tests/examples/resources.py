"""Orders, claims, refunds and policies of the examples. The engine makes them, so that an example is never wrong."""

from dataclasses import replace
from datetime import datetime

from app.engine import (
    Progress,
    Quote,
    Standing,
    actions,
    advance,
    command_name,
    next_timeout,
    options,
    standing_of,
)
from app.engine.amounts.refund_breakdown import refund_breakdown
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.refund import Refund, Report, Reported, apply_report
from app.engine.model.refund_parts import PaidPart, apply_part
from app.engine.model.vocabulary import Fault, Kind, Reason, Record, RefundTo, Role
from app.engine.policy.eligibility import assess
from app.engine.policy.rules import Anchor, Basis, Period, Unit, WindowRule
from app.engine.policy.terms import Terms
from app.json_text import dump, effects, tagged
from app.presets.loader import policy_by_key
from app.records.address_change import AddressChange, ChangeStatus
from app.records.claim import StoredClaim
from app.records.claim_event import GENESIS, ClaimEvent, seal
from app.records.option_change import OptionChange, OptionChangeStatus
from app.records.order import StoredOrder
from app.records.order_consent import OrderConsent
from app.records.policy import StoredPolicy
from app.records.refund_account import Account, RefundAccount, masked
from app.records.reversal import Reversal, ReversalKind
from app.records.shipment import Shipment
from app.service.claims import ClaimView
from app.service.ids import new_id
from app.service.options import OpenClaim, OrderOptions
from app.service.orders import OrderView
from app.service.policies import check, make_facts
from app.service.standing import beside


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-06-{text}:00+09:00")


_ORDER = Order(
    order_id="2026060512345",
    country="KR",
    currency="KRW",
    policy="storefront_kr@1",
    buyer_id="buyer-7",
    paid_at=_at("05T10:00"),
    shipping_charged=3000,
    payments=(Payment(payment_id="pay-1", method="card", captured=27000),),
    lines=(
        OrderLine(
            line_id="1",
            sku="MUG-WHITE",
            title="머그컵",
            quantity=2,
            unit_price=12000,
            shipped=2,
            delivered=2,
            shipped_at=_at("06T09:00"),
            delivered_at=_at("08T15:00"),
        ),
    ),
)
_PARCEL = Shipment(
    carrier="cj",
    tracking_number="651234567890",
    lines=(("1", 2),),
    shipped_at=_at("06T09:00"),
    delivered_at=_at("08T15:00"),
)
CLAIM_ID = "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b"
NOW = _at("10T10:00")
BUYER = Actor(role=Role.BUYER, name="buyer-7", key="storefront")
SELLER = Actor(role=Role.SELLER, name="minji", key="desk")
FACTS = make_facts(policy_by_key(_ORDER.policy), _ORDER, NOW)


def _request_claim() -> Progress:
    command = Request(
        by=BUYER,
        claim_id=CLAIM_ID,
        kind=Kind.RETURN,
        reason=Reason.CHANGE_OF_MIND,
        lines=(RequestedLine(line_id="1", quantity=1),),
        requested_at=NOW,
    )
    progress = advance(None, command, FACTS, new_id)
    if not isinstance(progress, Progress):
        raise TypeError("the example must be a claim that can be made")
    return progress


_PROGRESS = _request_claim()


def _first_event() -> ClaimEvent:
    decision = _PROGRESS.decisions[0]
    decided, command_fields = decision.event, tagged("command", decision.event.command)
    parameters = {name: value for name, value in command_fields.items() if name not in ("command", "by")}
    data = {
        "by": decided.by,
        "from": decided.source,
        "to": decided.target,
        "command": {"command": command_name(type(decided.command)), **parameters},
        "effects": effects(decision.effects),
        "claim": decision.claim,
        **beside(decision.claim, standing_of(_PROGRESS.claim, _PROGRESS.facts)),
    }
    return seal(
        ClaimEvent(
            merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
            claim_id=CLAIM_ID,
            seq=1,
            event_id="0198c1f2-7d1d-7aa4-b2c3-90d1e2f3a4b5",
            type=decided.type,
            at=NOW,
            data=dump(data),
            previous=GENESIS,
        )
    )


order_view = OrderView(
    order=_ORDER, shipments=(_PARCEL,), created_at=_at("05T10:00"), updated_at=_at("08T15:00"), version=2, metadata={}
)
stored_order = StoredOrder(order=_ORDER, created_at=_at("05T10:00"), updated_at=_at("08T15:00"))
claim_view = ClaimView(
    claim=_PROGRESS.claim,
    assessment=assess(_PROGRESS.claim, FACTS),
    amounts=refund_breakdown(_PROGRESS.claim, _ORDER, FACTS.policy),
    actions=actions(_PROGRESS.claim, _PROGRESS.facts),
    created_at=NOW,
    updated_at=NOW,
    metadata={"ticket": "CS-118"},
)
claim_facts = _PROGRESS.facts
quote = Quote(
    claim=claim_view.claim,
    standing=Standing(assessment=claim_view.assessment, amounts=claim_view.amounts),
    following=(),
)
order_options = OrderOptions(
    order=_ORDER,
    policy=_ORDER.policy,
    time_zone="Asia/Seoul",
    judged_at=NOW,
    more_line_ids=(),
    lines=tuple(options(_PROGRESS.facts.order.lines, _PROGRESS.facts, BUYER)),
    open_claims=(
        OpenClaim(
            stored=StoredClaim(
                claim=_PROGRESS.claim,
                order=_PROGRESS.facts.order,
                created_at=NOW,
                updated_at=NOW,
                events=1,
                head=GENESIS,
                refunds_outstanding=0,
            ),
            next_timeout=next_timeout(_PROGRESS.claim),
        ),
    ),
)
event = _first_event()
refund = Refund(
    refund_id="0198c1f2-8a10-7b0c-b1d7-0d2b6a9e4c55",
    claim_id=CLAIM_ID,
    order_id=_ORDER.order_id,
    payment_id="pay-1",
    method="card",
    amount=9000,
    currency="KRW",
    idempotency_key="0198c1f2-8a10-7f35-8c1e-77aa0c3d9e12",
    created_at=NOW,
)


def reported(report: Report) -> Refund:
    """The refund after a report."""
    reported_outcome = Reported(report=report, at=NOW, provider_reference="re_81", failure=_FAILURES.get(report))
    result = apply_report(refund, reported_outcome)
    if not isinstance(result, Refund):
        raise TypeError(f"the example must be a report that the refund accepts, not {result}")
    return result


_FAILURES = {Report.FAILED: "card expired"}


def _paid_in_part() -> Refund:
    """The refund goes to an account. A first part was paid."""
    part = PaidPart(amount=4000, method="bank_transfer", provider_reference="tr_17")
    result = apply_part(replace(refund, method="virtual_account", refund_to=RefundTo.ACCOUNT), part, NOW)
    if not isinstance(result, Refund):
        raise TypeError(f"the example must be a part that the refund accepts, not {result}")
    return result


paid_in_part = _paid_in_part()
account = Account(bank="088", number="110-123-456789", holder="김민지")
refund_account = RefundAccount(
    claim_id=CLAIM_ID, bank=account.bank, masked_number=masked(account.number), asked_at=NOW, named_at=NOW
)


reversal = Reversal(
    order_id=_ORDER.order_id,
    payment_id="pay-1",
    reversal_id="dp_1",
    kind=ReversalKind.CHARGEBACK,
    amount=6000,
    reversed_at=NOW,
)
order_consent = OrderConsent(
    order_id=_ORDER.order_id,
    digest="9f0d2c5a7f5f6e0b7a4a7d6b1c3e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90",
    text="각인 상품은 제작이 시작되면 취소할 수 없다는 안내를 확인했습니다.",
    version="2026-05",
    option="확인했습니다",
    agreed_at=NOW,
    records=frozenset({Record.NOTICE, Record.CONSENT}),
    line_ids=("1",),
    recorded_at=NOW,
)
option_change = OptionChange(
    order_id=_ORDER.order_id,
    change_id="0198c1f2-a0c4-7d10-9b21-5f7e3c1d2a90",
    line_id="1",
    quantity=1,
    sku="SHIRT-L",
    title="셔츠 L",
    unit_price=None,
    difference=0,
    status=OptionChangeStatus.REQUESTED,
    requested_at=_at("05T12:30"),
    note="M을 잘못 골랐어요. L로 바꿔 주세요.",
)
address_change = AddressChange(
    order_id=_ORDER.order_id,
    change_id="0198c1f2-9b21-7d44-8e02-6c1f0a5d3b77",
    status=ChangeStatus.REQUESTED,
    address=dump(
        {
            "recipient": "김민아",
            "postal_code": "04524",
            "street": "서울특별시 중구 세종대로 110",
            "detail": "3층",
            "city": None,
            "region": None,
            "country": None,
            "phone": "010-0000-0000",
            "note": None,
        }
    ),
    requested_at=_at("05T12:00"),
)


_TERMS = Terms(
    title="머그 가게",
    windows=(
        WindowRule(
            code="house_return",
            kinds=frozenset({Kind.RETURN}),
            faults=frozenset({Fault.BUYER}),
            periods=(Period(length=3, unit=Unit.DAYS, anchor=Anchor.DELIVERED),),
            citation="the seller's own promise",
            basis=Basis.PRACTICE,
        ),
    ),
)
checked_policy = check("kr", _TERMS, NOW)
published_policy = StoredPolicy(
    merchant_id="0198b0a4-33c1-7d5e-8f10-2c4d6e8fa0b2",
    policy_id="house",
    version=1,
    base="kr@1",
    effective_from=NOW,
    terms=dump(_TERMS),
    document=dump(check("kr", _TERMS, NOW, policy_id="house").policy),
    violations=dump(checked_policy.violations),
    created_at=NOW,
)
