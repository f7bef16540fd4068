"""Where a law has repair or replacement first, the buyer may ask for a repair, and money follows a cure that failed."""

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.vocabulary import Kind, Nature, Reason, Record
from tests.engine.under_law import bought, judged

LAWS = (
    pytest.param("eu", id="SGD 13(2)"),
    pytest.param("de", id="BGB 439(1)"),
    pytest.param("fr", id="C. consom. L217-8"),
    pytest.param("es", id="TRLGDCU 118"),
    pytest.param("it", id="Codice del consumo 135-bis"),
    pytest.param("uk", id="CRA 23"),
    pytest.param("cn", id="Consumer Rights Law 24(1)"),
    pytest.param("br", id="CDC 18"),
    pytest.param("au", id="ACL 259(2)(a)"),
)
DAY = "2027-01-10"


@pytest.mark.parametrize("law", LAWS)
def test_a_repair_is_a_first_remedy_and_a_return_waits_for_it(law: str) -> None:
    order = bought(law)
    assert judged(law, Kind.REPAIR, Reason.DEFECTIVE, DAY, order).verdict is Verdict.ELIGIBLE
    assert judged(law, Kind.RETURN, Reason.DEFECTIVE, DAY, order).verdict is Verdict.REVIEW


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    "shown",
    [{"repairs": 1}, {"records": frozenset({Record.CURE_REFUSED})}, {"records": frozenset({Record.CURE_LATE})}],
    ids=["failed", "refused", "late"],
)
def test_a_return_opens_after_a_repair_that_did_not_help(law: str, shown: dict[str, object]) -> None:
    order = bought(law, of_line=shown)
    assert judged(law, Kind.RETURN, Reason.DEFECTIVE, DAY, order).verdict is Verdict.ELIGIBLE


@pytest.mark.parametrize("law", LAWS)
def test_nobody_repairs_what_only_displeases(law: str) -> None:
    assert judged(law, Kind.REPAIR, Reason.CHANGE_OF_MIND, DAY, bought(law)).verdict is not Verdict.ELIGIBLE


@pytest.mark.parametrize("law", LAWS)
def test_digital_content_is_brought_into_conformity(law: str) -> None:
    order = bought(law, Nature.DIGITAL)
    assert judged(law, Kind.REPAIR, Reason.DEFECTIVE, DAY, order).verdict is Verdict.ELIGIBLE
