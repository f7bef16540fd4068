"""Every reason to say no: a stable code, one sentence, and what it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Code(StrEnum):
    ILLEGAL_TRANSITION = "illegal_transition"
    ON_HOLD = "on_hold"
    NOT_ON_HOLD = "not_on_hold"
    UNKNOWN_LINE = "unknown_line"
    NO_LINES = "no_lines"
    LINE_TWICE = "line_twice"
    QUANTITY_NOT_POSITIVE = "quantity_not_positive"
    UNITS_UNAVAILABLE = "units_unavailable"
    NOT_SHIPPED = "not_shipped"
    ALREADY_SHIPPED = "already_shipped"
    REQUESTED_IN_FUTURE = "requested_in_future"
    DISCOVERED_IN_FUTURE = "discovered_in_future"
    REQUESTED_BEFORE_PAYMENT = "requested_before_payment"
    DISCOVERED_BEFORE_SHIPPING = "discovered_before_shipping"
    ALREADY_PAST = "already_past"
    AMOUNT_NOT_ALLOWED = "amount_not_allowed"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    BELOW_ZERO = "below_zero"
    AMOUNT_ABOVE_VALUE = "amount_above_value"
    REFUND_EXCEEDS_CAPTURED = "refund_exceeds_captured"
    NOT_CLASSIFIED = "not_classified"
    INELIGIBLE = "ineligible"
    REVIEW_NEEDED = "review_needed"
    REPLACEMENT_UNNAMED = "replacement_unnamed"
    REPLACEMENT_UNSELLABLE = "replacement_unsellable"
    GROUND_REQUIRED = "ground_required"
    EVIDENCE_REQUIRED = "evidence_required"
    PROOF_REQUIRED = "proof_required"
    NO_GROUND_FOR_REJECTION = "no_ground_for_rejection"
    MESSAGE_REQUIRED = "message_required"
    ALTERNATIVE_REQUIRED = "alternative_required"
    GOODS_ALREADY_BACK = "goods_already_back"
    NOTHING_RECEIVED = "nothing_received"
    RECEIVED_ABOVE_ANNOUNCED = "received_above_announced"
    ACCEPTED_ABOVE_RECEIVED = "accepted_above_received"
    INSPECTION_INCOMPLETE = "inspection_incomplete"
    DEDUCTION_ABOVE_VALUE = "deduction_above_value"
    COLLECTION_STILL_OPEN = "collection_still_open"
    SAID_TO_BE_SENT = "said_to_be_sent"
    NOTHING_CHANGES = "nothing_changes"
    UNKNOWN_OFFER = "unknown_offer"
    OFFER_CLOSED = "offer_closed"
    OFFER_ALREADY_OPEN = "offer_already_open"
    OFFER_ALREADY_MADE = "offer_already_made"
    NO_OPEN_OFFER = "no_open_offer"
    OFFER_DOES_NOT_FIT = "offer_does_not_fit"
    GOODS_NOT_BACK = "goods_not_back"
    ALREADY_RESHIPPED = "already_reshipped"
    REFUNDS_OUTSTANDING = "refunds_outstanding"
    NOT_OVERTAKEN = "not_overtaken"
    USED_ABOVE_UNITS = "used_above_units"
    DEDUCTION_NOT_ALLOWED = "deduction_not_allowed"
    NOTHING_OWED = "nothing_owed"
    PAYMENT_DIFFERS = "payment_differs"
    PAYMENT_ALREADY_TAKEN = "payment_already_taken"
    PAYMENT_IS_THE_ORDERS = "payment_is_the_orders"
    ALREADY_PAID_BACK = "already_paid_back"
    OFFERS_USED_UP = "offers_used_up"
    PRICE_SETTLED = "price_settled"
    AMOUNTS_SETTLED = "amounts_settled"
    HOLD_TOO_LONG = "hold_too_long"
    NOT_YET = "not_yet"
    OVERDUE_ALREADY = "overdue_already"


_SENTENCES: Mapping[Code, str] = {
    Code.ILLEGAL_TRANSITION: "Claims of kind {kind} take no {command} in state {state}; they take: {allowed}.",
    Code.ON_HOLD: "The claim is on hold ({reason}): release it first.",
    Code.NOT_ON_HOLD: "The claim is not on hold.",
    Code.UNKNOWN_LINE: "The order or claim has no line {line}.",
    Code.NO_LINES: "A claim is for at least one unit.",
    Code.LINE_TWICE: "Line {line} is named twice: put its units together.",
    Code.QUANTITY_NOT_POSITIVE: "Line {line} needs a quantity of at least 1.",
    Code.UNITS_UNAVAILABLE: "Of line {line}, {available} units are in no other claim; {asked} were asked for.",
    Code.NOT_SHIPPED: "Of line {line}, {available} shipped units are in no other claim; {asked} were asked for.",
    Code.ALREADY_SHIPPED: "Of line {line}, {available} units have not been shipped; {asked} were to be cancelled.",
    Code.REQUESTED_IN_FUTURE: "A claim cannot have been requested at {requested_at}, which is still to come.",
    Code.DISCOVERED_IN_FUTURE: "The fault cannot have been discovered at {discovered_at}, which is still to come.",
    Code.REQUESTED_BEFORE_PAYMENT: "The order was paid at {paid_at}, after this claim ({requested_at}).",
    Code.DISCOVERED_BEFORE_SHIPPING: "The goods left at {shipped_at}, after this discovery ({discovered_at}).",
    Code.ALREADY_PAST: "{until} has passed already.",
    Code.AMOUNT_NOT_POSITIVE: "An amount must be above zero.",
    Code.BELOW_ZERO: "Line {line}: nothing can be below zero.",
    Code.AMOUNT_NOT_ALLOWED: "Only a claim of kind refund may ask for an amount.",
    Code.AMOUNT_ABOVE_VALUE: "An amount of {asked} was asked for; the claimed units are worth {value}.",
    Code.REFUND_EXCEEDS_CAPTURED: "A refund of {asked} was asked for; {left} of what was captured is left.",
    Code.NOT_CLASSIFIED: "The fault is undecided: reclassify the claim before a decision that costs money.",
    Code.INELIGIBLE: "The claim is not eligible ({ground}): approving it takes an override with a reason.",
    Code.REVIEW_NEEDED: "The facts leave it open whether the claim is eligible: a person must look.",
    Code.REPLACEMENT_UNNAMED: "Line {line} needs a replacement before the exchange can go on.",
    Code.REPLACEMENT_UNSELLABLE: "The replacement {sku} for line {line} cannot be sold.",
    Code.GROUND_REQUIRED: "Units that are not accepted go back to the buyer: name the ground.",
    Code.EVIDENCE_REQUIRED: "{ground} rests on something that only you know: name a reference to it.",
    Code.PROOF_REQUIRED: "The fault is the seller's for now: name a reference to what shows that it is not.",
    Code.NO_GROUND_FOR_REJECTION: "The facts do not support {ground}: {instead}.",
    Code.MESSAGE_REQUIRED: "A rejection needs a message to the buyer.",
    Code.ALTERNATIVE_REQUIRED: "The policy asks for at least one alternative with a rejection.",
    Code.GOODS_ALREADY_BACK: "Goods have been received: the claim can no longer end without an inspection.",
    Code.NOTHING_RECEIVED: "Nothing has been received: there is nothing to close.",
    Code.RECEIVED_ABOVE_ANNOUNCED: "Of line {line}, {announced} units are still expected; {asked} came.",
    Code.ACCEPTED_ABOVE_RECEIVED: "Of line {line}, {received} units came back: {asked} cannot be accepted.",
    Code.INSPECTION_INCOMPLETE: "Line {line} was received and has no result.",
    Code.DEDUCTION_ABOVE_VALUE: "Line {line}: the deduction, {asked}, is above what was accepted, {value}.",
    Code.COLLECTION_STILL_OPEN: "The buyer has until {until} to send the goods back.",
    Code.SAID_TO_BE_SENT: "The goods were reported as sent: name a reference to what shows that they were not.",
    Code.NOTHING_CHANGES: "The claim already has this reason, fault and replacement.",
    Code.UNKNOWN_OFFER: "The claim has no offer {offer}.",
    Code.OFFER_CLOSED: "The offer {offer} is {status}.",
    Code.OFFER_ALREADY_OPEN: "The offer {offer} is still open: let the buyer answer it first.",
    Code.OFFER_ALREADY_MADE: "There has been an offer {offer} before: a new one needs an id of its own.",
    Code.NO_OPEN_OFFER: "No offer is open.",
    Code.OFFER_DOES_NOT_FIT: "{alternative} does not fit this claim: {why}.",
    Code.GOODS_NOT_BACK: "The goods are not back: the policy does not send replacements in advance.",
    Code.ALREADY_RESHIPPED: "The replacement is on its way already.",
    Code.REFUNDS_OUTSTANDING: "Of the claim's refunds, {outstanding} have not succeeded yet.",
    Code.NOT_OVERTAKEN: "None of the claim's units have been shipped since it was made.",
    Code.USED_ABOVE_UNITS: "Line {line}: {parts} parts were claimed; {asked} cannot have been used up.",
    Code.DEDUCTION_NOT_ALLOWED: "Line {line}: nothing may be taken off for {reason}: {why}.",
    Code.NOTHING_OWED: "The buyer owes nothing on this claim.",
    Code.PAYMENT_DIFFERS: "The buyer owes {owed}; a payment of {asked} does not settle it.",
    Code.PAYMENT_ALREADY_TAKEN: "The order has another payment {payment}: a new one needs an id of its own.",
    Code.PAYMENT_IS_THE_ORDERS: "Payment {payment} is the order's own: what is owed here takes one of its own.",
    Code.ALREADY_PAID_BACK: "A difference in price has been paid back already: the exchange must go on.",
    Code.OFFERS_USED_UP: "The buyer has had {made} offers, and is not offered more: the claim is to be decided.",
    Code.AMOUNTS_SETTLED: "What buyer and seller owe each other is settled, at the {fault}'s fault: that stays.",
    Code.PRICE_SETTLED: "Line {line}: the price has been settled; only a replacement at the same price will do.",
    Code.HOLD_TOO_LONG: "A hold that begins now ends at {until} at the latest.",
    Code.NOT_YET: "There is time until {until}.",
    Code.OVERDUE_ALREADY: "It is on record already that the answer is late.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason. `field` names the part of the command it is about, `citation` what it rests on."""

    code: Code
    detail: str
    citation: str | None = None
    field: str | None = None


def refuse(code: Code, *, citation: str | None = None, field: str | None = None, **facts: object) -> Refusal:
    """A refusal with its sentence filled in from `facts`."""
    return _filled(code, citation, field, facts) if facts else _plain(code, citation, field)


@lru_cache(maxsize=1024)
def _plain(code: Code, citation: str | None, field: str | None) -> Refusal:
    """One that says the same each time; every claim's actions are full of them."""
    return _filled(code, citation, field, {})


def _filled(code: Code, citation: str | None, field: str | None, facts: Mapping[str, object]) -> Refusal:
    return Refusal(code=code, detail=_SENTENCES[code].format(**facts), citation=citation, field=field)
