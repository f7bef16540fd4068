"""Walks of claims that were rejected and go on with what the seller offers instead."""

from collections.abc import Iterator
from dataclasses import replace

from app.engine import Facts
from app.engine.model.commands import AcceptOffer, DeclineOffer, LapseOffer, MakeOffer
from app.engine.model.offers import NewOffer
from app.engine.model.vocabulary import Alternative, Ground, Kind, Reason
from tests.engine.commands import BLUE, BUYER, SELLER, SYSTEM, reject, request
from tests.engine.orders import SOON, delivered_line, facts_of, line, order
from tests.engine.story import Step, wait_until

OFFER = MakeOffer(
    by=SELLER,
    offer_id="offer",
    alternative=Alternative.DISCOUNT_COUPON,
    message="This instead?",
    amount=2_000,
    expires_at=SOON,
)
FREE = {Alternative.EXCHANGE: BLUE, Alternative.FREE_RETURN_SHIPPING: None}
"""What costs the seller no money: the goods to send."""
REFUSE = reject(Ground.DUPLICATE, evidence=("claim 1",))
EARLIER = replace(OFFER, offer_id="earlier", amount=1_000)
CHOICE = (
    NewOffer(offer_id="offer", alternative=Alternative.DISCOUNT_COUPON, amount=2_000, expires_at=SOON),
    NewOffer(offer_id="credit", alternative=Alternative.STORE_CREDIT, amount=3_000, expires_at=SOON),
)
ACCEPT, DECLINE = AcceptOffer(by=BUYER, offer_id="offer"), DeclineOffer(by=BUYER, offer_id="offer")
LAPSE = LapseOffer(by=SYSTEM, offer_id="offer")


def offer(alternative: Alternative) -> MakeOffer:
    is_free = alternative in FREE
    return replace(OFFER, alternative=alternative, amount=None if is_free else 2_000, replacement=FREE.get(alternative))


def fits(alternative: Alternative, kind: Kind) -> bool:
    if alternative is Alternative.EXCHANGE:
        return kind in (Kind.RETURN, Kind.REPAIR)
    return alternative is not Alternative.FREE_RETURN_SHIPPING or kind not in (Kind.CANCEL, Kind.REFUND)


def refused_offers() -> Iterator[tuple[str, Facts, tuple[Step, ...]]]:
    """The name, the facts and the steps of each walk."""
    for kind in Kind:
        facts = facts_of(order(line(quantity=2) if kind is Kind.CANCEL else delivered_line(quantity=2)))
        refused = (request(kind, Reason.DEFECTIVE), REFUSE)
        for alternative in Alternative:
            if fits(alternative, kind):
                name = f"rejected, then {alternative} offered and accepted"
                yield name, facts, (*refused, offer(alternative), ACCEPT)
        choice = reject(Ground.DUPLICATE, evidence=("claim 1",), offers=CHOICE)
        steps = (refused[0], EARLIER, choice)
        yield "rejected with two offers, and one is accepted", facts, (*steps, ACCEPT)
        yield "rejected with two offers, which lapse together", facts, (*steps, wait_until(SOON), LAPSE)
        yield "rejected, then an offer is declined", facts, (*refused, OFFER, DECLINE)
        yield "rejected, then an offer lapses", facts, (*refused, OFFER, wait_until(SOON), LAPSE)
