"""What comes off the price, by article: for every reason, nature and condition, and with which records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from app.engine.amounts.deductions import deduction_rule
from app.engine.amounts.line_values import line_values
from app.engine.model.claim import Receipt
from app.engine.model.refusals import Code
from app.engine.model.vocabulary import NOT_GOODS, Condition, Deduction, Nature, Reason, Record
from tests.engine.commands import APPROVE, inspect, receive
from tests.engine.reasons import REASONS_OF_LAW
from tests.engine.rights import ALL, GOODS, MIND, MISSING, RETURN, SELLERS_FAULT
from tests.engine.under_law import asked, bought

PART, USE, PARTS, DAMAGE = Deduction.USED_PART, Deduction.USED_VALUE, Deduction.MISSING_PARTS, Deduction.DAMAGE
AS_SOLD, OPENED, USED, _, DAMAGED, INCOMPLETE, _ = Condition
BY_THE_BUYER = frozenset({OPENED, USED, DAMAGED, INCOMPLETE})
NOTICE, CONSENT, UNINFORMED = Record.NOTICE, Record.CONSENT, Record.INFORMATION_MISSING
RECORDS = ((), (NOTICE,), (CONSENT,), (NOTICE, CONSENT), (NOTICE, CONSENT, UNINFORMED))
BOUGHT = "2026-06-10"


@dataclass(frozen=True, slots=True)
class Less:
    """`told`: not if information was missing. `records` are asked for."""

    article: str
    deduction: Deduction
    reasons: frozenset[Reason]
    natures: frozenset[Nature]
    conditions: frozenset[Condition]
    records: tuple[Record, ...] = ()
    told: bool = False

    def allows(self, on_record: Iterable[Record]) -> bool:
        shown = set(on_record)
        return shown.issuperset(self.records) and not (self.told and UNINFORMED in shown)


def only(*conditions: Condition) -> frozenset[Condition]:
    return frozenset(conditions)


SERVICE = frozenset({Nature.SERVICE})
MISSING_FROM = (PARTS, MIND | (SELLERS_FAULT - MISSING))
HANDLED = only(USED, DAMAGED, INCOMPLETE)
EUROPEAN = (
    Less("CRD 14(3), (4)(a)", PART, MIND, SERVICE, BY_THE_BUYER, (NOTICE, CONSENT), told=True),
    Less("CRD 14(2), (4)(b): goods alone", USE, MIND, GOODS, HANDLED, (NOTICE,), told=True),
    Less("CRD 14(2)", DAMAGE, MIND, GOODS, only(DAMAGED), (NOTICE,), told=True),
    Less("CRD 14(1), SGD 16(3)(a)", *MISSING_FROM, GOODS, only(INCOMPLETE)),
)
LAWS: dict[str, tuple[Less, ...]] = {
    "kr": (
        Less("18(8), Decree 24(2)", PART, MIND, ALL, BY_THE_BUYER),
        Less("18(8), Decree 24(1)", USE, MIND, ALL, BY_THE_BUYER),
        Less("18(8), (9), Decree 24(1)", DAMAGE, MIND, ALL, only(DAMAGED)),
        Less("18(1)", *MISSING_FROM, ALL, only(INCOMPLETE)),
    ),
    "jp": (
        Less("15-3(1) proviso: the clause", PART, MIND, ALL, BY_THE_BUYER),
        Less("15-3(1) proviso", USE, MIND, ALL, only(OPENED, USED, DAMAGED)),
        Less("15-3(1) proviso", DAMAGE, MIND, ALL, only(DAMAGED)),
        Less("Civil Code 545(1)", *MISSING_FROM, ALL, only(INCOMPLETE)),
    ),
    "uk": (
        Less("CCR 36(4), (6)", PART, MIND, SERVICE, BY_THE_BUYER, (NOTICE, CONSENT), told=True),
        Less("CCR 34(9), (11)", USE, MIND, GOODS, only(OPENED, USED, DAMAGED), (NOTICE,), told=True),
        Less("CCR 34(9), (11)", DAMAGE, MIND, GOODS, only(DAMAGED), (NOTICE,), told=True),
        Less("CRA 24(8)", USE, SELLERS_FAULT, GOODS, BY_THE_BUYER),
        Less("CRA 20(7)", *MISSING_FROM, ALL, only(INCOMPLETE)),
    ),
    "us": (
        Less("practice", PART, MIND, ALL, BY_THE_BUYER),
        Less("practice", USE, MIND, ALL, BY_THE_BUYER),
        Less("practice", DAMAGE, MIND, ALL, BY_THE_BUYER),
        Less("UCC", *MISSING_FROM, ALL, only(INCOMPLETE)),
    ),
    **dict.fromkeys(("eu", "de", "fr", "es", "it"), EUROPEAN),
}


def allowed(law: str, records: Iterable[Record]) -> Iterator[tuple[Deduction, Reason, Nature, Condition]]:
    """What the law allows if the warehouse finds one condition. Services and digital content have none."""
    order = bought(law, records=records)
    orders = {nature: replace(order, lines=(replace(order.lines[0], nature=nature),)) for nature in Nature}
    for reason in REASONS_OF_LAW:
        story = asked(law, RETURN, reason, BOUGHT, order)
        (line,) = story.claim.lines
        for condition in Condition:
            found = replace(line, receipts=(Receipt(quantity=1, condition=condition),))
            goods, others = (replace(story.claim, lines=(claimed,)) for claimed in (found, line))
            for nature, of in orders.items():
                claim = others if nature in NOT_GOODS else goods
                (value,) = line_values(claim, of)
                for deduction in Deduction:
                    if deduction_rule(story.facts.policy, deduction, claim, value, of):
                        yield deduction, reason, nature, condition


@pytest.mark.parametrize(("law", "records"), list(product(LAWS, RECORDS)))
def test_what_may_come_off_the_price(law: str, records: tuple[Record, ...]) -> None:
    expected = {
        (row.deduction, reason, nature, condition)
        for row in LAWS[law]
        if row.allows(records)
        for reason, nature in product(row.reasons, row.natures)
        for condition in (Condition if nature in NOT_GOODS else row.conditions)
    }
    assert set(allowed(law, records)) == expected


NOT_ALLOWED, NOT_SHOWN, NO_EVIDENCE, ABOVE, EARLY = (
    Code.DEDUCTION_NOT_ALLOWED,
    Code.DEDUCTION_NOT_SHOWN,
    Code.DEDUCTION_NEEDS_EVIDENCE,
    Code.DEDUCTION_ABOVE_LIMIT,
    Code.DEDUCTION_TOO_EARLY,
)
CONSUMABLE: dict[str, Any] = {"of_line": {"consumable_cost": 3_000}}
MIND_CHANGED, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
LATE = (Record.CURE_LATE,)
FEBRUARY: dict[str, Any] = {"records": LATE, "arrived": "2027-02-28"}
VEHICLE: dict[str, Any] = {"nature": Nature.VEHICLE, "records": LATE}
CASES: dict[str, tuple[str, dict[str, Any], Reason, str, Condition, Deduction, int, list[Code]]] = {
    "KR 17(2)1 prices nothing": ("kr", CONSUMABLE, MIND_CHANGED, BOUGHT, AS_SOLD, DAMAGE, 1, [NOT_SHOWN]),
    "KR 18(9): damage of used goods": ("kr", CONSUMABLE, MIND_CHANGED, BOUGHT, USED, DAMAGE, 1, [NOT_SHOWN]),
    "KR Decree 24(1)": ("kr", CONSUMABLE, MIND_CHANGED, BOUGHT, USED, USE, 3_000, []),
    "KR Decree 24(1): no more": ("kr", CONSUMABLE, MIND_CHANGED, BOUGHT, USED, USE, 3_001, [ABOVE]),
    "KR Decree 24(1): damage": ("kr", CONSUMABLE, MIND_CHANGED, BOUGHT, DAMAGED, DAMAGE, 3_000, []),
    "KR Decree 24(1): damage, no more": ("kr", CONSUMABLE, MIND_CHANGED, BOUGHT, DAMAGED, DAMAGE, 3_001, [ABOVE]),
    "KR Decree 24(1): no part is stated": ("kr", {}, MIND_CHANGED, BOUGHT, DAMAGED, DAMAGE, 1, [ABOVE]),
    "UK CRA 24(10): six months": ("uk", {"records": LATE}, BROKEN, "2026-12-05", USED, USE, 1, [EARLY]),
    "UK CRA 24(8): after them": ("uk", {"records": LATE}, BROKEN, "2026-12-06", USED, USE, 5_000, []),
    "UK CRA 24(10): six months to the date": ("uk", FEBRUARY, BROKEN, "2027-08-28", USED, USE, 1, [EARLY]),
    "UK CRA 24(8): the day after it": ("uk", FEBRUARY, BROKEN, "2027-08-29", USED, USE, 5_000, []),
    "UK CRA 24(10)(a): a vehicle in 30 days": ("uk", VEHICLE, BROKEN, "2026-07-05", USED, USE, 1, [EARLY]),
    "UK CRA 24(10)(a): a vehicle after them": ("uk", VEHICLE, BROKEN, "2026-07-06", USED, USE, 5_000, []),
    "UK CRA 24(8): not damage": ("uk", {"records": LATE}, BROKEN, "2026-12-06", DAMAGED, DAMAGE, 1, [NOT_ALLOWED]),
}


@pytest.mark.parametrize("about", CASES)
def test_a_deduction(about: str) -> None:
    law, facts, reason, day, condition, deduction, amount, refused = CASES[about]
    story = asked(law, RETURN, reason, day, bought(law, **facts)).when(APPROVE, receive(condition=condition))
    taken = story.when(inspect(deductions={deduction: amount}, evidence=("photo",))).then(refused=refused)
    assert refused or taken.total == 10_000 - amount


def test_the_seller_proves_damage_in_korea() -> None:
    """17(5)."""
    story = asked("kr", RETURN, MIND_CHANGED, BOUGHT, bought("kr", **CONSUMABLE)).when(
        APPROVE, receive(condition=DAMAGED)
    )
    story.when(inspect(deductions={DAMAGE: 3_000})).then(refused=[NO_EVIDENCE])
