"""A claim: the request, its state, and the decisions, offers and deadlines until its end."""

from datetime import date, datetime

from app.engine.model.asked_units import AskedUnits
from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.line_index import FEW, indexed_line
from app.engine.model.parties import Turn
from app.engine.model.values import value
from app.engine.model.vocabulary import (
    FINAL,
    Alternative,
    Condition,
    Declared,
    Deduction,
    Disposition,
    Fault,
    Ground,
    HoldReason,
    Kind,
    OfferStatus,
    Reason,
    Role,
    State,
)


@value
class Actor:
    """Who acts: the role that counts in law, and the name that counts in the record. `key` is the name of the API key
    that sent the command. It is None for the system."""

    role: Role
    name: str
    key: str | None = None


@value
class Replacement:
    """The goods sent in exchange. `sellable` is the storefront's statement that it can send them. `unit_price` is their
    price, in the same terms as the order's prices, if the difference is settled. Without it they are worth the same."""

    sku: str
    title: str | None = None
    sellable: bool = True
    unit_price: int | None = None


@value
class Receipt:
    """Units that arrived together in one condition."""

    condition: Condition
    quantity: int


@value
class DeductedAmount:
    """A deduction from the refund of accepted units, in minor units, and the references that show why."""

    reason: Deduction
    amount: int
    evidence: tuple[str, ...] = ()


@value
class ClaimLine:
    """Units of one order line in a claim: requested, received by condition, and accepted at inspection.

    `accepted` is None until the inspection. `used_parts` counts used parts of all units. In an exchange, `given_up` is
    the value of the units and `carried` the value of their replacement, both with tax. They are fixed when the goods
    are accepted, or when the replacement is sent first.
    """

    line_id: str
    quantity: int
    replacement: Replacement | None = None
    receipts: tuple[Receipt, ...] = ()
    accepted: int | None = None
    used_parts: int = 0
    deductions: tuple[DeductedAmount, ...] = ()
    disposition: Disposition | None = None
    given_up: int | None = None
    given_up_tax: int = 0
    carried: int = 0
    carried_tax: int = 0

    @property
    def received(self) -> int:
        return sum(receipt.quantity for receipt in self.receipts)

    @property
    def deducted(self) -> int:
        return sum(deduction.amount for deduction in self.deductions)

    def received_in(self, conditions: frozenset[Condition]) -> int:
        """Units that arrived in one of these conditions."""
        return sum(receipt.quantity for receipt in self.receipts if receipt.condition in conditions)

    @property
    def payable(self) -> int:
        """Units that the claim pays for, as known now."""
        return self.quantity if self.accepted is None else self.accepted


@value
class Submission:
    """The original request. `amount` asks for less than the full value (kind refund only). The share of rejected lines
    leaves it. `shipping` and `fees` give back charges of the order, in minor units (kind refund only). The amount of an
    accepted partial refund takes the place of all three. An edit before the decision changes the rest, but neither
    `requested_at` nor `requester`. `goodwill`: the claim was requested for this reason. It holds no units, since none
    was given up. `asked`: since the first edit, when the buyer first asked for what."""

    requested_at: datetime
    requester: Actor
    discovered_at: datetime | None = None
    conditions: frozenset[Declared] = frozenset()
    note: str | None = None
    amount: int | None = None
    more_offers: bool = False
    shipping: int = 0
    fees: int = 0
    goodwill: bool = False
    asked: tuple[AskedUnits, ...] = ()

    @property
    def rests_on_no_rule(self) -> bool:
        """True for money that the seller may give and no rule owes: goodwill, shipping or fees alone."""
        return self.goodwill or bool(self.shipping or self.fees)


@value
class Hold:
    reason: HoldReason
    held_at: datetime
    ends_at: datetime | None = None
    note: str | None = None


@value
class Offer:
    """An alternative that is offered to the buyer. `amount` is in minor units, for alternatives that are worth
    money."""

    offer_id: str
    alternative: Alternative
    message: str
    made_at: datetime
    amount: int | None = None
    replacement: Replacement | None = None
    expires_at: datetime | None = None
    status: OfferStatus = OfferStatus.OPEN


