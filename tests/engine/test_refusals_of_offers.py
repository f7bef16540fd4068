"""What a refusal says about offers: the code, the facts, the rule and the field."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from app.engine.model.commands import AcceptOffer, DeclineOffer, MakeOffer
from app.engine.model.offers import NewOffer
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Alternative, Ground, Kind, OfferStatus, Reason
from tests.engine.commands import (
    APPROVE,
    BLUE,
    BUYER,
    DISPATCH,
    SELLER,
    receive,
    reject,
    request,
)
from tests.engine.orders import NO_FEES, NOW, SOON, delivered_line, order
from tests.engine.story import Step, Story, given, wait_until

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
HOME = given(order(delivered_line(quantity=2)), policy=NO_FEES)
MIND_CHANGED = HOME.when(request(Kind.RETURN, MIND))
DEFECT = HOME.when(request(Kind.RETURN, BROKEN))
TWO_LINES = given(order(delivered_line(), delivered_line("2")), policy=NO_FEES).when(
    request(Kind.RETURN, BROKEN, {"1": 1, "2": 1})
)
DUPLICATE = reject(Ground.DUPLICATE, evidence=("claim 1",))
COUPON = MakeOffer(
    by=SELLER, offer_id="offer", alternative=Alternative.DISCOUNT_COUPON, message="This?", amount=500, expires_at=SOON
)
ACCEPT = AcceptOffer(by=BUYER, offer_id="offer")
DECLINE = DeclineOffer(by=BUYER, offer_id="offer")


def offer(alternative: Alternative, **more: Any) -> MakeOffer:
    return replace(COUPON, alternative=alternative, **more)


def unfit(alternative: Alternative, why: str, field: str = "alternative") -> list[Refusal]:
    return [refuse(Code.OFFER_DOES_NOT_FIT, alternative=alternative, why=why, field=field)]


CASES: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "an offer that expires now": (
        DEFECT,
        replace(COUPON, expires_at=NOW.astimezone(UTC)),
        [refuse(Code.ALREADY_PAST, ends_at="2026-06-10T10:00:00+09:00", field="expires_at")],
    ),
    "a second open offer": (
        DEFECT.when(COUPON),
        replace(COUPON, offer_id="second"),
        [refuse(Code.OFFER_ALREADY_OPEN, offer_id="offer")],
    ),
    "a second open offer, the first without an end": (
        DEFECT.under(replace(NO_FEES, hold_within=None, offer_within=None)).when(replace(COUPON, expires_at=None)),
        replace(COUPON, offer_id="second"),
        [refuse(Code.OFFER_ALREADY_OPEN, offer_id="offer")],
    ),
    "a second offer after the first": (
        DEFECT.when(COUPON, DECLINE),
        replace(COUPON, offer_id="second"),
        [refuse(Code.OFFERS_USED_UP, offers=1, citation=NO_FEES.offers.citation)],
    ),
    "a second offer after the first, without a rule": (
        DEFECT.under(replace(NO_FEES, offers=replace(NO_FEES.offers, citation=""))).when(COUPON, DECLINE),
        replace(COUPON, offer_id="second"),
        [refuse(Code.OFFERS_USED_UP, offers=1)],
    ),
    "a second offer to a buyer who wants more": (
        DEFECT.when(COUPON, replace(DECLINE, more_offers=True)),
        replace(COUPON, offer_id="second"),
        [],
    ),
    "the same offer again": (
        DEFECT.when(COUPON, replace(DECLINE, more_offers=True)),
        COUPON,
        [refuse(Code.OFFER_ALREADY_MADE, offer_id="offer", field="offer_id")],
    ),
    "an answer to no offer": (
        DEFECT,
        ACCEPT,
        [
            refuse(Code.NO_OPEN_OFFER, field="offer_id"),
            refuse(Code.UNKNOWN_OFFER, offer_id="offer", field="offer_id"),
        ],
    ),
    "an answer when the offer has expired": (
        DEFECT.when(COUPON, wait_until(SOON)),
        DECLINE,
        [
            refuse(Code.NO_OPEN_OFFER, field="offer_id"),
            refuse(Code.OFFER_CLOSED, offer_id="offer", status=OfferStatus.LAPSED, field="offer_id"),
        ],
    ),
    "a second answer": (
        DEFECT.when(COUPON, DECLINE),
        ACCEPT,
        [
            refuse(Code.NO_OPEN_OFFER, field="offer_id"),
            refuse(Code.OFFER_CLOSED, offer_id="offer", status=OfferStatus.DECLINED, field="offer_id"),
        ],
    ),
    "two offers of one name with a rejection": (
        DEFECT,
        replace(
            DUPLICATE,
            offers=(
                NewOffer(offer_id="a", alternative=Alternative.DISCOUNT_COUPON, amount=1),
                NewOffer(offer_id="a", alternative=Alternative.STORE_CREDIT, amount=0),
            ),
        ),
        [
            refuse(Code.OFFER_ALREADY_MADE, offer_id="a", field="offers.1.offer_id"),
            *unfit(Alternative.STORE_CREDIT, "amount_missing", "offers.1.amount"),
        ],
    ),
    "an offer that is kept and was never made": (
        DEFECT,
        replace(DUPLICATE, kept_offer_ids=("offer",)),
        [refuse(Code.UNKNOWN_OFFER, offer_id="offer", field="keep_offers")],
    ),
    "a coupon of nothing": (
        DEFECT,
        offer(Alternative.DISCOUNT_COUPON, amount=0),
        unfit(Alternative.DISCOUNT_COUPON, "amount_missing", "amount"),
    ),
    "a coupon below nothing": (
        DEFECT,
        offer(Alternative.DISCOUNT_COUPON, amount=-1),
        unfit(Alternative.DISCOUNT_COUPON, "amount_missing", "amount"),
    ),
    "a coupon of 1": (DEFECT, offer(Alternative.DISCOUNT_COUPON, amount=1), []),
    "an exchange of nothing": (
        DEFECT,
        offer(Alternative.EXCHANGE),
        unfit(Alternative.EXCHANGE, "replacement_missing", "replacement"),
    ),
    "an exchange for goods that stay": (
        HOME.when(request(Kind.REFUND, BROKEN)),
        offer(Alternative.EXCHANGE, replacement=BLUE),
        unfit(Alternative.EXCHANGE, "not_a_return"),
    ),
    "free shipping for goods that stay": (
        HOME.when(request(Kind.REFUND, BROKEN)),
        offer(Alternative.FREE_RETURN_SHIPPING),
        unfit(Alternative.FREE_RETURN_SHIPPING, "nothing_sent_back"),
    ),
    "a coupon for goods that are back": (
        DEFECT.when(APPROVE, receive()),
        COUPON,
        unfit(Alternative.DISCOUNT_COUPON, "goods_back"),
    ),
    "a coupon for goods on their way back": (
        DEFECT.when(APPROVE, DISPATCH),
        COUPON,
        unfit(Alternative.DISCOUNT_COUPON, "goods_on_their_way_back"),
    ),
    "a compensation of the price": (DEFECT, offer(Alternative.EXTRA_COMPENSATION, amount=10_000), []),
    "a compensation of the price of two units": (
        HOME.when(request(Kind.RETURN, BROKEN, {"1": 2})),
        offer(Alternative.EXTRA_COMPENSATION, amount=20_000),
        [],
    ),
    "a compensation above the price": (
        DEFECT,
        offer(Alternative.EXTRA_COMPENSATION, amount=10_001),
        unfit(Alternative.EXTRA_COMPENSATION, "above_price", "amount"),
    ),
    "a compensation above the rest of the price": (
        DEFECT.when(offer(Alternative.EXTRA_COMPENSATION, amount=9_000), ACCEPT),
        offer(Alternative.EXTRA_COMPENSATION, offer_id="second", amount=1_001),
        unfit(Alternative.EXTRA_COMPENSATION, "above_price", "amount"),
    ),
    "a compensation beside one that the buyer declined": (
        DEFECT.when(offer(Alternative.EXTRA_COMPENSATION, amount=9_000), DECLINE),
        offer(Alternative.EXTRA_COMPENSATION, offer_id="second", amount=10_000),
        [],
    ),
    "a compensation of nothing": (
        DEFECT,
        offer(Alternative.EXTRA_COMPENSATION, amount=None),
        unfit(Alternative.EXTRA_COMPENSATION, "amount_missing", "amount"),
    ),
    "a compensation to a buyer at fault, for goods on their way back": (
        MIND_CHANGED.when(APPROVE, DISPATCH),
        offer(Alternative.EXTRA_COMPENSATION),
        unfit(Alternative.EXTRA_COMPENSATION, "goods_on_their_way_back"),
    ),
    "store credit for what cost nothing": (
        given(order(delivered_line(unit_price=0)), policy=NO_FEES).when(request(Kind.RETURN, BROKEN)),
        offer(Alternative.STORE_CREDIT),
        unfit(Alternative.STORE_CREDIT, "price_paid_back"),
    ),
    "store credit above the rest of the price, before the decision": (
        given(order(delivered_line(credited=4_000)), policy=NO_FEES).when(request(Kind.RETURN, BROKEN)),
        offer(Alternative.STORE_CREDIT, amount=10_000),
        [],
    ),
    "store credit of the rest of the price, after the rejection": (
        given(order(delivered_line(credited=4_000)), policy=NO_FEES).when(request(Kind.RETURN, BROKEN), DUPLICATE),
        offer(Alternative.STORE_CREDIT, amount=6_000),
        [],
    ),
    "store credit above the rest of the price, after the rejection": (
        given(order(delivered_line(credited=4_000)), policy=NO_FEES).when(request(Kind.RETURN, BROKEN), DUPLICATE),
        offer(Alternative.STORE_CREDIT, amount=6_001),
        unfit(Alternative.STORE_CREDIT, "price_paid_back"),
    ),
    "a partial refund above the price": (
        DEFECT,
        offer(Alternative.PARTIAL_REFUND, amount=10_001),
        [refuse(Code.AMOUNT_ABOVE_VALUE, requested=10_001, value=10_000, currency="KRW", field="amount")],
    ),
    "a coupon with the rejection of one of two lines": (
        TWO_LINES,
        replace(DUPLICATE, line_ids=("1",), offers=(NewOffer(offer_id="a", alternative=Alternative.DISCOUNT_COUPON),)),
        unfit(Alternative.DISCOUNT_COUPON, "other_lines_go_on", "offers.0.alternative"),
    ),
    "a coupon that the buyer chooses when the goods are on their way": (
        DEFECT.when(APPROVE, replace(COUPON, expires_at=None), DISPATCH),
        ACCEPT,
        unfit(Alternative.DISCOUNT_COUPON, "goods_on_their_way_back"),
    ),
    "store credit above the price": (DEFECT, offer(Alternative.STORE_CREDIT, amount=10_001), []),
}


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals
