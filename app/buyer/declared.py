"""What buyers may see: for each public shape, the fields that are shown and the fields that are kept back.

A field in neither set is not shown, and a test fails for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from app.api.schemas.claims import QuoteBody
from app.api.schemas.options import (
    ClaimTimeoutBody,
    LineOptionsBody,
    OpenClaimBody,
    OptionBody,
    OptionGroundBody,
    OptionOutcomeBody,
    OrderOptionsBody,
)
from app.service.resources.amounts import BreakdownStepBody, PaymentShareBody, RefundBreakdownBody
from app.service.resources.asked import AskedUnitsBody
from app.service.resources.assessment import AssessmentBody, DoubtBody, FindingBody, LineAssessmentBody, WindowBody
from app.service.resources.claim import ClaimAction, ClaimBody
from app.service.resources.claim_file import ClaimFileBody
from app.service.resources.claim_parts import (
    ActorBody,
    BuyerPaymentBody,
    ClaimLineBody,
    DeadlinesBody,
    DeductedAmountBody,
    HoldBody,
    OfferBody,
    ReceiptBody,
    ReclassificationBody,
    RejectedLineBody,
    RejectionBody,
    ReplacementBody,
    TrackingBody,
)
from app.service.resources.contact import ContactBody
from app.service.resources.order import LineUnits, OrderBody, OrderLineBody, ParcelLine, PaymentBody, ShipmentBody
from app.service.resources.refund import RefundBody, RefundPartBody
from app.service.resources.refusal import RefusalBody
from app.service.resources.return_parcel import DestinationBody, ParcelUnitsBody, ReturnParcelBody
from app.service.resources.survey import SurveyBody


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of fields, separated by spaces."""

    shown: str
    kept_back: str = ""

    @property
    def names_shown(self) -> frozenset[str]:
        return frozenset(self.shown.split())

    @property
    def names_kept_back(self) -> frozenset[str]:
        return frozenset(self.kept_back.split())


