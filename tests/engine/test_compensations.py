"""At the seller's own fault the seller gives something on top of the buyer's right. The claim goes on."""

from dataclasses import replace

import pytest

from app.engine import decide
from app.engine.decide import Decision
from app.engine.model.commands import Command, Reclassify
from app.engine.model.effects import GrantAlternative
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Alternative, Kind, Reason, State
from tests.engine.commands import APPROVE, DISPATCH, MARK_OVERDUE, SELLER, inspect, receive, request
from tests.engine.orders import SOON, TOO_LATE, delivered_line, order
from tests.engine.refused_offers import ACCEPT, DECLINE, OFFER, offer
from tests.engine.story import given, pay_refunds, wait_until

HOME = given(order(delivered_line()))
BROKEN = request(Kind.RETURN, Reason.DEFECTIVE)
EXTRA = offer(Alternative.EXTRA_COMPENSATION)
PLACES: dict[str, tuple[Command, ...]] = {
    "requested": (BROKEN,),
    "approved": (BROKEN, APPROVE),
    "collecting": (BROKEN, APPROVE, DISPATCH),
    "received": (BROKEN, APPROVE, receive()),
}


@pytest.mark.parametrize("steps", PLACES.values(), ids=PLACES)
def test_a_compensation_is_granted_and_the_claim_stays_where_it_is(steps: tuple[Command, ...]) -> None:
    story = HOME.when(*steps)
    offered = story.when(EXTRA)
    decision = decide(offered.claim, ACCEPT, offered.facts)
    assert isinstance(decision, Decision)
    assert decision.effects == (GrantAlternative(alternative=Alternative.EXTRA_COMPENSATION, amount=2_000),)
    assert (decision.claim.state, decision.claim.kind) == (story.state, Kind.RETURN)


def test_the_buyer_still_gets_the_whole_price_back() -> None:
    story = HOME.when(BROKEN, APPROVE, EXTRA, ACCEPT, receive(), inspect())
    assert (story.state, story.total, story.captured_left) == (State.ACCEPTED, 10_000, 0)
    story.when(pay_refunds).then(state=State.REFUNDED)


def test_it_counts_as_no_offer() -> None:
    again = replace(EXTRA, offer_id="again")
    instead = replace(OFFER, offer_id="instead")
    HOME.when(BROKEN, APPROVE, OFFER, DECLINE, again).then()
    HOME.when(BROKEN, APPROVE, EXTRA, DECLINE, instead).then()
    HOME.when(BROKEN, APPROVE, OFFER, DECLINE, instead).then(refused=[Code.OFFERS_USED_UP])


@pytest.mark.parametrize(("amount", "refused"), [(10_000, []), (10_001, [Code.OFFER_DOES_NOT_FIT]), (None, None)])
def test_it_is_at_most_the_price_of_the_goods(amount: int | None, refused: list[Code] | None) -> None:
    story = HOME.when(BROKEN, replace(EXTRA, amount=amount))
    story.then(refused=[Code.OFFER_DOES_NOT_FIT] if refused is None else refused)


def test_without_fault_a_compensation_is_instead_of_the_return() -> None:
    story = HOME.when(request(Kind.RETURN), replace(EXTRA, expires_at=SOON), ACCEPT)
    assert story.state is State.RETRACTED


@pytest.mark.parametrize(
    ("first", "then", "state"),
    [
        (Reason.DEFECTIVE, Reason.CHANGE_OF_MIND, State.REQUESTED),
        (Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, State.RETRACTED),
    ],
)
def test_another_fault_does_not_change_what_was_offered(first: Reason, then: Reason, state: State) -> None:
    another = Reclassify(by=SELLER, reason=then, evidence=("photo",))
    lasting = replace(EXTRA, expires_at=None)
    HOME.when(request(Kind.RETURN, first), lasting, wait_until(SOON), another, ACCEPT).then(state=state)


def test_it_does_not_stop_the_sellers_time_to_answer() -> None:
    asked = HOME.when(BROKEN)
    offered = asked.when(replace(EXTRA, expires_at=None))
    assert offered.claim.turn == asked.claim.turn
    late = offered.when(wait_until(TOO_LATE), MARK_OVERDUE)
    assert late.claim.escalated_at == TOO_LATE
    again = offered.when(wait_until(SOON), DECLINE, replace(EXTRA, offer_id="again", expires_at=None))
    assert again.claim.deadlines == asked.claim.deadlines


def test_compensations_are_together_at_most_the_price_of_the_goods() -> None:
    more = replace(EXTRA, offer_id="more", amount=8_000)
    granted = HOME.when(BROKEN, EXTRA, ACCEPT)
    granted.when(replace(more, amount=8_001)).then(refused=[Code.OFFER_DOES_NOT_FIT])
    granted.when(more, replace(ACCEPT, offer_id="more")).then(state=State.REQUESTED)
