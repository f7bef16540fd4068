"""What a refusal says about holds and reclassifications: the code, the facts, the rule and the field."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from app.engine.model.commands import HoldClaim, NewReplacement, Reclassify
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Fault, HoldReason, Kind, Reason
from tests.engine.commands import (
    APPROVE,
    BLUE,
    RELEASE,
    RESHIP,
    SELLER,
    inspect,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, NOW, SHIPPED, delivered_line, order
from tests.engine.story import Step, Story, given

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
MINUTES, MOMENT = timedelta(minutes=5), timedelta(microseconds=1)
HOME = given(order(delivered_line(quantity=2)), policy=NO_FEES)
RULE = NO_FEES.rejection
MIND_CHANGED = HOME.when(request(Kind.RETURN, MIND))
DEFECT = HOME.when(request(Kind.RETURN, BROKEN))
IN_ADVANCE = HOME.under(replace(NO_FEES, advance_exchange=True))
EXCHANGE = (request(Kind.EXCHANGE, BROKEN), APPROVE)
LATE_BLUE = (NewReplacement(line_id="1", replacement=replace(BLUE, unit_price=12_000)),)
UNKNOWN = (NewReplacement(line_id="9", replacement=BLUE),)


def reclassify(reason: Reason, **more: Any) -> Reclassify:
    return replace(Reclassify(by=SELLER, reason=reason), **more)


def known(shift: timedelta) -> Reclassify:
    """The buyer could have known of the defect so long after the shipping."""
    return reclassify(BROKEN, knowable_at=SHIPPED + shift, evidence=("mail",))


UNSHOWN = refuse(Code.PROOF_REQUIRED, why="knowable_at", citation=RULE.proof_citation, field="evidence")
CASES: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "a hold that ends now": (
        DEFECT,
        HoldClaim(by=SELLER, reason=HoldReason.SELLER_CHECK, ends_at=NOW.astimezone(UTC)),
        [refuse(Code.ALREADY_PAST, ends_at="2026-06-10T10:00:00+09:00", field="ends_at")],
    ),
    "no hold": (DEFECT, RELEASE, [refuse(Code.NOT_ON_HOLD)]),
    "the same reason": (DEFECT, reclassify(BROKEN), [refuse(Code.NOTHING_CHANGES, field="reason")]),
    "a fault that leaves the seller": (
        DEFECT,
        reclassify(MIND),
        [refuse(Code.PROOF_REQUIRED, citation=RULE.proof_citation, field="evidence")],
    ),
    "a fault that becomes the buyer's": (
        HOME.when(request(Kind.RETURN, Reason.OTHER)),
        reclassify(MIND),
        [refuse(Code.PROOF_REQUIRED, why="undecided", citation=RULE.proof_citation, field="evidence")],
    ),
    "a fault that becomes the seller's": (HOME.when(request(Kind.RETURN, Reason.OTHER)), reclassify(BROKEN), []),
    "knowledge after the decision": (
        DEFECT.when(APPROVE),
        reclassify(BROKEN, knowable_at=SHIPPED),
        [refuse(Code.KNOWABLE_NOT_ALLOWED, why="decided", field="knowable_at"), UNSHOWN],
    ),
    "knowledge of a change of mind": (
        MIND_CHANGED,
        reclassify(MIND, knowable_at=SHIPPED),
        [refuse(Code.KNOWABLE_NOT_ALLOWED, why="not_the_sellers_fault", field="knowable_at"), UNSHOWN],
    ),
    "knowledge within the difference of clocks": (DEFECT, known(NOW + MINUTES - SHIPPED), []),
    "knowledge from the future": (
        DEFECT,
        known(NOW + MINUTES + MOMENT - SHIPPED),
        [refuse(Code.KNOWABLE_IN_FUTURE, knowable_at="2026-06-10T10:05:00.000001+09:00", field="knowable_at")],
    ),
    "knowledge at the shipping": (DEFECT, known(-MINUTES), []),
    "knowledge before the shipping": (
        DEFECT,
        known(-MINUTES - MOMENT),
        [
            refuse(
                Code.KNOWABLE_BEFORE_SHIPPING,
                knowable_at="2026-06-06T08:54:59.999999+09:00",
                shipped_at="2026-06-06T09:00:00+09:00",
                field="knowable_at",
            )
        ],
    ),
    "a fault after the amounts": (
        HOME.when(*EXCHANGE, receive(), inspect()),
        reclassify(MIND, evidence=("photo",)),
        [refuse(Code.AMOUNTS_SETTLED, fault=Fault.SELLER, field="fault")],
    ),
    "a replacement for no line of the claim": (
        HOME.when(*EXCHANGE),
        reclassify(BROKEN, replacements=UNKNOWN),
        [
            refuse(Code.NOTHING_CHANGES, field="reason"),
            refuse(Code.UNKNOWN_LINE, line_id="9", field="replacements"),
        ],
    ),
    "a replacement after the replacement": (
        IN_ADVANCE.when(*EXCHANGE, RESHIP),
        reclassify(BROKEN, replacements=LATE_BLUE),
        [refuse(Code.ALREADY_RESHIPPED, field="replacements")],
    ),
    "a replacement at another price": (
        HOME.when(*EXCHANGE, receive(), inspect()),
        reclassify(BROKEN, replacements=LATE_BLUE),
        [refuse(Code.PRICE_SETTLED, line_id="1", field="replacements")],
    ),
    "a replacement at another price, before the goods are back": (
        HOME.when(*EXCHANGE),
        reclassify(BROKEN, replacements=LATE_BLUE),
        [],
    ),
    "a replacement at the same price": (
        HOME.when(*EXCHANGE, receive(), inspect()),
        reclassify(BROKEN, replacements=(NewReplacement(line_id="1", replacement=replace(BLUE, sku="shirt-red")),)),
        [],
    ),
}


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals
