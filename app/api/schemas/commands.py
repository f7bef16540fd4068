"""One body for each command, and what it says to the engine; `goods.py` has those that tell where goods are."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from app.api.schemas.common import Amount, Input, Instant, Message, Name, Quantity, Word
from app.api.schemas.metadata import Metadata
from app.engine.model import commands
from app.engine.model.claim import Actor, Replacement
from app.engine.model.vocabulary import Alternative, Declared, Fault, Ground, HoldReason, Kind, Reason, Role


def example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


UsedParts = Annotated[StrictInt, Field(ge=0, le=1_000_000_000)]


class CommandRequest(Input):
    """`actor` is the person or process behind the call; the API key's name when left out."""

    actor: Name | None = Field(
        default=None,
        description="The person or the process behind the call. The name of the API key where it is left out.",
    )


class ReplacementInput(Input):
    """The goods that an exchange sends."""

    sku: Name = Field(description="What you call it.")
    title: Name | None = Field(default=None, description="What the buyer calls it.")
    sellable: StrictBool = Field(default=True, description="Whether you can send it.")
    unit_price: Amount | None = Field(
        default=None,
        description="Its price, where the difference is to be settled; else it is worth what comes back.",
    )

    def replacement(self) -> Replacement:
        return Replacement(sku=self.sku, title=self.title, sellable=self.sellable, unit_price=self.unit_price)


class RequestedLine(Input):
    """Units of one order line that are claimed."""

    line_id: Name = Field(description="A line of the order.")
    quantity: Quantity = Field(description="Units of it.")
    replacement: ReplacementInput | None = Field(default=None, description="For an exchange: what to send instead.")
    used_parts: UsedParts = Field(
        default=0,
        description="How many of all their parts have been used up: see `parts` of the order line.",
    )

    def line(self) -> commands.RequestedLine:
        replacement = self.replacement.replacement() if self.replacement else None
        return commands.RequestedLine(
            line_id=self.line_id, quantity=self.quantity, replacement=replacement, used_parts=self.used_parts
        )


class ClaimRequest(CommandRequest):
    """What the buyer asks for, or you for the buyer."""

    model_config = example(
        order_id="2026060512345",
        kind="return",
        reason="change_of_mind",
        lines=[{"line_id": "1", "quantity": 1}],
        requested_at="2026-06-10T10:00:00+09:00",
    )

    order_id: Name = Field(description="The order that it is on.")
    kind: Kind = Field(description="What is asked for.")
    reason: Reason = Field(description="Why; it decides the fault.")
    lines: list[RequestedLine] = Field(description="What is claimed, each line once.", min_length=1, max_length=200)
    requested_at: Instant | None = Field(
        default=None, description="When the buyer asked: now, unless you say otherwise; never in the future."
    )
    requester: Literal[Role.BUYER, Role.SELLER] = Field(
        default=Role.BUYER, description="Who asks: the buyer, or you for them."
    )
    discovered_at: Instant | None = Field(default=None, description="When the buyer found out what is wrong.")
    conditions: list[Declared] = Field(default=[], max_length=20, description="What the buyer says of the goods.")
    note: Message | None = Field(default=None, description="In the buyer's words.")
    amount: Amount | None = Field(
        default=None, description="Kind `refund` only: a sum below the full value; the units stay with the buyer."
    )
    more_offers: StrictBool = Field(
        default=False, description="The buyer wants to hear of alternatives more than once."
    )
    metadata: Metadata = Field(default={}, description="Your own words, kept with the claim.")

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
        )


class ApproveClaimRequest(CommandRequest):
    """The seller grants the claim."""

    model_config = example(actor="minji")

    override: Message | None = Field(
        default=None,
        description="The reason for granting a claim that is not eligible; takes the scope `claims:override`.",
    )

    def command(self, by: Actor) -> commands.Approve:
        return commands.Approve(by=by, override=self.override)


class RejectClaimRequest(CommandRequest):
    """A rejection rests on a ground that the facts support; `evidence` are references of yours."""

    model_config = example(
        ground="already_shipped",
        message="상품이 이미 발송되어 취소가 어렵습니다. 받으신 뒤 반품하실 수 있어요.",
        alternatives=["exchange"],
    )

    ground: Ground = Field(description="Why; `actions` lists those that the facts support.")
    message: Message = Field(default="", description="To the buyer: why, and what they can do.")
    alternatives: list[Alternative] = Field(
        description="What you offer instead, where the policy asks for it.", default=[], max_length=20
    )
    evidence: list[Name] = Field(
        description="References of yours, for a ground that only you can know.", default=[], max_length=50
    )

    def command(self, by: Actor) -> commands.Reject:
        return commands.Reject(
            by=by,
            ground=self.ground,
            message=self.message,
            alternatives=tuple(self.alternatives),
            evidence=tuple(self.evidence),
        )


