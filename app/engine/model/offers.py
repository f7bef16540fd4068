"""What an offer is to the buyer: something instead of what the buyer asked for, or something on top of it."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.claim import Claim, Offer, Replacement
from app.engine.model.vocabulary import Alternative, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """An offer that a rejection opens. `amount` is in minor units. `replacement` is for an exchange. Without
    `expires_at` the policy's limit counts."""

    offer_id: str
    alternative: Alternative
    message: str = ""
    amount: int | None = None
    replacement: Replacement | None = None
    expires_at: datetime | None = None


def offer_to_answer(claim: Claim) -> Offer | None:
    """The open offer, unless it is on top: then nobody waits for the answer."""
    offer = claim.open_offer
    return None if offer is None or is_on_top(claim, offer) else offer


def is_on_top(claim: Claim, offer: Offer) -> bool:
    """True for a compensation that was offered at the seller's fault. It stays on top if the claim is reclassified
    later. Anything else is instead of what the buyer asked for."""
    if offer.alternative is not Alternative.EXTRA_COMPENSATION:
        return False
    later = (step.old_fault for step in claim.reclassifications if step.reclassified_at > offer.made_at)
    return next(later, claim.fault) is Fault.SELLER
