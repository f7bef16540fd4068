"""Every reason to refuse a command: a stable code, its parameters, and the article or policy that it rests on.

The engine writes no sentences. `app/messages/refusals/` has one sentence for each code and language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.engine.model.vocabulary import Word

Param = str | int | tuple[str, ...]
"""A plain value: an id, a code, a count, an amount in minor units, an instant or a day in ISO 8601, or a list."""


class Code(Word):
    # The claim as it stands
    ILLEGAL_TRANSITION = "illegal_transition"
    ON_HOLD = "on_hold"
    NOT_ON_HOLD = "not_on_hold"
    HOLD_TOO_LONG = "hold_too_long"
    OFFER_TOO_LONG = "offer_too_long"
    ALREADY_PAST = "already_past"
    NOT_YET = "not_yet"
    OVERDUE_ALREADY = "overdue_already"
    NOT_OVERTAKEN = "not_overtaken"
    # Lines and units
    NO_LINES = "no_lines"
    UNKNOWN_LINE = "unknown_line"
    LINE_TWICE = "line_twice"
    QUANTITY_NOT_POSITIVE = "quantity_not_positive"
    UNITS_UNAVAILABLE = "units_unavailable"
    NOT_SHIPPED = "not_shipped"
    ALREADY_SHIPPED = "already_shipped"
    # Dates of a request
    REQUESTED_IN_FUTURE = "requested_in_future"
    REQUESTED_BEFORE_PAYMENT = "requested_before_payment"
    DISCOVERED_IN_FUTURE = "discovered_in_future"
    DISCOVERED_BEFORE_SHIPPING = "discovered_before_shipping"
    # Dates of later reports
    HAPPENED_IN_FUTURE = "happened_in_future"
    HAPPENED_TOO_EARLY = "happened_too_early"
    # Amounts
    AMOUNT_NOT_ALLOWED = "amount_not_allowed"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    AMOUNT_ABOVE_VALUE = "amount_above_value"
    REFUND_EXCEEDS_CAPTURED = "refund_exceeds_captured"
    BELOW_ZERO = "below_zero"
    # Approving
    NOT_CLASSIFIED = "not_classified"
    INELIGIBLE = "ineligible"
    REVIEW_NEEDED = "review_needed"
    APPROVAL_DOES_NOT_FIT = "approval_does_not_fit"
    REPLACEMENT_UNNAMED = "replacement_unnamed"
    REPLACEMENT_UNSELLABLE = "replacement_unsellable"
    # Rejecting
    NO_GROUND_FOR_REJECTION = "no_ground_for_rejection"
    NO_GROUND_FOR_LINE = "no_ground_for_line"
    GROUND_REQUIRED = "ground_required"
    EVIDENCE_REQUIRED = "evidence_required"
    MESSAGE_REQUIRED = "message_required"
    ALTERNATIVE_REQUIRED = "alternative_required"
    # Reclassifying
    NOTHING_CHANGES = "nothing_changes"
    PROOF_REQUIRED = "proof_required"
    AMOUNTS_SETTLED = "amounts_settled"
    PRICE_SETTLED = "price_settled"
    KNOWABLE_NOT_ALLOWED = "knowable_not_allowed"
    KNOWABLE_IN_FUTURE = "knowable_in_future"
    KNOWABLE_BEFORE_SHIPPING = "knowable_before_shipping"
    # Editing
    GIVEN_FREELY = "given_freely"
    REASON_RECLASSIFIED = "reason_reclassified"
    CANNOT_GROW = "cannot_grow"
    LINE_REJECTED = "line_rejected"
    ASKED_TOO_LATE = "asked_too_late"
    # Offers
    UNKNOWN_OFFER = "unknown_offer"
    NO_OPEN_OFFER = "no_open_offer"
    OFFER_CLOSED = "offer_closed"
    OFFER_ALREADY_OPEN = "offer_already_open"
    OFFER_ALREADY_MADE = "offer_already_made"
    OFFERS_USED_UP = "offers_used_up"
    OFFER_DOES_NOT_FIT = "offer_does_not_fit"
    # Goods on their way back
    COLLECTION_STILL_OPEN = "collection_still_open"
    COLLECTION_LAPSED = "collection_lapsed"
    SAID_TO_BE_SENT = "said_to_be_sent"
    GOODS_ALREADY_BACK = "goods_already_back"
    NOTHING_RECEIVED = "nothing_received"
    NOTHING_COMES_BACK = "nothing_comes_back"
    RECEIVED_ABOVE_ANNOUNCED = "received_above_announced"
    # Inspecting
    INSPECTION_INCOMPLETE = "inspection_incomplete"
    ACCEPTED_ABOVE_RECEIVED = "accepted_above_received"
    USED_ABOVE_UNITS = "used_above_units"
    DEDUCTION_NOT_ALLOWED = "deduction_not_allowed"
    DEDUCTION_NOT_SHOWN = "deduction_not_shown"
    DEDUCTION_NEEDS_EVIDENCE = "deduction_needs_evidence"
    DEDUCTION_ABOVE_LIMIT = "deduction_above_limit"
    DEDUCTION_TOO_EARLY = "deduction_too_early"
    DEDUCTION_ABOVE_VALUE = "deduction_above_value"
    # Replacements
    GOODS_NOT_BACK = "goods_not_back"
    ALREADY_RESHIPPED = "already_reshipped"
    ALREADY_PAID_BACK = "already_paid_back"
    BECOMES_A_RETURN = "becomes_a_return"
    NOTHING_WAS_REPAIRED = "nothing_was_repaired"
    # Payments and refunds
    NOTHING_OWED = "nothing_owed"
    PAYMENT_DIFFERS = "payment_differs"
    PAYMENT_ALREADY_TAKEN = "payment_already_taken"
    PAYMENT_IS_THE_ORDERS = "payment_is_the_orders"
    REFUNDS_OUTSTANDING = "refunds_outstanding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason. `params` are the facts behind it, `citation` names the article or policy that it rests on, and
    `field` the part of the command that it is about."""

    code: Code
    params: Mapping[str, Param]
    citation: str | None = None
    field: str | None = None


def refuse(code: Code, *, citation: str | None = None, field: str | None = None, **params: Param) -> Refusal:
    if not params:
        return _plain(code, citation, field)
    return Refusal(code=code, params=params, citation=citation, field=field)


@lru_cache(maxsize=1024)
def _plain(code: Code, citation: str | None, field: str | None) -> Refusal:
    """A refusal without parameters is always the same; the actions of every claim have many of them."""
    return Refusal(code=code, params={}, citation=citation, field=field)