class RetractClaimRequest(CommandRequest):
    """The buyer takes the claim back."""

    model_config = example(note="마음이 바뀌었어요.")

    note: Message | None = Field(default=None, description="Why, in the buyer's words.")

    def command(self, by: Actor) -> commands.Retract:
        return commands.Retract(by=by, note=self.note)


class ExpireClaimRequest(CommandRequest):
    """`evidence` are references of yours to what shows that nothing was sent, where it was reported as sent."""

    model_config = example(evidence=["carrier-trace-88213"])

    evidence: list[Name] = Field(description="References of yours.", default=[], max_length=50)

    def command(self, by: Actor) -> commands.Expire:
        return commands.Expire(by=by, evidence=tuple(self.evidence))


class HoldClaimRequest(CommandRequest):
    """The claim waits."""

    model_config = example(reason="seller_check", ends_at="2026-06-13T00:00:00+09:00")

    reason: HoldReason = Field(description="Why it waits.")
    ends_at: Instant | None = Field(default=None, description="As long as the policy lets it, unless you say sooner.")
    note: Message | None = Field(default=None, description="For the record.")

    def command(self, by: Actor) -> commands.HoldClaim:
        return commands.HoldClaim(by=by, reason=self.reason, ends_at=self.ends_at, note=self.note)


class ReleaseClaimRequest(CommandRequest):
    """The claim waits no longer."""

    model_config = example(note="입금 확인")

    note: Message | None = Field(default=None, description="For the record.")

    def command(self, by: Actor) -> commands.Release:
        return commands.Release(by=by, note=self.note)


class NewReplacement(Input):
    """Other goods to send for a line of an exchange."""

    line_id: Name = Field(description="A line of the claim.")
    replacement: ReplacementInput = Field(description="What is sent for it.")


class ReclassifyClaimRequest(CommandRequest):
    """Without `fault` it follows the reason."""

    model_config = example(reason="defective", evidence=["photo-118"], note="바닥에 금이 가 있음")

    reason: Reason = Field(description="The new one; it decides the fault.")
    fault: Fault | None = Field(default=None, description="Where it is not what the reason says.")
    replacements: list[NewReplacement] = Field(
        description="What is sent instead, in an exchange.", default=[], max_length=200
    )
    note: Message = Field(default="", description="Why.")
    evidence: list[Name] = Field(
        description="References of yours; without one the fault stays the seller's.", default=[], max_length=50
    )

    def command(self, by: Actor) -> commands.Reclassify:
        return commands.Reclassify(
            by=by,
            reason=self.reason,
            fault=self.fault,
            replacements=tuple(
                commands.NewReplacement(line_id=new.line_id, replacement=new.replacement.replacement())
                for new in self.replacements
            ),
            note=self.note,
            evidence=tuple(self.evidence),
        )


class MakeOfferRequest(CommandRequest):
    """The seller offers an alternative."""

    model_config = example(alternative="partial_refund", amount=4000, message="그대로 쓰시면 4,000원을 돌려드릴게요.")

    alternative: Alternative = Field(description="What is offered.")
    message: Message = Field(description="To the buyer.")
    amount: Amount | None = Field(default=None, description="In minor units, where it is worth money.")
    replacement: ReplacementInput | None = Field(default=None, description="For an exchange.")
    expires_at: Instant | None = Field(default=None, description="When it lapses: as the policy says, unless you say.")

    def command(self, offer_id: str, by: Actor) -> commands.MakeOffer:
        return commands.MakeOffer(
            by=by,
            offer_id=offer_id,
            alternative=self.alternative,
            message=self.message,
            amount=self.amount,
            replacement=self.replacement.replacement() if self.replacement else None,
            expires_at=self.expires_at,
        )


class AcceptOfferRequest(CommandRequest):
    """The buyer takes the offer."""

    model_config = example(actor="buyer-7")


class DeclineOfferRequest(AcceptOfferRequest):
    """The buyer does not take the offer."""

    more_offers: StrictBool = Field(default=False, description="The buyer wants to hear of another alternative.")

    def command(self, offer_id: str, by: Actor) -> commands.DeclineOffer:
        return commands.DeclineOffer(by=by, offer_id=offer_id, more_offers=self.more_offers)


class ConfirmClaimPaymentRequest(CommandRequest):
    """What the buyer owed on the claim, all of it, as a payment of the order."""

    model_config = example(payment_id="pay-2", method="card", amount=1000)

    payment_id: Name = Field(description="Yours.")
    method: Word = Field(description="By what the buyer paid.")
    amount: Amount

    def command(self, by: Actor) -> commands.ConfirmPayment:
        return commands.ConfirmPayment(by=by, payment_id=self.payment_id, method=self.method, amount=self.amount)


class ConvertClaimRequest(CommandRequest):
    """The seller pays back what was to be exchanged."""

    model_config = example(note="교환 상품이 품절되었습니다.")

    note: Message = Field(default="", description="Why the replacement cannot be sent.")

    def command(self, by: Actor) -> commands.Convert:
        return commands.Convert(by=by, note=self.note)
