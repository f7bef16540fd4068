"""What a story needs before it can begin: an order, an instant, an actor; and `walk`, which tells it.

A step of a walk is a command, or something that happens to the facts meanwhile: `at`, `shipped`, `paid`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.engine.advance import Progress, advance
from app.engine.autopilot import next_command
from app.engine.decide import Refused
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Actor, Claim, DeductedAmount, Replacement, Tracking
from app.engine.model.commands import (
    Approve,
    Command,
    ConfirmDelivery,
    ConfirmPayment,
    Dispatch,
    Expire,
    HoldClaim,
    Inspect,
    InspectedLine,
    MarkOverdue,
    Receive,
    ReceivedLine,
    Reject,
    Release,
    Request,
    RequestedLine,
    Reship,
    Retract,
    SettleRefund,
)
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.refusals import Code, Refusal
from app.engine.model.vocabulary import Condition, Ground, HoldReason, Kind, Reason, Role
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.facts import Facts
from app.engine.policy.index import PolicyIndex, index_policy
from app.engine.policy.money_rules import Fees
from app.engine.policy.policy import Policy
from app.presets.loader import calendar_for, preset

SEOUL = ZoneInfo("Asia/Seoul")
PAID = datetime(2026, 6, 5, 10, tzinfo=SEOUL)
SHIPPED = datetime(2026, 6, 6, 9, tzinfo=SEOUL)
DELIVERED = datetime(2026, 6, 8, 15, tzinfo=SEOUL)
NOW = datetime(2026, 6, 10, 10, tzinfo=SEOUL)
SOON = NOW + timedelta(hours=1)
TOO_LATE = NOW + timedelta(days=60)

POLICY = preset("storefront_kr")
NO_FEES = replace(POLICY, fees=Fees())
SEOUL_DAYS = calendar_for("KR", "Asia/Seoul", 2025, 2028)

BUYER = Actor(role=Role.BUYER, name="mina")
SELLER = Actor(role=Role.SELLER, name="jiwoo")
SYSTEM = Actor(role=Role.SYSTEM, name="clockwork")
BLUE = Replacement(sku="shirt-blue", title="Shirt, blue")
PARCEL = Tracking(carrier="cj", number="640000000001")

APPROVE = Approve(by=SELLER)
RETRACT = Retract(by=BUYER)
HOLD = HoldClaim(by=SELLER, reason=HoldReason.SELLER_CHECK)
RELEASE = Release(by=SELLER)
DISPATCH = Dispatch(by=BUYER, tracking=PARCEL)
RESHIP = Reship(by=SELLER, tracking=PARCEL)
CONFIRM_DELIVERY = ConfirmDelivery(by=SELLER)
SETTLE = SettleRefund(by=SYSTEM)
EXPIRE = Expire(by=SYSTEM)
MARK_OVERDUE = MarkOverdue(by=SYSTEM)

BreakdownStep = Command | Callable[[Facts], Facts]
ONE: Mapping[str, int] = {"1": 1}


def line(line_id: str = "1", quantity: int = 1, unit_price: int = 10_000, **more: Any) -> OrderLine:
    return OrderLine(line_id=line_id, quantity=quantity, unit_price=unit_price, **more)


def delivered(bought: OrderLine) -> OrderLine:
    return replace(
        bought, shipped=bought.quantity, shipped_at=SHIPPED, delivered=bought.quantity, delivered_at=DELIVERED
    )


def order(*lines: OrderLine, payments: Mapping[str, int] | None = None, **more: Any) -> Order:
    """An order paid in full; `payments` are amounts by method, one card if nothing is said."""
    unpaid = Order(order_id="order", currency="KRW", policy=POLICY.key, paid_at=PAID, lines=lines, **more)
    captured = payments or {"card": price_of(unpaid)}
    return replace(
        unpaid,
        payments=tuple(
            Payment(payment_id=method, method=method, captured=amount) for method, amount in captured.items()
        ),
    )


def price_of(bought: Order) -> int:
    """What the buyer had to pay: goods less discounts, shipping, and tax where prices come without."""
    goods = sum(line.quantity * line.unit_price - line.discount for line in bought.lines) - bought.discount
    tax = 0 if bought.prices_include_tax else sum(line.tax for line in bought.lines) + bought.shipping_tax
    return goods + bought.shipping_charged + tax


def rules_of(policy: Policy, calendar: BusinessCalendar) -> PolicyIndex:
    """The index of a policy, made once. It keeps both alive, so that their ids stay theirs."""
    place = id(policy), id(calendar)
    if place not in _INDEXES:
        _INDEXES[place] = index_policy(policy, calendar)
    return _INDEXES[place]


_INDEXES: dict[tuple[int, int], PolicyIndex] = {}


def facts(bought: Order, now: datetime = NOW, policy: Policy = POLICY) -> Facts:
    return Facts(order=bought, rules=rules_of(policy, SEOUL_DAYS), now=now)


def under(policy: Policy, now: Facts) -> Facts:
    """The same facts, judged by another policy."""
    return replace(now, rules=rules_of(policy, now.calendar))


def asks(
    kind: Kind,
    reason: Reason = Reason.CHANGE_OF_MIND,
    units: Mapping[str, int] = ONE,
    replacement: Replacement | None = BLUE,
    **more: Any,
) -> Request:
    """The buyer asks at `NOW`, for one unit of line 1 if nothing is said, and for a blue one in exchange."""
    return Request(
        by=BUYER,
        claim_id=more.pop("claim_id", "claim"),
        kind=kind,
        reason=reason,
        requested_at=more.pop("requested_at", NOW),
        lines=tuple(
            RequestedLine(
                line_id=line_id,
                quantity=quantity,
                replacement=replacement if kind is Kind.EXCHANGE else None,
            )
            for line_id, quantity in units.items()
        ),
        **more,
    )


def rejects(ground: Ground, message: str = "We are sorry.", **more: Any) -> Reject:
    return Reject(by=SELLER, ground=ground, message=message, **more)


def receives(
    units: Mapping[str, int] = ONE, condition: Condition = Condition.AS_SOLD, *, close: bool = False
) -> Receive:
    came = tuple(ReceivedLine(line_id=name, quantity=n, condition=condition) for name, n in units.items())
    return Receive(by=SELLER, lines=came, close=close)


def inspects(units: Mapping[str, int] = ONE, **more: Any) -> Inspect:
    """Accept so many units of each line."""
    used_parts = more.pop("used_parts", None)
    deductions = tuple(
        DeductedAmount(reason=reason, amount=amount) for reason, amount in more.pop("deductions", {}).items()
    )
    found = tuple(
        InspectedLine(line_id=name, accepted=n, deductions=deductions, used_parts=used_parts)
        for name, n in units.items()
    )
    return Inspect(by=SELLER, lines=found, **more)


def pays(amount: int, payment_id: str = "extra") -> ConfirmPayment:
    """What the buyer owed has been paid."""
    return ConfirmPayment(by=SELLER, payment_id=payment_id, method="bank_transfer", amount=amount)


def at(instant: datetime) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, now=instant)


def shipped(units: Mapping[str, int] = ONE, when: datetime = SOON) -> Callable[[Facts], Facts]:
    """So many units of each line leave."""

    def ship(facts: Facts) -> Facts:
        lines = tuple(
            replace(line, shipped=line.shipped + units[line.line_id], shipped_at=when)
            if line.line_id in units
            else line
            for line in facts.order.lines
        )
        return replace(facts, now=max(facts.now, when), order=replace(facts.order, lines=lines))

    return ship


def paid(facts: Facts) -> Facts:
    """Every refund of the claim has succeeded."""
    return replace(facts, refunds_outstanding=0)


def new_id(_: datetime) -> str:
    """The id of the second claim of a split."""
    return "split"


def walk(facts: Facts, *steps: BreakdownStep, claim: Claim | None = None) -> tuple[Claim, Facts] | Refused:
    """Where the steps lead, the autopilot having its say after each of them; or the first refusal."""
    if claim is None:
        facts = paid(facts)
    for step in steps:
        if isinstance(step, Command):
            progress = advance(claim, step, facts, new_id)
            if isinstance(progress, Refused):
                return progress
            claim, facts = progress.claim, progress.facts
        else:
            facts = step(facts)
            command = next_command(claim, facts) if claim else None
            followed = advance(claim, command, facts, new_id) if command else None
            claim, facts = (followed.claim, followed.facts) if isinstance(followed, Progress) else (claim, facts)
    if claim is None:
        raise ValueError("a walk begins with a request")
    return claim, facts


def walked(facts: Facts, *steps: BreakdownStep, claim: Claim | None = None) -> tuple[Claim, Facts]:
    """The same, where nothing is to be refused."""
    end = walk(facts, *steps, claim=claim)
    assert not isinstance(end, Refused), end
    return end


def refusals(facts: Facts, *steps: BreakdownStep, claim: Claim | None = None) -> tuple[Refusal, ...]:
    """What ends the walk before its time."""
    end = walk(facts, *steps, claim=claim)
    assert isinstance(end, Refused), end
    return end.refusals


def refused(facts: Facts, *steps: BreakdownStep, claim: Claim | None = None) -> list[Code]:
    """The same in short: why."""
    return [refusal.code for refusal in refusals(facts, *steps, claim=claim)]


def granted(
    kind: Kind, units: Mapping[str, int] = ONE, reason: Reason = Reason.DEFECTIVE, claim_id: str = "claim"
) -> list[BreakdownStep]:
    """The whole way of a claim that gives money back: everything comes, everything is accepted and paid."""
    goods = [receives(units), inspects(units)] if kind is Kind.RETURN else []
    return [asks(kind, reason, units, claim_id=claim_id), APPROVE, *goods, paid]


def amounts_of(claim: Claim) -> RefundBreakdown:
    assert claim.amounts is not None
    return claim.amounts
