"""The variables of templates, made from the engine's values. All days are local days of the order.

Every function returns variables. An unknown variable is None. The rule of the event decides which variables a
template gets.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.engine.model.assessment import Assessment, Doubt, Finding
from app.engine.model.breakdown import FEES, RefundBreakdown
from app.engine.model.claim import Claim, ClaimLine, Reclassification, Rejection
from app.engine.model.claim_lines import is_prepared, nothing_comes_back
from app.engine.model.copies import replace
from app.engine.model.order import Order, OrderLine
from app.engine.model.refund import Refund
from app.engine.model.vocabulary import Fault, FeeCollection, Ground, Kind, Role, State
from app.engine.policy.eligibility import assess
from app.engine.policy.facts import Facts
from app.engine.policy.policy import Policy
from app.engine.policy.return_shipping import return_shipping_payer
from app.messages.carriers import tracking_url
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
    return {
        "order_id": order.order_id,
        "currency": order.currency,
        "paid_on": order.paid_at and local_day(order.paid_at, setting.zone),
        **listed("order_lines", [line_of(order, line.line_id, count) for line, count in _bought(order) if count]),
    }


def _bought(order: Order) -> list[tuple[OrderLine, int]]:
    """The lines without replacements, each with the units that still have its option."""
    return [(line, line.quantity - line.units.changed) for line in order.lines if not line.sent_in_exchange]


def of_claim(claim: Claim, setting: Setting) -> Variables:
    """The variables of the claim at the time of the event."""
    zone, submission = setting.zone, claim.submission
    return {
        "claim_id": claim.claim_id,
        "kind": claim.kind.value,
        "reason": claim.reason.value,
        "fault": claim.fault.value,
        "requested_on": local_day(submission.requested_at, zone),
        "requested_at": submission.requested_at.astimezone(zone),
        "note": submission.note or None,
        "asked_amount": submission.amount,
        "requested_by_shop": submission.requester.role is Role.SELLER,
        "already_rejected": claim.state is State.REJECTED,
        "follows_a_cancellation": claim.split_from is not None,
        "preparing": claim.kind is Kind.CANCEL and is_prepared(claim, setting.order),
        "respond_by": last_day(claim.deadlines.respond_by, zone) if claim.state == "requested" else None,
        "collect_by": None if _on_its_way_back(claim) else last_day(claim.deadlines.collect_by, zone),
        "late_goods_count": not setting.policy.collect_lapses and not claim.reshipped,
        "received_on": claim.received_at and local_day(claim.received_at, zone),
        "hold_reason": claim.hold and claim.hold.reason.value,
        "hold_until": last_day(claim.hold.ends_at, zone) if claim.hold else None,
        "paid_amount": claim.buyer_payment and claim.buyer_payment.amount,
        "replacements": [
            {"title": line.replacement.title or line.replacement.sku, "quantity": line.payable}
            for line in claim.lines
            if line.replacement is not None and line.payable
        ],
        **listed("lines", [_claimed(setting.order, line) for line in claim.lines]),
        **_shipping(claim, setting.order, setting.policy),
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
    return {
        "total": amounts.total,
        "steps": _steps(amounts),
        "shares": [{"method": share.method, "amount": share.amount} for share in amounts.shares],
    }


def of_projection(amounts: RefundBreakdown) -> Variables:
    """What a claim will be worth, before its amounts are fixed."""
    return {
        "expected_total": amounts.total or None,
        "expected_steps": _steps(amounts),
        "expected_to_pay": amounts.buyer_owes or None,
    }


def _steps(amounts: RefundBreakdown) -> list[Variables]:
    sums: dict[str, int] = {}
    for step in amounts.steps:
        if step.code in FEES and amounts.fee_collection is not FeeCollection.DEDUCT:
            continue
        sums[step.code.value] = sums.get(step.code.value, 0) + step.amount
    return [{"code": code, "amount": amount} for code, amount in sums.items()]


def of_reclassification(change: Reclassification) -> Variables:
    before = change.old_reason if change.old_reason is not change.reason else None
    return {"reason_before": before and before.value, "change_note": change.note or None}


def of_edit(before: Mapping[str, Any], claim: Claim, order: Order) -> Variables:
    """What the edit has changed, from the data of its event."""
    asked = [(line["line_id"], line["quantity"]) for line in before["lines"]]
    changed = set(asked) != {(line.line_id, line.quantity) for line in claim.lines}
    reason = before["reason"]
    lines = [line_of(order, line_id, quantity) for line_id, quantity in asked[:MOST_LINES]]
    return {"reason_before": reason if reason != claim.reason else None, "lines_before": lines if changed else None}


def of_rejected_lines(claim: Claim, facts: Facts, language: str) -> Variables:
    """The lines that the last rejection of the claim has ended, and the rejection. Nothing for a claim without such
    lines, as in a preview."""
    if not claim.rejected_lines:
        return {}
    last = claim.rejected_lines[-1]
    ended = [each.line for each in claim.rejected_lines if each.rejected_at == last.rejected_at]
    assessment = assess(replace(claim, lines=tuple(ended)), facts)
    lines = [line_of(facts.order, line.line_id, line.quantity) for line in ended]
    return {
        **_of_rejection(last.rejection, assessment, language),
        "rejected_lines": lines[:MOST_LINES],
        "more_rejected_lines": max(0, len(lines) - MOST_LINES),
    }


def of_paid_refunds(refunds: Iterable[Refund]) -> Variables:
    """How the refunds of a claim were paid, by method. A refund may have been paid by another method than its
    payment's."""
    by_method: dict[str, int] = {}
    for part in (part for refund in refunds for part in refund.parts):
        by_method[part.method] = by_method.get(part.method, 0) + part.amount
    return {"shares": [{"method": name, "amount": amount} for name, amount in by_method.items()] or None}


