"""Situations to preview a template in: samples that differ from the usual ones, as in a claim of that kind."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from app.messages.message_rules import MESSAGE_RULES
from app.messages.samples import SAMPLES


class Situation(StrEnum):
    SELLER_AT_FAULT = "seller_at_fault"
    BUYER_OWES = "buyer_owes"
    OVERTAKEN = "overtaken"
    SPLIT = "split"
    LATE = "late"


_OF_SELLER = {"fault": "seller", "return_fee": None, "we_collect": True, "we_pay_shipping": True}
_GOODS = [{"code": "goods", "amount": 12000}]

_CHANGES: Mapping[Situation, Mapping[str, Any]] = {
    Situation.SELLER_AT_FAULT: {
        **_OF_SELLER,
        "reason": "defective",
        "total": 12000,
        "steps": _GOODS,
        "expected_total": 12000,
        "expected_steps": _GOODS,
        **dict.fromkeys(("buyer_owes", "expected_to_pay", "follows_a_cancellation", "preparing", "ground", "law")),
    },
    Situation.BUYER_OWES: {
        "kind": "exchange",
        "reason": "size_or_color",
        "hold_reason": "exchange_fee_unpaid",
        "buyer_owes": 6000,
        "expected_to_pay": 6000,
        "return_fee": 6000,
        **dict.fromkeys(("total", "steps", "shares", "expected_total", "expected_steps", "refund_due_on")),
        **dict.fromkeys(("we_collect", "we_pay_shipping", "follows_a_cancellation", "preparing")),
    },
    Situation.OVERTAKEN: {"kind": "cancel", "left_in_spite_of_it": True, "ground": "already_shipped", "law": None},
    Situation.SPLIT: {**_OF_SELLER, "kind": "return", "follows_a_cancellation": True, "preparing": None, "note": None},
    Situation.LATE: {
        "reason": "delayed_delivery",
        **_OF_SELLER,
        "late_interest": 120,
        "refund_due_on": date(2026, 6, 17),
        "delay_reason": "preparing",
        **dict.fromkeys(("respond_by", "buyer_owes", "expected_to_pay", "preparing")),
    },
}
"""What each situation changes. None: a message in the situation does not have the variable."""


def sample_variables(event: str, situation: Situation) -> dict[str, Any]:
    """The samples of the event's variables in the situation, for a kind of claim that has the event."""
    rule, changes = MESSAGE_RULES[event], _CHANGES[situation]
    chosen = {name: changes.get(name, SAMPLES[name]) for name in rule.names}
    kept = {name: SAMPLES[name] for name in rule.always if chosen[name] is None}
    is_of_kind = not rule.kinds or chosen["kind"] in rule.kinds
    return {**chosen, **kept, **({} if is_of_kind else {"kind": rule.kinds[0]})}
