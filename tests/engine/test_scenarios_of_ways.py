"""Which way a claim goes, and which it does not: scenarios by number.

Thirty, taught by the test suites and bug trackers of other commerce systems. Those about two callers at once, one
provider or another merchant are told over HTTP, elsewhere.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.engine.decide import Decision, decide
from app.engine.model.claim import Override, Replacement
from app.engine.model.commands import (
    AcceptOffer,
    Approve,
    Command,
    MakeOffer,
    NewReplacement,
    OrderShipped,
    Reclassify,
)
from app.engine.model.order import Units
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Ground, HoldReason, Kind, Record, State
from app.engine.policy.rules import Overtaken
from app.presets.loader import preset
from tests.engine.given import (
    APPROVE,
    BLUE,
    BUYER,
    CONFIRM_DELIVERY,
    HOLD,
    NOW,
    POLICY,
    RELEASE,
    RESHIP,
    RETRACT,
    SELLER,
    SETTLE,
    SOON,
    SYSTEM,
    TOO_LATE,
    BreakdownStep,
    amounts_of,
    asks,
    delivered,
    facts,
    inspects,
    line,
    order,
    paid,
    pays,
    receives,
    refusals,
    refused,
    rejects,
    shipped,
    under,
    walked,
)

CANCEL, RETURN, EXCHANGE = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE


@pytest.mark.parametrize(
    ("steps", "command", "allowed"),
    [
        ([rejects(Ground.DUPLICATE, evidence=("claim 1",))], APPROVE, "nothing more"),
        (
            [APPROVE, receives()],
            RETRACT,
            "hold, release, reclassify, make_offer, accept_offer, decline_offer, inspect",
        ),
        (
            [],
            SETTLE,
            "approve, reject, hold, release, reclassify, make_offer, accept_offer, decline_offer, retract",
        ),
    ],
)
def test_scenario_24_what_is_illegal_is_refused_with_what_is_not(
    steps: list[BreakdownStep], command: Command, allowed: str
) -> None:
    claim, now = walked(facts(order(delivered(line()))), asks(RETURN), *steps)
    said = refusals(now, command, claim=claim)
    (refusal,) = said
    assert refusal.code is Code.ILLEGAL_TRANSITION
    assert refusal.detail.endswith(f"they take: {allowed}.")


def test_scenario_25_a_held_claim_waits_for_its_release() -> None:
    claim, now = walked(facts(order(delivered(line()))), asks(RETURN), HOLD)
    no = rejects(Ground.DUPLICATE, evidence=("claim 1",))
    for command in (APPROVE, no):
        said = refusals(now, command, claim=claim)
        assert [refusal.code for refusal in said] == [Code.ON_HOLD]
        assert HoldReason.SELLER_CHECK in said[0].detail
        walked(now, RELEASE, command, claim=claim)
    assert walked(now, RETRACT, claim=claim)[0].state is State.RETRACTED


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
    now = facts(order(delivered(engraved)), policy=preset("naver"))
    no = rejects(ground, message, alternatives=tuple(alternatives))
    assert refused(now, asks(RETURN), no) == codes
    right = rejects(Ground.CUSTOM_MADE, alternatives=(Alternative.EXCHANGE,))
    assert walked(now, asks(RETURN), right)[0].state is State.REJECTED


def test_scenario_26_a_refusal_to_reject_cites_the_right_of_the_buyer() -> None:
    said = refusals(facts(order(delivered(line()))), asks(RETURN), rejects(Ground.WINDOW_CLOSED))
    assert "17(1)1" in (said[0].citation or "")


def test_scenario_27_an_override_says_who_and_why() -> None:
    bought = order(delivered(line()))
    late = facts(bought, now=TOO_LATE)
    claim, now = walked(late, asks(RETURN, requested_at=TOO_LATE))
    assert refused(now, APPROVE, claim=claim) == [Code.INELIGIBLE]
    assert refused(now, Approve(by=SELLER, override="  "), claim=claim) == [Code.INELIGIBLE]
    decision = decide(claim, Approve(by=SELLER, override="a regular"), now)
    assert isinstance(decision, Decision)
    assert decision.claim.override == Override(
        reason="a regular", by=SELLER, overridden_at=TOO_LATE, grounds=(Ground.WINDOW_CLOSED,)
    )
    assert decision.event.command == Approve(by=SELLER, override="a regular")


@pytest.mark.parametrize(
    ("left", "kind", "state"),
    [
        (NOW + timedelta(seconds=1), RETURN, State.REQUESTED),
        (NOW, CANCEL, State.REQUESTED),
        (NOW - timedelta(hours=1), CANCEL, State.REQUESTED),
    ],
)
def test_scenario_28_an_order_that_leaves_after_the_request_makes_it_a_return(
    left: datetime, kind: Kind, state: State
) -> None:
    claim, _ = walked(facts(order(line())), asks(CANCEL), shipped(when=left))
    assert (claim.kind, claim.state, claim.overtaken) == (kind, state, kind is RETURN)


def test_scenario_28_the_return_is_at_the_sellers_cost_and_needs_no_override() -> None:
    now = facts(order(line(unit_price=30_000), shipping_charged=3_000))
    goods = (APPROVE, receives(), inspects())
    claim, then = walked(now, asks(CANCEL), shipped(), *goods)
    assert (amounts_of(claim).total, then.order.captured_left) == (33_000, 0)


def test_scenario_28_what_left_before_the_request_is_a_ground_against_it() -> None:
    claim, now = walked(facts(order(line())), asks(CANCEL), shipped(when=NOW))
    assert refused(now, APPROVE, claim=claim) == [Code.ALREADY_SHIPPED, Code.INELIGIBLE]
    assert refused(now, OrderShipped(by=SYSTEM), claim=claim) == [Code.NOT_OVERTAKEN]
    assert walked(now, rejects(Ground.ALREADY_SHIPPED), claim=claim)[0].state is State.REJECTED


def test_scenario_28_what_has_not_left_is_still_cancelled() -> None:
    claim, now = walked(facts(order(line(quantity=3))), asks(CANCEL, units={"1": 3}), shipped({"1": 1}))
    assert (claim.kind, claim.lines[0].quantity) == (CANCEL, 2)
    claim, now = walked(now, APPROVE, paid, claim=claim)
    assert (claim.state, now.order.lines[0].units) == (State.REFUNDED, Units(cancelled=2))


def test_scenario_28_or_the_policy_refuses_it() -> None:
    refusing = replace(POLICY, overtaken=Overtaken.REFUSE)
    claim, now = walked(facts(order(line()), policy=refusing), asks(CANCEL), shipped())
    assert claim.rejection is not None
    assert (claim.state, claim.rejection.ground) == (State.REJECTED, Ground.ALREADY_SHIPPED)
    assert now.order.lines[0].untouched == 1


def test_scenario_28_a_cancellation_approved_in_time_stands() -> None:
    claim, _ = walked(facts(order(line())), asks(CANCEL), APPROVE, shipped(), paid)
    assert (claim.kind, claim.state) == (CANCEL, State.REFUNDED)


def test_scenario_29_every_reason_is_in_the_answer() -> None:
    now = facts(order(line(quantity=1)))
    several = asks(RETURN, units={"1": 2, "9": 1}, requested_at=SOON)
    assert refused(now, several) == [
        Code.UNKNOWN_LINE,
        Code.UNITS_UNAVAILABLE,
        Code.NOT_SHIPPED,
        Code.REQUESTED_IN_FUTURE,
    ]
    naver = facts(order(delivered(line())), policy=preset("naver"))
    assert refused(naver, asks(RETURN), rejects(Ground.DUPLICATE, "")) == [
        Code.EVIDENCE_REQUIRED,
        Code.MESSAGE_REQUIRED,
        Code.ALTERNATIVE_REQUIRED,
    ]


@pytest.mark.parametrize(
    ("replacement", "code"),
    [(None, Code.REPLACEMENT_UNNAMED), (replace(BLUE, sellable=False), Code.REPLACEMENT_UNSELLABLE)],
)
def test_scenario_30_an_exchange_needs_a_replacement_that_can_be_sold(
    replacement: Replacement | None, code: Code
) -> None:
    claim, now = walked(facts(order(delivered(line()))), asks(EXCHANGE, replacement=replacement))
    assert refused(now, APPROVE, claim=claim) == [code]
    named = Reclassify(by=SELLER, reason=claim.reason, replacements=(NewReplacement(line_id="1", replacement=BLUE),))
    assert walked(now, named, APPROVE, claim=claim)[0].state is State.APPROVED


def test_scenario_30_a_replacement_leaves_before_the_goods_are_back_only_by_policy() -> None:
    now = facts(order(delivered(line())))
    assert refused(now, asks(EXCHANGE), APPROVE, RESHIP) == [Code.GOODS_NOT_BACK]
    ahead = under(replace(POLICY, advance_exchange=True), now)
    steps = (asks(EXCHANGE), APPROVE, RESHIP, receives(), inspects(), pays(6_000), CONFIRM_DELIVERY)
    assert walked(ahead, *steps)[0].state is State.EXCHANGED


def test_scenario_30_an_offered_exchange_is_walked_like_any_other() -> None:
    offer = MakeOffer(by=SELLER, offer_id="offer", alternative=Alternative.EXCHANGE, message="Blue?", replacement=BLUE)
    accept = AcceptOffer(by=BUYER, offer_id="offer")
    claim, _ = walked(facts(order(delivered(line()))), asks(RETURN), offer, accept, APPROVE)
    assert (claim.kind, claim.state, claim.lines[0].replacement) == (EXCHANGE, State.APPROVED, BLUE)
