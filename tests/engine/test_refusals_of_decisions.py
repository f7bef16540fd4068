"""What a refusal says about an approval and a rejection, and which condition of the goods proves which ground."""

from dataclasses import replace

import pytest

from app.engine.model.commands import AcceptOffer, Approve
from app.engine.model.offers import NewOffer
from app.engine.model.order import OrderLine
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Alternative, Condition, Ground, Kind, Nature, Reason, Record, State
from tests.engine.commands import APPROVE, BLUE, BUYER, SELLER, SYSTEM, inspect, receive, reject, request
from tests.engine.orders import NO_FEES, SHIPPED, TOO_LATE, delivered_line, line, order
from tests.engine.story import Step, Story, given, wait_until

BROKEN, MIND = Reason.DEFECTIVE, Reason.CHANGE_OF_MIND
RULE = NO_FEES.rejection
TWO = {"1": 1, "2": 1}


def bought(*lines: OrderLine) -> Story:
    return given(order(*lines), policy=NO_FEES)


HOME = bought(delivered_line(), delivered_line("2"))
DEFECT = HOME.when(request(Kind.RETURN, BROKEN, TWO))
MADE = delivered_line(nature=Nature.CUSTOM_MADE, records=frozenset({Record.NOTICE, Record.CONSENT}))
UNFIT = bought(MADE, delivered_line("2")).when(request(Kind.RETURN, MIND, TWO))
LATE = HOME.when(wait_until(TOO_LATE), request(Kind.RETURN, MIND, TWO, requested_at=TOO_LATE))
UNDECIDED = HOME.when(request(Kind.RETURN, Reason.OTHER))
EXCHANGE = HOME.when(request(Kind.EXCHANGE, BROKEN, replacement=None))
SENT_IN_PART = replace(line(quantity=3), shipped=1, shipped_at=SHIPPED)
CANCELLED = bought(line(quantity=3)).when(request(Kind.CANCEL, BROKEN, {"1": 3})).with_order(lines=(SENT_IN_PART,))
DUPLICATE = reject(Ground.DUPLICATE, evidence=("claim 1",))
CUSTOM_MADE = refuse(
    Code.INELIGIBLE,
    ground=Ground.CUSTOM_MADE,
    line_ids=("1",),
    citation="KR E-Commerce Act 17(2)6; KR E-Commerce Decree 21",
    field="override",
)
NO_WINDOWS = replace(NO_FEES, windows=())
SEVEN_DAYS = "KR E-Commerce Act 17(1)1; KR Civil Act 157, 159, 161"
THREE_MONTHS = "KR E-Commerce Act 17(3); KR Civil Act 157, 160, 161"


def no_ground(ground: Ground, citation: str, *supported: Ground) -> Refusal:
    return refuse(Code.NO_GROUND_FOR_REJECTION, ground=ground, supported=supported, citation=citation, field="ground")


