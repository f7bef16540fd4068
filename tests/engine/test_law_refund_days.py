"""When the money is due in Taiwan, China, Brazil and Australia, and whether a seller may promise a later day.

Asked on Tuesday 9 June 2026, approved on the 10th, the goods back on the 16th. Over a weekend: asked on Friday the
12th, approved on Saturday the 13th, back on Saturday the 20th.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import product

import pytest

from app.engine.model.vocabulary import NOT_GOODS, Kind, Nature, Reason, fault_of
from app.engine.policy.deadlines import refund_due_on
from app.engine.policy.law import TermViolation, violations
from app.engine.policy.rules import Anchor, Basis, DeadlineRule, Period, Unit
from app.engine.policy.terms import Terms
from app.presets.loader import preset
from tests.engine.reasons import REASONS_OF_LAW
from tests.engine.rights import ALL, CANCEL, EXCHANGE, GOODS, MIND, OTHER, REFUND, RETURN, SELLERS_FAULT
from tests.engine.under_law import asked, at, bought, compared_days

EVERY_KIND = {CANCEL, RETURN, EXCHANGE, REFUND}
WEEK, WEEKEND = ("2026-06-09", "2026-06-10", "2026-06-16"), ("2026-06-12", "2026-06-13", "2026-06-20")
WITHDRAWN = MIND | OTHER


@dataclass(frozen=True, kw_only=True)
class Due:
    """`on` and `after_weekend` are the last days. `anchor` is the event that the days count from. A `statute` binds:
    a later promise is void."""

    article: str
    kinds: Collection[Kind]
    on: str
    after_weekend: str
    anchor: Anchor
    natures: Collection[Nature] = ALL
    reasons: Collection[Reason] = frozenset(REASONS_OF_LAW)
    statute: bool = False


ASKED, AGREED, BACK = Anchor.REQUESTED, Anchor.APPROVED, Anchor.GOODS_BACK
LAWS = {
    "tw": (
        Due(article="19-2(2)", kinds={CANCEL}, on="06-24", after_weekend="06-29", anchor=ASKED, statute=True),
        Due(
            article="19-2(2): the notice",
            kinds={RETURN, EXCHANGE},
            natures=NOT_GOODS,
            on="06-24",
            after_weekend="06-29",
            anchor=ASKED,
            statute=True,
        ),
        Due(
            article="19-2(2): the goods",
            kinds={RETURN, EXCHANGE},
            on="07-01",
            after_weekend="07-06",
            anchor=BACK,
            statute=True,
        ),
        Due(article="practice", kinds={REFUND}, on="06-25", after_weekend="06-29", anchor=AGREED),
    ),
    "cn": (
        Due(article="practice", kinds={CANCEL}, on="06-16", after_weekend="06-22", anchor=ASKED),
        Due(
            article="practice",
            kinds={RETURN, EXCHANGE},
            natures=NOT_GOODS,
            on="06-16",
            after_weekend="06-22",
            anchor=ASKED,
        ),
        Due(
            article="25(3)",
            kinds={RETURN, EXCHANGE},
            reasons=WITHDRAWN,
            on="06-23",
            after_weekend="06-29",
            anchor=BACK,
            statute=True,
        ),
        Due(
            article="practice",
            kinds={RETURN, EXCHANGE},
            reasons=SELLERS_FAULT,
            on="06-23",
            after_weekend="06-29",
            anchor=BACK,
        ),
        Due(article="practice", kinds={REFUND}, on="06-17", after_weekend="06-22", anchor=AGREED),
    ),
    "br": (
        Due(
            article="49 parágrafo único",
            kinds=EVERY_KIND,
            reasons=WITHDRAWN,
            on="06-09",
            after_weekend="06-12",
            anchor=ASKED,
            statute=True,
        ),
        Due(
            article="18 § 1 II, 19 IV, 20 II",
            kinds=EVERY_KIND,
            on="06-09",
            after_weekend="06-12",
            anchor=ASKED,
            statute=True,
        ),
    ),
    "au": (
        Due(article="practice", kinds={CANCEL}, on="06-18", after_weekend="06-23", anchor=ASKED),
        Due(
            article="practice",
            kinds={RETURN, EXCHANGE},
            natures=NOT_GOODS,
            on="06-19",
            after_weekend="06-23",
            anchor=AGREED,
        ),
        Due(article="practice", kinds={RETURN, EXCHANGE}, on="06-25", after_weekend="06-30", anchor=BACK),
        Due(article="practice", kinds={REFUND}, on="06-19", after_weekend="06-23", anchor=AGREED),
    ),
}


def due_days(law: str, days: tuple[str, str, str]) -> dict[tuple[Kind, Reason, Nature], str]:
    """The month and day of each claim's refund."""
    requested, approved, back = (at(law, day) for day in days)
    story = asked(law, RETURN, Reason.CHANGE_OF_MIND, days[0], bought(law))
    found: dict[tuple[Kind, Reason, Nature], str] = {}
    for nature in Nature:
        lines = tuple(replace(each, nature=nature) for each in story.order.lines)
        facts = replace(story.facts, order=replace(story.order, lines=lines))
        for kind in EVERY_KIND:
            for reason in REASONS_OF_LAW:
                claim = replace(
                    story.claim,
                    kind=kind,
                    reason=reason,
                    fault=fault_of(reason),
                    submission=replace(story.claim.submission, requested_at=requested),
                    approved_at=approved,
                    received_at=back if kind in (RETURN, EXCHANGE) and nature in GOODS else None,
                )
                found[kind, reason, nature] = str(refund_due_on(claim, facts))[5:]
    return found


