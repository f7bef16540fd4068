"""One body for each command, and the engine command that it becomes. `goods.py` has the commands about goods,
`offers.py` those about offers, and `rejections.py` the rejection."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from app.api.schemas.common import MOST_LINES, Amount, Input, Instant, Message, MessageToBuyer, Name, Quantity, Word
from app.api.schemas.consents import ConsentInput
from app.api.schemas.metadata import Metadata
from app.engine.model import commands
from app.engine.model.claim import Actor, Replacement
from app.engine.model.vocabulary import (
    Declared,
    Fault,
    HoldReason,
    Kind,
    Reason,
    Role,
)


def example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


UsedParts = Annotated[StrictInt, Field(ge=0, le=1_000_000_000)]


class CommandRequest(Input):
    """The fields that all commands share."""

    actor: Name | None = Field(
        default=None,
        description="The person or the process behind the call. The default is the name of the API key.",
    )


class ReplacementInput(Input):
    """The goods that an exchange sends."""

    sku: Name = Field(description="Your name of the product.")
    title: Name | None = Field(default=None, description="The buyer's name of the product.")
    sellable: StrictBool = Field(default=True, description="Whether you can send the product.")
    unit_price: Amount | None = Field(
        default=None,
        description="The price, if the difference must be settled. Null: the replacement is worth the returned goods.",
    )

    def replacement(self) -> Replacement:
        return Replacement(sku=self.sku, title=self.title, sellable=self.sellable, unit_price=self.unit_price)


class RequestedLine(Input):
    """Claimed units of one order line."""

    line_id: Name = Field(description="A line of the order.")
    quantity: Quantity = Field(description="Claimed units of the line.")
    replacement: ReplacementInput | None = Field(default=None, description="For an exchange: the goods to send.")
    used_parts: UsedParts = Field(
        default=0,
        description="How many parts of these units are used up. See `parts` of the order line.",
    )

    def line(self) -> commands.RequestedLine:
        replacement = self.replacement.replacement() if self.replacement else None
        return commands.RequestedLine(
            line_id=self.line_id, quantity=self.quantity, replacement=replacement, used_parts=self.used_parts
        )


class ClaimRequest(CommandRequest):
    """A request of the buyer, or of the seller for the buyer."""

    model_config = example(
        order_id="2026060512345",
        kind="return",
        reason="change_of_mind",
        lines=[{"line_id": "1", "quantity": 1}],
        requested_at="2026-06-10T10:00:00+09:00",
    )

    order_id: Name = Field(description="The order of the claim.")
    kind: Kind = Field(description="The kind of the claim.")
    reason: Reason = Field(description="Why the buyer makes the claim. The reason decides the fault.")
    lines: list[RequestedLine] = Field(
        default=[],
        description="The claimed lines, each line once. None if a refund gives back only shipping or fees.",
        max_length=MOST_LINES,
    )
    requested_at: Instant | None = Field(
        default=None, description="When the buyer made the request. The default is now. Not in the future."
    )
    requester: Literal[Role.BUYER, Role.SELLER] = Field(
        default=Role.BUYER, description="Who makes the request: the buyer, or you for the buyer."
    )
    discovered_at: Instant | None = Field(default=None, description="When the buyer discovered the defect.")
    conditions: list[Declared] = Field(default=[], max_length=20, description="The declared condition of the goods.")
    note: Message | None = Field(default=None, description="A note in the buyer's words.")
    amount: Amount | None = Field(
        default=None, description="Kind `refund` only: a sum below the full value. The units stay with the buyer."
    )
    shipping: Amount = Field(
        default=0, description="Kind `refund` only: shipping to give back, without goods. In minor units."
    )
    fees: Amount = Field(
        default=0, description="Kind `refund` only: fees of earlier claims to give back. In minor units."
    )
    consents: Annotated[list[ConsentInput], Field(max_length=20)] = Field(
        default=[], description="What the buyer has agreed to, for the history of the claim."
    )
    more_offers: StrictBool = Field(default=False, description="Whether the buyer agrees to receive further offers.")
    metadata: Metadata = Field(default={}, description="Your own keys and values, stored with the claim.")

    def command(self, claim_id: str, by: Actor, now: datetime) -> commands.Request:
        return commands.Request(
            by=by,
            claim_id=claim_id,
            kind=self.kind,
            reason=self.reason,
            lines=tuple(line.line() for line in self.lines),
            requested_at=self.requested_at or now,
            discovered_at=self.discovered_at,
            conditions=frozenset(self.conditions),
            note=self.note,
            amount=self.amount,
            more_offers=self.more_offers,
            shipping=self.shipping,
            fees=self.fees,
            consents=tuple(consent.consent() for consent in self.consents),
        )


class ApproveClaimRequest(CommandRequest):
    """The seller approves the claim."""

    model_config = example(actor="minji")

    override: Message | None = Field(
        default=None,
        description="Why you approve an ineligible claim. Needs the scope `claims:override`.",
    )
    keep_goods: StrictBool = Field(
        default=False,
        description="Returns only: the buyer keeps the goods, and gets what the return would give back.",
    )
    waive_fee: StrictBool = Field(default=False, description="You pay the return shipping, whoever is at fault.")

    def command(self, by: Actor) -> commands.Approve:
        return commands.Approve(by=by, override=self.override, keep_goods=self.keep_goods, waive_fee=self.waive_fee)


class RetractClaimRequest(CommandRequest):
    """The buyer takes the claim back."""

    model_config = example(note="마음이 바뀌었어요.")

    note: Message | None = Field(default=None, description="The reason, in the buyer's words.")

    def command(self, by: Actor) -> commands.Retract:
        return commands.Retract(by=by, note=self.note)


class ExpireClaimRequest(CommandRequest):
    """The time to send the goods back is over. `evidence` shows that goods reported as sent were not sent."""

    model_config = example(evidence=["carrier-trace-88213"])

    evidence: list[Name] = Field(description="Your references to evidence.", default=[], max_length=50)

    def command(self, by: Actor) -> commands.Expire:
        return commands.Expire(by=by, evidence=tuple(self.evidence))


class HoldClaimRequest(CommandRequest):
    """The seller puts the claim on hold."""

    model_config = example(reason="seller_check", ends_at="2026-06-13T00:00:00+09:00")

    reason: HoldReason = Field(description="Why the claim waits.")
    ends_at: Instant | None = Field(
        default=None, description="When the hold ends. At most, and by default, the policy's limit."
    )
    note: Message | None = Field(default=None, description="A note for the record.")

    def command(self, by: Actor) -> commands.HoldClaim:
        return commands.HoldClaim(by=by, reason=self.reason, ends_at=self.ends_at, note=self.note)


class ReleaseClaimRequest(CommandRequest):
    """The seller ends the hold."""

    model_config = example(note="입금 확인")

    note: Message | None = Field(default=None, description="A note for the record.")

    def command(self, by: Actor) -> commands.Release:
        return commands.Release(by=by, note=self.note)


class NewReplacement(Input):
    """Other goods to send for a line of an exchange."""

    line_id: Name = Field(description="A line of the claim.")
    replacement: ReplacementInput = Field(description="The goods to send for the line.")


def new_replacements(named: list[NewReplacement]) -> tuple[commands.NewReplacement, ...]:
    return tuple(
        commands.NewReplacement(line_id=new.line_id, replacement=new.replacement.replacement()) for new in named
    )


class ReclassifyClaimRequest(CommandRequest):
    """The seller changes the reason, the fault or the replacements, or shows what the buyer could have known."""

    model_config = example(reason="defective", evidence=["photo-118"], note="바닥에 금이 가 있음")

    reason: Reason = Field(description="The new reason. The reason decides the fault.")
    fault: Fault | None = Field(default=None, description="The new fault, if it differs from the fault of the reason.")
    replacements: list[NewReplacement] = Field(
        description="For an exchange: the new goods to send.", default=[], max_length=MOST_LINES
    )
    note: MessageToBuyer = Field(default="", description="Why the claim changes. The messages tell it to the buyer.")
    evidence: list[Name] = Field(
        description="Your references. Without evidence the fault stays the seller's.", default=[], max_length=50
    )
    knowable_at: Instant | None = Field(
        default=None,
        description="When the buyer could have known of the defect. Needs `evidence`, and the seller at fault.",
    )

    def command(self, by: Actor) -> commands.Reclassify:
        return commands.Reclassify(
            by=by,
            reason=self.reason,
            fault=self.fault,
            replacements=new_replacements(self.replacements),
            note=self.note,
            evidence=tuple(self.evidence),
            knowable_at=self.knowable_at,
        )


class ConfirmClaimPaymentRequest(CommandRequest):
    """The buyer paid the whole debt of the claim. The payment becomes a payment of the order."""

    model_config = example(payment_id="pay-2", method="card", amount=1000)

    payment_id: Name = Field(description="Your id of the payment.")
    method: Word = Field(description="The payment method, such as `card`.")
    amount: Amount
    paid_at: Instant | None = Field(default=None, description="When the buyer paid. The default is now.")

    def command(self, by: Actor) -> commands.ConfirmPayment:
        return commands.ConfirmPayment(
            by=by, payment_id=self.payment_id, method=self.method, amount=self.amount, paid_at=self.paid_at
        )
