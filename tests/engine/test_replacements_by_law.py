"""Where the time stops during a cure, a replacement goes on with the time of the goods that it replaces.

An order of 1 June 2026, sent on the 3rd, delivered on the 5th. The buyer asks for an exchange on the 10th, and the
replacement arrives on the 22nd, 12 days after the goods have left.
"""

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import Kind, Reason
from app.engine.policy.eligibility import assess
from tests.engine.commands import APPROVE, CONFIRM_DELIVERY, DISPATCH, RESHIP, inspect, receive, request
from tests.engine.story import Story, wait_until
from tests.engine.under_law import asked, at, bought

BROKEN = Reason.DEFECTIVE


def exchanged(law: str) -> Story:
    """The order with its replacement."""
    story = asked(law, Kind.EXCHANGE, BROKEN, "2026-06-10", bought(law)).when(APPROVE, DISPATCH, receive(), inspect())
    return story.when(wait_until(at(law, "2026-06-22")), RESHIP, CONFIRM_DELIVERY)


def replacement(story: Story) -> OrderLine:
    return story.order.lines[1]


def judged_again(law: str, kind: Kind, day: str) -> tuple[Verdict, str, str]:
    """The verdict about the replacement, the rule of its window, and the last day."""
    story = exchanged(law)
    now = at(law, day)
    again = request(
        kind, BROKEN, {replacement(story).line_id: 1}, requested_at=now, discovered_at=now, claim_id="again"
    )
    story = story.when(wait_until(now), again)
    told = assess(story.claim, story.facts)
    assert told.window is not None
    return told.verdict, told.window.rule, str(told.window.ends_on)


def test_the_wait_for_a_replacement_counts_once() -> None:
    assert replacement(exchanged("es")).cure_days == 12


@pytest.mark.parametrize(
    ("day", "kind", "expected"),
    [
        pytest.param(
            "2029-06-18", Kind.EXCHANGE, (Verdict.ELIGIBLE, "eu_conformity", "2029-06-18"), id="TRLGDCU 122(1), (2)"
        ),
        pytest.param("2029-06-17", Kind.RETURN, (Verdict.ELIGIBLE, "eu_termination", "2029-06-18"), id="TRLGDCU 119"),
        pytest.param(
            "2029-06-19", Kind.EXCHANGE, (Verdict.INELIGIBLE, "eu_conformity", "2029-06-18"), id="TRLGDCU 122 over"
        ),
    ],
)
def test_spain_adds_the_wait_to_the_three_years_from_the_first_delivery(
    day: str, kind: Kind, expected: tuple[Verdict, str, str]
) -> None:
    """5 June 2029 is 17 June with the 12 days: a Sunday, so the next working day."""
    assert judged_again("es", kind, day) == expected


@pytest.mark.parametrize("law", ["de", "fr"])
def test_where_the_time_does_not_stop_a_replacement_has_the_time_of_its_own_delivery(law: str) -> None:
    _, rule, last_day = judged_again(law, Kind.EXCHANGE, "2028-06-22")
    assert (rule, last_day) == ("eu_conformity", "2028-06-22")
