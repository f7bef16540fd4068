"""Rights by article: what buyers may claim in one situation, and until when, told apart from the presets.

A row names its article, the kinds, reasons and natures that it is about, and the last local day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from app.engine import Decision, Facts, decide
from app.engine.model.assessment import Verdict
from app.engine.model.vocabulary import NOT_GOODS, Kind, Nature, Reason
from app.engine.policy.eligibility import assess
from app.engine.policy.index import index_policy
from app.engine.transitions.ledger import apply_effects
from app.presets.loader import calendar_of, preset
from tests.engine.commands import request
from tests.engine.reasons import REASONS_OF_LAW
from tests.engine.under_law import at, bought

CANCEL, RETURN, EXCHANGE, REFUND, REPAIR = Kind
ALL = frozenset(Nature)
GOODS = ALL - NOT_GOODS
SERVICES = NOT_GOODS - {Nature.DIGITAL}
MIND = frozenset(
    {
        *(Reason.CHANGE_OF_MIND, Reason.SIZE_OR_COLOR, Reason.ORDERED_BY_MISTAKE),
        *(Reason.NOT_SATISFIED, Reason.DELAYED_BY_BUYER),
    }
)
FAULTY = frozenset({Reason.DEFECTIVE, Reason.NOT_AS_DESCRIBED})
WRONG, MISSING, LOST = (frozenset({name}) for name in (Reason.WRONG_ITEM, Reason.MISSING_ITEM, Reason.LOST_IN_DELIVERY))
LATE, SOLD_OUT = frozenset({Reason.DELAYED_DELIVERY}), frozenset({Reason.OUT_OF_STOCK})
OTHER = frozenset({Reason.OTHER})
SELLERS_FAULT = FAULTY | WRONG | MISSING | LOST | LATE | SOLD_OUT
Claimed = tuple[Kind, Reason, Nature]


@dataclass(frozen=True, slots=True)
class Right:
    """`last_day` None: the right has no last day yet."""

    article: str
    kinds: tuple[Kind, ...]
    reasons: frozenset[Reason]
    natures: frozenset[Nature]
    last_day: str | None

    def claims(self) -> Iterator[Claimed]:
        return product(self.kinds, self.reasons, self.natures)


@dataclass(frozen=True, slots=True)
class Situation:
    """`facts` are those of `bought`. `day` is a day on which every row gives its right, and no other claim has one."""

    day: str
    rows: tuple[Right, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    known: str | None = None

    def expected(self) -> set[Claimed]:
        return {claimed for row in self.rows for claimed in row.claims()}


def eligible_claims(law: str, told: Situation) -> set[Claimed]:
    """Every kind, reason and nature to which the law gives a right on the day of the situation."""
    natures = tuple(Nature)
    return {
        (kind, reason, nature)
        for kind, reason in product(Kind, REASONS_OF_LAW)
        for nature, (verdict, _) in zip(natures, judgements(law, told, told.day, kind, reason, natures), strict=True)
        if verdict is Verdict.ELIGIBLE
    }


def around_the_last_day(law: str, told: Situation, row: Right) -> Iterator[tuple[Kind, Verdict, str, bool]]:
    """For each kind of a row: the verdict and the last day on its last day, and whether the claim is eligible the day
    after."""
    assert row.last_day is not None
    after = str(date.fromisoformat(row.last_day) + timedelta(days=1))
    reason, nature = min(row.reasons), min(row.natures)
    for kind in row.kinds:
        ((verdict, last_day),) = judgements(law, told, row.last_day, kind, reason, (nature,))
        ((later, _),) = judgements(law, told, after, kind, reason, (nature,))
        yield kind, verdict, last_day, later is Verdict.ELIGIBLE


def judgements(
    law: str, told: Situation, day: str, kind: Kind, reason: Reason, natures: Iterable[Nature]
) -> Iterator[tuple[Verdict, str]]:
    """The verdict and the last day for each nature of the claimed line."""
    policy, order, now = preset(law), bought(law, **told.facts), at(law, day)
    facts = Facts(order=order, rules=index_policy(policy, calendar_of(policy, order, 2025, 2045)), now=now)
    known = at(law, told.known) if told.known else None
    decision = decide(None, request(kind, reason, requested_at=now, discovered_at=known), facts)
    for nature in natures:
        if not isinstance(decision, Decision):
            yield Verdict.INELIGIBLE, str(decision)
            continue
        made = apply_effects(facts, decision.effects)
        claimed = replace(made, order=replace(made.order, lines=(replace(made.order.lines[0], nature=nature),)))
        answer = assess(decision.claim, claimed)
        yield answer.verdict, str(answer.window and answer.window.ends_on)
