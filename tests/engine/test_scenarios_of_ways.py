"""The transitions that a claim takes and those that are refused: scenarios by number.

The thirty scenarios come from the test suites and bug trackers of other commerce systems. Scenarios about two callers
at once, a provider or another merchant are tested over HTTP.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.engine import Decision, decide
from app.engine.model.claim import Override, Replacement
from app.engine.model.commands import AcceptOffer, Approve, Command, MakeOffer, NewReplacement, OrderShipped, Reclassify
from app.engine.model.order import Units
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Ground, HoldReason, Kind, Record, State
from app.engine.policy.rules import Overtaken
from app.presets.loader import preset
from tests.engine.commands import (
    APPROVE,
    BLUE,
    BUYER,
    CONFIRM_DELIVERY,
    HOLD,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    SETTLE,
    SYSTEM,
    inspect,
    pay,
    receive,
    reject,
    request,
)
from tests.engine.orders import NOW, POLICY, SOON, TOO_LATE, deliver, delivered_line, line, order
from tests.engine.story import Step, given, pay_refunds, ship

CANCEL, RETURN, EXCHANGE = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE


@pytest.mark.parametrize(
    ("steps", "command", "allowed"),
    [
        ([reject(Ground.DUPLICATE, evidence=("claim 1",))], APPROVE, "make_offer, accept_offer, decline_offer"),
        (
            [APPROVE, receive()],
            RETRACT,
            "hold, release, reclassify, make_offer, accept_offer, decline_offer, inspect",
        ),
        (
            [],
            SETTLE,
            "approve, reject, hold, release, reclassify, make_offer, accept_offer, decline_offer, edit, retract",
        ),
    ],
)
def test_scenario_24_an_illegal_command_is_refused_with_the_legal_ones(
    steps: list[Step], command: Command, allowed: str
) -> None:
    story = given(order(delivered_line())).when(request(RETURN), *steps)
    (refusal,) = story.when(command).refusals
    assert refusal.code is Code.ILLEGAL_TRANSITION
    assert refusal.params["allowed"] == tuple(allowed.replace(",", "").split())


def test_scenario_25_a_held_claim_waits_for_its_release() -> None:
    story = given(order(delivered_line())).when(request(RETURN), HOLD)
    no = reject(Ground.DUPLICATE, evidence=("claim 1",))
    for command in (APPROVE, no):
        (refusal,) = story.when(command).then(refused=[Code.ON_HOLD]).refusals
        assert refusal.params == {"hold_reason": HoldReason.SELLER_CHECK}
        story.when(RELEASE, command).then()
    story.when(RETRACT).then(state=State.RETRACTED)


@pytest.mark.parametrize(
    ("ground", "message", "alternatives", "codes"),
    [
        (Ground.WINDOW_CLOSED, "Sorry.", [Alternative.EXCHANGE], [Code.NO_GROUND_FOR_REJECTION]),
        (Ground.DUPLICATE, "Sorry.", [Alternative.EXCHANGE], [Code.EVIDENCE_REQUIRED]),
        (Ground.CUSTOM_MADE, "", [Alternative.EXCHANGE], [Code.MESSAGE_REQUIRED]),
        (Ground.CUSTOM_MADE, " \n", [Alternative.EXCHANGE], [Code.MESSAGE_REQUIRED]),
        (Ground.CUSTOM_MADE, "Sorry.", [], [Code.ALTERNATIVE_REQUIRED]),
    ],
)
def test_scenario_26_a_rejection_brings_ground_message_and_alternative(
    ground: Ground, message: str, alternatives: list[Alternative], codes: list[Code]
) -> None:
    engraved = line(records=frozenset({Record.NOTICE, Record.CONSENT}), nature="custom_made")
    story = given(order(deliver(engraved)), policy=preset("naver"))
    no = reject(ground, message, alternatives=tuple(alternatives))
    story.when(request(RETURN), no).then(refused=codes)
    right = reject(Ground.CUSTOM_MADE, alternatives=(Alternative.EXCHANGE,))
    story.when(request(RETURN), right).then(state=State.REJECTED)


def test_scenario_26_a_refusal_to_reject_cites_the_right_of_the_buyer() -> None:
    (refusal,) = given(order(delivered_line())).when(request(RETURN), reject(Ground.WINDOW_CLOSED)).refusals
    assert "17(1)1" in (refusal.citation or "")


def test_scenario_27_an_override_says_who_and_why() -> None:
    bought = order(delivered_line())
    story = given(bought, now=TOO_LATE).when(request(RETURN, requested_at=TOO_LATE))
    story.when(APPROVE).then(refused=[Code.INELIGIBLE])
    story.when(Approve(by=SELLER, override="  ")).then(refused=[Code.INELIGIBLE])
    decision = decide(story.claim, Approve(by=SELLER, override="a regular"), story.facts)
    assert isinstance(decision, Decision)
    assert decision.claim.override == Override(
        reason="a regular", by=SELLER, overridden_at=TOO_LATE, grounds=(Ground.WINDOW_CLOSED,)
    )
    assert decision.event.command == Approve(by=SELLER, override="a regular")


@pytest.mark.parametrize(
    ("left_at", "kind", "state"),
    [
        (NOW + timedelta(seconds=1), RETURN, State.REQUESTED),
        (NOW, CANCEL, State.REQUESTED),
        (NOW - timedelta(hours=1), CANCEL, State.REQUESTED),
    ],
)
def test_scenario_28_an_order_that_leaves_after_the_request_makes_it_a_return(
    left_at: datetime, kind: Kind, state: State
) -> None:
    story = given(order(line())).when(request(CANCEL), ship(when=left_at))
    assert (story.claim.kind, story.claim.state, story.claim.overtaken) == (kind, state, kind is RETURN)


def test_scenario_28_the_return_is_at_the_sellers_cost_and_needs_no_override() -> None:
    story = given(order(line(unit_price=30_000), shipping_charged=3_000))
    goods = (APPROVE, receive(), inspect())
    story.when(request(CANCEL), ship(), *goods).then(total=33_000, captured_left=0)


def test_scenario_28_a_shipment_before_the_request_is_a_ground_against_it() -> None:
    story = given(order(line())).when(request(CANCEL), ship(when=NOW))
    story.when(APPROVE).then(refused=[Code.ALREADY_SHIPPED, Code.INELIGIBLE])
    story.when(OrderShipped(by=SYSTEM)).then(refused=[Code.NOT_OVERTAKEN])
    story.when(reject(Ground.ALREADY_SHIPPED)).then(state=State.REJECTED)


def test_scenario_28_unshipped_units_are_still_cancelled() -> None:
    story = given(order(line(quantity=3))).when(request(CANCEL, units={"1": 3}), ship({"1": 1}))
    assert (story.claim.kind, story.claim.lines[0].quantity) == (CANCEL, 2)
    story = story.when(APPROVE, pay_refunds)
    assert (story.claim.state, story.order.lines[0].units) == (State.REFUNDED, Units(cancelled=2))


def test_scenario_28_or_the_policy_refuses_it() -> None:
    refusing = replace(POLICY, overtaken=Overtaken.REFUSE)
    story = given(order(line()), policy=refusing).when(request(CANCEL), ship())
    assert story.claim.rejection is not None
    assert (story.claim.state, story.claim.rejection.ground) == (State.REJECTED, Ground.ALREADY_SHIPPED)
    story.then(untouched=1)


def test_scenario_28_a_cancellation_approved_in_time_stands() -> None:
    given(order(line())).when(request(CANCEL), APPROVE, ship(), pay_refunds).then(kind=CANCEL, state=State.REFUNDED)


def test_scenario_29_every_reason_is_in_the_answer() -> None:
    story = given(order(line(quantity=1)))
    several = request(RETURN, units={"1": 2, "9": 1}, requested_at=SOON)
    story.when(several).then(
        refused=[
            Code.UNKNOWN_LINE,
            Code.UNITS_UNAVAILABLE,
            Code.NOT_SHIPPED,
            Code.REQUESTED_IN_FUTURE,
        ]
    )
    given(order(delivered_line()), policy=preset("naver")).when(request(RETURN), reject(Ground.DUPLICATE, "")).then(
        refused=[
            Code.EVIDENCE_REQUIRED,
            Code.MESSAGE_REQUIRED,
            Code.ALTERNATIVE_REQUIRED,
        ]
    )


@pytest.mark.parametrize(
    ("replacement", "code"),
    [(None, Code.REPLACEMENT_UNNAMED), (replace(BLUE, sellable=False), Code.REPLACEMENT_UNSELLABLE)],
)
def test_scenario_30_an_exchange_needs_a_replacement_that_can_be_sold(
    replacement: Replacement | None, code: Code
) -> None:
    story = given(order(delivered_line())).when(request(EXCHANGE, replacement=replacement))
    story.when(APPROVE).then(refused=[code])
    reclassify = Reclassify(
        by=SELLER, reason=story.claim.reason, replacements=(NewReplacement(line_id="1", replacement=BLUE),)
    )
    story.when(reclassify, APPROVE).then(state=State.APPROVED)


def test_scenario_30_a_replacement_leaves_before_the_goods_are_back_only_by_policy() -> None:
    story = given(order(delivered_line()))
    story.when(request(EXCHANGE), APPROVE, RESHIP).then(refused=[Code.GOODS_NOT_BACK])
    ahead = story.under(replace(POLICY, advance_exchange=True))
    steps = (request(EXCHANGE), APPROVE, RESHIP, receive(), inspect(), pay(6_000), CONFIRM_DELIVERY)
    ahead.when(*steps).then(state=State.EXCHANGED)


def test_scenario_30_an_offered_exchange_goes_on_like_any_other() -> None:
    offer = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.EXCHANGE, message="Blue?", replacement=BLUE)
    accept = AcceptOffer(by=BUYER, offer_id="offer")
    story = given(order(delivered_line())).when(request(RETURN), offer, accept, APPROVE)
    assert (story.claim.kind, story.claim.state, story.claim.lines[0].replacement) == (EXCHANGE, State.APPROVED, BLUE)
