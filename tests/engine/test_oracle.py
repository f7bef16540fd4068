"""Random claims, decided by the engine and by the articles, without a difference. Every rule of every law is the one on
which some of the answers turn, and one number more in any of them is noticed."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import SystemRandom

import pytest

from tests.engine.oracle.chance import Case, cases
from tests.engine.oracle.laws import LAWS
from tests.engine.oracle_bridge import compared, refund_days
from tests.engine.oracle_rules import Rule, broken, rules_of

CLAIMS, CLAIMS_OF_A_SOAK = 10_000, 1_000_000
SEED, ROUNDS = 1, 8
"""The same claims in every run, so that each rule is reached in every run. The soak draws a new seed."""
CLAIMS_OF_A_RULE = 1_000
"""A rule with several numbers, such as a ladder of interest, needs claims about each of them."""

REPORT = """law {}, seed {}: {}

import datetime
from tests.engine.oracle.cases import Asked, Bought, Line, Units
from tests.engine.oracle_bridge import compared

order = {!r}
claim = {!r}
print(compared(order, claim).differences)
"""
"""Its end can be run as it stands."""

ALWAYS_OUTLASTED: dict[str, frozenset[Rule]] = {
    "kr": frozenset({("windows", "kr_missing_goods")}),  # by Civil Act 573: a year from knowing
    "eu": frozenset(  # a person must look
        {("windows", "eu_conformity_after_two_years"), ("windows", "eu_digital_conformity_after_two_years")}
    ),
    "it": frozenset({("windows", "eu_digital_conformity_after_two_years")}),
    "uk": frozenset({("windows", "uk_short_term_right_after_repair")}),  # by CRA 24(5): six years after a repair
    "us": frozenset({("windows", "us_late_shipment")}),  # by practice, which asks for no delay
}
"""Rules that give no last day, or that another right of the same buyer always outlasts: no answer turns on them."""


@pytest.mark.parametrize("law", LAWS)
def test_the_engine_and_the_articles_agree_about_ten_thousand_claims(law: str) -> None:
    """Rules that so many claims have missed are looked for in as many again."""
    turning = agree(law, SEED, CLAIMS)
    for seed in range(SEED + 1, SEED + ROUNDS):
        if idle(law, turning) or unnoticed(law, turning):
            for rule, claims in agree(law, seed, CLAIMS).items():
                turning[rule].extend(claims)
    assert idle(law, turning) == frozenset(), "rules that decided nothing"
    assert unnoticed(law, turning) == [], "wrong rules that no claim noticed"


@pytest.mark.parametrize("law", LAWS)
def test_the_day_of_the_refund_stands_in_the_claim_after_its_way(law: str) -> None:
    """A few claims go their way by commands: the day that the engine fixes on it is that of the articles."""
    days = [both for order, claim in cases(law, SEED, 500) if (both := refund_days(order, claim)) is not None]
    assert len(days) >= 10
    assert [(fixed, told) for fixed, told in days if fixed != told] == []


@pytest.mark.soak
@pytest.mark.parametrize("law", LAWS)
def test_the_engine_and_the_articles_agree_about_a_million_claims(law: str) -> None:
    agree(law, SystemRandom().randrange(2**32), CLAIMS_OF_A_SOAK)


def agree(law: str, seed: int, count: int) -> dict[Rule, list[Case]]:
    """Compare so many answers. Returns some claims for each rule on which answers turned."""
    turning: dict[Rule, list[Case]] = defaultdict(list)
    for order, claim in cases(law, seed, count):
        both = compared(order, claim)
        if both.differences:
            pytest.fail(REPORT.format(law, seed, both.differences, order, claim))
        for rule in both.turns_on:
            if len(turning[rule]) < CLAIMS_OF_A_RULE:
                turning[rule].append((order, claim))
    return turning


def idle(law: str, turning: Mapping[Rule, list[Case]]) -> frozenset[Rule]:
    """Rules on which no answer turned, though one should. All that did is a rule of the law."""
    assert turning.keys() <= rules_of(law)
    return rules_of(law) - turning.keys() - ALWAYS_OUTLASTED.get(law, frozenset())


def unnoticed(law: str, turning: Mapping[Rule, list[Case]]) -> list[str]:
    """What can be broken in the rules of the law without a difference in these claims."""
    return [
        name
        for rule, decided in turning.items()
        for name, policies in broken(law, rule)
        if not any(compared(order, claim, policies).differences for order, claim in decided)
    ]


def test_the_oracle_knows_nothing_of_the_project() -> None:
    imported = {
        name.split(".")[0] if not name.startswith("tests.") else name.rpartition(".")[0]
        for path in (Path(__file__).parent / "oracle").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _names(node)
    }
    assert "app" not in imported
    assert {name for name in imported if name.startswith("tests")} == {"tests.engine.oracle"}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
