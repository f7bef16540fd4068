"""Chinese law, article by article.

An order of 1 June 2026 for 100.00 yuan, sent on the 3rd, delivered on the 5th.
"""

import pytest

from app.engine.model.assessment import Unclear, Verdict
from app.engine.model.breakdown import StepCode
from app.engine.model.vocabulary import Declared, Ground, Kind, Nature, Reason, Record
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.story import wait_until
from tests.engine.under_law import asked, at, bought, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN, MISSING = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.MISSING_ITEM
CONFIRMED = (Record.NOTICE, Record.CONSENT)
REFUSED = (Record.CURE_REFUSED,)


@pytest.mark.parametrize(
    ("kind", "reason", "records", "day", "verdict", "last_day"),
    [
        pytest.param(RETURN, MIND, (), "2026-06-12", ELIGIBLE, "2026-06-12", id="25(1) seventh day"),
        pytest.param(RETURN, MIND, (), "2026-06-13", INELIGIBLE, "2026-06-12", id="25(1) over"),
        pytest.param(RETURN, BROKEN, (), "2026-06-12", ELIGIBLE, "2026-06-12", id="24(1) seven days"),
        pytest.param(RETURN, BROKEN, (), "2026-06-13", REVIEW, "2026-06-12", id="24(1) then only rescission"),
        pytest.param(RETURN, BROKEN, REFUSED, "2026-06-13", ELIGIBLE, "2028-06-05", id="24(1) rescission"),
        pytest.param(EXCHANGE, BROKEN, (), "2026-09-01", ELIGIBLE, "2028-06-05", id="24(1) replacement"),
        pytest.param(REPAIR, BROKEN, (), "2026-09-01", ELIGIBLE, "2028-06-05", id="24(1) repair"),
        pytest.param(REFUND, BROKEN, (), "2026-06-10", REVIEW, None, id="Civil Code 582 a lower price has no number"),
        pytest.param(REFUND, MISSING, (), "2026-06-10", ELIGIBLE, "2028-06-05", id="Civil Code 621(2)"),
        pytest.param(RETURN, MIND, CONFIRMED, "2026-06-10", REVIEW, "2026-06-12", id="25(2) confirmed"),
    ],
)
def test_a_claim_of_the_buyer(
    kind: Kind, reason: Reason, records: tuple[Record, ...], day: str, verdict: Verdict, last_day: str | None
) -> None:
    answer = judged("cn", kind, reason, day, bought("cn", records=records))
    assert (answer.verdict, str(answer.window.ends_on) if answer.window else None) == (verdict, last_day)


@pytest.mark.parametrize(
    ("nature", "declared", "ground"),
    [
        pytest.param(Nature.CUSTOM_MADE, (), Ground.CUSTOM_MADE, id="25(1)1"),
        pytest.param(Nature.PERISHABLE, (), Ground.VALUE_LOST_BY_TIME, id="25(1)2"),
        pytest.param(Nature.SEALED_MEDIA, (Declared.SEAL_BROKEN,), Ground.SEAL_BROKEN, id="25(1)3"),
        pytest.param(Nature.DIGITAL, (Declared.BEGUN,), Ground.DIGITAL_BEGUN, id="25(1)3 downloaded"),
        pytest.param(Nature.PUBLICATION, (), Ground.PUBLICATION, id="25(1)4"),
    ],
)
def test_an_exception_needs_no_record(nature: Nature, declared: tuple[Declared, ...], ground: Ground) -> None:
    assert judged("cn", RETURN, MIND, "2026-06-10", bought("cn", nature), declared).grounds == (ground,)


def test_whether_digital_content_was_downloaded_is_for_a_person_to_see() -> None:
    """25(1)3 and measures 6: what was downloaded, or what is sold as a download."""
    answer = judged("cn", RETURN, MIND, "2026-06-10", bought("cn", Nature.DIGITAL))
    assert answer.verdict is REVIEW
    (doubt,) = answer.doubts
    assert (doubt.why, doubt.ground) == (Unclear.PROOF_NEEDED, Ground.DIGITAL_BEGUN)
    law, measures = "CN Consumer Rights Law 25(1)3: whether it was downloaded", "CN Seven-day Measures 6 no. 3"
    assert doubt.citation == f"{law}; {measures} (unverified)"


def test_a_cancellation_of_work_to_order_is_not_barred_by_the_exceptions_from_returns() -> None:
    """25(1)1 is about returns. Civil Code 787."""
    order = bought("cn", Nature.CUSTOM_MADE, arrived=None)
    assert judged("cn", CANCEL, MIND, "2026-06-02", order).verdict is ELIGIBLE


@pytest.mark.parametrize("declared", [Declared.DAMAGED, Declared.USED])
def test_whether_the_goods_are_intact_is_for_a_person_to_see(declared: Declared) -> None:
    """25(3). Opening to inspect takes nothing away."""
    answer = judged("cn", RETURN, MIND, "2026-06-10", bought("cn"), [declared])
    assert (answer.verdict, [doubt.why for doubt in answer.doubts]) == (REVIEW, [Unclear.PROOF_NEEDED])
    assert judged("cn", RETURN, MIND, "2026-06-10", bought("cn"), [Declared.OPENED]).verdict is ELIGIBLE


@pytest.mark.parametrize(("reason", "fee"), [(MIND, -1_000), (BROKEN, 0)])
def test_who_pays_the_way_back(reason: Reason, fee: int) -> None:
    """25(3) the buyer, 24(2) the seller."""
    story = asked("storefront_cn", RETURN, reason, "2026-06-10", bought("storefront_cn"))
    story = story.when(APPROVE, receive(), inspect())
    assert story.steps.get(StepCode.RETURN_FEE, 0) == fee


def test_the_price_is_due_seven_days_after_the_goods_are_back() -> None:
    """25(3). The seventh day is a Saturday."""
    story = asked("cn", RETURN, MIND, "2026-06-10", bought("cn")).when(APPROVE)
    story = story.when(wait_until(at("cn", "2026-06-20")), receive(), inspect())
    assert str(story.claim.deadlines.refund_due_on) == "2026-06-29"
