"""The variables of templates, made from the engine's values. All days are local days of the order.

Every function returns variables. An unknown variable is None. The rule of the event decides which variables a
template gets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.engine.amounts.refund_breakdown import FEES
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim, ClaimLine, Offer
from app.engine.model.order import Order
from app.engine.model.vocabulary import Fault, FeeCollection, Kind, State
from app.engine.policy.eligibility import return_shipping_payer
from app.engine.policy.policy import Policy
from app.messages.days import last_day, local_day
from app.messages.translations import article

Variables = dict[str, Any]

MOST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The order with its policy, the time zone of its local days, and the language of the message."""

    order: Order
    policy: Policy
    zone: ZoneInfo
    language: str


def of_order(setting: Setting) -> Variables:
    order = setting.order
    bought = [line for line in order.lines if line.replaces is None]
    return {
        "order_id": order.order_id,
        "currency": order.currency,
        "paid_on": order.paid_at and local_day(order.paid_at, setting.zone),
        **_listed("order_lines", [_line(order, line.line_id, line.quantity) for line in bought]),
    }


def of_claim(claim: Claim, setting: Setting) -> Variables:
    """The variables of the claim at the time of the event."""
    zone, submission = setting.zone, claim.submission
    return {
        "claim_id": claim.claim_id,
        "kind": claim.kind.value,
        "reason": claim.reason.value,
        "fault": claim.fault.value,
        "requested_on": local_day(submission.requested_at, zone),
        "note": submission.note or None,
        "asked_amount": submission.amount,
        "follows_a_cancellation": claim.split_from is not None,
        "respond_by": last_day(claim.deadlines.respond_by, zone) if claim.state == "requested" else None,
        "collect_by": None if _on_its_way_back(claim) else last_day(claim.deadlines.collect_by, zone),
        "received_on": claim.received_at and local_day(claim.received_at, zone),
        "hold_reason": claim.hold and claim.hold.reason.value,
        "hold_until": last_day(claim.hold.ends_at, zone) if claim.hold else None,
        "paid_amount": claim.buyer_payment and claim.buyer_payment.amount,
        "replacements": [
            {"title": line.replacement.title or line.replacement.sku, "quantity": line.payable}
            for line in claim.lines
            if line.replacement is not None and line.payable
        ],
        **_listed("lines", [_claimed(setting.order, line) for line in claim.lines]),
        **_shipping(claim, setting.policy),
        **_refusal(claim, setting),
        **of_amounts(claim.amounts),
        "buyer_owes": claim.still_owed or None,
        "refund_due_on": claim.deadlines.refund_due_on if claim.amounts and claim.amounts.total else None,
    }


def _on_its_way_back(claim: Claim) -> bool:
    return claim.received_at is not None or claim.state is State.COLLECTING


def of_amounts(amounts: RefundBreakdown | None) -> Variables:
    """Steps with the same code are summed. Fees that the buyer pays separately are not included."""
    if amounts is None:
        return {}
    sums: dict[str, int] = {}
    for step in amounts.steps:
        if step.code in FEES and amounts.fee_collection is not FeeCollection.DEDUCT:
            continue
        sums[step.code.value] = sums.get(step.code.value, 0) + step.amount
    return {
        "total": amounts.total,
        "steps": [{"code": code, "amount": amount} for code, amount in sums.items()],
        "shares": [{"method": share.method, "amount": share.amount} for share in amounts.shares],
    }


def of_offer(offer: Offer, zone: ZoneInfo) -> Variables:
    replacement = offer.replacement
    return {
        "offer_alternative": offer.alternative.value,
        "offer_message": offer.message,
        "offer_amount": offer.amount,
        "offer_replacement": replacement and (replacement.title or replacement.sku),
        "offer_until": last_day(offer.expires_at, zone),
    }


