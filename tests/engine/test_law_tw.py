"""Taiwanese law, article by article.

An order of 1 June 2026 for 100.00 dollars, sent on the 3rd, delivered on the 5th.
"""

from datetime import date
from typing import Any

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.breakdown import StepCode
from app.engine.model.late_interest import interest_owed
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Reason, Record
from app.presets.loader import preset
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.story import wait_until
from tests.engine.under_law import asked, at, bought, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
NOTICE, CONSENT = Record.NOTICE, Record.CONSENT
UNINFORMED = (Record.INFORMATION_MISSING,)


@pytest.mark.parametrize(
    ("kind", "reason", "day", "more", "verdict", "last_day"),
    [
        pytest.param(RETURN, MIND, "2026-06-12", {}, ELIGIBLE, "2026-06-12", id="19(1) seventh day"),
        pytest.param(RETURN, MIND, "2026-06-13", {}, INELIGIBLE, "2026-06-12", id="19(1) over"),
        pytest.param(RETURN, MIND, "2026-06-15", {"arrived": "2026-06-06"}, ELIGIBLE, "2026-06-15", id="122 Saturday"),
        pytest.param(
            RETURN, MIND, "2026-06-12", {"nature": Nature.SERVICE}, ELIGIBLE, "2026-06-12", id="19(1) service"
        ),
        pytest.param(
            RETURN, MIND, "2026-10-05", {"records": UNINFORMED}, ELIGIBLE, "2026-10-05", id="19(3) four months"
        ),
        pytest.param(RETURN, MIND, "2026-10-06", {"records": UNINFORMED}, INELIGIBLE, "2026-10-05", id="19(3) over"),
        pytest.param(RETURN, BROKEN, "2026-07-05", {}, ELIGIBLE, "2027-01-05", id="359 rescission"),
        pytest.param(EXCHANGE, BROKEN, "2026-07-05", {}, ELIGIBLE, "2027-01-05", id="364 replacement"),
        pytest.param(REFUND, BROKEN, "2026-07-05", {}, REVIEW, None, id="359 a lower price has no number"),
        pytest.param(REPAIR, BROKEN, "2026-07-05", {}, REVIEW, None, id="359, 364 name no repair"),
        pytest.param(CANCEL, MIND, "2026-06-02", {"arrived": None}, ELIGIBLE, None, id="Rules 18 before receipt"),
    ],
)
def test_a_claim_of_the_buyer(
    kind: Kind, reason: Reason, day: str, more: dict[str, Any], verdict: Verdict, last_day: str | None
) -> None:
    answer = judged("tw", kind, reason, day, bought("tw", **more))
    shown = str(answer.window.ends_on) if answer.window and answer.window.ends_on else None
    assert (answer.verdict, shown) == (verdict, last_day)


def test_the_seven_days_begin_after_the_information() -> None:
    """19(3)."""
    told = bought("tw", records=UNINFORMED, informed_at=at("tw", "2026-07-01"))
    assert [judged("tw", RETURN, MIND, day, told).verdict for day in ("2026-07-08", "2026-07-09")] == [
        ELIGIBLE,
        INELIGIBLE,
    ]


EXCLUDED = {
    "2 no. 1": (Nature.PERISHABLE, (NOTICE,), None, Ground.VALUE_LOST_BY_TIME),
    "2 no. 2": (Nature.CUSTOM_MADE, (NOTICE,), None, Ground.CUSTOM_MADE),
    "2 no. 3": (Nature.PUBLICATION, (NOTICE,), None, Ground.PUBLICATION),
    "2 no. 4": (Nature.SEALED_MEDIA, (NOTICE,), Declared.SEAL_BROKEN, Ground.SEAL_BROKEN),
    "2 no. 5": (Nature.DIGITAL, (NOTICE, CONSENT), Declared.BEGUN, Ground.DIGITAL_BEGUN),
    "2 no. 6": (Nature.HYGIENE, (NOTICE,), Declared.SEAL_BROKEN, Ground.HYGIENE_UNSEALED),
}


@pytest.mark.parametrize("item", EXCLUDED)
def test_an_exception_binds_only_a_buyer_who_was_told(item: str) -> None:
    """Criteria 2."""
    nature, records, declared, ground = EXCLUDED[item]
    conditions = [declared] if declared else []
    told = judged("tw", RETURN, MIND, "2026-06-10", bought("tw", nature, records), conditions)
    untold = judged("tw", RETURN, MIND, "2026-06-10", bought("tw", nature), conditions)
    assert (told.grounds, untold.verdict) == ((ground,), ELIGIBLE)


def test_the_buyer_bears_no_cost_of_any_kind() -> None:
    """19(1), (5)."""
    order = bought("storefront_tw", shipping_charged=8_000)
    story = asked("storefront_tw", RETURN, MIND, "2026-06-10", order)
    story = story.when(APPROVE, receive(), inspect())
    assert story.amounts.amount_of(StepCode.SHIPPING) == 8_000
    assert story.total == 18_000
    assert preset("tw").shipping.return_shipping_payer is Fault.SELLER


@pytest.mark.parametrize(("nature", "due_on"), [(Nature.STANDARD, "2026-07-06"), (Nature.SERVICE, "2026-06-25")])
def test_the_money_is_due_in_fifteen_days(nature: Nature, due_on: str) -> None:
    """19-2(2): from the goods, or from the notice about a service. The fifteenth day of the goods is a Sunday."""
    story = asked("tw", RETURN, MIND, "2026-06-10", bought("tw", nature)).when(APPROVE)
    if nature is Nature.STANDARD:
        story = story.when(wait_until(at("tw", "2026-06-20")), receive(), inspect())
    assert str(story.claim.deadlines.refund_due_on) == due_on


def test_a_late_refund_bears_five_percent() -> None:
    """Civil Code 203, 229(1), 233(1)."""
    rule = preset("tw").late_interest
    assert rule is not None
    assert interest_owed(rule, 100_000, due_on=date(2026, 1, 1), paid_on=date(2027, 1, 1)) == 5_000
