"""Brazil: what the Código de Defesa do Consumidor answers.

An order of 1 June 2026, sent on the 3rd, delivered on Friday the 5th.
"""

from typing import Any

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.order import Order
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import Condition, Declared, Deduction, Fault, Kind, Nature, Reason, Record
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.under_law import asked, bought, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE, Kind.REFUND
MIND, BROKEN, WRONG, MISSING = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.WRONG_ITEM, Reason.MISSING_ITEM
GOODS, SERVICE, FRESH = Nature.STANDARD, Nature.SERVICE, Nature.PERISHABLE
FAILED = {"repairs": 1}


def br(nature: Nature = GOODS, *records: Record, arrived: str | None = "2026-06-05", **more: Any) -> Order:
    return bought("br", nature, records, arrived, **more)


@pytest.mark.parametrize(
    ("kind", "day", "order", "verdict", "last_day"),
    [
        pytest.param(CANCEL, "2026-09-01", br(arrived=None), ELIGIBLE, None, id="not received"),
        pytest.param(RETURN, "2026-06-12", br(), ELIGIBLE, "2026-06-12", id="seven days from the receipt"),
        pytest.param(RETURN, "2026-06-13", br(), INELIGIBLE, "2026-06-12", id="over"),
        pytest.param(RETURN, "2026-06-15", br(arrived="2026-06-06"), ELIGIBLE, "2026-06-15", id="132 § 1 Saturday"),
        pytest.param(RETURN, "2026-06-12", br(Nature.CUSTOM_MADE), ELIGIBLE, "2026-06-12", id="no exceptions"),
        pytest.param(RETURN, "2026-06-12", br(SERVICE), ELIGIBLE, "2026-06-12", id="service received"),
        pytest.param(CANCEL, "2026-06-08", br(SERVICE, arrived=None), ELIGIBLE, None, id="service not received"),
    ],
)
def test_a_buyer_may_withdraw_for_seven_days(
    kind: Kind, day: str, order: Order, verdict: Verdict, last_day: str | None
) -> None:
    assessment = judged("br", kind, MIND, day, order)
    window = assessment.window
    assert (assessment.verdict, window and window.ends_on and str(window.ends_on)) == (verdict, last_day)


def test_use_does_not_end_the_right_to_withdraw() -> None:
    used = judged("br", RETURN, MIND, "2026-06-12", br(), (Declared.USED, Declared.OPENED))
    assert used.verdict is ELIGIBLE


@pytest.mark.parametrize(("law", "payer"), [("br", Fault.SELLER), ("storefront_br", Fault.SELLER)])
def test_the_seller_pays_the_way_back(law: str, payer: Fault) -> None:
    assert judged(law, RETURN, MIND, "2026-06-12", bought(law)).return_shipping_payer is payer


@pytest.mark.parametrize(
    ("kind", "reason", "day", "order", "verdict"),
    [
        pytest.param(RETURN, BROKEN, "2026-06-20", br(), REVIEW, id="18 § 1 the cure comes first"),
        pytest.param(RETURN, BROKEN, "2026-07-10", br(GOODS, Record.CURE_LATE), ELIGIBLE, id="18 § 1 thirty days"),
        pytest.param(RETURN, BROKEN, "2026-06-20", br(GOODS, Record.SERIOUS_DEFECT), ELIGIBLE, id="18 § 3 at once"),
        pytest.param(EXCHANGE, BROKEN, "2026-07-10", br(of_line=FAILED), ELIGIBLE, id="18 § 1 I"),
        pytest.param(REFUND, BROKEN, "2026-07-10", br(of_line=FAILED), ELIGIBLE, id="18 § 1 III"),
        pytest.param(RETURN, WRONG, "2026-09-03", br(of_line=FAILED), ELIGIBLE, id="26 II ninety days"),
        pytest.param(RETURN, WRONG, "2026-09-04", br(of_line=FAILED), INELIGIBLE, id="26 II over"),
        pytest.param(RETURN, WRONG, "2026-09-14", br(of_line={**FAILED, "cure_days": 11}), ELIGIBLE, id="26 § 2 I"),
        pytest.param(RETURN, WRONG, "2026-07-06", br(FRESH, of_line=FAILED), ELIGIBLE, id="26 I thirty days, moved"),
        pytest.param(RETURN, WRONG, "2026-07-07", br(FRESH, of_line=FAILED), INELIGIBLE, id="26 I over"),
        pytest.param(RETURN, MISSING, "2026-06-20", br(), ELIGIBLE, id="19 at once"),
        pytest.param(REFUND, MISSING, "2026-06-20", br(), ELIGIBLE, id="19 IV at once"),
        pytest.param(RETURN, BROKEN, "2026-06-20", br(SERVICE), ELIGIBLE, id="20 at once"),
    ],
)
def test_the_cure_comes_before_the_choice(kind: Kind, reason: Reason, day: str, order: Order, verdict: Verdict) -> None:
    assert judged("br", kind, reason, day, order).verdict is verdict


@pytest.mark.parametrize(("day", "verdict"), [("2027-03-31", ELIGIBLE), ("2027-04-02", INELIGIBLE)])
def test_a_hidden_defect_counts_from_the_day_it_shows(day: str, verdict: Verdict) -> None:
    """Article 26 § 3: seen on 1 January 2027, so until 1 April."""
    assessment = judged("br", RETURN, BROKEN, day, br(of_line=FAILED), discovered="2027-01-01")
    assert assessment.verdict is verdict


def test_all_that_was_paid_goes_back_at_once() -> None:
    """Article 49, parágrafo único: with the delivery, and due on the day of the request."""
    story = asked("br", RETURN, MIND, "2026-06-10", br(shipping_charged=1_990)).when(APPROVE, receive(), inspect())
    assert (story.total, str(story.claim.deadlines.refund_due_on)) == (11_990, "2026-06-10")


@pytest.mark.parametrize("deduction", Deduction)
def test_nothing_is_deducted_from_a_withdrawal(deduction: Deduction) -> None:
    """Articles 49 and 51 II."""
    story = asked("br", RETURN, MIND, "2026-06-10", br()).when(APPROVE, receive(condition=Condition.USED))
    story.when(inspect(deductions={deduction: 100})).then(refused=[Code.DEDUCTION_NOT_ALLOWED])
