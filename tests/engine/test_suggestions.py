"""What is suggested next, case by case, and under every law: always a command that the claim accepts.

`test_exhaustive.py` asks for a suggestion at every claim that the search visits.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from app.engine import Decision, Facts, Refused, SuggestedStep, Suggestion, SuggestionReason, decide
from app.engine.model.claim import Claim, Replacement
from app.engine.model.commands import Approve, Command, Reclassify, Reject
from app.engine.model.parties import Party
from app.engine.model.vocabulary import Condition, Ground, Kind, Nature, Reason, State
from app.engine.transitions.ledger import apply_effects
from app.presets.loader import preset
from tests.engine.commands import (
    APPROVE,
    BLUE,
    COMPLETE_REPAIR,
    DISPATCH,
    HOLD,
    RETRACT,
    SELLER,
    inspect,
    receive,
    request,
)
from tests.engine.orders import NO_FEES, NOW, TOO_LATE, delivered_line, facts_of, line, order
from tests.engine.suggestions import suggested

LAWS = ("kr", "jp", "cn", "eu", "au", "naver", "storefront_kr")
DOUBTS = {
    "kr": {SuggestionReason.DISCOVERY_UNSTATED, SuggestionReason.NO_RULE},
    "cn": {
        SuggestionReason.DISCOVERY_UNSTATED,
        SuggestionReason.NO_RULE,
        SuggestionReason.PROOF_NEEDED,
        SuggestionReason.REMEDY_NOT_OPEN,
    },
}
LINES = (
    line(),
    delivered_line(),
    delivered_line(nature=Nature.DIGITAL),
    delivered_line(nature=Nature.SERVICE, parts=10),
    delivered_line(nature=Nature.CUSTOM_MADE),
    delivered_line(nature=Nature.SECOND_HAND),
)
WAITING = facts_of(order(line()))
DELIVERED = facts_of(order(delivered_line(), shipping_charged=3_000))
LONG_AGO = replace(DELIVERED, now=TOO_LATE)
SOLD_OUT = replace(BLUE, sellable=False)
BACK = (APPROVE, DISPATCH, receive())
DEFECT = Reason.DEFECTIVE

CASES: dict[str, tuple[Facts, tuple[Command, ...], SuggestedStep, SuggestionReason]] = {
    "a cancellation before the shipping": (
        WAITING,
        (request(Kind.CANCEL),),
        SuggestedStep.APPROVE,
        SuggestionReason.ENTITLED,
    ),
    "a cancellation that was approved": (
        WAITING,
        (request(Kind.CANCEL), APPROVE),
        SuggestedStep.PAY,
        SuggestionReason.MONEY_OWED,
    ),
    "a cancellation after the shipping": (
        DELIVERED,
        (request(Kind.CANCEL),),
        SuggestedStep.CONVERT,
        SuggestionReason.GOODS_HAVE_LEFT,
    ),
    "shipping that the buyer asks for": (
        DELIVERED,
        (request(Kind.REFUND, units={}, shipping=1_000),),
        SuggestedStep.HOLD,
        SuggestionReason.NO_RIGHT,
    ),
    "goodwill that the seller gives": (
        DELIVERED,
        (replace(request(Kind.REFUND, Reason.GOODWILL, amount=1_000), by=SELLER),),
        SuggestedStep.APPROVE,
        SuggestionReason.GIVEN,
    ),
    "a return in time": (DELIVERED, (request(Kind.RETURN),), SuggestedStep.APPROVE, SuggestionReason.ENTITLED),
    "a return that comes too late": (
        LONG_AGO,
        (request(Kind.RETURN, requested_at=TOO_LATE),),
        SuggestedStep.REJECT,
        SuggestionReason.NOT_ENTITLED,
    ),
    "a reason that nobody has classified": (
        DELIVERED,
        (request(Kind.RETURN, Reason.OTHER),),
        SuggestedStep.ASK,
        SuggestionReason.FAULT_UNDECIDED,
    ),
    "a claim that the seller holds": (
        DELIVERED,
        (request(Kind.RETURN), HOLD),
        SuggestedStep.RELEASE,
        SuggestionReason.SELLER_HOLDS,
    ),
    "goods on their way back": (
        DELIVERED,
        (request(Kind.RETURN), APPROVE, DISPATCH),
        SuggestedStep.RECEIVE,
        SuggestionReason.GOODS_UNDER_WAY,
    ),
    "goods that came back as sold": (
        DELIVERED,
        (request(Kind.RETURN), *BACK),
        SuggestedStep.INSPECT,
        SuggestionReason.GOODS_AS_EXPECTED,
    ),
    "goods that came back used": (
        DELIVERED,
        (request(Kind.RETURN), APPROVE, DISPATCH, receive(condition=Condition.USED)),
        SuggestedStep.ASK,
        SuggestionReason.GOODS_SHOW_GROUND,
    ),
    "goods that came back without their defect": (
        DELIVERED,
        (request(Kind.RETURN, DEFECT), *BACK),
        SuggestedStep.ASK,
        SuggestionReason.GOODS_SHOW_GROUND,
    ),
    "goods that were accepted": (
        DELIVERED,
        (request(Kind.RETURN), *BACK, inspect()),
        SuggestedStep.PAY,
        SuggestionReason.MONEY_OWED,
    ),
    "an exchange without a replacement": (
        DELIVERED,
        (request(Kind.EXCHANGE, replacement=None),),
        SuggestedStep.ASK,
        SuggestionReason.REPLACEMENT_UNNAMED,
    ),
    "an exchange for what is sold out": (
        DELIVERED,
        (request(Kind.EXCHANGE, replacement=SOLD_OUT),),
        SuggestedStep.CONVERT,
        SuggestionReason.REPLACEMENT_UNSELLABLE,
    ),
    "an exchange whose goods are back": (
        replace(DELIVERED, rules=facts_of(DELIVERED.order, policy=NO_FEES).rules),
        (request(Kind.EXCHANGE), *BACK, inspect()),
        SuggestedStep.RESHIP,
        SuggestionReason.REPLACEMENT_TO_SEND,
    ),
    "a repair whose goods are back": (
        DELIVERED,
        (request(Kind.REPAIR, DEFECT), APPROVE, DISPATCH, receive(condition=Condition.USED), inspect()),
        SuggestedStep.COMPLETE_REPAIR,
        SuggestionReason.REPAIR_TO_DO,
    ),
    "a repair that is done": (
        DELIVERED,
        (
            request(Kind.REPAIR, DEFECT),
            *(APPROVE, DISPATCH, receive(condition=Condition.USED), inspect(), COMPLETE_REPAIR),
        ),
        SuggestedStep.RESHIP,
        SuggestionReason.REPAIRED_TO_SEND,
    ),
}


def after(facts: Facts, *commands: Command) -> tuple[Claim, Facts]:
    claim: Claim | None = None
    for command in commands:
        outcome = decide(claim, command, facts)
        assert not isinstance(outcome, Refused), outcome
        claim, facts = outcome.claim, apply_effects(facts, outcome.effects)
    assert claim is not None
    return claim, facts


def next_step(facts: Facts, *commands: Command) -> Suggestion:
    found = suggested(*after(facts, *commands))
    assert found is not None
    return found


@pytest.mark.parametrize("name", CASES)
def test_what_comes_next(name: str) -> None:
    facts, commands, step, why = CASES[name]
    found = next_step(facts, *commands)
    assert (found.step, found.why) == (step, why)


@pytest.mark.parametrize(
    "commands",
    [(request(Kind.RETURN), APPROVE), (request(Kind.RETURN), RETRACT)],
    ids=["the buyer sends the goods", "the claim has ended"],
)
def test_nothing_is_suggested_while_others_act(commands: tuple[Command, ...]) -> None:
    assert suggested(*after(DELIVERED, *commands)) is None


def test_the_effect_of_an_approval_names_the_money_and_its_last_day() -> None:
    found = next_step(WAITING, request(Kind.CANCEL))
    claim, _ = after(WAITING, request(Kind.CANCEL), APPROVE)
    assert claim.amounts is not None
    assert (found.effect.state, found.effect.party) == (State.APPROVED, Party.SELLER)
    assert (found.effect.refund, found.effect.refund_due_on) == (10_000, claim.deadlines.refund_due_on)
    assert found.effect.refund == claim.amounts.total == next_step(WAITING, request(Kind.CANCEL), APPROVE).effect.refund


def test_a_rejection_has_the_one_ground_that_the_facts_show_and_its_article() -> None:
    found = next_step(LONG_AGO, request(Kind.RETURN, requested_at=TOO_LATE))
    assert isinstance(found.command, Reject)
    assert found.command.ground is found.ground is Ground.WINDOW_CLOSED
    assert found.citation
    assert found.needs == ("message",)
    assert (found.effect.state, found.effect.refund) == (State.REJECTED, 0)


def test_a_policy_that_asks_for_an_alternative_leaves_the_choice_to_a_person() -> None:
    facts = facts_of(order(delivered_line()), TOO_LATE, preset("naver"))
    found = next_step(facts, request(Kind.RETURN, requested_at=TOO_LATE))
    assert found.step is SuggestedStep.REJECT
    assert found.needs == ("message", "alternatives")


def test_after_the_buyers_answer_the_seller_classifies_the_reason() -> None:
    claim, facts = after(DELIVERED, request(Kind.RETURN, Reason.OTHER))
    found = suggested(claim, facts, answered_at=NOW)
    assert found is not None
    assert isinstance(found.command, Reclassify)
    assert (found.step, found.why, found.needs) == (
        SuggestedStep.RECLASSIFY,
        SuggestionReason.FAULT_ANSWERED,
        ("reason", "evidence"),
    )


def test_the_lines_that_the_buyer_is_entitled_to_stay_when_the_others_are_rejected() -> None:
    bought = order(delivered_line("1"), replace(delivered_line("2"), delivered_at=NOW - timedelta(days=60)))
    found = next_step(facts_of(bought), request(Kind.RETURN, units={"1": 1, "2": 1}))
    assert (found.step, found.effect.state) == (SuggestedStep.REJECT, State.REQUESTED)
    assert found.effect.refund > 0


def test_an_exchange_that_has_paid_money_back_gets_other_goods_when_its_own_are_sold_out() -> None:
    claim, facts = after(
        DELIVERED,
        request(Kind.EXCHANGE, DEFECT, replacement=Replacement(sku="cheap", unit_price=1_000)),
        *(APPROVE, DISPATCH, receive(condition=Condition.USED), inspect()),
    )
    gone = Replacement(sku="cheap", unit_price=1_000, sellable=False)
    lines = tuple(replace(each, replacement=gone) for each in claim.lines)
    found = suggested(replace(claim, lines=lines), facts)
    assert found is not None
    assert (found.step, found.why, found.needs) == (
        SuggestedStep.RECLASSIFY,
        SuggestionReason.REPLACEMENT_UNSELLABLE,
        ("replacements",),
    )


@pytest.mark.parametrize("law", LAWS)
def test_under_every_law_a_suggestion_is_accepted(law: str) -> None:
    reasons = set()
    for bought, kind, reason, now in product(LINES, Kind, Reason, (NOW, TOO_LATE)):
        facts = facts_of(order(bought), now, preset(law))
        opened = decide(None, request(kind, reason, requested_at=now), facts)
        if isinstance(opened, Refused):
            continue
        found = suggested(opened.claim, apply_effects(facts, opened.effects))
        assert found is not None, (bought, kind, reason)
        assert found.command is not None
        assert isinstance(decide(opened.claim, found.command, apply_effects(facts, opened.effects)), Decision)
        reasons.add(found.why)
        if isinstance(found.command, Approve):
            assert found.command.override is None
    assert reasons >= {SuggestionReason.ENTITLED, SuggestionReason.FAULT_UNDECIDED, *DOUBTS.get(law, set())}
