"""The bodies of the commands about offers."""

from pydantic import Field, StrictBool

from app.api.schemas.commands import CommandRequest, ReplacementInput, example
from app.api.schemas.common import Amount, Instant, MessageToBuyer
from app.engine.model import commands
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Alternative


class MakeOfferRequest(CommandRequest):
    """The seller offers an alternative."""

    model_config = example(alternative="partial_refund", amount=4000, message="그대로 쓰시면 4,000원을 돌려드릴게요.")

    alternative: Alternative = Field(description="What is offered.")
    message: MessageToBuyer = Field(description="A text for the buyer.")
    amount: Amount | None = Field(default=None, description="The value in minor units, if the alternative is money.")
    replacement: ReplacementInput | None = Field(default=None, description="For an exchange: the goods to send.")
    expires_at: Instant | None = Field(
        default=None, description="When the offer lapses. By default the policy's limit."
    )

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
    """The buyer accepts the offer."""

    model_config = example(actor="buyer-7")


class DeclineOfferRequest(AcceptOfferRequest):
    """The buyer declines the offer."""

    more_offers: StrictBool = Field(default=False, description="Whether the buyer agrees to receive further offers.")

    def command(self, offer_id: str, by: Actor) -> commands.DeclineOffer:
        return commands.DeclineOffer(by=by, offer_id=offer_id, more_offers=self.more_offers)
