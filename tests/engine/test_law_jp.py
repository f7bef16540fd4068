"""Japanese law, article by article.

An order of 1 June 2026 for 10,000 yen, sent on the 3rd, delivered on the 5th.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.late_interest import interest_owed
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Reason, Record, State
from app.engine.policy.law import violations
from app.engine.policy.rules import ExceptionRule
from app.engine.policy.terms import Terms
from app.presets.loader import preset
from tests.engine.commands import APPROVE
from tests.engine.under_law import asked, bought, compared_days, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN, MISSING = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.MISSING_ITEM
CLAUSE = (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN)
KNEW, REFUSED = (Record.SELLER_KNEW,), (Record.CURE_REFUSED,)
FIRST = "2026-06-05"


@pytest.mark.parametrize(
    ("kind", "reason", "records", "day", "known", "verdict", "last_day"),
    [
        pytest.param(RETURN, MIND, (), "2026-06-12", None, ELIGIBLE, "2026-06-12", id="15-3(1) eighth day"),
        pytest.param(RETURN, MIND, (), "2026-06-13", None, INELIGIBLE, "2026-06-12", id="15-3(1) over"),
        pytest.param(RETURN, BROKEN, (), "2026-06-10", FIRST, REVIEW, None, id="541 cure comes first"),
        pytest.param(RETURN, BROKEN, REFUSED, "2026-06-10", FIRST, ELIGIBLE, "2027-06-05", id="542(1) cure refused"),
        pytest.param(REFUND, BROKEN, (), "2026-06-10", FIRST, REVIEW, None, id="563 a lower price after a demand"),
        pytest.param(REFUND, BROKEN, REFUSED, "2026-06-10", FIRST, ELIGIBLE, "2027-06-05", id="563(2) cure refused"),
        pytest.param(EXCHANGE, BROKEN, (), "2027-06-05", FIRST, ELIGIBLE, "2027-06-05", id="562, 566"),
        pytest.param(EXCHANGE, BROKEN, (), "2027-06-06", FIRST, INELIGIBLE, "2027-06-05", id="566 over"),
        pytest.param(REPAIR, BROKEN, (), "2027-06-05", FIRST, ELIGIBLE, "2027-06-05", id="562 repair"),
        pytest.param(EXCHANGE, BROKEN, KNEW, "2027-06-06", FIRST, ELIGIBLE, "2031-06-05", id="566 proviso"),
        pytest.param(REFUND, MISSING, (), "2027-08-05", FIRST, ELIGIBLE, "2031-06-05", id="166(1) quantity"),
        pytest.param(EXCHANGE, MISSING, (), "2027-08-05", FIRST, ELIGIBLE, "2031-06-05", id="562 the rest"),
    ],
)
def test_a_claim_of_the_buyer(
    kind: Kind, reason: Reason, records: Any, day: str, known: str | None, verdict: Verdict, last_day: str | None
) -> None:
    answer = judged("jp", kind, reason, day, bought("jp", records=records), discovered=known)
    shown = str(answer.window.ends_on) if answer.window else None
    assert (answer.verdict, shown) == (verdict, last_day)


@pytest.mark.parametrize("nature", [Nature.DIGITAL, Nature.SERVICE, Nature.DATED_SERVICE])
@pytest.mark.parametrize("declared", [(), (Declared.BEGUN,)])
def test_the_eight_days_are_for_goods(nature: Nature, declared: tuple[Declared, ...]) -> None:
    """15-3(1): goods and specified rights."""
    answer = judged("jp", RETURN, MIND, "2026-06-06", bought("jp", nature), declared)
    assert (answer.verdict, [doubt.why for doubt in answer.doubts]) == (REVIEW, [Unclear.NO_RULE])


@pytest.mark.parametrize("kind", [CANCEL, RETURN])
def test_a_clause_that_was_shown_takes_withdrawing_away_before_and_after_delivery(kind: Kind) -> None:
    """15-3(1) proviso; two places by the Act on electronic consumer contracts."""
    arrived = FIRST if kind is RETURN else None
    answer = judged("jp", kind, MIND, "2026-06-06", bought("jp", records=CLAUSE, arrived=arrived))
    assert (answer.verdict, answer.grounds) == (INELIGIBLE, (Ground.NO_RETURNS_AGREED,))
    only_ad = bought("jp", records=CLAUSE[:1], arrived=arrived)
    assert judged("jp", kind, MIND, "2026-06-06", only_ad).verdict is ELIGIBLE


@pytest.mark.parametrize(("records", "void"), [(CLAUSE, 0), (CLAUSE[:1], 1)])
def test_a_term_may_take_withdrawing_away_before_delivery_too_if_it_was_shown(
    records: tuple[Record, ...], void: int
) -> None:
    """15-3(1) proviso: as a whole, in the ad and on the final screen."""
    term = ExceptionRule(
        ground=Ground.NO_RETURNS_AGREED,
        kinds=frozenset({CANCEL, RETURN}),
        faults=frozenset({Fault.BUYER}),
        records=frozenset(records),
        citation="our terms",
    )
    worn = replace(term, ground=Ground.USED_OR_CONSUMED, conditions=frozenset({Declared.USED}))
    for each in (term, worn):
        assert len(violations(preset("jp"), Terms(exceptions=(each,)), compared_days("jp"))) == void


def test_goods_made_to_order_need_the_clause_too() -> None:
    """15-3(1) proviso: a notice elsewhere is not enough. Qoo10 has a rule of its own."""
    records = (Record.NOTICE, Record.CONSENT)
    made = {law: bought(law, Nature.CUSTOM_MADE, records) for law in ("jp", "qoo10_jp")}
    verdicts = [judged(law, RETURN, MIND, "2026-06-06", order).verdict for law, order in made.items()]
    assert verdicts == [ELIGIBLE, INELIGIBLE]


def test_the_law_of_sale_is_default_law() -> None:
    """But no contract frees a seller who knew of the defect and did not tell (Civil Code 572)."""
    bases = {(rule.basis, Record.SELLER_KNEW in rule.records) for rule in preset("jp").windows}
    assert bases == {("default_law", False), ("statute", True)}


def test_a_late_refund_bears_three_percent() -> None:
    """Civil Code 404(2), 419(1)."""
    rule = preset("jp").late_interest
    assert rule is not None
    assert interest_owed(rule, 100_000, due_on=date(2026, 1, 1), paid_on=date(2027, 1, 1)) == 3_000


def test_money_for_digital_content_waits_for_no_goods() -> None:
    story = asked("jp", RETURN, MIND, "2026-06-06", bought("jp", Nature.DIGITAL)).when(APPROVE)
    assert str(story.claim.deadlines.refund_due_on) == "2026-06-13"
    assert preset("jp").collect_lapses is False


@pytest.mark.parametrize(("records", "state"), [((), State.APPROVED), ((Record.PREORDER,), State.REQUESTED)])
def test_qoo10_approves_no_cancellation_of_goods_ordered_before_their_release(
    records: tuple[Record, ...], state: State
) -> None:
    """Qoo10 help 583."""
    order = bought("qoo10_jp", records=records, arrived=None)
    assert asked("qoo10_jp", CANCEL, MIND, "2026-06-02", order).claim.state is state
