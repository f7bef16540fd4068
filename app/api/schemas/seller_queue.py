"""The parameters and the answers of the seller's queue."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.claim_work import Tag
from app.api.schemas.common import Instant, Name
from app.api.schemas.option_changes import OptionChangeBody
from app.api.schemas.order_fulfilment import AddressChangeBody
from app.api.schemas.search import Search
from app.engine.model.parties import Party
from app.engine.model.refund import RefundStatus
from app.engine.model.vocabulary import Fault, HoldReason, Kind, Reason, State
from app.records.seller_queue import QueueFilter, QueueSubject
from app.service.resources.suggestion import SuggestionBody
from app.service.resources.withdrawal import WithdrawalDetail
from app.service.shipping_states import ShippingState


class QueueListing(BaseModel):
    """The filters of the queue. An entry must match all of them. Only claims have a kind, a state and a deadline."""

    model_config = ConfigDict(extra="forbid")

    turn: Annotated[Party, Field(description="Who must act next.")] = Party.SELLER
    subject: Annotated[QueueSubject | None, Field(description="What waits.")] = None
    kind: Kind | None = None
    state: State | None = None
    due_before: Annotated[
        Instant | None,
        Field(description="Only what must be done before this instant. What has no deadline must be done at once."),
    ] = None
    overdue: Annotated[bool | None, Field(description="`true`: past the deadline.")] = None
    answered: Annotated[
        bool | None, Field(description="`true`: the buyer has answered the last question of the shop.")
    ] = None
    assignee: Annotated[Name | None, Field(description="The person of the staff whose the claims are, or `me`.")] = None
    tag: Annotated[Tag | None, Field(description="A tag of the claims.")] = None
    snoozed: Annotated[bool, Field(description="`true`: only claims that sleep. They are left out otherwise.")] = False
    q: Search | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25
    cursor: str | None = None

    def filter(self, now: datetime, me: str | None) -> QueueFilter:
        """`me` is the id of the person who asks."""
        names = ("turn", "subject", "kind", "state", "due_before", "overdue", "answered", "tag", "snoozed", "q")
        assignee = me or _NOBODY if self.assignee == "me" else self.assignee
        return QueueFilter(now=now, assignee=assignee, **{name: getattr(self, name) for name in names})


_NOBODY = "-"
"""A key is nobody of the staff, so that no claim is its own."""


class SummaryListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    due_before: Annotated[
        Instant | None,
        Field(description="The end of the shop's day, for `to_answer`. The default is in 24 hours."),
    ] = None


class QueuedOrderBody(BaseModel):
    """The order of an entry, in short."""

    order_id: str = Field(description="The order.")
    title: str | None = Field(description="The title of the first line, or its SKU.")
    more_lines: int = Field(description="How many other lines the order has.")
    currency: str = Field(description="The currency of all amounts.")
    gift: bool = Field(description="Whether the order is a gift.")
    wanted_on: date | None = Field(description="The local day by which the buyer wants the order.")


class QueuedBuyerBody(BaseModel):
    """The buyer of an entry."""

    buyer_id: str | None = Field(description="Your id of the buyer.")
    name: str | None = Field(description="The buyer's name.")
    claims_lately: int | None = Field(
        description="How many claims the buyer has requested in the last 60 days. Null for an order without `buyer_id`."
    )


class QueuedLineBody(BaseModel):
    """Claimed units of an order line."""

    line_id: str = Field(description="The order line.")
    title: str | None = Field(description="The title of the line.")
    sku: str | None = Field(description="Your name of the product.")
    quantity: int = Field(description="Units that are claimed.")


class ShippingBody(BaseModel):
    """Where the claimed goods are, as far as you have reported."""

    state: ShippingState = Field(description="In one word.")
    since_at: datetime | None = Field(description="Since when, if that was reported.")


class ChecklistBody(BaseModel):
    """What somebody must know before an answer."""

    order_state_known: bool = Field(description="False if it matters that the goods arrived, and nobody reported that.")
    question_needed: bool = Field(description="Whether only the buyer's answer helps.")
    seen_at: datetime | None = Field(description="When somebody of the shop first saw the claim.")
    seen_by: str | None = Field(description="Who saw the claim first.")


class OwedRefundBody(BaseModel):
    """A refund that nobody has begun to pay, or that failed."""

    refund_id: str = Field(description="The refund.")
    amount: int = Field(description="In minor units.")
    method: str = Field(description="How the buyer paid.")
    status: RefundStatus = Field(description="`pending` or `failed`.")
    due_on: date | None = Field(description="The last local day.")
    due_by: datetime | None = Field(description="The first instant that is too late.")


class QueuedClaimBody(BaseModel):
    """A claim in the queue, in short. `GET /v1/claims/{claim_id}` has the whole claim."""

    claim_id: str = Field(description="The claim.")
    kind: Kind = Field(description="The kind of the claim.")
    state: State = Field(description="The state of the claim.")
    version: int = Field(description="Also the ETag of the claim.")
    reason: Reason = Field(description="Why the buyer makes the claim.")
    fault: Fault = Field(description="The side that caused the claim.")
    requested_at: datetime = Field(description="When the buyer made the request.")
    escalated_at: datetime | None = Field(description="When the time to answer the request had passed.")
    lines: list[QueuedLineBody] = Field(description="The claimed units.")
    note: str | None = Field(description="A note in the buyer's words.")
    urgent: bool = Field(description="A mark: the buyer's words ask for haste, or the order is a gift.")
    held: HoldReason | None = Field(description="Why the claim waits. Null where it does not wait.")
    refund: int = Field(description="What the buyer gets back, in minor units: fixed, or projected before a decision.")
    shipping: ShippingBody = Field(description="Where the goods are.")
    checklist: ChecklistBody = Field(description="The state of the goods, and a question to the buyer.")
    answered_at: datetime | None = Field(
        description="When the buyer answered the last question. Null if the shop has asked again, or never."
    )
    assignee: str | None = Field(description="The person of the staff whose the claim is.")
    tags: list[str] = Field(description="The shop's own words for the claim.")
    snoozed_until_at: datetime | None = Field(description="Until then the claim sleeps.")
    refunds_to_pay: list[OwedRefundBody] = Field(description="The refunds that wait for you, oldest first.")
    suggestion: SuggestionBody | None = Field(description="The next step. Null while others must act.")


class QueueEntryBody(BaseModel):
    """What waits for a person: a claim, a change that a buyer asks for, or a withdrawal without an order."""

    subject: QueueSubject = Field(description="What waits. The field of this name has it.")
    subject_id: str = Field(description="Its id.")
    due_by: datetime | None = Field(
        description="The first instant that is too late. Null: no last day, and it stands where it came."
    )
    seconds_left: int | None = Field(description="Until `due_by`. Below zero when it has passed.")
    since_at: datetime = Field(description="Since when it waits.")
    order: QueuedOrderBody | None = Field(description="Null for a withdrawal.")
    buyer: QueuedBuyerBody = Field(description="Who asks.")
    claim: QueuedClaimBody | None = Field(description="The claim.")
    address_change: AddressChangeBody | None = Field(description="The change of address.")
    option_change: OptionChangeBody | None = Field(description="The change of option.")
    withdrawal: WithdrawalDetail | None = Field(description="The withdrawal. No order fits what the buyer wrote.")


class QueuePage(BaseModel):
    """A page of the queue."""

    data: list[QueueEntryBody] = Field(
        description="The nearest deadline first, then the largest value. What has no deadline stands where it came."
    )
    next_cursor: str | None = Field(description="Null on the last page.")


class OwedRefundsBody(BaseModel):
    """Refunds in one currency that nobody has paid."""

    currency: str = Field(description="The currency.")
    count: int = Field(description="How many refunds.")
    amount: int = Field(description="Their sum, in minor units.")


class QueueSummaryBody(BaseModel):
    """How much waits for the seller. Each count stops at 10,000."""

    waiting: int = Field(description="Claims whose turn is the seller's: `GET /v1/queue?subject=claim`.")
    to_answer: int = Field(
        description="Requests to answer before `due_before`: `GET /v1/queue?state=requested&due_before=...`."
    )
    overdue: int = Field(description="Claims past their deadline: `GET /v1/queue?overdue=true`.")
    answered: int = Field(description="Claims with a new answer of the buyer: `GET /v1/queue?answered=true`.")
    to_inspect: int = Field(description="Goods that came back: `GET /v1/queue?state=received`.")
    address_changes: int = Field(description="Changes of address to decide: `GET /v1/queue?subject=address_change`.")
    option_changes: int = Field(description="Changes of option to decide: `GET /v1/queue?subject=option_change`.")
    withdrawals: int = Field(description="Withdrawals without an order: `GET /v1/queue?subject=withdrawal`.")
    refunds_failed: int = Field(description="Refunds that failed: `GET /v1/refunds?status=failed`.")
    refunds_to_pay: list[OwedRefundsBody] = Field(
        description="Refunds that nobody has begun to pay, by currency: `GET /v1/refunds?status=pending`."
    )
    to_answer_by: datetime = Field(description="The instant before which `to_answer` must be answered.")
