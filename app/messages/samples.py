"""Every variable that templates may name, what it means, and a value that it could have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    means: str
    sample: Any


_BOUGHT = [{"title": "머그컵", "quantity": 2}]
_CLAIMED = [{**_BOUGHT[0], "received": 2, "accepted": 1, "sent_back": 1, "deduction": 500}]
_INSTEAD = [{"title": "파란 머그컵", "quantity": 1}]
_STEPS = [{"code": "goods", "amount": 12000}, {"code": "return_fee", "amount": -3000}]
_SHARES = [{"method": "card", "amount": 8000}, {"method": "points", "amount": 1000}]

VARIABLES: Mapping[str, Variable] = {
    name: Variable(means=means, sample=sample)
    for name, means, sample in (
        # The order
        ("shop", "The shop's name.", "머그 가게"),
        ("buyer", "The buyer's name.", "김민지"),
        ("order_id", "Your own id of the order.", "2026060512345"),
        ("order_lines", "What was bought: each with `title` and `quantity`.", _BOUGHT),
        ("currency", "ISO 4217 code of all amounts.", "KRW"),
        ("paid_on", "The day of the payment.", date(2026, 6, 5)),
        # The claim
        ("claim_id", "The claim's id.", "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b"),
        ("kind", "cancel, return, exchange or refund; filter `kind` for the word.", "return"),
        ("reason", "Why it was asked for; filter `reason` for the words.", "change_of_mind"),
        ("fault", "buyer, seller or undecided.", "buyer"),
        (
            "lines",
            "What it is about: as `order_lines`; with `received`, `accepted`, `sent_back`, `deduction`.",
            _CLAIMED,
        ),
        ("more_lines", "How many more lines there are.", 3),
        ("requested_on", "The day it was asked for.", date(2026, 6, 10)),
        ("note", "The buyer's own words.", "색이 생각과 달라요."),
        ("asked_amount", "The part of the price that was asked for.", 4000),
        ("follows_a_cancellation", "Is it the return of what left in spite of a cancellation?", True),
        ("respond_by", "The last day for the shop's answer.", date(2026, 6, 15)),
        ("collect_by", "The last day for sending the goods back.", date(2026, 6, 24)),
        ("received_on", "The day the goods came back.", date(2026, 6, 12)),
        ("retraction_note", "The buyer's words on retracting.", "그냥 쓸게요."),
        # The answer
        ("ground", "The ground of the refusal; filter `ground` for plain words.", "window_closed"),
        ("law", "The articles that it rests on.", "전자상거래법 제17조 제1항"),
        ("message", "The shop's own words.", "도움이 되지 못해 죄송합니다."),
        ("alternatives", "What is offered; filter `alternative` for words.", ["exchange", "discount_coupon"]),
        ("goods_go_back", "Are goods sent back to the buyer?", True),
        ("left_in_spite_of_it", "Did the order leave while the cancellation was open?", True),
        ("we_collect", "Does the shop have the goods collected at its cost?", True),
        ("we_pay_shipping", "Does the shop bear the shipping?", True),
        ("return_fee", "What the buyer bears for shipping.", 3000),
        ("hold_reason", "Why the claim waits; filter `hold_reason` for a sentence.", "seller_check"),
        ("hold_until", "The last day of the wait.", date(2026, 6, 13)),
        ("replacements", "What is sent instead: each with `title` and `quantity`.", _INSTEAD),
        ("offer_alternative", "What is offered; filter `alternative` for words.", "partial_refund"),
        ("offer_message", "The shop's words with the offer.", "그대로 쓰시면 4,000원을 돌려드릴게요."),
        ("offer_amount", "What the offer is worth.", 4000),
        ("offer_replacement", "What would be sent instead.", "파란 머그컵"),
        ("offer_until", "The last day of the offer.", date(2026, 6, 14)),
        ("question", "The shop's question, as it was asked.", "받으신 상품의 사진을 보내주실 수 있을까요?"),
        ("answer_by", "The day until which the claim waits for the answer.", date(2026, 6, 13)),
        ("answer", "The buyer's answer, as it was given.", "네, 오늘 저녁에 보내드릴게요."),
        # Money
        ("total", "What is paid back in all.", 9000),
        ("buyer_owes", "What the buyer owes the shop.", 6000),
        ("paid_amount", "What the buyer paid on top.", 6000),
        ("steps", "How the total comes about: each with `code` (filter `step` for words) and `amount`.", _STEPS),
        ("shares", "Where the total goes: each with `method` (filter `method` for words) and `amount`.", _SHARES),
        ("refund_amount", "What this refund is for.", 8000),
        ("refund_method", "How it is paid; filter `method` for words.", "card"),
        ("refund_due_on", "The last day for the money.", date(2026, 6, 17)),
        ("failure", "Why the refund failed, in the provider's words.", "card expired"),
        ("late_interest", "Interest owed because the money is late.", 120),
        ("interest_percent", "The interest of a year, in percent.", 15),
        # The way to the buyer
        ("delay_reason", "Why it takes longer; filter `delay_reason` for a sentence.", "preparing"),
        ("ship_on", "The day on which the order is to leave.", date(2026, 6, 9)),
        ("ship_was_on", "The day that was said before.", date(2026, 6, 8)),
        ("carrier", "Who carries the parcel.", "cj"),
        ("tracking_number", "The parcel's number.", "651234567890"),
    )
}  # fmt: skip

SAMPLES: Mapping[str, Any] = {name: variable.sample for name, variable in VARIABLES.items()}
