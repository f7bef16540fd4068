"""The variables about offers: the offer of an event, the offers that are open, and those that have ended."""

from zoneinfo import ZoneInfo

from app.engine.model.claim import Claim, Offer, RejectedLine
from app.engine.model.vocabulary import Alternative, Fault, OfferStatus, State
from app.messages.context import Variables
from app.messages.days import last_day


def of_offer(offer: Offer, zone: ZoneInfo, claim: Claim | None = None) -> Variables:
    replacement = offer.replacement
    at_fault = claim is not None and claim.fault is Fault.SELLER and claim.state is not State.REJECTED
    return {
        "offer_alternative": offer.alternative.value,
        "offer_message": offer.message,
        "offer_amount": offer.amount,
        "offer_on_top": at_fault and offer.alternative is Alternative.EXTRA_COMPENSATION,
        "offer_replacement": replacement and (replacement.title or replacement.sku),
        "offer_until": last_day(offer.expires_at, zone),
    }


def of_open_offers(claim: Claim, zone: ZoneInfo) -> Variables:
    """What the buyer can choose now, each offer with its amount and its last day, and what the rejection names beside
    the offers."""
    choice = [offer for offer in claim.offers if offer.status is OfferStatus.OPEN]
    offered = {offer.alternative for offer in choice}
    named = claim.rejection.alternatives if claim.rejection else ()
    return {
        "offers": [
            {
                "alternative": offer.alternative.value,
                "amount": offer.amount,
                "replacement": offer.replacement and (offer.replacement.title or offer.replacement.sku),
                "until": last_day(offer.expires_at, zone),
                "message": offer.message or None,
            }
            for offer in choice
        ],
        "other_alternatives": [each.value for each in named if each not in offered],
    }


def of_superseded_offers(claim: Claim) -> Variables:
    """The offers that the last rejection of the claim, or of some of its lines, ended. A claim that went on after an
    earlier rejection has offers that ended then."""
    since, last = claim.approved_at, claim.rejected_lines[-1:]
    before = [
        each
        for each in claim.rejected_lines
        if claim.state is State.REJECTED or each.rejected_at != last[0].rejected_at
    ]
    ended = [
        offer.alternative.value
        for offer in claim.offers
        if offer.status is OfferStatus.SUPERSEDED
        and (since is None or offer.made_at > since)
        and all(_outlasted(offer, each) for each in before)
    ]
    return {"ended_offers": ended}


def _outlasted(offer: Offer, earlier: RejectedLine) -> bool:
    """True if the offer was made after the rejection of the line, or if the rejection kept it open."""
    return offer.made_at > earlier.rejected_at or offer.alternative in earlier.rejection.alternatives


def of_lapsed_offers(claim: Claim, named: Offer) -> Variables:
    """The offers that lapsed with the named one, at the same instant."""
    together = [
        offer.alternative.value
        for offer in claim.offers
        if offer.status is OfferStatus.LAPSED and offer.expires_at == named.expires_at
    ]
    return {"ended_offers": together}