def of_refund(refund: Mapping[str, Any]) -> Variables:
    """The variables of a refund, from the data of an event."""
    parts = refund.get("parts") or ()
    methods = {part["method"] for part in parts}
    several = [{"method": part["method"], "amount": part["amount"]} for part in parts]
    return {
        "refund_amount": refund["amount"],
        "refund_method": methods.pop() if len(methods) == 1 else refund["method"],
        "refund_parts": several if len(several) > 1 else None,
        "refund_due_on": day_of(refund.get("due_on")),
        "failure": refund.get("failure"),
        "late_interest": refund.get("late_interest") or None,
        "interest_percent": refund.get("late_interest_percent") or None,
    }


def of_parcel(carrier: str | None, number: str | None) -> Variables:
    page = tracking_url(carrier, number) if carrier and number else None
    return {"carrier": carrier, "tracking_number": number, "tracking_url": page}


def _shipping(claim: Claim, order: Order, policy: Policy) -> Variables:
    """Who pays the return shipping, and the fee if the buyer pays."""
    kinds = (Kind.RETURN, Kind.EXCHANGE, Kind.REPAIR)
    comes_back = claim.kind in kinds and not nothing_comes_back(claim, order)
    buyer_pays = comes_back and return_shipping_payer(claim, order, policy) is Fault.BUYER
    fee = policy.fees.return_shipping if claim.kind is Kind.RETURN else policy.fees.exchange_round_trip
    seller_pays = comes_back and return_shipping_payer(claim, order, policy) is Fault.SELLER
    return {
        "return_fee": (fee or None) if buyer_pays else None,
        "goods_come_back": comes_back,
        "we_pay_shipping": seller_pays,
        "we_collect": seller_pays,
    }


def _refusal(claim: Claim, setting: Setting) -> Variables:
    rejection = claim.rejection
    if rejection is None:
        return {"left_in_spite_of_it": claim.overtaken, "goods_go_back": _goes_back(claim)}
    return {
        **_of_rejection(rejection, claim.assessment, setting.language),
        "goods_go_back": _goes_back(claim),
        "left_in_spite_of_it": claim.overtaken and claim.kind is Kind.CANCEL,
    }


def _of_rejection(rejection: Rejection, assessment: Assessment | None, language: str) -> Variables:
    return {
        "ground": rejection.ground.value,
        "law": _law(rejection, assessment, language),
        "message": rejection.message or None,
        "alternatives": [alternative.value for alternative in rejection.alternatives],
    }


def _law(rejection: Rejection, assessment: Assessment | None, language: str) -> str | None:
    """The articles of law behind the ground of the rejection. None if no finding and no doubt has this ground, and for
    `already_shipped`: its articles give the buyer the right to return the goods, so they are no reason for a no."""
    if rejection.ground is Ground.ALREADY_SHIPPED:
        return None
    against: tuple[Finding | Doubt, ...] = (*assessment.findings, *assessment.doubts) if assessment else ()
    citations = (each.citation for each in against if each.ground is rejection.ground)
    citation = next(citations, None)
    return article(citation, language) if citation else None


def _goes_back(claim: Claim) -> bool:
    return any(_sent_back(line) for line in claim.lines)


def _sent_back(line: ClaimLine) -> int:
    """Nothing of a service or of digital content goes back: it is accepted and never received."""
    return 0 if line.accepted is None else max(0, line.received - line.accepted)


def _claimed(order: Order, line: ClaimLine) -> Variables:
    return {
        **line_of(order, line.line_id, line.quantity),
        "received": line.received,
        "accepted": line.accepted or 0,
        "sent_back": _sent_back(line),
        "deduction": line.deducted,
    }


def line_of(order: Order, line_id: str, quantity: int) -> Variables:
    bought = order.line(line_id)
    title = bought and (bought.title or bought.sku)
    return {"title": title or line_id, "quantity": quantity}


def listed(name: str, lines: Sequence[Variables]) -> Variables:
    return {name: list(lines[:MOST_LINES]), "more_lines": max(0, len(lines) - MOST_LINES)}


def day_of(day: str | date | None) -> date | None:
    """A day from an event's data. The day may be a text."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def together(*parts: Mapping[str, Any]) -> Variables:
    """Merge the mappings. A later value replaces an earlier value, but None never replaces a value."""
    merged: Variables = {}
    for part in parts:
        merged |= {name: value for name, value in part.items() if value is not None}
    return merged
