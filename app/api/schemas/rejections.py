"""The body of a rejection, with the offers that open with it."""

from collections.abc import Callable

from pydantic import Field

from app.api.schemas.commands import CommandRequest, ReplacementInput, example
from app.api.schemas.common import MOST_LINES, Amount, Input, Instant, MessageToBuyer, Name
from app.engine.model import commands
from app.engine.model.claim import Actor
from app.engine.model.offers import NewOffer
from app.engine.model.vocabulary import Alternative, Ground


class NewOfferInput(Input):
    """An alternative that the buyer can choose after the rejection."""

    alternative: Alternative = Field(description="What is offered.")
    message: MessageToBuyer = Field(default="", description="A text for the buyer about this offer.")
    amount: Amount | None = Field(default=None, description="The value in minor units, if the alternative is money.")
    replacement: ReplacementInput | None = Field(default=None, description="For an exchange: the goods to send.")
    expires_at: Instant | None = Field(
        default=None, description="When the offer lapses. By default the policy's limit."
    )

    def offer(self, offer_id: str) -> NewOffer:
        return NewOffer(
            offer_id=offer_id,
            alternative=self.alternative,
            message=self.message,
            amount=self.amount,
            replacement=self.replacement.replacement() if self.replacement else None,
            expires_at=self.expires_at,
        )


class RejectClaimRequest(CommandRequest):
    """The seller rejects the lines that the ground is about. The other lines go on. The facts must support the ground,
    or the evidence must show it."""

    model_config = example(
        ground="already_shipped",
        message="상품이 이미 발송되어 취소가 어렵습니다. 받으신 뒤 반품하실 수 있어요.",
        offers=[
            {"alternative": "discount_coupon", "amount": 2000, "expires_at": "2026-06-20T00:00:00+09:00"},
            {"alternative": "partial_refund", "amount": 1000, "message": "그대로 쓰시면 1,000원을 돌려드릴게요."},
        ],
    )

    ground: Ground = Field(description="The ground. `actions` lists the possible grounds.")
    line_ids: list[Name] = Field(
        description="The lines to reject. By default the lines that the assessment names for this ground, or else all.",
        default=[],
        max_length=MOST_LINES,
    )
    message: MessageToBuyer = Field(default="", description="A text for the buyer: why, and what the buyer can do.")
    alternatives: list[Alternative] = Field(
        description="What you name instead, without an amount or a last day. The buyer asks you for it.",
        default=[],
        max_length=20,
    )
    offers: list[NewOfferInput] = Field(
        description="What the buyer can choose instead, by accepting one of these offers. They are open together: the "
        "one that the buyer accepts closes the others. Not if other lines of the claim go on.",
        default=[],
        max_length=20,
    )
    keep_offers: list[Name] = Field(
        description="Ids of open offers that stay open. A rejection of the whole claim ends every other open offer.",
        default=[],
        max_length=20,
    )
    evidence: list[Name] = Field(
        description="Your references to evidence, for a ground that only you can show.", default=[], max_length=50
    )

    def command(self, by: Actor, new_offer_id: Callable[[], str]) -> commands.Reject:
        """`new_offer_id` makes the id of each offer."""
        return commands.Reject(
            by=by,
            ground=self.ground,
            message=self.message,
            alternatives=tuple(self.alternatives),
            evidence=tuple(self.evidence),
            line_ids=tuple(self.line_ids),
            offers=tuple([offer.offer(new_offer_id()) for offer in self.offers]),
            kept_offer_ids=tuple(self.keep_offers),
        )
