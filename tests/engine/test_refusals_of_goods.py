"""What a refusal says about goods that come back, and about their inspection."""

from dataclasses import replace

import pytest

from app.engine import actions
from app.engine.model.claim import Deadlines
from app.engine.model.commands import Inspect, InspectedLine
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Deduction, Kind, Nature, Reason
from tests.engine.commands import (
    APPROVE,
    DISPATCH,
    EXPIRE,
    RESHIP,
    RETRACT,
    SELLER,
    SETTLE,
    inspect,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, NOW, delivered_line, order
from tests.engine.story import Step, Story, given, wait_until

BROKEN = Reason.DEFECTIVE
TWO = {"1": 2}
HOME = given(order(delivered_line(quantity=3), delivered_line("2", nature=Nature.DIGITAL)), policy=NO_FEES)
COMING = HOME.when(request(Kind.RETURN, BROKEN, TWO), APPROVE)
MIXED = HOME.when(request(Kind.RETURN, BROKEN, {"1": 2, "2": 1}), APPROVE)
BACK = COMING.when(receive(TWO))
LAPSES = replace(NO_FEES, collect_lapses=True)
IN_ADVANCE = HOME.under(replace(NO_FEES, advance_exchange=True)).when(request(Kind.EXCHANGE, BROKEN, TWO), APPROVE)
COLLECT_BY = "2026-06-25T00:00:00+09:00"
LATE = wait_until(NOW.replace(day=25, hour=0))
ALMOST_LATE = wait_until(NOW.replace(day=24, hour=23, minute=59))


def wrong(code: Code, line_id: str = "1") -> Refusal:
    return refuse(code, line_id=line_id, field="lines")


NO_REASON = [
    refuse(Code.GROUND_REQUIRED, citation=NO_FEES.rejection.citation, field="ground"),
    refuse(Code.MESSAGE_REQUIRED, citation=NO_FEES.rejection.citation, field="message"),
]
CASES: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "a line that is not claimed arrives": (COMING, receive({"9": 1}), [wrong(Code.UNKNOWN_LINE, "9")]),
    "a line that cannot come back arrives": (MIXED, receive({"2": 1}), [wrong(Code.NOTHING_COMES_BACK, "2")]),
    "nothing of a line arrives": (COMING, receive({"1": 0}), [wrong(Code.QUANTITY_NOT_POSITIVE)]),
    "more arrives than was announced": (
        COMING.when(receive()),
        receive(TWO),
        [refuse(Code.RECEIVED_ABOVE_ANNOUNCED, line_id="1", expected=1, received=2, field="lines")],
    ),
    "no line arrives": (COMING, receive({}), [refuse(Code.NO_LINES, field="lines")]),
    "no line has arrived": (COMING, receive({}, close=True), [refuse(Code.NOTHING_RECEIVED, field="lines")]),
    "no line arrives, and a part needs no return": (MIXED, receive({}, close=True), []),
    "a part has arrived": (COMING.when(receive()), receive({}, close=True), []),
    "a part comes back for a replacement that has left": (
        IN_ADVANCE.when(RESHIP),
        receive(close=True),
        [refuse(Code.ALREADY_RESHIPPED, field="close")],
    ),
    "a part comes back for a replacement that has not left": (IN_ADVANCE, receive(close=True), []),
    "the seller gives up before the day": (
        COMING.when(ALMOST_LATE),
        EXPIRE,
        [refuse(Code.COLLECTION_STILL_OPEN, collect_by=COLLECT_BY, citation=NO_FEES.collect_citation)],
    ),
    "the seller gives up on the day": (COMING.when(LATE), EXPIRE, []),
    "goods come late under a law that knows a lapse": (
        COMING.under(LAPSES).when(LATE, EXPIRE),
        receive(TWO),
        [refuse(Code.COLLECTION_LAPSED, collect_by=COLLECT_BY, citation=LAPSES.collect_citation)],
    ),
    "goods came in time, and the report comes late": (
        COMING.under(LAPSES).when(LATE, EXPIRE),
        replace(receive(TWO), received_at=NOW.replace(day=24)),
        [],
    ),
    "goods were sent in time, and the report comes late": (
        COMING.under(LAPSES).when(LATE, EXPIRE),
        replace(DISPATCH, dispatched_at=NOW.replace(day=24)),
        [],
    ),
    "goods came on the day": (
        COMING.under(LAPSES).when(LATE, EXPIRE),
        replace(receive(TWO), received_at=NOW.replace(day=25, hour=0)),
        [refuse(Code.COLLECTION_LAPSED, collect_by=COLLECT_BY, citation=LAPSES.collect_citation)],
    ),
    "goods come late, and another claim has them": (
        COMING.when(LATE, EXPIRE)
        .when(request(Kind.REFUND, BROKEN, TWO, claim_id="b"))
        .with_claim(COMING.when(LATE, EXPIRE).claim),
        receive(TWO),
        [refuse(Code.UNITS_UNAVAILABLE, line_id="1", available=1, requested=2, field="lines")],
    ),
    "the goods are said to be sent": (
        COMING.when(DISPATCH, LATE),
        EXPIRE,
        [refuse(Code.SAID_TO_BE_SENT, citation=NO_FEES.collect_citation, field="evidence")],
    ),
    "the goods are said to be sent, and are lost": (
        COMING.when(DISPATCH, LATE),
        replace(EXPIRE, evidence=("tracking",)),
        [],
    ),
    "the buyer takes back a claim for goods that are back": (
        COMING.when(receive()),
        RETRACT,
        [refuse(Code.GOODS_ALREADY_BACK)],
    ),
    "the buyer takes back a claim whose replacement has left": (
        IN_ADVANCE.when(RESHIP),
        RETRACT,
        [refuse(Code.ALREADY_RESHIPPED)],
    ),
    "a replacement before the goods": (
        IN_ADVANCE.under(NO_FEES),
        RESHIP,
        [refuse(Code.GOODS_NOT_BACK)],
    ),
    "an inspection of a line that is not claimed": (
        BACK,
        inspect({"1": 2, "9": 1}),
        [wrong(Code.UNKNOWN_LINE, "9")],
    ),
    "an inspection of more than came": (
        COMING.when(receive(close=True)),
        inspect(TWO),
        [refuse(Code.ACCEPTED_ABOVE_RECEIVED, line_id="1", received=1, accepted=2, field="lines")],
    ),
    "an inspection that refuses a part of what cannot come back": (
        MIXED.when(receive(TWO)),
        inspect({"1": 2, "2": 0}),
        [wrong(Code.NOTHING_COMES_BACK, "2")],
    ),
    "an inspection below nothing": (
        BACK,
        Inspect(by=SELLER, lines=(InspectedLine(line_id="1", accepted=2, used_parts=-1),)),
        [
            wrong(Code.BELOW_ZERO),
            refuse(Code.USED_ABOVE_UNITS, line_id="1", parts=2, used=-1, field="lines"),
            refuse(
                Code.DEDUCTION_NOT_ALLOWED,
                line_id="1",
                deduction=Deduction.USED_PART,
                missing_records=(),
                citation=NO_FEES.deductions[0].citation,
                field="lines",
            ),
        ],
    ),
    "an inspection of a line twice": (
        BACK,
        Inspect(by=SELLER, lines=(InspectedLine(line_id="1", accepted=2),) * 2),
        [wrong(Code.LINE_TWICE)],
    ),
    "an inspection without a line that came": (BACK, inspect({}), [wrong(Code.INSPECTION_INCOMPLETE), *NO_REASON]),
    "units are sent back after their replacement has left": (
        IN_ADVANCE.when(RESHIP, receive(TWO)),
        inspect({"1": 1}),
        [refuse(Code.ALREADY_RESHIPPED, field="lines"), *NO_REASON],
    ),
    "goods come late, and no day was set": (
        COMING.under(LAPSES)
        .when(LATE, EXPIRE)
        .with_claim(replace(COMING.under(LAPSES).when(LATE, EXPIRE).claim, deadlines=Deadlines())),
        receive(TWO),
        [refuse(Code.COLLECTION_LAPSED, collect_by="", citation=LAPSES.collect_citation)],
    ),
    "more goods come late, and are said to have come before the first": (
        IN_ADVANCE.under(replace(LAPSES, advance_exchange=True)).when(
            RESHIP, wait_until(NOW.replace(day=12)), receive(), LATE, EXPIRE
        ),
        replace(receive(), received_at=NOW),
        [
            refuse(Code.COLLECTION_LAPSED, collect_by=COLLECT_BY, citation=LAPSES.collect_citation),
            refuse(Code.ALREADY_RESHIPPED),
            refuse(Code.UNITS_UNAVAILABLE, line_id="1", available=1, requested=2, field="lines"),
        ],
    ),
    "units are sent back without a ground": (
        BACK,
        inspect({"1": 1}, message=" "),
        NO_REASON,
    ),
    "the refund is not paid": (BACK.when(inspect(TWO)), SETTLE, [refuse(Code.REFUNDS_OUTSTANDING, outstanding=1)]),
}


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals


def test_the_list_of_actions_goes_by_the_present_and_not_by_when_the_goods_were_sent() -> None:
    """The seller gave up on goods that were sent in time. A report of today comes too late."""
    sent = COMING.under(LAPSES).when(DISPATCH, LATE, replace(EXPIRE, evidence=("tracking",)))
    listed = {action.command: action.refusals for action in actions(sent.claim, sent.facts)}
    lapsed = refuse(Code.COLLECTION_LAPSED, collect_by=COLLECT_BY, citation=LAPSES.collect_citation)
    assert listed["receive"] == (lapsed,)
