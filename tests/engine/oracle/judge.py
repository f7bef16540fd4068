"""What a law answers about one line: the rights of the buyer, what stands against them, and the verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tests.engine.oracle.cases import Asked, Bought
from tests.engine.oracle.matter import ENDLESS, NOT_BEGUN, SEEN_ON_DELIVERY, Matter

ELIGIBLE, INELIGIBLE, REVIEW = "eligible", "ineligible", "review"


@dataclass(frozen=True, slots=True)
class Right:
    """A right up to and including its `last` day.

    Not `is_open`: another remedy comes first. If something that the line does not show, such as a refusal, would open
    the right, it `may_open`. With `unsaid`, the right depends on a day of discovery that nobody has told. A time that
    runs from knowing is over on `if_seen` if the buyer saw the defect on delivery. A withdrawal is there from the
    contract on, and certainly until `sent`: its last day if the goods came when they were sent. It needs no reason,
    so its end says nothing about the seller's fault.
    """

    code: str
    last: date
    is_open: bool = True
    may_open: bool = False
    unsaid: bool = False
    if_seen: date | None = None
    sent: date | None = None

    def is_over(self, asked: date) -> bool:
        return NOT_BEGUN < self.last < asked


@dataclass(frozen=True, slots=True)
class Bar:
    """What takes the right away. If it is not `proven`, the seller must show it."""

    code: str
    ground: str
    proven: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """`last` is the last day of the longest right, if it has one, and `longest` are the rights that last so long.
    `turns_on` are the rules on which the verdict turns."""

    verdict: str
    grounds: frozenset[str]
    last: date | None
    longest: frozenset[str]
    turns_on: frozenset[tuple[str, str]]


class Law(Protocol):
    """One law. `due` is the rule and the last day for the refund, if its events have happened. `late` is the rule and
    what is owed for so many days of delay. `bearer` pays the way back."""

    def rights(self, m: Matter) -> Iterator[Right]: ...
    def bars(self, m: Matter) -> Iterator[Bar]: ...
    def due(self, claim: Asked, lines: Sequence[Matter]) -> tuple[str, date | None] | None: ...
    def late(self, claim: Asked, amount: int, due: date) -> tuple[str, int] | None: ...
    def bearer(self, order: Bought, lines: Sequence[Matter]) -> str | None: ...


def judged(law: Law, m: Matter) -> Judgement:
    """The verdict about one line, on the day on which the buyer asked."""
    rights, bars = tuple(law.rights(m)), tuple(law.bars(m))
    alive = [right for right in rights if right.is_open and not right.is_over(m.asked)]
    waiting = [right for right in rights if not right.is_open and _may_still_open(right, m)]
    grounds = {bar.ground for bar in bars if bar.proven}
    if m.kind == "cancel" and m.units.quantity > m.line.quantity - m.line.shipped:
        grounds.add("already_shipped")
    silent = m.fault == "seller" and all(right.sent is not None for right in rights)
    if rights and not alive and not waiting and m.fault != "undecided" and not silent:
        grounds.add("window_closed")
    verdict = INELIGIBLE if grounds else ELIGIBLE if _is_clear(m, alive, bars) else REVIEW
    never_opened = [right for right in rights if not (waiting or right.unsaid)]
    counted = alive or [right for right in rights if right.is_open] or never_opened
    last = max((right.last for right in counted), default=NOT_BEGUN)
    longest = frozenset(right.code for right in counted if right.last == last)
    return Judgement(
        verdict=verdict,
        grounds=frozenset(grounds),
        last=None if last in (ENDLESS, NOT_BEGUN) else last,
        longest=longest,
        turns_on=_turning_on(m, verdict, longest, alive, bars),
    )


def _may_still_open(right: Right, m: Matter) -> bool:
    return not right.is_over(m.asked) and (right.may_open or right.unsaid)


def _is_clear(m: Matter, alive: Sequence[Right], bars: Sequence[Bar]) -> bool:
    """Whether nobody has to look: a right, no doubt about it, and nothing that the seller could show."""
    if m.fault == "undecided" or bars or not alive:
        return False
    return m.kind == "cancel" or any(_is_certain(right, m) for right in alive)


def _is_certain(right: Right, m: Matter) -> bool:
    """Before the delivery no time runs that the delivery begins. Whoever saw a defect on delivery knew it then."""
    if m.delivered is None and right.last in (ENDLESS, NOT_BEGUN):
        earliest = right.sent
        return earliest is not None and (earliest == NOT_BEGUN or m.asked <= earliest)
    unsaid = m.knew is None and m.reason in SEEN_ON_DELIVERY
    return not (unsaid and right.if_seen is not None and right.if_seen < m.asked)


def _turning_on(
    m: Matter, verdict: str, longest: frozenset[str], alive: Sequence[Right], bars: Sequence[Bar]
) -> frozenset[tuple[str, str]]:
    """The rules without which the answer would be another: the only right that lasts so long, and the only thing
    against a right."""
    if verdict == ELIGIBLE:
        dated = max(right.last for right in alive) != NOT_BEGUN
        return frozenset(("windows", code) for code in longest) if dated and len(longest) == 1 else frozenset()
    against = [bar for bar in bars if bar.proven] or bars
    decides = len(against) == 1 and bool(alive) and m.fault != "undecided"
    return frozenset({("exceptions", against[0].code)}) if decides else frozenset()
