"""The table of messages: which event makes a message, for whom, and with which variables.

An event without a row makes no message. Every message of the event has the variables in `always`. Some messages lack
variables in `sometimes`, so a template tests those first (`{% if refund_due_on %}`). A missing list is empty, and a
missing boolean is false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.messages.choices import choices
from app.messages.samples import SAMPLES


class Audience(StrEnum):
    BUYER = "buyer"
    SELLER = "seller"


EVERY_KIND = ("cancel", "return", "exchange", "refund", "repair")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRule:
    """One row. `kinds` are the kinds of claims that have the event."""

    to: tuple[Audience, ...]
    always: tuple[str, ...]
    sometimes: tuple[str, ...]
    kinds: tuple[str, ...] = EVERY_KIND

    @property
    def names(self) -> frozenset[str]:
        return frozenset((*self.always, *self.sometimes))


BUYER, SELLER = (Audience.BUYER,), (Audience.SELLER,)
BOTH = (Audience.BUYER, Audience.SELLER)
BACK = ("return", "exchange", "repair")

_WITHDRAWAL = (
    *("shop", "withdrawal_id", "order_number", "declared_at", "received_at"),
    *("withdrawer", "withdrawal_hash"),
)
_ORDER = ("shop", "order_id", "order_lines", "currency")
_CLAIM = (*_ORDER, "claim_id", "kind", "reason", "fault", "lines", "requested_on")
_OFFER = ("offer_alternative", "offer_message")
_OFFER_TOO = ("offer_amount", "offer_replacement", "offer_until")
_REFUND = ("refund_amount", "refund_method")
_REFUND_TOO = ("refund_due_on", "total", "steps", "shares")
_ARRIVAL = ("arrive_on", "arrive_was_on")
_WISH = ("wanted_on", "misses_wanted_day")
_GIFT = ("wanted_on", "gift")
_OPTION = ("lines", "replacements")
_PARCEL = ("carrier", "tracking_number", "tracking_url")


def _claim(
    to: tuple[Audience, ...], *sometimes: str, always: tuple[str, ...] = (), kinds: tuple[str, ...] = ()
) -> MessageRule:  # fmt: skip
    every = kinds or EVERY_KIND
    return MessageRule(
        to=to, always=(*_CLAIM, *always), sometimes=("buyer", "reach_us", "more_lines", *sometimes), kinds=every
    )


def _order(to: tuple[Audience, ...], *sometimes: str, always: tuple[str, ...] = ()) -> MessageRule:
    return MessageRule(
        to=to, always=(*_ORDER, *always), sometimes=("buyer", "reach_us", "more_lines", *sometimes), kinds=()
    )


def _withdrawal(to: tuple[Audience, ...], *sometimes: str, always: tuple[str, ...] = ()) -> MessageRule:
    return MessageRule(
        to=to,
        always=(*_WITHDRAWAL, *always),
        sometimes=("reach_us", "withdrawn_goods", "withdrawal_text", *sometimes),
        kinds=(),
    )


MESSAGE_RULES: Mapping[str, MessageRule] = {
    # Claims
    "claim.requested": _claim(
        BOTH,
        *("respond_by", "note", "asked_amount", "follows_a_cancellation", "may_choose_cure", "repair_adds_months"),
        *("replacements", "preparing"),
        always=("requested_at",),
    ),
    "claim.approved": _claim(
        BOTH,
        "requested_by_shop",
        "collect_by",
        "refund_due_on",
        "total",
        "steps",
        "shares",
        "return_fee",
        "we_collect",
        "goods_come_back",
        "send_to",
        "buyer_owes",
        "pay_to",
        "replacements",
        "expected_total",
        "expected_steps",
        "expected_to_pay",
        always=("requested_at",),
    ),
    "claim.partly_rejected": _claim(
        BUYER,
        *("ground", "law", "message", "alternatives", "ended_offers", "more_rejected_lines", "respond_by"),
        always=("rejected_lines",),
    ),
    "claim.rejected": _claim(
        BUYER,
        *("ground", "law", "message", "alternatives", "offers", "other_alternatives", "ended_offers"),
        *("goods_go_back", "left_in_spite_of_it"),
    ),
    "claim.partly_received": _claim(BUYER, "received_on", kinds=BACK),
    "claim.received": _claim(BUYER, "received_on", kinds=BACK),
    "claim.accepted": _claim(
        BUYER,
        *(
            "ground",
            "law",
            "message",
            "goods_go_back",
            "refund_due_on",
            "total",
            "buyer_owes",
            "pay_to",
            "steps",
            "shares",
            "received_on",
        ),
        kinds=BACK,
    ),
    "claim.payment_confirmed": _claim(
        BUYER, "total", "shares", "refund_due_on", always=("paid_amount",), kinds=("cancel", *BACK)
    ),
    "claim.converted": _claim(
        BUYER,
        *("total", "steps", "shares", "refund_due_on", "buyer_owes", "pay_to", "collect_by", "send_to"),
        kinds=("return", "exchange"),
    ),
    "claim.refunded": _claim(BUYER, "total", "steps", "shares", kinds=("cancel", "return", "refund")),
    "claim.reshipped": _claim(BUYER, *_PARCEL, "replacements", "collect_by", "send_to", kinds=("exchange", "repair")),
    "claim.repaired": _claim(BUYER, kinds=("repair",)),
    "claim.sent_back": _claim(BUYER, kinds=("repair",)),
    "claim.exchanged": _claim(BUYER, "replacements", "buyer_owes", "pay_to", kinds=("exchange",)),
    "claim.held": _claim(BUYER, "hold_until", "buyer_owes", "pay_to", always=("hold_reason",)),
    "claim.released": _claim(BUYER, "respond_by", "collect_by", "send_to"),
    "claim.edited": _claim(
        BOTH, "respond_by", "note", "asked_amount", "replacements", "reason_before", "lines_before", "return_fee"
    ),
    "claim.reclassified": _claim(BOTH, "return_fee", "we_pay_shipping", "reason_before", "change_note", "replacements"),
    "claim.offer_made": _claim(BUYER, *_OFFER_TOO, "already_rejected", "offer_on_top", always=_OFFER),
    "claim.offer_accepted": _claim(BOTH, *_OFFER_TOO, "refund_due_on", always=_OFFER),
    "claim.offer_declined": _claim(SELLER, *_OFFER_TOO, "already_rejected", "respond_by", always=_OFFER),
    "claim.offer_lapsed": _claim(
        BOTH, *_OFFER_TOO, "already_rejected", "respond_by", "ended_offers", "offers", always=_OFFER
    ),
    "claim.retracted": _claim(BOTH, "retraction_note"),
    "claim.expired": _claim(
        BOTH, "collect_by", "buyer_owes", "pay_to", "late_goods_count", "request_again_until", kinds=BACK
    ),
    "claim.overtaken": _claim(BUYER, "return_fee", "we_pay_shipping", "respond_by", kinds=("cancel", "return")),
    "claim.response_overdue": _claim(SELLER, "respond_by"),
    "claim.question_asked": _claim(BUYER, "answer_by", always=("question",)),
    "claim.question_answered": _claim(SELLER, always=("answer",)),
    # Reminders
    "claim.response_reminded": _claim(SELLER, "respond_by", "note"),
    "claim.goods_reminded": _claim(BUYER, "collect_by", "return_fee", "we_collect", "send_to", kinds=BACK),
    "claim.offer_reminded": _claim(BUYER, *_OFFER_TOO, "already_rejected", "offers", always=_OFFER),
    "claim.answer_reminded": _claim(BUYER, "answer_by", "question"),
    # Money
    "refund.created": _claim(BUYER, *_REFUND_TOO, always=_REFUND),
    "refund.succeeded": _claim(BUYER, *_REFUND_TOO, "refund_parts", "late_interest", always=_REFUND),
    "refund.failed": _claim(BOTH, "refund_due_on", "failure", always=_REFUND),
    "refund.unknown": _claim(SELLER, "refund_due_on", always=_REFUND),
    "refund.reminded": _claim(SELLER, "refund_due_on", always=_REFUND),
    "refund.overdue": _claim(BOTH, "refund_due_on", "late_interest", "interest_percent", always=_REFUND),
    "claim.refund_account_requested": _claim(BUYER, "refund_amount", kinds=("cancel", "return", "exchange", "refund")),
    "claim.refund_account_set": _claim(
        BOTH, always=("account_bank", "account_number"), kinds=("cancel", "return", "exchange", "refund")
    ),
    # Orders
    "order.delayed": _order(BUYER, "delay_reason", "message", "ship_on", "ship_was_on", *_ARRIVAL, *_WISH),
    "order.ship_date_set": _order(BUYER, "arrive_on", *_WISH, always=("ship_on",)),
    "order.ship_date_changed": _order(BUYER, "ship_was_on", *_ARRIVAL, *_WISH, always=("ship_on",)),
    "order.arrival_date_set": _order(BUYER, "arrive_was_on", "arrives_later", *_WISH, always=("arrive_on",)),
    "order.ready_to_ship": _order(BUYER, "ship_on", "arrive_on"),
    "order.shipped": _order(BUYER, *_PARCEL, "lines", "arrive_on"),
    "order.delivered": _order(BUYER, *_PARCEL, "lines"),
    "order.ship_date_missing": _order(SELLER, "paid_on", *_GIFT),
    "order.ship_date_near": _order(SELLER, *_GIFT, always=("ship_on",)),
    "order.ship_date_passed": _order(BOTH, *_GIFT, always=("ship_on",)),
    "order.wanted_day_missed": _order(SELLER, "ship_on", "arrive_on", "gift", always=("wanted_on",)),
    "order.carrier_silent": _order(SELLER, *_PARCEL, "lines", *_GIFT, always=("shipped_on",)),
    "order.transit_delayed": _order(BUYER, *_PARCEL, "lines", always=("shipped_on",)),
    "order.link_requested": _order(BUYER, always=("link",)),
    "order.address_change_requested": _order(BOTH),
    "order.address_change_accepted": _order(BUYER),
    "order.address_change_refused": _order(BUYER, "message"),
    "order.option_change_requested": _order(BOTH, "note", "buyer_owes", always=_OPTION),
    "order.option_change_awaiting_payment": _order(BUYER, "pay_to", always=(*_OPTION, "buyer_owes")),
    "order.option_change_accepted": _order(BUYER, "paid_amount", always=_OPTION),
    "order.option_change_refused": _order(BUYER, "message", always=_OPTION),
    "order.option_change_retracted": _order(SELLER, always=_OPTION),
    "order.option_change_overtaken": _order(BUYER, always=_OPTION),
    # Withdrawals
    "withdrawal.received": _withdrawal(BUYER),
    "withdrawal.unmatched": _withdrawal(SELLER),
    "withdrawal.matched": _withdrawal(SELLER, "repeats_withdrawal", always=("order_id",)),
}


def situations(event: str) -> Iterator[dict[str, Any]]:
    """Sets of variables that a template of the event can get, for each kind of claim. The first has all variables. For
    any five variables in `sometimes`, each way to have and to lack them occurs."""
    rule = MESSAGE_RULES[event]
    always = {name: SAMPLES[name] for name in rule.always}
    for kind in rule.kinds or (None,):
        of_kind = always if kind is None else {**always, "kind": kind}
        for choice in choices(len(rule.sometimes)):
            chosen = (name for name, is_chosen in zip(rule.sometimes, choice, strict=True) if is_chosen)
            yield {**of_kind, **{name: SAMPLES[name] for name in chosen}}
