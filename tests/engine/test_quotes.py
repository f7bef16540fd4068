"""A quote decides less than a request: it has no effects and no event. All else is the same."""

from dataclasses import replace

import pytest

from app.engine import Progress, Quote, Refused, advance, quote
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.policy import Policy
from app.engine.policy.rules import AutomaticWhen, AutomationRule
from tests.engine.commands import request
from tests.engine.orders import POLICY, delivered_line, line, order
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