@value
class Rejection:
    ground: Ground
    message: str
    alternatives: tuple[Alternative, ...] = ()
    evidence: tuple[str, ...] = ()


@value
class RejectedLine:
    """A line that the seller rejected while other lines of the claim went on."""

    line: ClaimLine
    rejection: Rejection
    rejected_at: datetime


@value
class Override:
    """A decision against the assessment: who took it, why, and which grounds it set aside."""

    reason: str
    by: Actor
    overridden_at: datetime
    grounds: tuple[Ground, ...]


@value
class Reclassification:
    """Who changed the reason and the fault, the old and new values, and the evidence."""

    by: Actor
    reclassified_at: datetime
    old_reason: Reason
    old_fault: Fault
    reason: Reason
    fault: Fault
    note: str = ""
    evidence: tuple[str, ...] = ()


@value
class BuyerPayment:
    """What the buyer paid for a debt, in minor units."""

    payment_id: str
    method: str
    amount: int
    paid_at: datetime


@value
class Tracking:
    carrier: str
    number: str


@value
class Deadlines:
    """Each `_by` is the first instant that is too late. `refund_due_on` is the last local day for the refund. While the
    buyer has an offer or a question, `respond_by` stands still, and moves to `respond_latest_by` at most: the law's
    last instant for the money or the result. None if the law has no such instant."""

    respond_by: datetime | None = None
    respond_latest_by: datetime | None = None
    collect_by: datetime | None = None
    refund_due_on: date | None = None
    refund_due_by: datetime | None = None


@value
class Claim:
    """One claim on one order.

    `seller_pays_return`: the seller pays the return shipping for any reason. `overtaken`: the order was shipped
    while this claim, or the cancellation `split_from`, was open. `amounts` is None until the claim owes money; then
    only its payments can change, unless the claim is converted. `buyer_payment` is the buyer's payment of a debt.
    `assessment` is the assessment of the last decision. `escalated_at` is when the time to answer had passed.
    `dispatched_at` is when the return parcel was sent. `rejected_lines` have left the claim. `knowable_at` is when
    the buyer could have known of the defect, if the seller has shown that. `fee_carried_by` is the claim that carries
    the return fee of a parcel with goods of several claims. `turn` is None once the claim has ended.
    """

    claim_id: str
    order_id: str
    kind: Kind
    state: State
    reason: Reason
    fault: Fault
    lines: tuple[ClaimLine, ...]
    submission: Submission
    version: int = 0
    hold: Hold | None = None
    offers: tuple[Offer, ...] = ()
    rejection: Rejection | None = None
    override: Override | None = None
    reclassifications: tuple[Reclassification, ...] = ()
    seller_pays_return: bool = False
    overtaken: bool = False
    split_from: str | None = None
    reshipped: bool = False
    buyer_payment: BuyerPayment | None = None
    collection: Tracking | None = None
    reshipment: Tracking | None = None
    approved_at: datetime | None = None
    dispatched_at: datetime | None = None
    received_at: datetime | None = None
    closed_at: datetime | None = None
    deadlines: Deadlines = Deadlines()
    assessment: Assessment | None = None
    amounts: RefundBreakdown | None = None
    escalated_at: datetime | None = None
    rejected_lines: tuple[RejectedLine, ...] = ()
    knowable_at: datetime | None = None
    fee_carried_by: str | None = None
    inspected_at: datetime | None = None
    repair_completed_at: datetime | None = None
    turn: Turn | None = None

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def still_owed(self) -> int:
        """What the buyer must still pay, in minor units. It is 0 once the debt is paid, deducted or waived."""
        waits = self.hold is not None or self.state is State.EXPIRED
        return self.amounts.buyer_owes if self.amounts and waits else 0

    @property
    def open_offer(self) -> Offer | None:
        """The offer that waits for the buyer."""
        return next((offer for offer in self.offers if offer.status is OfferStatus.OPEN), None)

    def line(self, line_id: str) -> ClaimLine | None:
        if len(self.lines) > FEW:
            return indexed_line(self.lines, line_id)
        for line in self.lines:  # as in an order
            if line.line_id == line_id:
                return line
        return None

    def offer(self, offer_id: str) -> Offer | None:
        return next((offer for offer in self.offers if offer.offer_id == offer_id), None)
