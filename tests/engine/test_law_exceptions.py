"""What takes rights away in Taiwan, China, Brazil and Australia: for every kind, nature, declaration and record."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import product

import pytest

from app.engine.model.assessment import Unclear
from app.engine.model.vocabulary import Declared, Ground, Kind, Nature, Reason, Record, fault_of
from app.engine.policy.eligibility import assess
from tests.engine.rights import ALL, CANCEL, EXCHANGE, GOODS, RETURN
from tests.engine.under_law import asked, bought

MIND, BROKEN = Reason.CHANGE_OF_MIND, Reason.DEFECTIVE
NOTICE, CONSENT = frozenset({Record.NOTICE}), frozenset({Record.NOTICE, Record.CONSENT})
BEFORE_AND_AFTER, AFTER = {CANCEL, RETURN}, {RETURN}
SEAL, DOWNLOADED, PERFORMED = Declared.SEAL_BROKEN, Declared.BEGUN, Declared.PERFORMED


@dataclass(frozen=True, kw_only=True)
class Barred:
    """An exception. `proof`: the seller must show it, so a person must look."""

    article: str
    ground: Ground
    kinds: Collection[Kind]
    natures: Collection[Nature]
    declared: Declared | None = None
    records: frozenset[Record] = frozenset()
    proof: bool = False
    reason: Reason = MIND


def barred(article: str, ground: Ground, kinds: Collection[Kind], *natures: Nature, **more: object) -> Barred:
    return Barred(article=article, ground=ground, kinds=kinds, natures=natures or ALL, **more)  # type: ignore[arg-type]


LAWS = {
    "tw": (
        barred("Criteria 2 no. 1", Ground.VALUE_LOST_BY_TIME, BEFORE_AND_AFTER, Nature.PERISHABLE, records=NOTICE),
        barred("Criteria 2 no. 2", Ground.CUSTOM_MADE, BEFORE_AND_AFTER, Nature.CUSTOM_MADE, records=NOTICE),
        barred("Criteria 2 no. 3", Ground.PUBLICATION, BEFORE_AND_AFTER, Nature.PUBLICATION, records=NOTICE),
        barred("Criteria 2 no. 4", Ground.SEAL_BROKEN, AFTER, Nature.SEALED_MEDIA, declared=SEAL, records=NOTICE),
        barred(
            "Criteria 2 no. 5",
            Ground.DIGITAL_BEGUN,
            BEFORE_AND_AFTER,
            Nature.DIGITAL,
            declared=DOWNLOADED,
            records=CONSENT,
        ),
        barred(
            "Criteria 2 no. 5",
            Ground.SERVICE_BEGUN,
            BEFORE_AND_AFTER,
            Nature.SERVICE,
            declared=PERFORMED,
            records=CONSENT,
            proof=True,
        ),
        barred("Criteria 2 no. 6", Ground.HYGIENE_UNSEALED, AFTER, Nature.HYGIENE, declared=SEAL, records=NOTICE),
        barred("CPA Rules 17", Ground.DAMAGED_BY_BUYER, AFTER, declared=Declared.DAMAGED, proof=True),
    ),
    "cn": (
        barred("CRL 25(1)1", Ground.CUSTOM_MADE, AFTER, Nature.CUSTOM_MADE),
        barred("CRL 25(1)2", Ground.VALUE_LOST_BY_TIME, AFTER, Nature.PERISHABLE),
        barred("CRL 25(1)3", Ground.SEAL_BROKEN, AFTER, Nature.SEALED_MEDIA, declared=SEAL),
        barred("CRL 25(1)3", Ground.DIGITAL_BEGUN, AFTER, Nature.DIGITAL, declared=DOWNLOADED),
        barred("CRL 25(1)3", Ground.DIGITAL_BEGUN, AFTER, Nature.DIGITAL, proof=True),
        barred("CRL 25(1)4", Ground.PUBLICATION, AFTER, Nature.PUBLICATION),
        barred("CRL 25(2)", Ground.NO_RETURNS_AGREED, AFTER, *GOODS, records=CONSENT, proof=True),
        barred("CRL 25(3)", Ground.DAMAGED_BY_BUYER, AFTER, declared=Declared.DAMAGED, proof=True),
        barred("CRL 25(3)", Ground.USED_OR_CONSUMED, AFTER, declared=Declared.USED, proof=True),
    ),
    "br": (),
    "au": (
        barred(
            "s. 262(1)(c)",
            Ground.DAMAGED_BY_BUYER,
            {RETURN, EXCHANGE},
            *GOODS,
            declared=Declared.DAMAGED,
            proof=True,
            reason=BROKEN,
        ),
    ),
}
RECORDS: tuple[frozenset[Record], ...] = (frozenset(), NOTICE, CONSENT, frozenset({Record.CONSENT}))
Cell = tuple[Kind, Reason, Nature, Declared | None, frozenset[Record]]
CELLS: list[Cell] = list(product(Kind, (MIND, BROKEN), Nature, (None, *Declared), RECORDS))


def found_against(law: str) -> dict[Cell, set[tuple[Ground, bool]]]:
    """The grounds of exceptions, and whether the seller must show them."""
    story = asked(law, RETURN, MIND, "2026-06-09", bought(law))
    found = {}
    for kind, reason, nature, declared, records in CELLS:
        lines = tuple(replace(each, nature=nature, records=records) for each in story.order.lines)
        if kind is CANCEL:
            lines = tuple(replace(each, shipped=0, delivered=0, delivered_at=None) for each in lines)
        conditions = frozenset({declared} if declared else ())
        submission = replace(story.claim.submission, conditions=conditions)
        claim = replace(story.claim, kind=kind, reason=reason, fault=fault_of(reason), submission=submission)
        answer = assess(claim, replace(story.facts, order=replace(story.order, lines=lines)))
        shown = {(ground, False) for line in answer.lines for ground in line.grounds}
        doubted = {(each.ground, True) for each in answer.doubts if each.why is Unclear.PROOF_NEEDED and each.ground}
        found[kind, reason, nature, declared, records] = shown | doubted
    return found


@pytest.mark.parametrize("law", LAWS)
def test_only_what_the_article_names_takes_a_right_away(law: str) -> None:
    expected = {
        (kind, reason, nature, declared, records): {
            (each.ground, each.proof)
            for each in LAWS[law]
            if kind in each.kinds
            and reason is each.reason
            and nature in each.natures
            and each.declared in (None, declared)
            and each.records <= records
        }
        for kind, reason, nature, declared, records in CELLS
    }
    found = found_against(law)
    assert {cell: (found[cell], expected[cell]) for cell in CELLS if found[cell] != expected[cell]} == {}
