"""Claims walked to their ends, as data: the order, the request, the commands, and the states and events that follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.storefront import ORDER

Body = dict[str, Any]
Step = tuple[str, Body]
"""A command's path and body. "pay" reports the claim's refunds as succeeded; "wait" turns the clock."""

ONE: Body = {"line_id": "1", "quantity": 1}
BLUE: Body = {"sku": "MUG-BLUE", "title": "Mug, blue"}
PARCEL: Body = {"carrier": "cj", "number": "640000000001"}
SORRY = "죄송합니다. 도와드릴 수 없습니다."

APPROVE: Step = ("approve", {})
RETRACT: Step = ("retract", {})
HOLD: Step = ("hold", {"reason": "seller_check", "note": "사진을 기다립니다"})
RELEASE: Step = ("release", {})
DISPATCH: Step = ("dispatch", {"tracking": PARCEL})
RECEIVE: Step = ("receive", {"lines": [ONE]})
RECEIVE_DAMAGED: Step = ("receive", {"lines": [{**ONE, "condition": "damaged_by_buyer"}]})
INSPECT: Step = ("inspect", {"lines": [{"line_id": "1", "accepted": 1}]})
KEPT_NONE: Body = {"line_id": "1", "accepted": 0, "disposition": "send_back"}
LACKING: Body = {"line_id": "1", "accepted": 1, "deductions": [{"reason": "missing_parts", "amount": 500}]}
SEND_BACK: Step = ("inspect", {"lines": [KEPT_NONE], "ground": "damaged_by_buyer", "message": SORRY})
REPAIR: Step = ("complete-repair", {})
RESHIP: Step = ("reship", {"tracking": PARCEL})
CONFIRM: Step = ("confirm-delivery", {})
PAY: Step = ("pay", {})
WAIT: Step = ("wait", {})
"""A wait longer than any deadline."""
FEE: Step = ("confirm-payment", {"payment_id": "fee-1", "method": "bank_transfer", "amount": 6000})
TWO: Body = {**ONE, "line_id": "2"}
PAIR: Body = {**ONE, "quantity": 2}
INSPECT_TWO: Step = ("inspect", {"lines": [{"line_id": "2", "accepted": 1}]})
MADE: Body = {**ORDER["lines"][0], "nature": "custom_made", "records": ["notice", "consent"]}
CUSTOM_MADE: Body = {"lines": [MADE]}
MADE_AND_STANDARD: Body = {"lines": [{**MADE, "quantity": 1}, {**ORDER["lines"][0], "line_id": "2", "quantity": 1}]}


def rejects(ground: str, **fields: Any) -> Step:
    return "reject", {"ground": ground, "message": SORRY, **fields}


@dataclass(frozen=True, kw_only=True)
class Walk:
    """`states` are the states of the claim after the request and after each command. `units` are the units of line 1 at
    the end, without untouched units. `refunded` is the sum of the refunds at the end."""

    kind: str
    steps: tuple[Step, ...]
    states: str
    events: str
    reason: str = "change_of_mind"
    order: Body = field(default_factory=dict)
    changes: Body = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)
    refunded: int = 0

    @property
    def request(self) -> Body:
        line = {**ONE, "replacement": BLUE} if self.kind == "exchange" else ONE
        return {"kind": self.kind, "reason": self.reason, "lines": [line], **self.changes}


WALKS: Mapping[str, Walk] = {
    "a cancellation is granted": Walk(
        kind="cancel",
        steps=(APPROVE, PAY),
        states="requested approved refunded",
        events="requested approved refund.created refund.succeeded refunded",
        units={"cancelled": 1},
        refunded=12000,
    ),
    "a cancellation of everything gives the shipping back as well": Walk(
        kind="cancel",
        changes={"lines": [PAIR]},
        steps=(APPROVE, PAY),
        states="requested approved refunded",
        events="requested approved refund.created refund.succeeded refunded",
        units={"cancelled": 2},
        refunded=27000,
    ),
    "a cancellation is refused": Walk(
        kind="cancel",
        order=CUSTOM_MADE,
        steps=(rejects("custom_made"),),
        states="requested rejected",
        events="requested rejected",
    ),
    "a cancellation is granted against its assessment": Walk(
        kind="cancel",
        order=CUSTOM_MADE,
        steps=(("approve", {"override": "아직 제작 전"}), PAY),
        states="requested approved refunded",
        events="requested approved refund.created refund.succeeded refunded",
        units={"cancelled": 1},
        refunded=12000,
    ),
    "a cancellation is retracted": Walk(
        kind="cancel", steps=(RETRACT,), states="requested retracted", events="requested retracted"
    ),
    "a return at the buyer's cost": Walk(
        kind="return",
        steps=(APPROVE, DISPATCH, RECEIVE, INSPECT, PAY),
        states="requested approved collecting received accepted refunded",
        events="requested approved dispatched received accepted refund.created refund.succeeded refunded",
        units={"returned": 1},
        refunded=9000,
    ),
    "a return at the seller's cost": Walk(
        kind="return",
        reason="defective",
        steps=(APPROVE, RECEIVE, INSPECT, PAY),
        states="requested approved received accepted refunded",
        events="requested approved received accepted refund.created refund.succeeded refunded",
        units={"returned": 1},
        refunded=12000,
    ),
    "a return of goods of which some are custom-made": Walk(
        kind="return",
        order=MADE_AND_STANDARD,
        changes={"lines": [ONE, TWO]},
        steps=(rejects("custom_made"), APPROVE, ("receive", {"lines": [TWO]}), INSPECT_TWO, PAY),
        states="requested requested approved received accepted refunded",
        events="requested partly_rejected approved received accepted refund.created refund.succeeded refunded",
        refunded=9000,
    ),
    "a refund of an amount of which the rest has no share": Walk(
        kind="refund",
        reason="defective",
        order=MADE_AND_STANDARD,
        changes={"lines": [ONE, TWO], "amount": 1},
        steps=(rejects("duplicate", evidence=["claim-1"], line_ids=["1"]), APPROVE),
        states="requested requested refunded",
        events="requested partly_rejected approved refunded",
    ),
    "a return of everything at the seller's cost gives the shipping back as well": Walk(
        kind="return",
        reason="wrong_item",
        changes={"lines": [PAIR]},
        steps=(APPROVE, ("receive", {"lines": [PAIR]}), ("inspect", {"lines": [{"line_id": "1", "accepted": 2}]}), PAY),
        states="requested approved received accepted refunded",
        events="requested approved received accepted refund.created refund.succeeded refunded",
        units={"returned": 2},
        refunded=27000,
    ),
    "a return that waits for the seller": Walk(
        kind="return",
        reason="other",
        steps=(HOLD, RELEASE, ("reclassify", {"reason": "defective"}), APPROVE, RECEIVE, INSPECT, PAY),
        states="requested requested requested requested approved received accepted refunded",
        events="requested held released reclassified approved received accepted"
        " refund.created refund.succeeded refunded",
        units={"returned": 1},
        refunded=12000,
    ),
    "a return that comes in parts, with a deduction, and partly goes back": Walk(
        kind="return",
        reason="defective",
        changes={"lines": [PAIR]},
        steps=(
            APPROVE,
            ("receive", {"lines": [{**ONE, "condition": "incomplete"}]}),
            RECEIVE_DAMAGED,
            ("inspect", {"lines": [LACKING], "ground": "damaged_by_buyer", "message": SORRY}),
            PAY,
        ),
        states="requested approved collecting received accepted refunded",
        events="requested approved partly_received received accepted refund.created refund.succeeded refunded",
        units={"returned": 1},
        refunded=11500,
    ),
    "a return whose receipt is closed early": Walk(
        kind="return",
        reason="defective",
        changes={"lines": [PAIR]},
        steps=(APPROVE, RECEIVE, ("receive", {"lines": [], "close": True}), INSPECT, PAY),
        states="requested approved collecting received accepted refunded",
        events="requested approved partly_received received accepted refund.created refund.succeeded refunded",
        units={"returned": 1},
        refunded=12000,
    ),
    "a return that comes too late": Walk(
        kind="return",
        changes={"requested_at": "2026-07-08T12:00:00+09:00"},
        steps=(rejects("window_closed", alternatives=["store_credit"]),),
        states="requested rejected",
        events="requested rejected",
    ),
    "a return of goods that the buyer broke": Walk(
        kind="return",
        steps=(APPROVE, DISPATCH, RECEIVE_DAMAGED, SEND_BACK),
        states="requested approved collecting received rejected",
        events="requested approved dispatched received rejected",
    ),
    "a return retracted at once": Walk(
        kind="return", steps=(RETRACT,), states="requested retracted", events="requested retracted"
    ),
    "a return retracted on hold": Walk(
        kind="return",
        steps=(HOLD, RETRACT),
        states="requested requested retracted",
        events="requested held retracted",
    ),
    "a return retracted on its way": Walk(
        kind="return",
        steps=(APPROVE, DISPATCH, RETRACT),
        states="requested approved collecting retracted",
        events="requested approved dispatched retracted",
    ),
    "an exchange": Walk(
        kind="exchange",
        reason="size_or_color",
        steps=(APPROVE, DISPATCH, RECEIVE, INSPECT, FEE, RESHIP, CONFIRM),
        states="requested approved collecting received accepted accepted reshipping exchanged",
        events="requested approved dispatched received accepted payment_confirmed reshipped exchanged",
        units={"exchanged": 1},
    ),
    "a repair": Walk(
        kind="repair",
        reason="defective",
        steps=(APPROVE, DISPATCH, RECEIVE, INSPECT, REPAIR, RESHIP, CONFIRM),
        states="requested approved collecting received accepted repaired reshipping sent_back",
        events="requested approved dispatched received accepted repaired reshipped sent_back",
    ),
    "an exchange whose replacement is named late": Walk(
        kind="exchange",
        reason="wrong_item",
        changes={"lines": [ONE]},
        steps=(
            ("reclassify", {"reason": "wrong_item", "replacements": [{"line_id": "1", "replacement": BLUE}]}),
            APPROVE,
            RECEIVE,
            INSPECT,
            RESHIP,
            CONFIRM,
        ),
        states="requested requested approved received accepted reshipping exchanged",
        events="requested reclassified approved received accepted reshipped exchanged",
        units={"exchanged": 1},
    ),
    "an exchange that comes too late": Walk(
        kind="exchange",
        changes={"requested_at": "2026-07-08T12:00:00+09:00"},
        steps=(rejects("window_closed"),),
        states="requested rejected",
        events="requested rejected",
    ),
    "an exchange of goods that the buyer broke": Walk(
        kind="exchange",
        steps=(APPROVE, RECEIVE_DAMAGED, SEND_BACK),
        states="requested approved received rejected",
        events="requested approved received rejected",
    ),
    "an exchange is retracted": Walk(
        kind="exchange",
        steps=(APPROVE, RETRACT),
        states="requested approved retracted",
        events="requested approved retracted",
    ),
    "a refund for goods that stay": Walk(
        kind="refund",
        reason="missing_item",
        steps=(APPROVE, PAY),
        states="requested approved refunded",
        events="requested approved refund.created refund.succeeded refunded",
        units={"refunded": 1},
        refunded=12000,
    ),
    "a refund of a part": Walk(
        kind="refund",
        reason="defective",
        changes={"amount": 4500},
        steps=(APPROVE, PAY),
        states="requested approved refunded",
        events="requested approved refund.created refund.succeeded refunded",
        refunded=4500,
    ),
    "a refund requested twice": Walk(
        kind="refund",
        reason="delayed_delivery",
        steps=(rejects("duplicate", evidence=["ticket-7"]),),
        states="requested rejected",
        events="requested rejected",
    ),
    "a refund is retracted": Walk(
        kind="refund", reason="defective", steps=(RETRACT,), states="requested retracted", events="requested retracted"
    ),
}
