"""Every right of a law: whom it covers, and its last day."""

from collections.abc import Iterator, Mapping
from itertools import chain

import pytest

from app.engine.model.assessment import Verdict
from tests.engine.rights import Situation, around_the_last_day, eligible_claims
from tests.engine.rights_by_law import europe, jp, kr, uk, us

LAWS = {"jp": jp, "kr": kr, "uk": uk, "us": us}


def _of_law(law: str, situations: Mapping[str, Situation]) -> Iterator[object]:
    return (pytest.param(law, told, id=f"{law}: {name}") for name, told in situations.items())


SITUATIONS = [
    *chain.from_iterable(_of_law(law, module.SITUATIONS) for law, module in LAWS.items()),
    *chain.from_iterable(_of_law(law, situations) for law, situations in europe.SITUATIONS.items()),
]


@pytest.mark.parametrize(("law", "told"), SITUATIONS)
def test_the_law_gives_these_rights_and_no_others(law: str, told: Situation) -> None:
    given, expected = eligible_claims(law, told), told.expected()
    assert (sorted(given - expected), sorted(expected - given)) == ([], [])


@pytest.mark.parametrize(("law", "told"), SITUATIONS)
def test_each_right_ends_with_its_last_day(law: str, told: Situation) -> None:
    for row in told.rows:
        if row.last_day is not None:
            answers = list(around_the_last_day(law, told, row))
            assert answers == [(kind, Verdict.ELIGIBLE, row.last_day, False) for kind in row.kinds], row.article
