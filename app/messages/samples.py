"""Every variable of the templates: its meaning and a sample value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.messages.links import LINK_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    means: str
    sample: Any


_ORDER_LINES = [{"title": "머그컵", "quantity": 2}]
_CLAIM_LINES = [{**_ORDER_LINES[0], "received": 2, "accepted": 1, "sent_back": 1, "deduction": 500}]
_REPLACEMENTS = [{"title": "파란 머그컵", "quantity": 1}]
_REQUESTED_AT = datetime(2026, 6, 10, 14, 5, tzinfo=ZoneInfo("Asia/Seoul"))
_DECLARED_AT = datetime(2026, 6, 10, 23, 58, tzinfo=ZoneInfo("Asia/Seoul"))
_RECEIVED_AT = datetime(2026, 6, 11, 9, 2, tzinfo=ZoneInfo("Asia/Seoul"))
_ALTERNATIVES = ["exchange", "discount_coupon"]
_OFFERS = [
    {
        "alternative": "partial_refund",
        "amount": 4000,
        "replacement": None,
        "until": date(2026, 6, 14),
        "message": "MUG-WHITE",
    },
    {
        "alternative": "exchange",
        "amount": None,
        "replacement": "MUG-BLUE",
        "until": date(2026, 6, 14),
        "message": None,
    },
]
_STEPS = [{"code": "goods", "amount": 12000}, {"code": "return_fee", "amount": -3000}]
_REACH_US = [{"what": "phone", "text": "02-555-0142"}, {"what": "email", "text": "help@mug.example"}]
_SEND_TO = [{"what": "address", "text": "24 Cup Road, Seoul"}, {"what": "method", "text": "CJ 02-555-0143"}]
_PAY_TO = [{"what": "account", "text": "KB 000000-00-000000"}]
_SHARES = [{"method": "card", "amount": 8000}, {"method": "points", "amount": 1000}]

VARIABLES: Mapping[str, Variable] = {
    name: Variable(means=means, sample=sample)
    for name, means, sample in (
        # The order
        ("shop", "The shop's name in the language of the message.", "머그 가게"),
        ("reach_us", "How to reach the shop: each with `what` (filter `profile`) and `text`.", _REACH_US),
        ("send_to", "Where and how to send goods to the shop, as `reach_us`.", _SEND_TO),
        ("pay_to", "Where to pay what the buyer owes, as `reach_us`.", _PAY_TO),
        ("buyer", "The buyer's name.", "김민지"),
        ("order_id", "The id of the order in the shop.", "2026060512345"),
        ("order_lines", "The lines of the order: each with `title` and `quantity`.", _ORDER_LINES),
        ("currency", "The ISO 4217 code of all amounts.", "KRW"),
        ("paid_on", "The day of the payment.", date(2026, 6, 5)),
        # The claim
        ("claim_id", "The claim's id.", "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b"),
        ("kind", "cancel, return, exchange, refund or repair. The filter `kind` gives the word.", "return"),
        ("reason", "The reason of the claim. The filter `reason` gives the words.", "change_of_mind"),
        ("fault", "buyer, seller or undecided.", "buyer"),
        (
            "lines",
            "The lines of the claim, as `order_lines`, with `received`, `accepted`, `sent_back` and `deduction`.",
            _CLAIM_LINES,
        ),
        ("more_lines", "How many more lines there are.", 3),
        ("rejected_lines", "The lines that the shop refuses now, as `order_lines`. The others go on.", _ORDER_LINES),
        ("more_rejected_lines", "How many more lines the shop refuses now.", 2),
        ("reason_before", "The reason before a change of the reason. The filter `reason` gives the words.", "other"),
        ("lines_before", "The lines of the claim before an edit that changed them, as `order_lines`.", _ORDER_LINES),
        ("change_note", "Why the shop changed the claim.", "바닥에 금이 가 있습니다."),
        ("requested_on", "The day of the request.", date(2026, 6, 10)),
        ("requested_at", "The local day and time of the request.", _REQUESTED_AT),
        ("note", "What the buyer wrote.", "색이 생각과 달라요."),
        ("asked_amount", "The part of the price that the buyer requested.", 4000),
        ("requested_by_shop", "Did the shop make the request, for example because it is out of stock?", True),
        ("follows_a_cancellation", "Is this a return of goods that were shipped during an open cancellation?", True),
        ("preparing", "Does the shop prepare the goods to cancel for shipping?", True),
        ("may_choose_cure", "Can the buyer choose between a repair and a replacement?", True),
        ("repair_adds_months", "By how many months a repair lengthens the rights of the buyer.", 12),
        ("respond_by", "The last day for the shop's answer.", date(2026, 6, 15)),
        ("collect_by", "The last day for sending the goods back.", date(2026, 6, 24)),
        ("late_goods_count", "Does the claim go on if the goods come later?", True),
        ("request_again_until", "Until when the buyer can make the request again.", date(2026, 6, 30)),
        ("received_on", "The day the goods came back.", date(2026, 6, 12)),
        ("retraction_note", "What the buyer wrote when retracting.", "그냥 쓸게요."),
        # The withdrawal
        ("withdrawal_id", "The id of the withdrawal.", "0198c1f5-3a2b-7c1d-8e0f-1a2b3c4d5e6f"),
        ("order_number", "The order, as the buyer wrote it.", "2026060512345"),
        ("declared_at", "The local day and time at which the buyer declared the withdrawal.", _DECLARED_AT),
        ("received_at", "The local day and time at which the service received the withdrawal.", _RECEIVED_AT),
        ("withdrawer", "The name that the buyer wrote in the withdrawal.", "김민지"),
        ("withdrawal_hash", "SHA-256 of the withdrawal, as in the receipt.", "9f86d081" * 8),
        ("withdrawn_goods", "The goods that the buyer withdraws from, in the buyer's words.", "파란 머그컵"),
        ("withdrawal_text", "What the buyer added to the withdrawal.", "감사합니다."),
        ("repeats_withdrawal", "Does an earlier withdrawal declare the same?", True),
        # The answer
        ("ground", "The ground of the rejection. The filter `ground` gives a sentence.", "window_closed"),
        ("law", "The articles of law behind the ground.", "전자상거래법 제17조 제1항"),
        ("message", "What the shop wrote.", "도움이 되지 못해 죄송합니다."),
        ("alternatives", "What the shop offers instead. The filter `alternative` gives the words.", _ALTERNATIVES),
        ("other_alternatives", "The `alternatives` that have no offer in `offers`.", ["store_credit"]),
        (
            "offers",
            "What the buyer can choose: each with `alternative`, `amount`, `replacement`, `until` and `message`.",
            _OFFERS,
        ),
        ("ended_offers", "Offers that ended with this event. The filter `alternative` gives the words.", _ALTERNATIVES),
        ("offer_on_top", "Does the offer come on top of what the buyer asked for?", True),
        ("already_rejected", "Was the claim rejected before this offer?", True),
        ("goods_go_back", "Are goods sent back to the buyer?", True),
        ("left_in_spite_of_it", "Was the order shipped while the cancellation was open?", True),
        ("goods_come_back", "Must the buyer send goods back? False for digital content and services.", True),
        ("we_collect", "Does the shop collect the goods and pay for it?", True),
        ("we_pay_shipping", "Does the shop pay the shipping?", True),
        ("return_fee", "What the buyer pays for shipping.", 3000),
        ("expected_total", "The refund as far as it is known before the goods are checked.", 7000),
        ("expected_to_pay", "What the buyer will have to pay, before the goods are checked.", 5000),
        ("expected_steps", "The calculation of the expected refund, as `steps`.", _STEPS),
        ("hold_reason", "The reason of the hold. The filter `hold_reason` gives a sentence.", "return_fee_unpaid"),
        ("hold_until", "The last day of the hold.", date(2026, 6, 13)),
        ("replacements", "What the shop sends instead: each with `title` and `quantity`.", _REPLACEMENTS),
        ("offer_alternative", "What the shop offers. The filter `alternative` gives the words.", "partial_refund"),
        ("offer_message", "What the shop wrote with the offer.", "그대로 쓰시면 4,000원을 돌려드릴게요."),
        ("offer_amount", "The amount of the offer.", 4000),
        ("offer_replacement", "What the shop would send instead.", "파란 머그컵"),
        ("offer_until", "The last day of the offer.", date(2026, 6, 14)),
        ("question", "The shop's question.", "받으신 상품의 사진을 보내주실 수 있을까요?"),
        ("answer_by", "The day until which the claim waits for the answer.", date(2026, 6, 13)),
        ("answer", "The buyer's answer.", "네, 오늘 저녁에 보내드릴게요."),
        # Money
        ("total", "The whole amount that is paid back.", 9000),
        ("buyer_owes", "What the buyer owes the shop.", 6000),
        ("paid_amount", "What the buyer paid in addition.", 6000),
        ("steps", "The calculation of the total: each with `code` (filter `step`) and `amount`.", _STEPS),
        ("shares", "The total by payment method: each with `method` (filter `method`) and `amount`.", _SHARES),
        ("refund_amount", "The amount of this refund.", 8000),
        ("refund_method", "The payment method of the refund. The filter `method` gives the word.", "card"),
        (
            "refund_parts",
            "The parts of a refund that was paid in several: each with `method` (filter `method`) and `amount`.",
            [{"method": "card", "amount": 5000}, {"method": "bank_transfer", "amount": 3000}],
        ),
        ("account_bank", "The bank of the account for refunds. The filter `bank` gives the name for a code.", "088"),
        ("account_number", "The masked number of the account for refunds.", "********6789"),
        ("refund_due_on", "The last day for the refund.", date(2026, 6, 17)),
        ("failure", "Why the refund failed, in the words of the payment provider.", "card expired"),
        ("late_interest", "The interest on a late refund.", 120),
        ("interest_percent", "The interest rate for a year, in percent.", 15),
        # Shipping
        ("delay_reason", "The reason of the delay. The filter `delay_reason` gives a sentence.", "preparing"),
        ("ship_on", "The expected ship date.", date(2026, 6, 9)),
        ("ship_was_on", "The previous ship date.", date(2026, 6, 8)),
        ("arrive_on", "The expected day of arrival.", date(2026, 6, 11)),
        ("arrive_was_on", "The previous day of arrival.", date(2026, 6, 10)),
        ("arrives_later", "Is the day of arrival later than the previous one?", True),
        ("wanted_on", "The day by which the buyer wants the goods.", date(2026, 6, 8)),
        ("misses_wanted_day", "Are the goods expected after the day by which the buyer wants them?", True),
        ("gift", "Is the order a gift?", True),
        ("shipped_on", "The day on which the parcel was shipped.", date(2026, 6, 9)),
        ("carrier", "The carrier of the parcel. The filter `carrier` gives the name.", "cj"),
        ("tracking_number", "The tracking number of the parcel.", "651234567890"),
        ("link", "The place of a link that opens the order once. The link is made when the mail is sent.", LINK_PLACE),
        ("tracking_url", "The carrier's page of the parcel.", "https://carrier.example/651234567890"),
    )
}  # fmt: skip

SAMPLES: Mapping[str, Any] = {name: variable.sample for name, variable in VARIABLES.items()}