DECLARED: Mapping[type[BaseModel], Fields] = {
    OrderBody: Fields(
        "order_id policy currency currency_exponent country time_zone paid_at confirmed_at expected_ship_on"
        " expected_arrival_on wanted_on gift prices_include_tax discount shipping_charged shipping_tax"
        " shipping_refunded unpaid lines payments ready_to_ship_at delay_reason created_at shipments",
        "subdivision buyer_id contracted_at informed_at unobstructed_at tax_exempt discount_minimum shipping_tax_rate"
        " standard_shipping outbound_charged rounded not_captured fees_charged surplus_refunded tax_free_refunded"
        " records version_named metadata updated_at version",
    ),
    OrderLineBody: Fields(
        "line_id sku title quantity unit_price discount tax parts nature replaces shipped delivered shipped_at"
        " delivered_at deliver_on option_change changing units",
        "discountable tax_rate records credited recharged first_delivered_at consumable_cost repairs repaired_at"
        " cure_days",
    ),
    LineUnits: Fields("untouched open_cancel open_other cancelled returned exchanged refunded changed"),
    PaymentBody: Fields("payment_id method captured refunded instalments refund_to", "reversed settles payable_step"),
    ShipmentBody: Fields(
        "carrier tracking_number tracking_url lines shipped_at delivered_at", "carrier_silent_at transit_delayed_at"
    ),
    ParcelLine: Fields("line_id quantity"),
    ClaimBody: Fields(
        "claim_id order_id kind state version reason fault lines requested_at requester discovered_at knowable_at"
        " conditions note amount shipping fees more_offers asked turn turn_began_at turn_ends_by hold offers"
        " rejection rejected_lines reclassifications seller_pays_return overtaken split_from reshipped buyer_payment"
        " collection fee_carried_by reshipment approved_at dispatched_at received_at inspected_at repair_completed_at"
        " closed_at deadlines assessment amounts still_owed created_at updated_at actions",
        "goodwill override escalated_at metadata",
    ),
    AskedUnitsBody: Fields("reason fault line_id quantity asked_at"),
    ClaimLineBody: Fields(
        "line_id quantity replacement receipts accepted used_parts deductions given_up given_up_tax carried"
        " carried_tax",
        "disposition",
    ),
    ReplacementBody: Fields("sku title unit_price", "sellable"),
    ReceiptBody: Fields("condition quantity"),
    DeductedAmountBody: Fields("reason amount", "evidence"),
    HoldBody: Fields("reason held_at ends_at", "note"),
    OfferBody: Fields("offer_id alternative message made_at amount replacement expires_at status"),
    RejectionBody: Fields("ground message alternatives", "evidence"),
    RejectedLineBody: Fields("line rejection rejected_at"),
    ReclassificationBody: Fields("reclassified_at old_reason old_fault reason fault note", "by evidence"),
    ActorBody: Fields("role", "name key"),
    BuyerPaymentBody: Fields("payment_id method amount paid_at"),
    TrackingBody: Fields("carrier number tracking_url"),
    DeadlinesBody: Fields("respond_by respond_latest_by collect_by refund_due_on refund_due_by"),
    ClaimAction: Fields("command allowed refusals needs", "grounds"),
    RefusalBody: Fields("code detail params citation field"),
    AssessmentBody: Fields(
        "verdict findings window fault return_shipping_payer return_shipping_citation alternatives_required automatic"
        " policy lines doubts",
        "holidays",
    ),
    FindingBody: Fields("ground line_ids citation"),
    WindowBody: Fields("rule citation opens_at closes_at ends_on"),
    DoubtBody: Fields("why detail line_ids citation", "ground"),
    LineAssessmentBody: Fields("line_id verdict window grounds"),
    RefundBreakdownBody: Fields("currency steps tax total buyer_owes fee_collection shares"),
    BreakdownStepBody: Fields("code amount tax line_id quantity rule citation"),
    PaymentShareBody: Fields("payment_id method amount", "tax_free"),
    QuoteBody: Fields("order_id kind reason fault deadlines assessment amounts still_owed following"),
    OrderOptionsBody: Fields("order_id currency policy time_zone judged_at lines more_line_ids open_claims"),
    LineOptionsBody: Fields("line_id sku title quantity available changeable options"),
    OptionBody: Fields("kind possible quantity refusals outcomes other_reasons"),
    OptionOutcomeBody: Fields("reasons kind fault grounds assessment amounts still_owed deadlines following"),
    OptionGroundBody: Fields("ground detail citation"),
    OpenClaimBody: Fields(
        "claim_id kind state reason line_ids requested_at turn turn_ends_by hold open_offers deadlines next_timeout"
    ),
    ClaimTimeoutBody: Fields("deadline passes_at command"),
    ClaimFileBody: Fields(
        "file_id claim_id line_id status media_type size caption created_at erased_at url url_ends_at",
        "digest role author erased_by",
    ),
    ReturnParcelBody: Fields(
        "parcel_id number way state carrier tracking_number lines destination state_at sent_at received_at claim_id"
        " return_number label_code tracking_url created_at",
        "next_states matched_at matched_by note",
    ),
    ParcelUnitsBody: Fields("line_id quantity"),
    DestinationBody: Fields("address postal_code phone", "location_id"),
    ContactBody: Fields("contact_id claim_id kind role text created_at", "author"),
    RefundBody: Fields(
        "refund_id claim_id payment_id method amount currency created_at due_on due_by status late_interest"
        " late_interest_percent refund_to failed_at parts paid",
        "order_id tax_free idempotency_key attempts provider_reference failure updated_at late_interest_rule time_zone"
        " overdue_at payer lease_ends_at version claim_version metadata",
    ),
    SurveyBody: Fields("claim_id order_id rejected score reason_understood alternative_found text answered_at", "hash"),
    RefundPartBody: Fields("method amount paid_at", "provider_reference"),
}