def row_of(law: str, kind: Kind, reason: Reason, nature: Nature) -> Due:
    """The first row for a claim."""
    rows = (each for each in LAWS[law] if kind in each.kinds and reason in each.reasons and nature in each.natures)
    return next(rows)


@pytest.mark.parametrize("days", [WEEK, WEEKEND], ids=["on working days", "over a weekend"])
@pytest.mark.parametrize("law", LAWS)
def test_the_money_is_due_on_the_day_of_the_article(law: str, days: tuple[str, str, str]) -> None:
    found = due_days(law, days)
    expected = {cell: row_of(law, *cell).on if days is WEEK else row_of(law, *cell).after_weekend for cell in found}
    assert {cell: (found[cell], expected[cell]) for cell in found if found[cell] != expected[cell]} == {}


@pytest.mark.parametrize("law", LAWS)
def test_the_money_of_each_claim_rests_on_a_statute_or_on_practice(law: str) -> None:
    rules = preset(law).refund_deadlines
    for kind, reason in product(EVERY_KIND, REASONS_OF_LAW):
        fitting = (each for each in rules if kind in each.kinds and (each.reasons is None or reason in each.reasons))
        first = next(each for each in fitting if not each.natures)
        assert (first.basis is Basis.STATUTE) is row_of(law, kind, reason, Nature.STANDARD).statute


@pytest.mark.parametrize("kind", sorted(EVERY_KIND))
@pytest.mark.parametrize("reason", REASONS_OF_LAW)
def test_each_reason_for_money_at_once_has_its_article_in_brazil(kind: Kind, reason: Reason) -> None:
    """CDC 49 parágrafo único for a withdrawal, 18 to 20 for a defect."""
    rules = preset("br").refund_deadlines
    first = next(rule for rule in rules if kind in rule.kinds and (rule.reasons is None or reason in rule.reasons))
    assert first.citation.startswith(f"BR CDC art. {49 if reason in WITHDRAWN else 18}")


def test_at_once_does_not_wait_for_a_working_day_in_brazil() -> None:
    """13 June 2026 is a Saturday."""
    assert set(due_days("br", ("2026-06-13", "2026-06-14", "2026-06-20")).values()) == {"06-13"}


GENERAL = [(law, number) for law, rows in LAWS.items() for number, row in enumerate(rows) if row.natures == ALL]


@pytest.mark.parametrize(("law", "number"), GENERAL)
def test_a_later_promise_is_void_against_a_statute_alone(law: str, number: int) -> None:
    policy, row = preset(law), LAWS[law][number]
    later = DeadlineRule(
        kinds=frozenset(row.kinds),
        reasons=frozenset(row.reasons),
        periods=(Period(length=60, unit=Unit.DAYS, anchor=row.anchor),),
        citation="our terms",
    )
    found = {each.code for each in violations(policy, Terms(promises=(later,)), compared_days(law))}
    assert (TermViolation.REFUND_DEADLINE_BEYOND_STATUTE in found) is row.statute