CASES: dict[str, tuple[Story, Step, list[Refusal]]] = {
    "an undecided fault": (
        UNDECIDED,
        Approve(by=SELLER),
        [refuse(Code.NOT_CLASSIFIED, field="fault")],
    ),
    "an approval that no rule gives, by the system": (
        UNDECIDED,
        Approve(by=SYSTEM),
        [refuse(Code.NOT_CLASSIFIED, field="fault"), refuse(Code.REVIEW_NEEDED)],
    ),
    "goods that are made for the buyer": (
        UNFIT,
        APPROVE,
        [CUSTOM_MADE],
    ),
    "goods that are made for the buyer, and an empty reason": (
        UNFIT,
        replace(APPROVE, override="  "),
        [CUSTOM_MADE],
    ),
    "goods that are made for the buyer, and a reason": (UNFIT, replace(APPROVE, override="a regular"), []),
    "a cancellation of what has left": (
        CANCELLED,
        replace(APPROVE, override="it is not far yet"),
        [
            refuse(
                Code.ALREADY_SHIPPED,
                line_id="1",
                available=2,
                requested=3,
                citation="KR E-Commerce Act 17(1), 18(2)",
            )
        ],
    ),
    "a cancellation of what has left whole, where there is no window": (
        CANCELLED.with_order(lines=(replace(SENT_IN_PART, shipped=3),)).under(NO_WINDOWS),
        replace(APPROVE, override="it is not far yet"),
        [refuse(Code.ALREADY_SHIPPED, line_id="1", available=0, requested=3)],
    ),
    "a ground that no line has, where there is no window": (
        DEFECT.under(NO_WINDOWS),
        reject(Ground.WINDOW_CLOSED),
        [no_ground(Ground.WINDOW_CLOSED, RULE.citation)],
    ),
    "a ground of the other line, where there is no window": (
        UNFIT.under(NO_WINDOWS),
        reject(Ground.CUSTOM_MADE, line_ids=("1", "2")),
        [
            refuse(
                Code.NO_GROUND_FOR_LINE,
                ground=Ground.CUSTOM_MADE,
                line_id="2",
                citation=RULE.citation,
                field="line_ids",
            )
        ],
    ),
    "a ground that charges alone do not have": (
        bought(delivered_line()).with_order(fees_charged=10).when(request(Kind.REFUND, Reason.GOODWILL, {}, fees=10)),
        reject(Ground.WINDOW_CLOSED, evidence=("claim 1",)),
        [no_ground(Ground.WINDOW_CLOSED, RULE.citation)],
    ),
    "a cancellation of what has not left": (
        bought(SENT_IN_PART).when(request(Kind.CANCEL, BROKEN, {"1": 2})),
        APPROVE,
        [],
    ),
    "an exchange for nothing": (EXCHANGE, APPROVE, [refuse(Code.REPLACEMENT_UNNAMED, line_id="1", field="lines")]),
    "an exchange for what is sold out": (
        HOME.when(request(Kind.EXCHANGE, BROKEN, replacement=replace(BLUE, sellable=False))),
        APPROVE,
        [refuse(Code.REPLACEMENT_UNSELLABLE, line_id="1", sku="shirt-blue", field="lines")],
    ),
    "a rejection of a line twice": (
        DEFECT,
        replace(DUPLICATE, line_ids=("1", "1")),
        [refuse(Code.LINE_TWICE, why="named", line_id="1", field="line_ids")],
    ),
    "a rejection of a line that is not claimed": (
        DEFECT,
        replace(DUPLICATE, line_ids=("9",)),
        [refuse(Code.UNKNOWN_LINE, line_id="9", field="line_ids")],
    ),
    "a ground that needs evidence": (
        DEFECT,
        reject(Ground.DUPLICATE),
        [refuse(Code.EVIDENCE_REQUIRED, ground=Ground.DUPLICATE, field="evidence")],
    ),
    "a ground that needs evidence, for charges alone": (
        bought(delivered_line()).with_order(fees_charged=10).when(request(Kind.REFUND, Reason.GOODWILL, {}, fees=10)),
        reject(Ground.DUPLICATE),
        [refuse(Code.EVIDENCE_REQUIRED, ground=Ground.DUPLICATE, field="evidence")],
    ),
    "evidence for charges alone": (
        bought(delivered_line()).with_order(fees_charged=10).when(request(Kind.REFUND, Reason.GOODWILL, {}, fees=10)),
        DUPLICATE,
        [],
    ),
    "a ground that no line has": (
        DEFECT,
        reject(Ground.WINDOW_CLOSED),
        [no_ground(Ground.WINDOW_CLOSED, THREE_MONTHS)],
    ),
    "a ground that another ground is not": (
        UNFIT,
        reject(Ground.WINDOW_CLOSED),
        [no_ground(Ground.WINDOW_CLOSED, SEVEN_DAYS, Ground.CUSTOM_MADE)],
    ),
    "a ground of the other line": (
        UNFIT,
        reject(Ground.CUSTOM_MADE, line_ids=("1", "2")),
        [
            refuse(
                Code.NO_GROUND_FOR_LINE,
                ground=Ground.CUSTOM_MADE,
                line_id="2",
                citation=SEVEN_DAYS,
                field="line_ids",
            )
        ],
    ),
    "a ground of the line": (UNFIT, reject(Ground.CUSTOM_MADE, line_ids=("1",)), []),
    "a rejection without a message": (
        UNFIT,
        reject(Ground.CUSTOM_MADE, "  "),
        [refuse(Code.MESSAGE_REQUIRED, citation=RULE.citation, field="message")],
    ),
    "a rejection without a message, where none is needed": (
        UNFIT.under(replace(NO_FEES, rejection=replace(RULE, message_required=False))),
        reject(Ground.CUSTOM_MADE, ""),
        [],
    ),
    "a rejection without an alternative": (
        LATE.under(replace(NO_FEES, rejection=replace(RULE, alternative_required=True))),
        reject(Ground.WINDOW_CLOSED),
        [refuse(Code.ALTERNATIVE_REQUIRED, citation=RULE.citation, field="alternatives")],
    ),
}


@pytest.mark.parametrize(("story", "step", "refusals"), CASES.values(), ids=CASES)
def test_a_refusal_says_what_it_is_about(story: Story, step: Step, refusals: list[Refusal]) -> None:
    assert list(story.when(step).refusals) == refusals


