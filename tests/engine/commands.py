"""Commands of the engine tests, each with its actor."""

from collections.abc import Mapping
from typing import Any

from app.engine.amounts.captures import LateMoney
from app.engine.model.claim import Actor, DeductedAmount, Replacement, Tracking
from app.engine.model.commands import (
    AdjustRefund,
    Approve,
    CompleteRepair,
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
from app.engine.model.edit import Edit
from app.engine.model.vocabulary import Condition, Ground, HoldReason, Kind, Reason, Role
from tests.engine.orders import NOW

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
COMPLETE_REPAIR = CompleteRepair(by=SELLER)
RESHIP = Reship(by=SELLER, tracking=PARCEL)
CONFIRM_DELIVERY = ConfirmDelivery(by=SELLER)
SETTLE = SettleRefund(by=SYSTEM)
EXPIRE = Expire(by=SYSTEM)
MARK_OVERDUE = MarkOverdue(by=SYSTEM)

ONE: Mapping[str, int] = {"1": 1}
"""One unit of line 1."""


def request(
    kind: Kind,
    reason: Reason = Reason.CHANGE_OF_MIND,
    units: Mapping[str, int] = ONE,
    replacement: Replacement | None = BLUE,
    **more: Any,
) -> Request:
    """The buyer asks at `NOW`. The replacement is used for an exchange alone."""
    substitute = replacement if kind is Kind.EXCHANGE else None
    return Request(
        by=BUYER,
        claim_id=more.pop("claim_id", "claim"),
        kind=kind,
        reason=reason,
        requested_at=more.pop("requested_at", NOW),
        lines=tuple(
            RequestedLine(line_id=line_id, quantity=quantity, replacement=substitute)
            for line_id, quantity in units.items()
        ),
        **more,
    )


def edit(units: Mapping[str, int] = ONE, reason: Reason = Reason.CHANGE_OF_MIND, **more: Any) -> Edit:
    """The buyer asks for these units, for this reason, in place of what the claim asks for."""
    lines = tuple(RequestedLine(line_id=line_id, quantity=quantity) for line_id, quantity in units.items())
    return Edit(by=more.pop("by", BUYER), reason=reason, lines=more.pop("lines", lines), **more)


def reject(ground: Ground, message: str = "We are sorry.", **more: Any) -> Reject:
    return Reject(by=SELLER, ground=ground, message=message, **more)


def receive(
    units: Mapping[str, int] = ONE, condition: Condition = Condition.AS_SOLD, *, close: bool = False
) -> Receive:
    lines = tuple(
        ReceivedLine(line_id=line_id, quantity=quantity, condition=condition) for line_id, quantity in units.items()
    )
    return Receive(by=SELLER, lines=lines, close=close)


def inspect(units: Mapping[str, int] = ONE, **more: Any) -> Inspect:
    """The seller accepts that many units of each line."""
    used_parts = more.pop("used_parts", None)
    evidence = more.pop("evidence", ())
    deductions = tuple(
        DeductedAmount(reason=reason, amount=amount, evidence=evidence)
        for reason, amount in more.pop("deductions", {}).items()
    )
    lines = tuple(
        InspectedLine(line_id=line_id, accepted=quantity, deductions=deductions, used_parts=used_parts)
        for line_id, quantity in units.items()
    )
    return Inspect(by=SELLER, lines=lines, **more)


def adjust(late: LateMoney) -> AdjustRefund:
    """The payments of the order bring late money to the claim."""
    return AdjustRefund(
        by=SYSTEM, captured_later=late.captured_later, surplus=late.surplus, reversal_won=late.reversal_won
    )


def pay(amount: int, payment_id: str = "extra") -> ConfirmPayment:
    """The seller confirms that the buyer has paid what the buyer owed."""
    return ConfirmPayment(by=SELLER, payment_id=payment_id, method="bank_transfer", amount=amount)
