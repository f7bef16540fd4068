"""Opens offers, and closes the offers that a choice of the buyer or a rejection has replaced."""

from collections.abc import Collection, Iterable

from app.engine.model.claim import Claim, Offer
from app.engine.model.commands import MakeOffer, Reject
from app.engine.model.copies import replace
from app.engine.model.effects import Effect
from app.engine.model.offers import NewOffer
from app.engine.model.vocabulary import OfferStatus
from app.engine.policy.deadlines import end_of_limit
from app.engine.policy.facts import Facts
from app.engine.transitions.context import DecisionContext


def opened_offer(new: MakeOffer | NewOffer, facts: Facts) -> Offer:
    """The open offer. It lasts until its own end, or else as long as the policy says."""
    return Offer(
        offer_id=new.offer_id,
        alternative=new.alternative,
        message=new.message,
        made_at=facts.now,
        amount=new.amount,
        replacement=new.replacement,
        expires_at=new.expires_at or end_of_limit(facts.policy.offer_within or facts.policy.hold_within, facts),
    )


def supersede_offers(claim: Claim, kept: Collection[str]) -> Claim:
    """The claim with every open offer closed, except the kept ones."""
    superseded = tuple(
        replace(offer, status=OfferStatus.SUPERSEDED)
        if offer.status is OfferStatus.OPEN and offer.offer_id not in kept
        else offer
        for offer in claim.offers
    )
    return replace(claim, offers=superseded)


def replace_offers(current: Claim, context: DecisionContext) -> tuple[Claim, Iterable[Effect]]:
    """A rejection is the seller's newest word: the offers before it end, except those that it keeps, and the offers
    that it makes open together. An offer is about the whole claim, so it ends too when some lines are rejected."""
    command = context.command
    kept, new = (command.kept_offer_ids, command.offers) if isinstance(command, Reject) else ((), ())
    if not current.offers and not new:
        return current, ()
    remaining = supersede_offers(current, kept)
    opened = [opened_offer(offer, context.facts) for offer in new]
    return replace(remaining, offers=(*remaining.offers, *opened)), ()
