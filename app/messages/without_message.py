"""Why a side gets no message about an event: one reason for each event and audience without a template.

Every event type has, for each audience, a row in `MESSAGE_RULES` or a reason here. A test checks it.
"""

from collections.abc import Mapping

from app.messages.message_rules import Audience

_OWN_ACT = "did it"
_SOON_DONE = "hears of the step before and of the step after"
_PROGRESS = "has nothing to do yet"
_IN_REFUND = "hears of the refund itself"
_BANK = "hears of it from the bank"
_IN_SHOP_SYSTEM = "gets it from the payment provider, and does not owe an answer here"
_TECHNICAL = "is told by the other endpoints: the event is about software"
_HEARS_OF_CLAIMS = "hears of the claims that come of it"
_NEXT_STEP = "hears of it when the service has looked for the order"
_NOT_THEIR_PART = "has no part in it"
_ERASED = "hears of it from the shop: a mail would need the address that was erased"
_BY_LAW = "has asked for it, or the law has: the systems of the shop erase their copies"
_IN_MAIL = "gets it with the acknowledgement"
_FOR_BUYER = "reads it when needed: it is for the buyer"
_BESIDE = "finds it with the claim"
_LETTER = "gets a letter of its own, which goes to the owners"

REASONS: Mapping[Audience, Mapping[str, tuple[str, ...]]] = {
    Audience.BUYER: {
        _OWN_ACT: (
            "claim.offer_declined",
            "claim.question_answered",
            "claim.dispatched",
            "claim.survey_answered",
            "order.delivery_date_chosen",
            "order.option_change_retracted",
        ),
        _SOON_DONE: ("refund.processing", "refund.part_paid", "refund.unknown"),
        _IN_REFUND: ("claim.refund_adjusted",),
        _BANK: ("refund.voided", "order.payment_reversed", "order.reversal_won"),
        _PROGRESS: (
            *("claim.response_overdue", "claim.response_reminded", "refund.reminded"),
            *("order.ship_date_missing", "order.ship_date_near", "order.wanted_day_missed"),
            *("order.carrier_silent", "withdrawal.unmatched"),
        ),
        _ERASED: ("order.buyer_erased",),
        _HEARS_OF_CLAIMS: ("withdrawal.matched",),
        _IN_MAIL: ("withdrawal.receipt_made",),
        _NOT_THEIR_PART: (
            *("endpoint.test", "endpoint.failing", "endpoint.disabled"),
            *("claim.disposition_changed", "refund_breaker.opened"),
        ),
        _BESIDE: ("claim.file_added", "claim.file_erased", "claim.rule_applied", "claim.parcel_changed"),
    },
    Audience.SELLER: {
        _OWN_ACT: (
            *("claim.partly_rejected", "claim.rejected", "claim.held", "claim.released", "claim.offer_made"),
            *("claim.received", "claim.partly_received", "claim.accepted", "claim.payment_confirmed"),
            *("claim.reshipped", "claim.exchanged", "claim.repaired", "claim.sent_back", "claim.converted"),
            *("claim.overtaken", "claim.question_asked", "refund.processing", "refund.part_paid", "refund.succeeded"),
            *("order.ship_date_set", "order.ship_date_changed", "order.delayed", "order.ready_to_ship"),
            "order.arrival_date_set",
            *("order.shipped", "order.delivered", "order.address_change_accepted", "order.address_change_refused"),
            *("order.option_change_awaiting_payment", "order.option_change_accepted", "order.option_change_refused"),
            *("order.option_change_overtaken", "claim.disposition_changed"),
        ),
        _SOON_DONE: ("claim.refunded", "refund.created", "claim.refund_account_requested"),
        _PROGRESS: (
            *("claim.dispatched", "order.delivery_date_chosen", "order.transit_delayed"),
            *("claim.goods_reminded", "claim.offer_reminded", "claim.answer_reminded"),
            "order.link_requested",
        ),
        _IN_REFUND: ("claim.refund_adjusted",),
        _IN_SHOP_SYSTEM: ("refund.voided", "order.payment_reversed", "order.reversal_won"),
        _TECHNICAL: ("endpoint.test", "endpoint.failing", "endpoint.disabled"),
        _BESIDE: (
            "claim.file_added",
            "claim.file_erased",
            "claim.survey_answered",
            "claim.rule_applied",
            "claim.parcel_changed",
        ),
        _FOR_BUYER: ("withdrawal.receipt_made",),
        _BY_LAW: ("order.buyer_erased",),
        _LETTER: ("refund_breaker.opened",),
        _NEXT_STEP: ("withdrawal.received",),
    },
}


def reason(event: str, audience: Audience) -> str | None:
    """Why the audience gets no message about the event. None without a reason."""
    return next((why for why, events in REASONS[audience].items() if event in events), None)
