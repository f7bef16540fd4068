"""What takes a right away, by article: all that an exception asks for must be there, and only for its natures."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from app.engine.model.assessment import Verdict
from app.engine.model.vocabulary import Declared, Ground, Kind, Nature, Reason, Record
from tests.engine.rights import ALL, CANCEL, EXCHANGE, GOODS, RETURN, SERVICES
from tests.engine.under_law import bought, judged

DAY = "2026-06-10"


@dataclass(frozen=True, slots=True)
class Excluded:
    """`proof`: what the buyer declares is for review, because the seller proves it."""

    article: str
    ground: Ground
    kinds: tuple[Kind, ...]
    natures: frozenset[Nature]
    declared: tuple[Declared, ...] = ()
    records: tuple[Record, ...] = ()
    proof: bool = False


def only(*natures: Nature) -> frozenset[Nature]:
    return frozenset(natures)


ALWAYS = (CANCEL, RETURN)
NOTICE, CONSENT, ACKNOWLEDGEMENT = Record.NOTICE, Record.CONSENT, Record.ACKNOWLEDGEMENT
KOREA_AFTER, KOREA = (RETURN, EXCHANGE), (CANCEL, RETURN, EXCHANGE)
KOREAN = (
    Excluded("17(2)1, (5)", Ground.DAMAGED_BY_BUYER, KOREA_AFTER, ALL, (Declared.DAMAGED,), proof=True),
    Excluded("17(2)2, (5)", Ground.USED_OR_CONSUMED, KOREA_AFTER, ALL, (Declared.USED,), (NOTICE,), proof=True),
    Excluded(
        *("17(2)3, (5)", Ground.VALUE_LOST_BY_TIME, KOREA_AFTER, only(Nature.PERISHABLE), (), (NOTICE,)), proof=True
    ),
    Excluded(
        *("17(2)4, (6): on the pack", Ground.SEAL_BROKEN, KOREA_AFTER, only(Nature.SEALED_MEDIA)),
        *((Declared.SEAL_BROKEN,), (Record.SEAL_NOTICE,)),
    ),
    Excluded(
        *("17(2)4, (6): elsewhere", Ground.SEAL_BROKEN, KOREA_AFTER, only(Nature.SEALED_MEDIA)),
        *((Declared.SEAL_BROKEN,), (NOTICE,)),
    ),
    Excluded(
        *("17(2)5, (6), Decree 21-2", Ground.DIGITAL_BEGUN, KOREA, only(Nature.DIGITAL)),
        *((Declared.BEGUN,), (NOTICE, Record.PREVIEW)),
    ),
    Excluded("17(2)5, (6)", Ground.SERVICE_BEGUN, KOREA, SERVICES, (Declared.BEGUN,), (NOTICE,)),
    Excluded("17(2)6, Decree 21", Ground.CUSTOM_MADE, KOREA, only(Nature.CUSTOM_MADE), (), (NOTICE, CONSENT)),
)
JAPANESE = (
    Excluded(
        *("SCTA 15-3(1) proviso", Ground.NO_RETURNS_AGREED, ALWAYS, ALL, ()),
        (Record.NO_RETURNS_IN_AD, Record.NO_RETURNS_ON_FINAL_SCREEN),
    ),
)
EUROPEAN = (
    Excluded(
        *("CRD 16(a)", Ground.SERVICE_BEGUN, ALWAYS, only(Nature.SERVICE)),
        *((Declared.PERFORMED,), (CONSENT, ACKNOWLEDGEMENT)),
    ),
    Excluded("CRD 16(b), (g)", Ground.MARKET_PRICED, ALWAYS, only(Nature.MARKET_PRICED)),
    Excluded("CRD 16(c)", Ground.CUSTOM_MADE, ALWAYS, only(Nature.CUSTOM_MADE)),
    Excluded("CRD 16(d)", Ground.VALUE_LOST_BY_TIME, ALWAYS, only(Nature.PERISHABLE)),
    Excluded("CRD 16(e)", Ground.HYGIENE_UNSEALED, (RETURN,), only(Nature.HYGIENE), (Declared.SEAL_BROKEN,)),
    Excluded("CRD 16(f)", Ground.INSEPARABLE, (RETURN,), only(Nature.INSEPARABLE)),
    Excluded("CRD 16(h)", Ground.URGENT_REPAIR, ALWAYS, only(Nature.URGENT_REPAIR)),
    Excluded("CRD 16(i)", Ground.SEAL_BROKEN, (RETURN,), only(Nature.SEALED_MEDIA), (Declared.SEAL_BROKEN,)),
    Excluded("CRD 16(j)", Ground.PUBLICATION, ALWAYS, only(Nature.PUBLICATION)),
    Excluded("CRD 16(k)", Ground.AUCTION, ALWAYS, only(Nature.AUCTION)),
    Excluded("CRD 16(l)", Ground.DATED_SERVICE, ALWAYS, only(Nature.DATED_SERVICE)),
    Excluded(
        *("CRD 16(m)", Ground.DIGITAL_BEGUN, ALWAYS, only(Nature.DIGITAL), (Declared.BEGUN,)),
        (CONSENT, ACKNOWLEDGEMENT, Record.CONFIRMATION),
    ),
)
BRITISH = (
    Excluded("CCR 28(1)(a), (d)", Ground.MARKET_PRICED, ALWAYS, only(Nature.MARKET_PRICED)),
    Excluded("CCR 28(1)(b)", Ground.CUSTOM_MADE, ALWAYS, only(Nature.CUSTOM_MADE)),
    Excluded("CCR 28(1)(c)", Ground.VALUE_LOST_BY_TIME, ALWAYS, only(Nature.PERISHABLE)),
    Excluded("CCR 28(1)(e)", Ground.URGENT_REPAIR, ALWAYS, only(Nature.URGENT_REPAIR)),
    Excluded("CCR 28(1)(f)", Ground.PUBLICATION, ALWAYS, only(Nature.PUBLICATION)),
    Excluded("CCR 28(1)(g)", Ground.AUCTION, ALWAYS, only(Nature.AUCTION)),
    Excluded("CCR 28(1)(h)", Ground.DATED_SERVICE, ALWAYS, only(Nature.DATED_SERVICE)),
    Excluded("CCR 28(3)(a)", Ground.HYGIENE_UNSEALED, (RETURN,), only(Nature.HYGIENE), (Declared.SEAL_BROKEN,)),
    Excluded("CCR 28(3)(b)", Ground.SEAL_BROKEN, (RETURN,), only(Nature.SEALED_MEDIA), (Declared.SEAL_BROKEN,)),
    Excluded("CCR 28(3)(c)", Ground.INSEPARABLE, (RETURN,), only(Nature.INSEPARABLE)),
    Excluded(
        *("CCR 36(2)", Ground.SERVICE_BEGUN, ALWAYS, only(Nature.SERVICE)),
        *((Declared.PERFORMED,), (CONSENT, ACKNOWLEDGEMENT)),
    ),
    Excluded(
        *("CCR 37(1), (2)", Ground.DIGITAL_BEGUN, ALWAYS, only(Nature.DIGITAL)),
        *((Declared.BEGUN,), (CONSENT, ACKNOWLEDGEMENT)),
    ),
)
AMERICAN = (
    Excluded("1723(b): customized", Ground.CUSTOM_MADE, (RETURN,), only(Nature.CUSTOM_MADE)),
    Excluded("1723(b): perishable", Ground.VALUE_LOST_BY_TIME, (RETURN,), only(Nature.PERISHABLE)),
    Excluded("1723(b): health", Ground.HYGIENE_UNSEALED, (RETURN,), only(Nature.HYGIENE), (Declared.SEAL_BROKEN,)),
    Excluded("1723(b): used", Ground.USED_OR_CONSUMED, (RETURN,), GOODS, (Declared.USED,)),
    Excluded("1723(b): damaged", Ground.DAMAGED_BY_BUYER, (RETURN,), GOODS, (Declared.DAMAGED,)),
    Excluded("1723(b): as is", Ground.NO_RETURNS_AGREED, (RETURN,), GOODS, (), (Record.NO_RETURNS_IN_AD,)),
)
QOO10 = (Excluded("practice", Ground.CUSTOM_MADE, ALWAYS, only(Nature.CUSTOM_MADE), (), (NOTICE, CONSENT)),)
BY_LAW = {
    "kr": KOREAN,
    "naver": KOREAN,
    "jp": JAPANESE,
    "qoo10_jp": (*JAPANESE, *QOO10),
    **dict.fromkeys(("eu", "de", "fr", "es", "it"), EUROPEAN),
    "uk": BRITISH,
    "us": AMERICAN,
}
ROWS = [pytest.param(law, row, id=f"{law} {row.article}") for law, rows in BY_LAW.items() for row in rows]
MIND = Reason.CHANGE_OF_MIND


def against(
    law: str, kind: Kind, reason: Reason, nature: Nature, declared: Iterable[Declared], records: Iterable[Record]
) -> dict[Ground, Verdict]:
    """The grounds against a claim: those that bind make it ineligible, and those in doubt are for review."""
    arrived = None if kind is CANCEL else "2026-06-05"
    told = judged(law, kind, reason, DAY, bought(law, nature, records, arrived), declared)
    doubted = {doubt.ground: Verdict.REVIEW for doubt in told.doubts if doubt.ground is not None}
    return doubted | dict.fromkeys(told.grounds, Verdict.INELIGIBLE)


@pytest.mark.parametrize(("law", "row"), ROWS)
def test_an_exception_is_for_its_kinds_and_natures(law: str, row: Excluded) -> None:
    expected = Verdict.REVIEW if row.proof else Verdict.INELIGIBLE
    for kind in (CANCEL, RETURN, EXCHANGE):
        found = {each: against(law, kind, MIND, each, row.declared, row.records).get(row.ground) for each in Nature}
        natures = row.natures if kind in row.kinds else frozenset()
        assert found == {nature: expected if nature in natures else None for nature in Nature}, kind


@pytest.mark.parametrize(("law", "row"), ROWS)
def test_an_exception_needs_each_declaration_and_each_record(law: str, row: Excluded) -> None:
    kind, nature = row.kinds[-1], min(row.natures)
    for left_out in (*row.declared, *row.records):
        declared = tuple(each for each in row.declared if each is not left_out)
        records = tuple(each for each in row.records if each is not left_out)
        assert row.ground not in against(law, kind, MIND, nature, declared, records), left_out


@pytest.mark.parametrize(("law", "row"), ROWS)
def test_an_exception_is_against_a_change_of_mind_alone(law: str, row: Excluded) -> None:
    kind, nature = row.kinds[-1], min(row.natures)
    assert row.ground not in against(law, kind, Reason.DEFECTIVE, nature, row.declared, row.records)
    undecided = against(law, kind, Reason.OTHER, nature, row.declared, row.records)
    assert undecided.get(row.ground, Verdict.REVIEW) is Verdict.REVIEW
