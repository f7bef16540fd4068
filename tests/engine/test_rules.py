"""Rules on top of the law: when a rule fits, what its command does, and what the law forbids a rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from app.engine import Progress, advance
from app.engine.model.commands import Release
from app.engine.model.order import Order
from app.engine.model.rule_set import BuyerRecord, Rule, RuleAction, RuleCondition, RuleField, RuleSet
from app.engine.model.vocabulary import FINAL, Alternative, Kind, Nature, OfferStatus, Reason, State
from app.engine.rules.checks import RuleViolation, findings
from app.engine.rules.conditions import Subject, held
from app.engine.rules.matching import command_of, match
from tests.engine.commands import APPROVE, BLUE, SELLER, inspect, receive, request
from tests.engine.orders import NOW, PAID, POLICY, delivered_line, line, order
from tests.engine.story import Story, given, new_id

F, A = RuleField, RuleAction
SENT = order(delivered_line(sku="shirt"), shipping_charged=3_000, buyer_id="mina")
NO_RECORD = BuyerRecord()
UNSENT = order(line(sku="shirt"), buyer_id="mina")
DEFECT = request(Kind.RETURN, Reason.DEFECTIVE)
MIND = request(Kind.RETURN, Reason.CHANGE_OF_MIND)


def rule(action: RuleAction, *conditions: RuleCondition, rule_id: str = "rule", **more: Any) -> Rule:
    return Rule(rule_id=rule_id, name=rule_id, action=action, conditions=conditions, **{"currency": "KRW", **more})


def words(field: RuleField, *one_of: str, none_of: tuple[str, ...] = ()) -> RuleCondition:
    return RuleCondition(field=field, one_of=frozenset(one_of), none_of=frozenset(none_of))


def number(field: RuleField, **limits: Any) -> RuleCondition:
    return RuleCondition(field=field, **limits)


def subject(story: Story, record: BuyerRecord = NO_RECORD) -> Subject:
    return Subject(claim=story.claim, facts=story.facts, record=record)


DAYS_AGO: Callable[[int], Any] = lambda days: NOW - timedelta(days=days)  # noqa: E731
CASES: list[tuple[str, Order, RuleCondition, bool]] = [
    ("the value at the limit", SENT, number(F.VALUE, at_most=10_000), True),
    ("the value above the limit", SENT, number(F.VALUE, at_most=9_999), False),
    ("the value below the limit", SENT, number(F.VALUE, at_least=10_001), False),
    ("a value in yen", replace(SENT, currency="JPY"), number(F.VALUE, at_most=10_000), False),
    ("the kind", SENT, words(F.KIND, "return", "exchange"), True),
    ("another kind", SENT, words(F.KIND, "cancel"), False),
    ("none of these kinds", SENT, words(F.KIND, none_of=("return",)), False),
    ("the reason", SENT, words(F.REASON, "defective"), True),
    ("the fault", SENT, words(F.FAULT, "buyer"), False),
    ("the product", SENT, words(F.SKU, "shirt"), True),
    ("another product", SENT, words(F.SKU, "mug"), False),
    ("a product without a SKU", order(delivered_line()), words(F.SKU, none_of=("mug",)), False),
    ("the nature", order(delivered_line(nature=Nature.HYGIENE)), words(F.NATURE, "hygiene"), True),
    ("the country", SENT, words(F.COUNTRY, "KR"), True),
    ("two days after the delivery", SENT, number(F.DAYS_SINCE_DELIVERY, at_least=2, at_most=2), True),
    ("one day too late", SENT, number(F.DAYS_SINCE_DELIVERY, at_most=1), False),
    ("five days after the payment", SENT, number(F.DAYS_SINCE_PAYMENT, at_least=5, at_most=5), True),
    ("delivered", SENT, words(F.STAGE, "delivered"), True),
    ("two claims in a year", SENT, number(F.BUYER_CLAIMS, at_least=2, at_most=2, in_days=365), True),
    ("one claim in a month", SENT, number(F.BUYER_CLAIMS, at_least=1, at_most=1, in_days=30), True),
    ("the record of a guest", replace(SENT, buyer_id=None), number(F.BUYER_CLAIMS, at_most=9, in_days=9), False),
]


@pytest.mark.parametrize(("bought", "condition", "fits"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_a_condition_holds_by_the_facts(bought: Order, condition: RuleCondition, fits: bool) -> None:
    record = BuyerRecord(requested_at=(DAYS_AGO(7), DAYS_AGO(200)))
    found = held(rule(A.REVIEW, condition), subject(given(bought).when(DEFECT), record))
    assert (found is not None) is fits


def test_a_cancellation_is_unconfirmed_and_has_no_delivery() -> None:
    new = subject(given(UNSENT).when(request(Kind.CANCEL, Reason.OTHER)))
    assert held(rule(A.REVIEW, words(F.STAGE, "unconfirmed")), new)
    assert held(rule(A.REVIEW, number(F.DAYS_SINCE_DELIVERY, at_least=0)), new) is None


def test_all_routes_fit_and_the_first_other_rule_decides() -> None:
    rules = [
        rule(A.ROUTE, rule_id="vip", tag="vip"),
        rule(A.APPROVE, words(F.REASON, "wrong_item"), rule_id="wrong"),
        rule(A.REVIEW, number(F.VALUE, at_least=5_000), rule_id="dear"),
        rule(A.APPROVE, rule_id="rest"),
        rule(A.ROUTE, rule_id="late", tag="late"),
    ]
    found = match(rules, subject(given(SENT).when(DEFECT)))
    assert [each.rule.rule_id for each in found.routes] == ["vip", "late"]
    assert found.decision is not None
    assert found.decision.rule.rule_id == "dear"
    assert [each.read for each in found.decision.because] == [10_000]


def test_rules_leave_alone_what_somebody_has_decided() -> None:
    approved = given(SENT).when(DEFECT, APPROVE)
    assert match([rule(A.APPROVE)], subject(approved)).decision is None


def after(story: Story, *rules: Rule) -> Story:
    """The claim after the rules, as the service does it."""
    found = match(rules, subject(story))
    if found.decision is None:
        return story
    command = command_of(found.decision.rule, RuleSet(version=1, rules=rules), subject(story), new_id)
    progress = advance(story.claim, command, story.facts, new_id) if command else None
    return Story(progress.facts, progress.claim) if isinstance(progress, Progress) else story


@pytest.mark.parametrize(
    ("action", "kind", "state"),
    [
        (A.APPROVE, Kind.RETURN, State.APPROVED),
        (A.APPROVE_KEEP_GOODS, Kind.REFUND, State.APPROVED),
        (A.WAIVE_FEE, Kind.RETURN, State.APPROVED),
        (A.REVIEW, Kind.RETURN, State.REQUESTED),
    ],
)
def test_a_rule_gives_its_command(action: RuleAction, kind: Kind, state: State) -> None:
    after(given(SENT).when(DEFECT), rule(action)).then(kind=kind, state=state)


def test_an_offer_of_a_share_is_rounded_in_favour_of_the_buyer() -> None:
    bought = order(delivered_line(unit_price=9_999))
    offer = rule(A.OFFER, alternative=Alternative.PARTIAL_REFUND, percent=50, text="?", open_days=3)
    offered = after(given(bought).when(MIND), offer).claim.open_offer
    assert offered is not None
    assert (offered.amount, offered.expires_at) == (5_000, NOW + timedelta(days=3))


def test_a_rule_cannot_approve_what_the_facts_do_not_decide() -> None:
    after(given(SENT).when(request(Kind.RETURN, Reason.OTHER)), rule(A.APPROVE)).then(state=State.REQUESTED)
    late = given(SENT, now=PAID + timedelta(days=60)).when(replace(MIND, requested_at=PAID + timedelta(days=60)))
    after(late, rule(A.APPROVE)).then(state=State.REQUESTED)


def test_the_offer_of_a_rule_is_the_one_offer_that_the_law_lets_a_seller_make() -> None:
    """KR E-Commerce Act 21-2(1)5: nobody asks a buyer again and again to decide otherwise."""
    again = rule(A.OFFER, alternative=Alternative.STORE_CREDIT, amount=1_000, text="?")
    offered = after(given(SENT).when(MIND), again)
    declined = offered.with_claim(
        replace(offered.claim, offers=(replace(offered.claim.offers[0], status=OfferStatus.DECLINED),))
    )
    assert len(after(declined, again).claim.offers) == 1


SELLERS = words(F.FAULT, "seller")
OFFER: dict[str, Any] = {"amount": 1_000, "text": "?"}
FORBIDDEN: list[tuple[str, Rule, RuleViolation, str]] = [
    ("a rejection", rule(A.REJECT), RuleViolation.REJECTS, "17(5)"),
    ("kept goods at a price", rule(A.APPROVE_KEEP_GOODS, percent=50), RuleViolation.APPROVAL_COSTS, "18(2)"),
    ("an approval of a part", rule(A.APPROVE, amount=1_000), RuleViolation.APPROVAL_COSTS, "18(2)"),
    (
        "a coupon for a defect",
        rule(A.OFFER, SELLERS, words(F.KIND, "return"), alternative=Alternative.DISCOUNT_COUPON, **OFFER),
        RuleViolation.OFFER_INSTEAD_OF_RIGHT,
        "17(3)",
    ),
    (
        "a part of the money for anything",
        rule(A.OFFER, alternative=Alternative.PARTIAL_REFUND, **OFFER),
        RuleViolation.OFFER_INSTEAD_OF_RIGHT,
        "17",
    ),
    (
        "an offer that stays open for a month",
        rule(A.OFFER, alternative=Alternative.FREE_RETURN_SHIPPING, text="?", open_days=30),
        RuleViolation.OFFER_TOO_LONG,
        "practice",
    ),
    ("a question to who changes their mind", rule(A.ASK, text="?"), RuleViolation.QUESTION_BEFORE_RIGHT, "17(1)"),
]


@pytest.mark.parametrize(
    ("forbidden", "code", "article"), [row[1:] for row in FORBIDDEN], ids=[r[0] for r in FORBIDDEN]
)
def test_what_the_law_forbids_a_rule_is_found_with_the_article(
    forbidden: Rule, code: RuleViolation, article: str
) -> None:
    (found, *_) = [each for each in findings((forbidden,), (POLICY,)) if each.code is code]
    assert article in found.citation
    assert found.rule_id == "rule"


def test_a_policy_without_offers_forbids_the_offers_of_rules() -> None:
    silent = replace(POLICY, offers=replace(POLICY.offers, rounds=0))
    shipping = rule(A.OFFER, alternative=Alternative.FREE_RETURN_SHIPPING, text="?")
    (found,) = findings((shipping,), (silent,))
    assert found.code is RuleViolation.OFFERS_FORBIDDEN
    assert "21-2(1)5" in found.citation


@pytest.mark.parametrize(
    "allowed",
    [
        rule(A.APPROVE),
        rule(A.APPROVE_KEEP_GOODS, SELLERS),
        rule(A.WAIVE_FEE),
        rule(A.REVIEW),
        rule(A.ROUTE, tag="vip"),
        rule(A.ASK, words(F.REASON, "defective", "other"), text="사진을 보내 주세요."),
        rule(A.OFFER, words(F.REASON, "change_of_mind"), alternative=Alternative.STORE_CREDIT, **OFFER),
        rule(A.OFFER, SELLERS, alternative=Alternative.EXTRA_COMPENSATION, **OFFER),
    ],
    ids=lambda allowed: f"{allowed.action} {allowed.alternative}",
)
def test_what_gives_the_buyer_no_less_is_allowed(allowed: Rule) -> None:
    assert findings((allowed,), (POLICY,)) == ()


_ACTIONS = st.sampled_from([A.APPROVE, A.APPROVE_KEEP_GOODS, A.WAIVE_FEE, A.REVIEW, A.OFFER, A.ASK, A.REJECT])
_CONDITIONS = st.one_of(
    st.builds(number, st.just(F.VALUE), at_most=st.integers(5_000, 15_000)),
    st.builds(lambda reasons: words(F.REASON, *reasons), st.sets(st.sampled_from(list(Reason)), min_size=1)),
    st.builds(lambda fault: words(F.FAULT, fault), st.sampled_from(["buyer", "seller", "undecided"])),
    st.builds(lambda kinds: words(F.KIND, *kinds), st.sets(st.sampled_from(list(Kind)), min_size=1)),
)
_RULES = st.lists(
    st.builds(
        lambda action, conditions, alternative, percent: rule(
            action, *conditions, alternative=alternative, percent=percent if action is A.OFFER else None, text="?"
        ),
        _ACTIONS,
        st.lists(_CONDITIONS, max_size=3),
        st.sampled_from(list(Alternative)),
        st.none() | st.integers(1, 100),
    ),
    max_size=4,
)
_CLAIMS = st.tuples(st.sampled_from([Kind.RETURN, Kind.EXCHANGE, Kind.CANCEL]), st.sampled_from(list(Reason)))


@settings(max_examples=200, deadline=None)
@for_all(rules=_RULES, asked=_CLAIMS, price=st.integers(1_000, 20_000), sent=st.sampled_from([0, 3_000]))
def test_no_rules_that_pass_the_check_let_a_claim_end_worse_for_the_buyer(
    rules: list[Rule], asked: tuple[Kind, Reason], price: int, sent: int
) -> None:
    kind, reason = asked
    if reason is Reason.GOODWILL or findings(rules, (POLICY,)):
        return
    bought = order(line(unit_price=price) if kind is Kind.CANCEL else delivered_line(unit_price=price))
    opened = given(replace(bought, shipping_charged=sent)).when(request(kind, reason, replacement=BLUE))
    plain, ruled = at_the_end(opened), at_the_end(after(opened, *rules))
    assert (ruled.claim.state in FINAL) >= (plain.claim.state in FINAL)
    assert gained(ruled) >= gained(plain), (rules, plain.claim, ruled.claim)


def at_the_end(story: Story) -> Story:
    """A person grants what is left to people, and the goods come back as they were sold."""
    for command in (Release(by=SELLER), APPROVE, receive(), inspect()):
        progress = advance(story.last_claim, command, story.facts, new_id)
        story = Story(progress.facts, progress.claim) if isinstance(progress, Progress) else story
    return story


def gained(story: Story) -> int:
    """The money that the buyer gets, less what the buyer owes."""
    claim = story.claim
    return claim.amounts.total - claim.amounts.buyer_owes if claim.amounts else 0
