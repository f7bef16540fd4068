"""The bodies of the buyer's requests and answers to the seller. What only a seller may state has no field."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, model_validator

from app.api.schemas.commands import UsedParts, example
from app.api.schemas.common import MOST_LINES, Amount, Input, Instant, Message, Name, Quantity
from app.api.schemas.goods import TrackingInput
from app.buyer.schemas.shop import BuyerWayToPay
from app.engine.model import commands
from app.engine.model.claim import Actor, Replacement
from app.engine.model.vocabulary import Declared, Kind, Reason
from app.records.contact import ContactKind
from app.service.contacts import NewContact


class WantedReplacement(Input):
    """The goods that you want instead. The seller sets the price."""

    sku: Name = Field(description="The seller's name of the product.")
    title: Name | None = Field(default=None, description="The name of the product.")

    def replacement(self) -> Replacement:
        return Replacement(sku=self.sku, title=self.title)


class WantedLine(Input):
    """Units of one line of the order."""

    line_id: Name = Field(description="A line of the order.")
    quantity: Quantity = Field(description="The units.")
    replacement: WantedReplacement | None = Field(default=None, description="For an exchange: the goods to get.")
    used_parts: UsedParts = Field(default=0, description="How many parts of these units are used up.")

    def line(self) -> commands.RequestedLine:
        return commands.RequestedLine(
            line_id=self.line_id,
            quantity=self.quantity,
            replacement=self.replacement.replacement() if self.replacement else None,
            used_parts=self.used_parts,
        )


class OpenClaimForBuyerRequest(Input):
    """What you ask for. The request is of now."""

    model_config = example(kind="return", reason="change_of_mind", lines=[{"line_id": "1", "quantity": 1}])

    kind: Kind = Field(description="The kind of the claim.")
    reason: Reason = Field(description="Why. The reason decides who pays the shipping. `goodwill` is the seller's.")
    lines: list[WantedLine] = Field(min_length=1, max_length=MOST_LINES, description="The lines, each line once.")
    discovered_at: Instant | None = Field(default=None, description="When you discovered the defect.")
    conditions: list[Declared] = Field(default=[], max_length=20, description="The condition of the goods.")
    note: Message | None = Field(default=None, description="What the seller should know.")
    amount: Amount | None = Field(
        default=None, description="Kind `refund` only: a sum below the full value. You keep the goods."
    )
    more_offers: StrictBool = Field(default=False, description="Whether you agree to receive further offers.")

    @model_validator(mode="after")
    def _is_for_a_buyer(self) -> Self:
        if self.reason is Reason.GOODWILL:
            raise ValueError("goodwill is for the seller to give")
        return self

    def command(self, claim_id: str, by: Actor, now: datetime) -> commands.Request:
        return commands.Request(
            by=by,
            claim_id=claim_id,
            kind=self.kind,
            reason=self.reason,
            lines=tuple(line.line() for line in self.lines),
            requested_at=now,
            discovered_at=self.discovered_at,
            conditions=frozenset(self.conditions),
            note=self.note,
            amount=self.amount,
            more_offers=self.more_offers,
        )


class RetractClaimForBuyerRequest(Input):
    """You take the claim back."""

    model_config = example(note="마음이 바뀌었어요.")

    note: Message | None = Field(default=None, description="The reason, in your words.")

    def command(self, by: Actor) -> commands.Retract:
        return commands.Retract(by=by, note=self.note)


class DispatchGoodsForBuyerRequest(Input):
    """You have sent the goods."""

    model_config = example(tracking={"carrier": "cj", "number": "659876543210"})

    tracking: TrackingInput | None = Field(default=None, description="The parcel, when it is known.")

    def command(self, by: Actor) -> commands.Dispatch:
        return commands.Dispatch(by=by, tracking=self.tracking.tracking() if self.tracking else None)


class AcceptOfferForBuyerRequest(Input):
    """You accept the offer. The body has no fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class DeclineOfferForBuyerRequest(Input):
    """You decline the offer, and keep the same rights."""

    model_config = example(more_offers=True)

    more_offers: StrictBool = Field(default=False, description="Whether you agree to receive further offers.")

    def command(self, offer_id: str, by: Actor) -> commands.DeclineOffer:
        return commands.DeclineOffer(by=by, offer_id=offer_id, more_offers=self.more_offers)


class AnswerQuestionForBuyerRequest(Input):
    """Your answer to the question of the seller."""

    model_config = example(text="네, 바닥에 금이 가 있어요.")

    text: Annotated[Message, StringConstraints(pattern=r"\S", max_length=2000)] = Field(description="Your answer.")

    def new(self, by: Actor) -> NewContact:
        return NewContact(kind=ContactKind.ANSWER, by=by, text=self.text)


class BuyerDebtBody(BaseModel):
    """What you owe on a claim, and how to pay it."""

    claim_id: str = Field(description="The claim.")
    currency: str = Field(description="ISO 4217.")
    still_owed: int = Field(description="In minor units. Before the decision: what you will have to pay.")
    is_due: bool = Field(description="Whether the sum is fixed. False: it is a projection, or nothing is owed.")
    way_to_pay: BuyerWayToPay | None = Field(description="How to pay. Null: the shop has not said.")


def owed_body(claim: dict[str, Any], *, is_due: bool, way: BuyerWayToPay | None) -> dict[str, Any]:
    """From the public body of a claim."""
    return {
        "claim_id": claim["claim_id"],
        "currency": claim["amounts"].currency,
        "still_owed": claim["still_owed"],
        "is_due": is_due,
        "way_to_pay": way and way.model_dump(),
    }
