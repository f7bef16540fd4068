"""United Kingdom: what the Consumer Contracts Regulations 2013 and the Consumer Rights Act 2015 answer.

An order of 1 June 2026, sent on the 3rd, delivered on the 5th.
"""

from typing import Any

import pytest

from app.engine.model.assessment import Assessment, Verdict
from app.engine.model.order import Order
from app.engine.model.vocabulary import Declared, Fault, Ground, Kind, Nature, Reason, Record
from app.engine.policy.law import violations
from app.engine.policy.rules import Anchor, Period, Unit, WindowRule
from app.engine.policy.terms import Terms
from app.presets.loader import preset
from tests.engine.under_law import at, bought, compared_days, judged

ELIGIBLE, INELIGIBLE, REVIEW = Verdict
CANCEL, RETURN, EXCHANGE, REFUND = Kind.CANCEL, Kind.RETURN, Kind.EXCHANGE, Kind.REFUND
MIND, BROKEN, MISSING, LOST = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE, Reason.MISSING_ITEM, Reason.LOST_IN_DELIVERY
GOODS, SERVICE, DIGITAL = Nature.STANDARD, Nature.SERVICE, Nature.DIGITAL
ASKED_FOR = (Record.CONSENT, Record.ACKNOWLEDGEMENT)
UNINFORMED = (Record.INFORMATION_MISSING,)


def uk(nature: Nature = GOODS, *records: Record, arrived: str | None = "2026-06-05", **more: Any) -> Order:
    return bought("uk", nature, records, arrived, **more)


@pytest.mark.parametrize(
    ("kind", "reason", "day", "order", "verdict", "last_day"),
    [
        pytest.param(CANCEL, MIND, "2026-06-15", uk(SERVICE, arrived=None), ELIGIBLE, "2026-06-15", id="30(2) service"),
        pytest.param(CANCEL, MIND, "2026-06-16", uk(SERVICE, arrived=None), INELIGIBLE, "2026-06-15", id="30(2) over"),
        pytest.param(RETURN, MIND, "2026-06-15", uk(DIGITAL), ELIGIBLE, "2026-06-15", id="30(2) digital"),
        pytest.param(RETURN, MIND, "2026-06-16", uk(DIGITAL), INELIGIBLE, "2026-06-15", id="30(2) digital over"),
        pytest.param(CANCEL, MIND, "2026-08-16", uk(arrived=None), ELIGIBLE, None, id="30(1) goods not sent"),
        pytest.param(RETURN, MIND, "2026-06-20", uk(), INELIGIBLE, "2026-06-19", id="30(3) goods"),
        pytest.param(RETURN, MIND, "2027-06-19", uk(GOODS, *UNINFORMED), ELIGIBLE, "2027-06-19", id="31(3) goods"),
        pytest.param(RETURN, MIND, "2027-06-20", uk(GOODS, *UNINFORMED), INELIGIBLE, "2027-06-19", id="31(3) over"),
        pytest.param(CANCEL, MIND, "2027-06-15", uk(SERVICE, *UNINFORMED, arrived=None), ELIGIBLE, "2027-06-15"),
        pytest.param(
            *(RETURN, MIND, "2026-08-15", uk(GOODS, *UNINFORMED, informed_at=at("uk", "2026-08-01"))),
            *(ELIGIBLE, "2026-08-15"),
            id="31(2) told late",
        ),
        pytest.param(
            *(RETURN, MIND, "2026-08-16", uk(GOODS, *UNINFORMED, informed_at=at("uk", "2026-08-01"))),
            *(INELIGIBLE, "2026-08-15"),
            id="31(2) told late, over",
        ),
        pytest.param(
            *(RETURN, MIND, "2026-06-19", uk(GOODS, *UNINFORMED, informed_at=at("uk", "2026-06-02"))),
            *(ELIGIBLE, "2026-06-19"),
            id="30(3) told before the goods came",
        ),
        pytest.param(
            *(
                RETURN,
                MIND,
                "2026-06-20",
                uk(Nature.SUBSCRIPTION, of_line={"first_delivered_at": at("uk", "2026-06-04")}),
            ),
            *(INELIGIBLE, "2026-06-18"),
            id="30(6) from the first delivery",
        ),
    ],
)
def test_how_long_a_buyer_may_cancel(
    kind: Kind, reason: Reason, day: str, order: Order, verdict: Verdict, last_day: str | None
) -> None:
    assessment = judged("uk", kind, reason, day, order)
    assert (assessment.verdict, _last_day(assessment)) == (verdict, last_day)


@pytest.mark.parametrize(
    ("order", "declared", "grounds"),
    [
        (uk(Nature.MARKET_PRICED), (), [Ground.MARKET_PRICED]),
        (uk(Nature.CUSTOM_MADE), (), [Ground.CUSTOM_MADE]),
        (uk(Nature.PERISHABLE), (), [Ground.VALUE_LOST_BY_TIME]),
        (uk(Nature.URGENT_REPAIR), (), [Ground.URGENT_REPAIR]),
        (uk(Nature.PUBLICATION), (), [Ground.PUBLICATION]),
        (uk(Nature.AUCTION), (), [Ground.AUCTION]),
        (uk(Nature.DATED_SERVICE), (), [Ground.DATED_SERVICE]),
        (uk(Nature.HYGIENE), (Declared.SEAL_BROKEN,), [Ground.HYGIENE_UNSEALED]),
        (uk(Nature.HYGIENE), (), []),
        (uk(Nature.SEALED_MEDIA), (Declared.SEAL_BROKEN,), [Ground.SEAL_BROKEN]),
        (uk(Nature.INSEPARABLE), (), [Ground.INSEPARABLE]),
        (uk(Nature.SECOND_HAND), (), []),
        (uk(SERVICE, *ASKED_FOR), (Declared.BEGUN,), []),
        (uk(SERVICE, *ASKED_FOR), (Declared.BEGUN, Declared.PERFORMED), [Ground.SERVICE_BEGUN]),
        (uk(SERVICE), (Declared.BEGUN, Declared.PERFORMED), []),
        (uk(DIGITAL, *ASKED_FOR), (Declared.BEGUN,), [Ground.DIGITAL_BEGUN]),
        (uk(DIGITAL, Record.CONSENT), (Declared.BEGUN,), []),
    ],
)
def test_regulation_28_36_and_37_say_what_cannot_be_cancelled(
    order: Order, declared: tuple[Declared, ...], grounds: list[Ground]
) -> None:
    assessment = judged("uk", RETURN, MIND, "2026-06-10", order, declared)
    assert (list(assessment.grounds), assessment.verdict) == (grounds, INELIGIBLE if grounds else ELIGIBLE)


