"""The grounds for which a seller may reject, deduct or reclassify, after an inspection too."""

from dataclasses import replace

import pytest

from app.engine.model.commands import Approve, Reclassify
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Deduction, Fault, Ground, Kind, Nature, Reason, Record
from app.engine.policy.eligibility import assess
from app.presets.loader import preset
from tests.engine.commands import APPROVE, SELLER, inspect, receive, request
from tests.engine.orders import TOO_LATE, delivered_line, line, order
from tests.engine.story import given, ship

BROKEN = Reason.DEFECTIVE
PARTS = {Deduction.MISSING_PARTS: 5_000}


@pytest.mark.parametrize(
    ("reason", "condition", "ground"),
    [
        (Reason.DELAYED_DELIVERY, Condition.AS_SOLD, Ground.NOTHING_WRONG_FOUND),
        (Reason.NOT_AS_DESCRIBED, Condition.OPENED, Ground.NOTHING_WRONG_FOUND),
        (Reason.MISSING_ITEM, Condition.INCOMPLETE, Ground.NOT_RETURNED),
        (Reason.WRONG_ITEM, Condition.WRONG_ITEM, Ground.NOT_RETURNED),
    ],
)
def test_goods_that_bear_out_the_buyer_are_not_sent_back(reason: Reason, condition: Condition, ground: Ground) -> None:
    story = given(order(delivered_line()))
    inspection = inspect({"1": 0}, ground=ground, message="We are sorry.")
    steps = (APPROVE, receive(condition=condition), inspection)
    story.when(request(Kind.RETURN, reason), *steps).then(refused=[Code.NO_GROUND_FOR_REJECTION])
    story.when(request(Kind.RETURN, BROKEN), *steps).then()


def test_a_part_that_never_came_causes_no_deduction() -> None:
    story = given(order(delivered_line()))
    inspection = inspect(deductions=PARTS)
    missing = request(Kind.RETURN, Reason.MISSING_ITEM)
    story.when(missing, APPROVE, receive(condition=Condition.INCOMPLETE), inspection).then(
        refused=[Code.DEDUCTION_NOT_ALLOWED]
    )
    story.when(request(Kind.RETURN, BROKEN), APPROVE, receive(condition=Condition.INCOMPLETE), inspection).then()


def test_the_sellers_fault_stays_without_evidence_against_it() -> None:
    story = given(order(delivered_line(records=frozenset({Record.NOTICE}), nature=Nature.CUSTOM_MADE)))
    for reason in (Reason.CHANGE_OF_MIND, Reason.OTHER):
        unproved = Reclassify(by=SELLER, reason=reason, note="It looks fine.")
        story.when(request(Kind.RETURN, BROKEN), unproved).then(refused=[Code.PROOF_REQUIRED])
        story.when(request(Kind.RETURN, BROKEN), replace(unproved, evidence=("photo-1",))).then()
    story.when(request(Kind.RETURN, BROKEN), Reclassify(by=SELLER, reason=Reason.WRONG_ITEM)).then()
    story.when(request(Kind.RETURN), Reclassify(by=SELLER, reason=BROKEN)).then()


@pytest.mark.parametrize("reason", [Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.OTHER])
def test_an_undecided_fault_does_not_become_the_buyers_without_evidence(reason: Reason) -> None:
    story = given(order(delivered_line())).when(request(Kind.RETURN, Reason.OTHER, note="The lid does not close."))
    unproved = Reclassify(by=SELLER, reason=reason, fault=Fault.BUYER)
    story.when(unproved).then(refused=[Code.PROOF_REQUIRED])
    story.when(APPROVE).then(refused=[Code.NOT_CLASSIFIED])
    assert story.when(replace(unproved, evidence=("chat-1",))).claim.fault is Fault.BUYER
    assert story.when(Reclassify(by=SELLER, reason=BROKEN)).claim.fault is Fault.SELLER


def test_an_inspection_cannot_fall_back_on_a_ground_that_was_overridden() -> None:
    late = given(order(delivered_line()), now=TOO_LATE)
    approval = (request(Kind.RETURN, requested_at=TOO_LATE), Approve(by=SELLER, override="a regular"))
    refusal = inspect({"1": 0}, ground=Ground.WINDOW_CLOSED, message="Too late after all.")
    late.when(*approval, receive(), refusal).then(refused=[Code.NO_GROUND_FOR_REJECTION])


def test_an_inspection_refuses_no_more_units_than_show_the_ground() -> None:
    parcels = (receive({"1": 1}), receive({"1": 1}, Condition.USED))
    refusal = inspect({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Worn.")
    steps = (request(Kind.RETURN, units={"1": 2}), APPROVE, *parcels, refusal)
    given(order(delivered_line(quantity=2))).when(*steps).then(refused=[Code.NO_GROUND_FOR_REJECTION])


def test_defective_goods_may_have_been_used() -> None:
    refusal = inspect({"1": 0}, ground=Ground.USED_OR_CONSUMED, message="Worn.")
    steps = (request(Kind.RETURN, BROKEN), APPROVE, receive(condition=Condition.USED), refusal)
    given(order(delivered_line())).when(*steps).then(refused=[Code.NO_GROUND_FOR_REJECTION])


def test_a_return_forced_on_the_buyer_is_not_refused_as_a_return() -> None:
    """Fresh goods do not go back under Chinese law, but a cancellation that the seller overtook does."""
    story = given(order(line(nature=Nature.PERISHABLE)), policy=preset("cn")).when(request(Kind.CANCEL), ship())
    assert assess(story.claim, story.facts).grounds == ()