def sent_back(reason: Reason, condition: Condition, ground: Ground) -> list[Code]:
    """One of two units came in this condition, and one as it was sold. The seller refuses one of them."""
    units = {"1": 2}
    asked = bought(delivered_line(quantity=2)).when(request(Kind.RETURN, reason, units), APPROVE)
    back = asked.when(receive({"1": 1}, condition), receive({"1": 1}, Condition.DAMAGED_IN_TRANSIT))
    return back.when(inspect({"1": 1}, ground=ground, message="We looked.")).codes


@pytest.mark.parametrize(
    ("condition", "ground", "proven_for", "not_for"),
    [
        (Condition.DAMAGED_BY_BUYER, Ground.DAMAGED_BY_BUYER, (MIND, BROKEN), ()),
        (Condition.USED, Ground.DAMAGED_BY_BUYER, (), (MIND, BROKEN)),
        (Condition.INCOMPLETE, Ground.NOT_RETURNED, (MIND, BROKEN), (Reason.MISSING_ITEM,)),
        (Condition.WRONG_ITEM, Ground.NOT_RETURNED, (MIND, BROKEN), (Reason.WRONG_ITEM, Reason.NOT_AS_DESCRIBED)),
        (Condition.USED, Ground.USED_OR_CONSUMED, (MIND,), (BROKEN,)),
        (Condition.AS_SOLD, Ground.NOTHING_WRONG_FOUND, (BROKEN, Reason.WRONG_ITEM), (MIND, Reason.NOT_AS_DESCRIBED)),
        (Condition.OPENED, Ground.NOTHING_WRONG_FOUND, (BROKEN, Reason.MISSING_ITEM), (MIND,)),
        (Condition.USED, Ground.NOTHING_WRONG_FOUND, (), (BROKEN,)),
    ],
)
def test_what_the_warehouse_found_proves_a_ground_unless_it_is_the_complaint_itself(
    condition: Condition, ground: Ground, proven_for: tuple[Reason, ...], not_for: tuple[Reason, ...]
) -> None:
    assert [sent_back(reason, condition, ground) for reason in proven_for] == [[]] * len(proven_for)
    assert [sent_back(reason, condition, ground) for reason in not_for] == [[Code.NO_GROUND_FOR_REJECTION]] * len(
        not_for
    )


def test_no_more_units_are_refused_than_the_warehouse_found_in_the_condition() -> None:
    units = {"1": 2}
    back = bought(delivered_line(quantity=2)).when(request(Kind.RETURN, MIND, units), APPROVE)
    back = back.when(receive({"1": 1}, Condition.USED), receive({"1": 1}))
    refuse_both = inspect({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Worn.")
    back.when(refuse_both).then(refused=[Code.NO_GROUND_FOR_REJECTION])
    back.when(replace(refuse_both, lines=inspect({"1": 1}).lines)).then(total=10_000)


def test_a_ground_that_the_seller_has_set_aside_refuses_nothing_later() -> None:
    """The refusal names the grounds that the goods prove."""
    way = (replace(APPROVE, override="a regular"), receive({"1": 1}, Condition.DAMAGED_BY_BUYER), receive({"2": 1}))
    back = UNFIT.when(*way)
    refusing = inspect({"1": 0, "2": 1}, ground=Ground.CUSTOM_MADE, message="Made for you.")
    assert list(back.when(refusing).refusals) == [
        no_ground(Ground.CUSTOM_MADE, SEVEN_DAYS, Ground.DAMAGED_BY_BUYER),
    ]


@pytest.mark.parametrize("alternative", [Alternative.FREE_RETURN_SHIPPING, Alternative.EXCHANGE])
def test_a_seller_who_has_offered_to_take_the_goods_back_does_not_refuse_them_on_the_ground_of_the_rejection(
    alternative: Alternative,
) -> None:
    offer = NewOffer(offer_id="offer", alternative=alternative, replacement=BLUE)
    accept = AcceptOffer(by=BUYER, offer_id="offer")
    late = bought(delivered_line()).when(wait_until(TOO_LATE), request(Kind.RETURN, MIND, requested_at=TOO_LATE))
    chosen = late.when(reject(Ground.WINDOW_CLOSED, offers=(offer,)), accept)
    back = chosen.when(receive(condition=Condition.DAMAGED_BY_BUYER))
    refusing = inspect({"1": 0}, ground=Ground.WINDOW_CLOSED, message="Too late.")
    back.when(refusing).then(refused=[Code.NO_GROUND_FOR_REJECTION])
    back.when(replace(refusing, ground=Ground.DAMAGED_BY_BUYER)).then(state=State.REJECTED)
