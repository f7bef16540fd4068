"""Which rule answers which claim in Taiwan, China, Brazil and Australia: for every kind, reason and nature, and for
what is on record.

Each law is a list of rights. Of several rights the buyer has the one that closes last, which is the lowest in the list.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.engine.model.vocabulary import NOT_GOODS, Kind, Nature, Reason, Record, fault_of
from app.engine.policy.eligibility import assess
from app.engine.policy.rules import Basis
from app.presets.loader import preset
from tests.engine.reasons import REASONS_OF_LAW
from tests.engine.rights import (
    ALL,
    CANCEL,
    EXCHANGE,
    FAULTY,
    GOODS,
    LOST,
    MIND,
    MISSING,
    OTHER,
    REFUND,
    REPAIR,
    RETURN,
    SELLERS_FAULT,
    SERVICES,
    WRONG,
    Claimed,
)
from tests.engine.under_law import asked, bought

FRESH, ONE_DAY = {Nature.PERISHABLE}, {Nature.DATED_SERVICE}
LASTING = SERVICES - ONE_DAY
DURABLE = (GOODS | {Nature.DIGITAL}) - FRESH
WITHOUT_AUCTIONS = (GOODS | {Nature.DIGITAL}) - {Nature.AUCTION}
ANY = frozenset(REASONS_OF_LAW)
BROKEN, UNLIKE = {Reason.DEFECTIVE}, {Reason.NOT_AS_DESCRIBED}
DEFECTS = FAULTY | WRONG

UNINFORMED, KNEW = Record.INFORMATION_MISSING, Record.SELLER_KNEW
REFUSED, LATE, SERIOUS = Record.CURE_REFUSED, Record.CURE_LATE, Record.SERIOUS_DEFECT
CURED = (REFUSED, LATE, SERIOUS, "repaired", "exchanged")
"""What opens the choice after a cure."""


@dataclass(frozen=True, kw_only=True)
class Right:
    """A rule, with the claims that it is for. `needs`: all of this is on record. `after`: one of this is shown.
    `not_if`: this is not on record."""

    rule: str
    article: str
    kinds: Collection[Kind]
    reasons: Collection[Reason]
    natures: Collection[Nature] = GOODS
    basis: Basis = Basis.STATUTE
    needs: Collection[str] = ()
    after: Collection[str] = ()
    not_if: Collection[str] = ()

    def is_for(self, kind: Kind, reason: Reason, nature: Nature, shown: Collection[str]) -> bool:
        return (
            kind in self.kinds
            and reason in self.reasons
            and nature in self.natures
            and set(self.needs) <= set(shown)
            and (not self.after or bool(set(self.after) & set(shown)))
            and not set(self.not_if) & set(shown)
        )


def right(rule: str, article: str, kinds: Collection[Kind], reasons: Collection[Reason], **more: Any) -> Right:
    return Right(rule=rule, article=article, kinds=kinds, reasons=reasons, **more)


BACK, CHOICE = {RETURN}, {RETURN, EXCHANGE, REFUND}
LAWS = {
    "tw": (
        right("tw_before_receipt", "CPA Rules 18", {CANCEL}, ANY, natures=ALL),
        right("tw_rescission_without_reason", "CPA 19(1)", BACK, MIND | SELLERS_FAULT, natures=ALL),
        right(
            "tw_rescission_without_information",
            "CPA 19(3)",
            BACK,
            MIND | SELLERS_FAULT,
            natures=ALL,
            needs=[UNINFORMED],
        ),
        right("tw_defective_goods", "Civil Code 359, 364", {RETURN, EXCHANGE}, DEFECTS, basis=Basis.DEFAULT_LAW),
        right(
            "tw_concealed_defect",
            "Civil Code 365(2), 366",
            {RETURN, EXCHANGE},
            DEFECTS,
            needs=[KNEW],
        ),
        right(
            "tw_missing_or_lost_goods",
            "Civil Code 254",
            {REFUND, EXCHANGE},
            MISSING | LOST,
            natures=ALL,
            basis=Basis.DEFAULT_LAW,
        ),
    ),
    "cn": (
        right("cn_before_shipping", "practice", {CANCEL}, ANY, natures=ALL, basis=Basis.PRACTICE),
        right("cn_return_without_reason", "CRL 25(1)", BACK, MIND, natures=GOODS | {Nature.DIGITAL}),
        right("cn_return_for_quality", "CRL 24(1)", BACK, DEFECTS, natures=GOODS | {Nature.DIGITAL}),
        right("cn_return_after_seven_days", "CRL 24(1), 563", BACK, DEFECTS, natures=ALL, after=CURED),
        right("cn_repair_or_replacement", "CRL 24(1)", {REPAIR, EXCHANGE}, DEFECTS, natures=ALL),
        right(
            "cn_return_if_the_seller_knew",
            "Civil Code 621(3)",
            BACK,
            DEFECTS,
            natures=ALL,
            needs=[KNEW],
            after=CURED,
        ),
        right(
            "cn_remedies_if_the_seller_knew",
            "Civil Code 621(3)",
            {REPAIR, EXCHANGE},
            DEFECTS,
            natures=ALL,
            needs=[KNEW],
        ),
        right(
            "cn_missing_goods", "Civil Code 621(2)", {EXCHANGE, REFUND}, MISSING, natures=ALL, basis=Basis.DEFAULT_LAW
        ),
        right("cn_lost_goods", "Civil Code 563", {EXCHANGE, REFUND}, LOST, natures=ALL, basis=Basis.DEFAULT_LAW),
    ),
    "br": (
        right("br_before_shipping", "CDC 49", {CANCEL}, ANY),
        right("br_withdrawal", "CDC 49: no reason is needed", BACK, MIND | SELLERS_FAULT),
        right("br_withdrawal_from_services", "CDC 49", {CANCEL, RETURN}, MIND | OTHER, natures=NOT_GOODS),
        right("br_cure", "CDC 18, 26 II", {REPAIR}, UNLIKE, natures=DURABLE),
        right("br_cure_of_hidden_defects", "CDC 18, 26 § 3", {REPAIR}, BROKEN, natures=DURABLE),
        right("br_cure_of_perishables", "CDC 18, 26 I", {REPAIR}, UNLIKE, natures=FRESH),
        right("br_cure_of_hidden_defects_of_perishables", "CDC 26 § 3", {REPAIR}, BROKEN, natures=FRESH),
        right("br_choice_after_cure", "CDC 18 § 1", CHOICE, UNLIKE | WRONG, natures=DURABLE, after=CURED),
        right("br_choice_for_hidden_defects", "CDC 26 § 3", CHOICE, BROKEN, natures=DURABLE, after=CURED),
        right("br_choice_for_perishables", "CDC 18 § 1", CHOICE, UNLIKE | WRONG, natures=FRESH, after=CURED),
        right("br_choice_for_hidden_defects_of_perishables", "CDC 26 § 3", CHOICE, BROKEN, natures=FRESH, after=CURED),
        right("br_missing_quantity", "CDC 19, 26 II", CHOICE, MISSING, natures=DURABLE),
        right("br_missing_quantity_of_perishables", "CDC 19, 26 I", CHOICE, MISSING, natures=FRESH),
        right("br_services", "CDC 20, 26 II", CHOICE, UNLIKE, natures=LASTING),
        right("br_dated_services", "CDC 20, 26 I", CHOICE, UNLIKE, natures=ONE_DAY),
        right("br_hidden_defects_of_services", "CDC 20, 26 § 3", CHOICE, BROKEN, natures=LASTING),
        right("br_hidden_defects_of_dated_services", "CDC 20, 26 § 3", CHOICE, BROKEN, natures=ONE_DAY),
        right("br_goods_not_delivered", "CDC 35", {REFUND, EXCHANGE}, LOST),
    ),
    "au": (
        right("au_before_shipping", "practice", {CANCEL}, ANY, natures=ALL, basis=Basis.PRACTICE),
        right("au_remedy", "s. 259(2)(a)", {REPAIR}, FAULTY, natures=WITHOUT_AUCTIONS, not_if=[SERIOUS]),
        right(
            "au_rejection",
            "s. 259(2)(b)(ii), (3)(a)",
            {RETURN, EXCHANGE},
            DEFECTS | MISSING,
            natures=WITHOUT_AUCTIONS,
            after=CURED,
        ),
        right(
            "au_compensation", "s. 259(3)(b)", {REFUND}, DEFECTS | MISSING, natures=WITHOUT_AUCTIONS, after=[SERIOUS]
        ),
        right(
            "au_remedy_of_services",
            "s. 267(2)(a)",
            {REPAIR, EXCHANGE},
            FAULTY,
            natures=SERVICES,
            not_if=[SERIOUS],
        ),
        right(
            "au_termination_of_services",
            "s. 267(2)(b)(ii), (3)(a)",
            BACK,
            FAULTY,
            natures=SERVICES,
            after=(REFUSED, LATE, SERIOUS, "repaired"),
        ),
        right("au_compensation_for_services", "s. 267(3)(b)", {REFUND}, FAULTY, natures=SERVICES, after=[SERIOUS]),
    ),
}
SHOWN: tuple[tuple[str, ...], ...] = (
    (),
    (UNINFORMED,),
    (KNEW,),
    *((opening,) for opening in CURED),
    *((KNEW, opening) for opening in CURED),
)
CELLS = [(kind, reason, nature) for kind in Kind for reason in REASONS_OF_LAW for nature in Nature]


def answers(law: str, shown: Collection[str]) -> dict[Claimed, str | None]:
    """The rule of the window that answers each claim. None: no rule fits."""
    records = [each for each in shown if isinstance(each, Record)]
    line = {"repairs": int("repaired" in shown), "replaces": "0" if "exchanged" in shown else None}
    story = asked(law, RETURN, Reason.CHANGE_OF_MIND, "2026-06-09", bought(law, records=records, of_line=line))
    found: dict[Claimed, str | None] = {}
    for nature in Nature:
        lines = tuple(replace(each, nature=nature) for each in story.order.lines)
        facts = replace(story.facts, order=replace(story.order, lines=lines))
        for kind in Kind:
            for reason in REASONS_OF_LAW:
                claim = replace(story.claim, kind=kind, reason=reason, fault=fault_of(reason))
                window = assess(claim, facts).window
                found[kind, reason, nature] = window.rule if window else None
    return found


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: " and ".join(shown) or "nothing on record")
@pytest.mark.parametrize("law", LAWS)
def test_each_claim_is_answered_by_the_right_of_its_article(law: str, shown: Collection[str]) -> None:
    expected: dict[Claimed, str | None] = {}
    for cell in CELLS:
        rules = [each.rule for each in LAWS[law] if each.is_for(*cell, shown)]
        expected[cell] = rules[-1] if rules else None
    found = answers(law, shown)
    assert {cell: (found[cell], expected[cell]) for cell in CELLS if found[cell] != expected[cell]} == {}


@pytest.mark.parametrize("law", LAWS)
def test_every_right_of_the_preset_rests_on_what_its_article_is(law: str) -> None:
    """No contract changes a statute. Sales law is default law. Practice is no law."""
    assert {window.code: window.basis for window in preset(law).windows} == {
        each.rule: each.basis for each in LAWS[law]
    }
