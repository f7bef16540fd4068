"""Goods that come after their claim has expired: received where the law knows no lapse, or else refused."""

from dataclasses import replace

import pytest

from app.engine import actions, next_timeout
from app.engine.model.claim import Claim
from app.engine.model.commands import HAPPENED_AT, Command
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Kind, Nature, Reason, State
from app.engine.timeouts import due_at
from app.presets.loader import preset
from tests.engine.commands import APPROVE, DISPATCH, EXPIRE, RESHIP, RETRACT, inspect, receive, request
from tests.engine.orders import POLICY, SOON, TOO_LATE, delivered_line, order
from tests.engine.story import Story, full_refund, given, pay_refunds, wait_until

BROKEN = Reason.DEFECTIVE
NO_LAPSE = replace(POLICY, collect_lapses=False)
LAPSING = replace(POLICY, collect_lapses=True)
NEVER_CAME = (APPROVE, wait_until(TOO_LATE), EXPIRE)
TWO = {"1": 2}


def expired(kind: Kind = Kind.RETURN, quantity: int = 1) -> Story:
    bought = given(order(delivered_line(quantity=quantity)), policy=NO_LAPSE)
    return bought.when(request(kind, BROKEN, {"1": quantity}), *NEVER_CAME)


@pytest.mark.parametrize("law", ["kr", "jp", "eu", "uk"])
def test_under_the_laws_a_late_parcel_is_received_and_paid(law: str) -> None:
    story = given(order(delivered_line()), policy=preset(law)).when(request(Kind.RETURN), *NEVER_CAME)
    story.then(state=State.EXPIRED)
    story.when(receive(), inspect(), pay_refunds).then(state=State.REFUNDED, total=10_000)


def test_a_claim_with_late_goods_is_open_again_and_holds_its_units() -> None:
    closed = expired()
    assert (closed.claim.closed_at, closed.untouched) == (TOO_LATE, 1)
    story = closed.when(DISPATCH).then(state=State.COLLECTING, untouched=0)
    assert (story.claim.closed_at, next_timeout(story.claim)) == (None, None)
    story.when(receive(), inspect()).then(state=State.ACCEPTED, total=10_000)


def test_late_goods_can_come_in_parts() -> None:
    story = expired(quantity=2).when(receive()).then(state=State.COLLECTING, untouched=0)
    story.when(receive(), inspect(TWO)).then(state=State.ACCEPTED, total=20_000)


def test_an_exchange_goes_on_with_late_goods() -> None:
    expired(Kind.EXCHANGE).when(receive(), inspect()).then(kind=Kind.EXCHANGE, state=State.ACCEPTED)


def test_a_claim_with_late_goods_can_be_retracted_or_expire_again() -> None:
    again = expired().when(DISPATCH)
    again.when(RETRACT).then(state=State.RETRACTED, untouched=1)
    again.when(replace(EXPIRE, evidence=("trace",))).then(state=State.EXPIRED, untouched=1)


@pytest.mark.parametrize("command", [DISPATCH, receive()])
def test_units_of_another_claim_are_not_received_twice(command: object) -> None:
    first = expired()
    second = first.when(*full_refund(Kind.RETURN, claim_id="second")).with_claim(first.claim)
    second.when(command).then(refused=[Code.UNITS_UNAVAILABLE])  # type: ignore[arg-type]
    assert _allowed(second.claim, second) == set()


@pytest.mark.parametrize("command", [DISPATCH, receive()])
def test_where_the_return_lapses_late_goods_are_refused(command: object) -> None:
    story = expired().under(LAPSING)
    story.when(command).then(refused=[Code.COLLECTION_LAPSED])  # type: ignore[arg-type]
    assert _allowed(story.claim, story) == set()


@pytest.mark.parametrize(
    "command", [replace(DISPATCH, dispatched_at=SOON), replace(receive(), received_at=SOON)], ids=["sent", "received"]
)
def test_goods_that_came_in_time_and_were_reported_late_are_received_all_the_same(command: Command) -> None:
    expired().under(LAPSING).when(command).then(untouched=0)
    until = expired().claim.deadlines.collect_by
    name = HAPPENED_AT[type(command)]
    too_late = replace(command, **{name: until})  # type: ignore[arg-type]
    expired().under(LAPSING).when(too_late).then(refused=[Code.COLLECTION_LAPSED])


def test_goods_that_were_replaced_in_advance_are_owed_and_not_received_late() -> None:
    in_advance = given(order(delivered_line()), policy=replace(NO_LAPSE, advance_exchange=True))
    story = in_advance.when(request(Kind.EXCHANGE, BROKEN), APPROVE, RESHIP, wait_until(TOO_LATE), EXPIRE)
    assert Code.ALREADY_RESHIPPED in story.when(receive()).codes


def test_an_expired_claim_lists_what_takes_it_on() -> None:
    story = expired()
    assert _allowed(story.claim, story) == {"dispatch", "receive"}
    assert due_at(story.claim) is None


def test_a_service_waits_for_late_goods_where_the_return_does_not_lapse() -> None:
    album = delivered_line("2", unit_price=7_000, nature=Nature.DIGITAL)
    story = given(order(delivered_line(), album), policy=NO_LAPSE)
    story = story.when(request(Kind.RETURN, BROKEN, {"1": 1, "2": 1}), *NEVER_CAME).then(state=State.EXPIRED)
    story.when(receive(), inspect()).then(state=State.ACCEPTED, total=17_000)
    story.when(receive({}, close=True), replace(inspect(), lines=())).then(state=State.ACCEPTED, total=7_000)


def _allowed(claim: Claim, story: Story) -> set[str]:
    return {action.command for action in actions(claim, story.facts) if action.allowed}
