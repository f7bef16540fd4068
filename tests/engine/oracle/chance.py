"""Random orders and claims: month ends, clock changes, holidays in a row, and claims around the last day of a right."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from tests.engine.oracle.cases import BUYERS_REASONS, GOODS, NOTHING_TO_SEND_BACK, Asked, Bought, Line, Units
from tests.engine.oracle.days import DAY
from tests.engine.oracle.laws import LAWS, Jurisdiction
from tests.engine.oracle.matter import ENDLESS, NOT_BEGUN, matters

FIRST, LAST = date(2022, 1, 1), date(2027, 6, 30)
TURNS = [  # month ends, leap days, clock changes, holidays that fall together, days on which a law changed
    date.fromisoformat(turn)
    for turn in (
        *("2024-02-29", "2023-02-28", "2024-01-31", "2026-08-31", "2023-11-30", "2024-12-31", "2025-12-24"),
        *("2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2024-03-30", "2025-03-08", "2022-05-27"),
        *("2026-02-09", "2026-09-17", "2024-09-09", "2025-01-21", "2025-10-01", "2026-05-17", "2026-07-30"),
    )
]
HOURS = [time(0), time(0, 0, 1), time(2, 30), time(12), time(23, 59, 59, 999999)]
SENSITIVE = ["perishable", "sealed_media", "hygiene"]
OFTEN = ["digital"] * 5 + ["service", "service", "subscription"]
NATURES = [*sorted(GOODS | NOTHING_TO_SEND_BACK), *OFTEN, *SENSITIVE]
RECORDS = [
    *("notice", "consent", "preview", "seal_notice", "acknowledgement", "no_returns_in_ad"),
    *("no_returns_on_final_screen", "confirmation", "information_missing", "obstructed", "return_cost_notice"),
    *("collection_offered", "cure_refused", "cure_late", "serious_defect", "seller_knew"),
]
TOGETHER = [  # what exceptions ask for together
    frozenset({"consent", "acknowledgement"}),
    frozenset({"consent", "acknowledgement", "confirmation"}),
    frozenset({"notice", "consent"}),
    frozenset({"notice", "preview"}),
    frozenset({"no_returns_in_ad", "no_returns_on_final_screen"}),
]
DECLARED = ["opened", "used", "damaged", "seal_broken", "seal_broken", "begun", "performed"]
KINDS = ["cancel", "return", "return", "return", "exchange", "refund", "refund", "repair"]
BUYERS, OTHERS = sorted(BUYERS_REASONS), ["defective", "not_as_described", "wrong_item", "missing_item"]
SELLERS = [*OTHERS, "defective", "defective", "missing_item", "delayed_delivery", "lost_in_delivery", "out_of_stock"]
AROUND = [timedelta(0), timedelta(microseconds=-1), timedelta(seconds=1), timedelta(hours=-20), timedelta(hours=20)]
DELAYS = [*(0, 1, 9, 10, 11, 14, 15, 20, 21, 30, 31, 60, 61, 90, 91, 92, 120, 121, 151, 182, 400)]
CLAIMS_OF_AN_ORDER = 8
Case = tuple[Bought, Asked]


def cases(law: str, seed: int, count: int) -> Iterator[Case]:
    """So many claims under a law: the same for the same seed. Several claims are about the same order, each as if it
    were the only one."""
    chance, jurisdiction, made = Random(f"{law} {seed}"), LAWS[law], 0
    while made < count:
        order = _order(chance, law, jurisdiction)
        for _ in range(min(CLAIMS_OF_AN_ORDER, count - made)):
            claim = _claim(chance, order)
            if claim is not None:
                made += 1
                yield order, _aimed(chance, jurisdiction, order, claim)


def _order(chance: Random, law: str, jurisdiction: Jurisdiction) -> Bought:
    country, zone, part = chance.choice(jurisdiction.places)
    day = chance.choice(TURNS) + chance.randint(-9, 3) * DAY if chance.random() < 0.5 else _day(chance)
    paid_at = _at(chance, day, zone)
    lines = [_line(chance, str(number), paid_at) for number in range(1, chance.choice((2, 2, 3, 4)))]
    if chance.random() < 0.15:
        lines.append(_replacement(chance, lines[0]))
    records = _records(chance)
    return Bought(
        law=law,
        country=country,
        zone=zone,
        subdivision=part,
        paid_at=paid_at,
        contracted_at=_later(chance, paid_at, chance.choice((-10, -10, 25))) if chance.random() < 0.4 else None,
        lines=tuple(lines),
        records=records,
        informed_at=_later(chance, paid_at, chance.choice((20, 100, 500))) if chance.random() < 0.5 else None,
        unobstructed_at=_later(chance, paid_at, chance.choice((20, 100, 500))) if chance.random() < 0.5 else None,
        instalments=chance.choice((1, 1, 2, 3, 6)),
        paid=chance.choice((10_000, 199_999, 200_000, 300_000)),
    )


def _line(chance: Random, line_id: str, paid_at: datetime) -> Line:
    nature = "standard" if chance.random() < 0.15 else chance.choice(NATURES)
    quantity, parts = chance.choice((1, 1, 2, 3)), chance.choice((1, 1, 1, 4))
    line = Line(line_id=line_id, nature=nature, quantity=quantity, parts=parts, records=_records(chance))
    stage = chance.random()
    if stage < 0.2:
        return line
    shipped_at = _later(chance, paid_at, 5)
    line = replace(line, shipped=quantity if stage < 0.95 else chance.randint(1, quantity), shipped_at=shipped_at)
    if stage < 0.3:
        return line
    delivered_at = _later(chance, shipped_at, 12)
    line = replace(
        line,
        delivered=line.shipped if stage < 0.97 else chance.randint(1, line.shipped),
        delivered_at=delivered_at,
        first_delivered_at=shipped_at + (delivered_at - shipped_at) * chance.random() if stage > 0.8 else None,
    )
    return _repaired(chance, line, delivered_at) if chance.random() < 0.25 else line


def _replacement(chance: Random, line: Line) -> Line:
    """What was sent for another line, with the days for which the buyer waited. Sometimes the order has lost that
    line."""
    shipped_at = _later(
        chance, line.delivered_at or line.shipped_at or datetime(2025, 1, 1, tzinfo=UTC), chance.choice((60, 400, 1100))
    )
    delivered_at = _later(chance, shipped_at, 12)
    return replace(
        line,
        line_id=f"{line.line_id}:1",
        replaces=line.line_id if chance.random() < 0.9 else "gone",
        shipped=line.quantity,
        delivered=line.quantity,
        shipped_at=shipped_at,
        delivered_at=delivered_at,
        first_delivered_at=None,
        cure_days=chance.choice((0, 3, 12, 40)),
        repairs=0,
        repaired_at=None,
    )


def _repaired(chance: Random, line: Line, delivered_at: datetime) -> Line:
    """Repaired once or twice, or waited for a repair that was not made."""
    waited = chance.choice((0, 1, 5, 20, 45))
    if chance.random() < 0.2:
        return replace(line, cure_days=waited)
    came_back = _later(chance, delivered_at, chance.choice((20, 100, 800, 1100))) + waited * DAY
    repaired_at = came_back if chance.random() < 0.9 else None
    return replace(line, repairs=chance.choice((1, 1, 2)), repaired_at=repaired_at, cure_days=waited)


def _claim(chance: Random, order: Bought) -> Asked | None:
    """A claim on lines of the order. None if the order has no lines for it."""
    kind = chance.choice(KINDS)
    lines = [line for line in order.lines if kind == "cancel" or line.shipped]
    if not lines:
        return None
    chosen = sorted(chance.sample(lines, chance.randint(1, len(lines))), key=lambda line: line.line_id)
    units = tuple(_units(chance, line, kind) for line in chosen)
    asked_at = _later(chance, _happened(order), chance.choice((3, 20, 60, 400, 1500, 4000, 8000, 8000)))
    claim = Asked(
        kind=kind, reason=_reason(chance, kind), units=units, asked_at=asked_at, declared=_some(chance, DECLARED)
    )
    return _settled(chance, _known(chance, order, claim))


def _units(chance: Random, line: Line, kind: str) -> Units:
    quantity = chance.randint(1, line.quantity if kind == "cancel" else line.shipped)
    used = chance.choice((0, 0, quantity * line.parts, quantity * line.parts - 1)) if line.parts > 1 else 0
    return Units(line_id=line.line_id, quantity=quantity, used_parts=used)


def _reason(chance: Random, kind: str) -> str:
    which = chance.random()
    if kind == "cancel" and which > 0.7:
        return "out_of_stock"
    return chance.choice(BUYERS) if which < 0.45 else chance.choice(SELLERS) if which < 0.96 else "other"


def _known(chance: Random, order: Bought, claim: Asked) -> Asked:
    """When the defect was found, and since when it could have been."""
    begin = _sent(order, claim)
    span = claim.asked_at - begin
    if chance.random() < 0.6:
        before = chance.choice((span, span * chance.random(), min(span, timedelta(days=chance.randint(0, 60)))))
        claim = replace(claim, discovered_at=claim.asked_at - before)
    if chance.random() < 0.1:
        claim = replace(claim, knowable_at=begin + span * chance.random())
    return claim


def _settled(chance: Random, claim: Asked) -> Asked:
    approved_at = _later(chance, claim.asked_at, 8)
    sent_at = _later(chance, approved_at, 12)
    return replace(
        claim,
        approved_at=approved_at if chance.random() < 0.9 else None,
        sent_at=sent_at if chance.random() < 0.5 else None,
        back_at=_later(chance, sent_at, 12) if chance.random() < 0.7 else None,
        days_late=chance.choice(DELAYS),
    )


def _aimed(chance: Random, jurisdiction: Jurisdiction, order: Bought, claim: Asked) -> Asked:
    """Mostly the claim is made at the end of some right, or the defect shows at the end of some right."""
    if chance.random() < 0.3:
        return claim
    if claim.discovered_at and chance.random() < 0.4:  # then the end is that of the longest time
        claim = replace(claim, discovered_at=claim.asked_at, knowable_at=None)
    end = _some_end(chance, jurisdiction, order, claim)
    if end is None:
        return claim
    instant = end + chance.choice(AROUND)
    if claim.discovered_at and _sent(order, claim) <= instant <= claim.asked_at and chance.random() < 0.4:
        found = replace(claim, discovered_at=instant)
        return (
            _moved(order, found, instant + timedelta(days=chance.randint(0, 150))) if chance.random() < 0.5 else found
        )
    return _moved(order, claim, instant)


def _some_end(chance: Random, jurisdiction: Jurisdiction, order: Bought, claim: Asked) -> datetime | None:
    """The first instant after some right."""
    last_days = [
        right.last
        for m in matters(order, claim)
        for right in jurisdiction.law.rights(m)
        if right.last not in (ENDLESS, NOT_BEGUN)
    ]
    if not last_days:
        return None
    last_day = max(last_days) if chance.random() < 0.3 else chance.choice(last_days)
    return datetime.combine(last_day + DAY, time(0), _zone(order.zone)).astimezone(UTC)


def _moved(order: Bought, claim: Asked, instant: datetime) -> Asked:
    """The same claim at another instant. It stays where it is if it would come before something that it is about."""
    moved = instant - claim.asked_at
    discovered_at = instant if claim.discovered_at == claim.asked_at else claim.discovered_at
    if any(each and each > instant for each in (_happened(order), discovered_at, claim.knowable_at)):
        return claim
    return replace(
        claim,
        asked_at=instant,
        discovered_at=discovered_at,
        approved_at=claim.approved_at and claim.approved_at + moved,
        sent_at=claim.sent_at and claim.sent_at + moved,
        back_at=claim.back_at and claim.back_at + moved,
    )


def _sent(order: Bought, claim: Asked) -> datetime:
    """When the last goods were sent. Nobody finds a defect before that."""
    return max((line.shipped_at for line in order.lines if line.shipped_at), default=claim.asked_at)


def _happened(order: Bought) -> datetime:
    """The last thing that is known of the order."""
    of_lines = (instant for line in order.lines for instant in (line.shipped_at, line.delivered_at, line.repaired_at))
    return max(instant for instant in (order.paid_at, *of_lines) if instant)


def _day(chance: Random) -> date:
    return FIRST + chance.randint(0, (LAST - FIRST).days) * DAY


def _at(chance: Random, day: date, zone: str) -> datetime:
    hour = chance.choice(HOURS) if chance.random() < 0.5 else time(chance.randint(0, 23), chance.randint(0, 59))
    return datetime.combine(day, hour, _zone(zone)).astimezone(UTC)


def _later(chance: Random, instant: datetime, days: int) -> datetime:
    return instant + timedelta(minutes=int(chance.random() * 1440 * days))


def _records(chance: Random) -> frozenset[str]:
    return chance.choice(TOGETHER) if chance.random() < 0.2 else _some(chance, RECORDS)


def _some(chance: Random, words: Sequence[str]) -> frozenset[str]:
    """None of them, one of them, a few of them, or most of them."""
    share = chance.choice((0, 1, 1, 0.12, 0.12, 0.8))
    if share == 1:
        return frozenset({chance.choice(words)})
    return frozenset(word for word in words if chance.random() < share) if share else frozenset()


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
