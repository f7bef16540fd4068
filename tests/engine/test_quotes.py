"""A quote decides less than a request: it has no effects and no event. All else is the same."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.engine import Progress, Quote, Refused, advance, quote, standing_of
from app.engine.model.order import OrderLine, Units
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.policy import Policy
from app.engine.policy.rules import AutomaticWhen, AutomationRule
from tests.engine.commands import request
from tests.engine.orders import NOW, POLICY, SHIPPED, deliver, delivered_line, line, order
from tests.engine.story import given

BY_ITSELF = AutomationRule(kinds=frozenset(Kind), when=AutomaticWhen.ALWAYS, citation="the shop")
POLICIES = {"a person answers": POLICY, "the policy approves": replace(POLICY, automation=(BY_ITSELF,))}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("kind", Kind)
def test_a_quote_has_the_claim_that_the_request_then_opens(kind: Kind, policy: Policy) -> None:
    early = kind is Kind.CANCEL
    story = given(order(line() if early else delivered_line()), policy=policy)
    asked = request(kind, Reason.CHANGE_OF_MIND if early else Reason.DEFECTIVE)
    told = quote(asked, story.facts)
    then = advance(None, asked, story.facts, lambda _: "split")
    assert isinstance(told, Quote)
    assert isinstance(then, Progress)
    assert told.claim == then.claim
    assert told.following == tuple(decision.event.type for decision in then.decisions[1:])


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_quote_refuses_what_the_request_refuses(policy: Policy) -> None:
    story = given(order(line()), policy=policy)
    told = quote(request(Kind.RETURN), story.facts)
    assert isinstance(told, Refused)
    assert told.refusals == story.when(request(Kind.RETURN)).refusals
    assert [refusal.code for refusal in told.refusals] == [Code.NOT_SHIPPED]


TWO = line(quantity=2)
MEANWHILE = NOW + timedelta(minutes=1)
SHIPMENTS = {
    "nothing was shipped": (TWO,),
    "one unit was shipped": (replace(TWO, shipped=1, shipped_at=SHIPPED),),
    "all was shipped before the request": (deliver(TWO),),
    "all was shipped after the request": (replace(TWO, shipped=2, shipped_at=MEANWHILE),),
    "one line was shipped": (TWO, delivered_line("2")),
    "a unit is in another cancellation": (replace(TWO, units=Units(open_cancel=1)),),
    "the shipped unit is in another cancellation": (
        replace(TWO, units=Units(open_cancel=1), shipped=1, shipped_at=SHIPPED),
    ),
}


@pytest.mark.parametrize("lines", SHIPMENTS.values(), ids=SHIPMENTS)
def test_a_quote_of_a_cancellation_knows_what_a_shipment_makes_of_it(lines: tuple[OrderLine, ...]) -> None:
    story = given(order(*lines))
    asked = request(Kind.CANCEL, units={each.line_id: each.untouched for each in lines})
    told = quote(asked, story.facts)
    then = advance(None, asked, story.facts, lambda _: "split")
    assert isinstance(told, Quote)
    assert isinstance(then, Progress)
    assert told.claim == then.claim
    assert told.following == tuple(decision.event.type for decision in then.decisions[1:])
    assert told.standing == standing_of(then.claim, then.facts)
