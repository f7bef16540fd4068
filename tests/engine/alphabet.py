"""Every request and every command that the search tries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

from app.engine.model.commands import (
    AcceptOffer,
    Approve,
    Command,
    Convert,
    DeclineOffer,
    Inspect,
    InspectedLine,
    LapseOffer,
    MakeOffer,
    NewReplacement,
    OrderShipped,
    Receive,
    Reclassify,
    Request,
    RequestedLine,
)
from app.engine.model.offers import NewOffer
from app.engine.model.vocabulary import Alternative, Condition, CureFailure, Deduction, Ground, Kind, Reason
from tests.engine.commands import (
    APPROVE,
    BLUE,
    BUYER,
    COMPLETE_REPAIR,
    CONFIRM_DELIVERY,
    DISPATCH,
    EXPIRE,
    HOLD,
    MARK_OVERDUE,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    SETTLE,
    SYSTEM,
    edit,
    inspect,
    pay,
    receive,
    reject,
    request,
)
from tests.engine.orders import NOW, PAID, SOON, TOO_LATE

HOLD_FOR_EVER = replace(HOLD, ends_at=TOO_LATE)
SOLD_OUT = replace(BLUE, sellable=False)


def requests() -> Iterator[Request]:
    for kind in Kind:
        plain = request(kind)
        for quantity in (-1, 0, 1, 2, 3):
            yield request(kind, units={"1": quantity})
        yield request(kind, Reason.OTHER)
        yield request(kind, units={"1": 1, "9": 1})
        yield request(kind, units={"1": 1, "2": 1})
        yield replace(plain, amount=4_000)
        yield replace(plain, amount=90_000)
        yield replace(plain, amount=0)
        yield replace(plain, lines=())
        yield replace(plain, discovered_at=SOON)
        yield replace(plain, lines=(RequestedLine(line_id="1", quantity=1),) * 2)
        yield replace(plain, requested_at=SOON)
        yield replace(plain, requested_at=PAID - timedelta(hours=1))
        yield replace(plain, discovered_at=PAID - timedelta(hours=1))
        yield replace(plain, lines=(RequestedLine(line_id="1", quantity=1, used_parts=2),))
    yield request(Kind.REFUND, Reason.MISSING_ITEM)
    yield request(Kind.EXCHANGE, replacement=None)
    yield request(Kind.EXCHANGE, replacement=SOLD_OUT)
    for unit_price in (1_000, 9_000):
        yield request(Kind.EXCHANGE, replacement=replace(BLUE, unit_price=unit_price))


def _offers() -> Iterator[MakeOffer]:
    for alternative in Alternative:
        yield MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?")
    for alternative in (Alternative.PARTIAL_REFUND, Alternative.STORE_CREDIT, Alternative.EXTRA_COMPENSATION):
        yield MakeOffer(by=SELLER, offer_id="offer", alternative=alternative, message="?", amount=2_000)
    partly = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.PARTIAL_REFUND, message="?")
    yield replace(partly, amount=90_000)
    yield replace(partly, amount=2_000, expires_at=NOW)
    exchange = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.EXCHANGE, message="?")
    yield replace(exchange, replacement=BLUE, expires_at=SOON)


def _answers_to_the_buyer() -> Iterator[Command]:
    yield from (APPROVE, replace(APPROVE, by=SYSTEM), Approve(by=SELLER, override="a good customer"))
    yield from (replace(APPROVE, keep_goods=True), replace(APPROVE, waive_fee=True))
    for ground in (Ground.WINDOW_CLOSED, Ground.ALREADY_SHIPPED, Ground.CUSTOM_MADE):
        yield reject(ground, alternatives=(Alternative.STORE_CREDIT,))
    yield reject(Ground.DUPLICATE, evidence=("claim 7",), alternatives=(Alternative.STORE_CREDIT,))
    coupon = NewOffer(offer_id="offer", alternative=Alternative.DISCOUNT_COUPON, amount=2_000)
    yield reject(Ground.DUPLICATE, evidence=("claim 7",), offers=(coupon,))
    for line_ids in (("1",), ("9",), ("1", "1")):
        yield reject(Ground.DUPLICATE, evidence=("claim 7",), line_ids=line_ids)
    yield reject(Ground.CUSTOM_MADE, line_ids=("1",))
    yield reject(Ground.DUPLICATE)
    yield reject(Ground.DUPLICATE, message=" ", evidence=("claim 7",))
    for reason in (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.OTHER):
        yield Reclassify(by=SELLER, reason=reason)
    known = Reclassify(by=SELLER, reason=Reason.DEFECTIVE, evidence=("chat",), knowable_at=NOW)
    yield from (known, replace(known, evidence=()), replace(known, reason=Reason.CHANGE_OF_MIND))
    yield from (replace(known, knowable_at=PAID), replace(known, knowable_at=SOON))
    for line_id, replacement in (("1", BLUE), ("1", SOLD_OUT), ("9", BLUE)):
        replacements = (NewReplacement(line_id=line_id, replacement=replacement),)
        yield Reclassify(by=SELLER, reason=Reason.DEFECTIVE, replacements=replacements)
    yield from _offers()
    for offer_id in ("offer", "another"):
        yield from (AcceptOffer(by=BUYER, offer_id=offer_id), DeclineOffer(by=BUYER, offer_id=offer_id))
        yield LapseOffer(by=SYSTEM, offer_id=offer_id)


def _edits() -> Iterator[Command]:
    for units in ({"1": 1}, {"1": 2}, {"1": 3}, {"1": 1, "2": 1}, {"9": 1}, {}):
        yield edit(units)
    yield from (edit(reason=Reason.DEFECTIVE), edit(reason=Reason.GOODWILL), edit(amount=4_000))


def _goods_that_come() -> Iterator[Command]:
    for condition, quantity in product((Condition.AS_SOLD, Condition.USED), range(4)):
        yield receive({"1": quantity}, condition)
    yield receive(condition=Condition.INCOMPLETE)
    yield from (receive({"9": 1}), receive({"2": 1}), receive(close=True), Receive(by=SELLER, lines=(), close=True))
    for ground, accepted in product((None, Ground.USED_OR_CONSUMED, Ground.NOTHING_WRONG_FOUND), range(4)):
        yield inspect({"1": accepted}, ground=ground, message="We found it so.")
    for amount in (1_000, 90_000, -1):
        yield inspect({"1": 1}, deductions={Deduction.MISSING_PARTS: amount})
    for reason in (Deduction.USED_VALUE, Deduction.DAMAGE):
        yield inspect({"1": 1}, deductions={reason: 1_000})
    yield inspect({"1": 1}, deductions={Deduction.USED_VALUE: 1_000}, evidence=("photo",))
    yield inspect({"1": -1}, ground=Ground.USED_OR_CONSUMED, message="We found it so.")
    yield from (inspect({"1": 0}), inspect({"1": 1, "2": 0}), inspect({"9": 1}), Inspect(by=SELLER, lines=()))
    yield Inspect(by=SELLER, lines=(InspectedLine(line_id="1", accepted=1),) * 2)


def _conversions() -> Iterator[Command]:
    yield Convert(by=SELLER)
    yield from (Convert(by=SELLER, because=because) for because in CureFailure)
    yield Convert(by=SELLER, to=Kind.EXCHANGE)
    for line_id, replacement in (("1", BLUE), ("1", SOLD_OUT), ("1", replace(BLUE, unit_price=9_000)), ("9", BLUE)):
        replacements = (NewReplacement(line_id=line_id, replacement=replacement),)
        yield Convert(by=SELLER, to=Kind.EXCHANGE, because=CureFailure.LATE, replacements=replacements)


ALPHABET: tuple[Command, ...] = (
    *(
        request(Kind.CANCEL),
        RETRACT,
        HOLD,
        HOLD_FOR_EVER,
        MARK_OVERDUE,
        RELEASE,
        replace(RELEASE, by=SYSTEM),
        DISPATCH,
        COMPLETE_REPAIR,
        RESHIP,
        CONFIRM_DELIVERY,
        SETTLE,
        EXPIRE,
        replace(EXPIRE, evidence=("trace",)),
    ),
    *(OrderShipped(by=SYSTEM), *_edits(), *_answers_to_the_buyer(), *_goods_that_come()),
    *(*_conversions(), pay(1), pay(1, "card")),
)