def of_refund(refund: Mapping[str, Any]) -> Variables:
    """The variables of a refund, from the data of an event."""
    return {
        "refund_amount": refund["amount"],
        "refund_method": refund["method"],
        "refund_due_on": _day(refund.get("due_on")),
        "failure": refund.get("failure"),
        "late_interest": refund.get("late_interest") or None,
        "interest_percent": refund.get("late_interest_percent") or None,
    }


def of_notice(name: str, data: Mapping[str, Any], setting: Setting) -> Variables:
    """The variables of an event of an order. The lines of a parcel have the titles of the order's lines. The reason of
    a delay is a code, and every other reason is a text."""
    parcel = [(line["line_id"], line["quantity"]) for line in data.get("lines", ())]
    lines = [_line(setting.order, line_id, quantity) for line_id, quantity in parcel]
    listed = _listed("lines", lines) if parcel else {}
    return {
        "ship_on": _day(data.get("expected_ship_on")),
        "ship_was_on": _day(data.get("previous_on")),
        "delay_reason": data.get("reason") if name == "order.delayed" else None,
        "message": data.get("message") if name == "order.delayed" else data.get("reason"),
        "carrier": data.get("carrier"),
        "tracking_number": data.get("tracking_number"),
        **listed,
    }


def _shipping(claim: Claim, policy: Policy) -> Variables:
    """Who pays the return shipping, and the fee if the buyer pays."""
    comes_back = claim.kind in (Kind.RETURN, Kind.EXCHANGE)
    buyer_pays = comes_back and return_shipping_payer(claim, policy) is Fault.BUYER
    fee = policy.fees.exchange_round_trip if claim.kind is Kind.EXCHANGE else policy.fees.return_shipping
    seller_pays = comes_back and return_shipping_payer(claim, policy) is Fault.SELLER
    return {
        "return_fee": (fee or None) if buyer_pays else None,
        "we_pay_shipping": seller_pays,
        "we_collect": seller_pays,
    }


def _refusal(claim: Claim, setting: Setting) -> Variables:
    rejection = claim.rejection
    if rejection is None:
        return {"left_in_spite_of_it": claim.overtaken, "goods_go_back": _goes_back(claim)}
    return {
        "ground": rejection.ground.value,
        "law": _law(claim, setting.language),
        "message": rejection.message or None,
        "alternatives": [alternative.value for alternative in rejection.alternatives],
        "goods_go_back": _goes_back(claim),
        "left_in_spite_of_it": claim.overtaken and claim.kind is Kind.CANCEL,
    }


def _law(claim: Claim, language: str) -> str | None:
    """The articles of law behind the ground of the rejection. None if no finding has this ground."""
    if claim.assessment is None or claim.rejection is None:
        return None
    citations = (item.citation for item in claim.assessment.findings if item.ground is claim.rejection.ground)
    citation = next(citations, None)
    return article(citation, language) if citation else None


def _goes_back(claim: Claim) -> bool:
    return any(_sent_back(line) for line in claim.lines)


def _sent_back(line: ClaimLine) -> int:
    return 0 if line.accepted is None else line.received - line.accepted


def _claimed(order: Order, line: ClaimLine) -> Variables:
    return {
        **_line(order, line.line_id, line.quantity),
        "received": line.received,
        "accepted": line.accepted or 0,
        "sent_back": _sent_back(line),
        "deduction": line.deducted,
    }


def _line(order: Order, line_id: str, quantity: int) -> Variables:
    bought = order.line(line_id)
    title = bought and (bought.title or bought.sku)
    return {"title": title or line_id, "quantity": quantity}


def _listed(name: str, lines: Sequence[Variables]) -> Variables:
    return {name: list(lines[:MOST_LINES]), "more_lines": max(0, len(lines) - MOST_LINES)}


def _day(day: str | date | None) -> date | None:
    """A day from an event's data. The day may be a text."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def together(*parts: Mapping[str, Any]) -> Variables:
    """Merge the mappings. A later value replaces an earlier value, but None never replaces a value."""
    merged: Variables = {}
    for part in parts:
        merged |= {name: value for name, value in part.items() if value is not None}
    return merged