REPAIRED = {"repairs": 1, "repaired_at": at("uk", "2026-06-20")}
SENT = {"shipped": 1, "shipped_at": at("uk", "2026-06-03")}


@pytest.mark.parametrize(
    ("kind", "reason", "day", "order", "verdict"),
    [
        pytest.param(RETURN, BROKEN, "2026-07-05", uk(), ELIGIBLE, id="22(3) thirty days"),
        pytest.param(RETURN, BROKEN, "2026-07-06", uk(), REVIEW, id="22(3) over, and no repair has failed"),
        pytest.param(RETURN, BROKEN, "2026-07-15", uk(of_line={"cure_days": 10}), ELIGIBLE, id="22(6) stopped"),
        pytest.param(RETURN, BROKEN, "2026-07-16", uk(of_line={"cure_days": 10}), REVIEW, id="22(6) over"),
        pytest.param(RETURN, BROKEN, "2026-06-06", uk(Nature.PERISHABLE), REVIEW, id="22(4) no number"),
        pytest.param(EXCHANGE, BROKEN, "2032-06-05", uk(), ELIGIBLE, id="23 six years"),
        pytest.param(EXCHANGE, BROKEN, "2032-06-06", uk(), INELIGIBLE, id="23 over"),
        pytest.param(RETURN, BROKEN, "2027-06-05", uk(of_line={"replaces": "0"}), ELIGIBLE, id="24(5)(a) replaced"),
        pytest.param(RETURN, BROKEN, "2027-06-05", uk(of_line=REPAIRED), ELIGIBLE, id="24(5)(a) repaired"),
        pytest.param(RETURN, BROKEN, "2027-06-05", uk(GOODS, Record.CURE_REFUSED), ELIGIBLE, id="24(5)(b)"),
        pytest.param(RETURN, BROKEN, "2027-06-05", uk(GOODS, Record.CURE_LATE), ELIGIBLE, id="24(5)(c)"),
        pytest.param(REFUND, BROKEN, "2026-06-10", uk(), REVIEW, id="24(5) no price reduction first"),
        pytest.param(REFUND, BROKEN, "2026-06-25", uk(of_line=REPAIRED), ELIGIBLE, id="24(1) price reduction"),
        pytest.param(REFUND, MISSING, "2026-06-10", uk(), ELIGIBLE, id="25(1) missing"),
        pytest.param(REFUND, LOST, "2026-06-20", uk(arrived=None, of_line=SENT), ELIGIBLE, id="28, 29 lost"),
        pytest.param(RETURN, BROKEN, "2026-06-10", uk(DIGITAL), REVIEW, id="42 no rejection of digital content"),
        pytest.param(EXCHANGE, BROKEN, "2026-08-10", uk(DIGITAL), ELIGIBLE, id="43 replacement of digital content"),
        pytest.param(REFUND, BROKEN, "2026-08-10", uk(DIGITAL), REVIEW, id="44(3) not first"),
        pytest.param(REFUND, BROKEN, "2026-08-10", uk(DIGITAL, Record.CURE_LATE), ELIGIBLE, id="44(3)(b)"),
        pytest.param(RETURN, BROKEN, "2026-06-10", uk(SERVICE), REVIEW, id="54 no rejection of a service"),
        pytest.param(EXCHANGE, BROKEN, "2026-08-10", uk(SERVICE), ELIGIBLE, id="55 repeat performance"),
        pytest.param(REFUND, BROKEN, "2026-08-10", uk(SERVICE, Record.CURE_REFUSED), ELIGIBLE, id="56(3)(a)"),
    ],
)
def test_the_remedies_come_in_the_order_of_the_act(
    kind: Kind, reason: Reason, day: str, order: Order, verdict: Verdict
) -> None:
    assert judged("uk", kind, reason, day, order).verdict is verdict


@pytest.mark.parametrize(
    ("natures", "days", "void"),
    [({SERVICE}, 14, 0), ({DIGITAL}, 14, 0), ({SERVICE}, 13, 1), ({GOODS}, 14, 1)],
)
def test_a_term_may_count_services_from_the_contract_as_the_law_does(
    natures: set[Nature], days: int, void: int
) -> None:
    """Regulation 30(2). Goods count from their arrival."""
    term = WindowRule(
        code="our_window",
        kinds=frozenset({RETURN}),
        faults=frozenset({Fault.BUYER}),
        natures=frozenset(natures),
        periods=(Period(length=days, unit=Unit.DAYS, anchor=Anchor.CONTRACT),),
        citation="our terms",
    )
    found = violations(preset("uk"), Terms(windows=(term,)), compared_days("uk"))
    assert len(found) == void


def _last_day(assessment: Assessment) -> str | None:
    window = assessment.window
    return str(window.ends_on) if window is not None and window.ends_on is not None else None
