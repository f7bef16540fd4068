"""The rows of the queue as a clerk reads them: words in place of codes, and how much time is left."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.api.seller_queue import entry_body
from app.desk.html import PAGES
from app.pages.texts import Writer
from app.service.seller_queue import QueueEntry

_HURRY = 4 * 3600
"""Seconds. Less time than this is red."""
_UNITS = (("days", 2 * 86_400, 86_400), ("hours", 3600, 3600), ("minutes", 60, 60))
"""A unit is used from the second number of seconds on. The third is its length."""
_FIRST_WORDS = 60


def row_of(
    entry: QueueEntry, now: datetime, language: str, zone: ZoneInfo, people: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    """`people` are the names of the staff by their ids."""
    body = entry_body(entry, now, language)
    claim, order = body["claim"], body["order"]
    writer = Writer(language=language, zone=zone, currency=order["currency"] if order else "", now=now)
    seconds = body["seconds_left"]
    turn = entry.claim.claim.turn if entry.claim else None
    return {
        **body,
        "w": writer,
        "left": time_left(seconds, language),
        "hurries": seconds is not None and seconds < _HURRY,
        "turn": turn.party.value if turn else "seller",
        "dots": _dots(claim["checklist"], writer) if claim else [],
        "words": _first_words(claim["note"] if claim else None),
        "assignee": people.get(claim["assignee"] or "", claim["assignee"]) if claim else None,
    }


def time_left(seconds: int | None, language: str) -> str:
    """In one unit, rounded down. Empty without a deadline."""
    if seconds is None:
        return ""
    passed = abs(seconds)
    unit, length = next(((name, length) for name, least, length in _UNITS if passed >= least), ("minutes", 60))
    kind = "over" if seconds < 0 else "left"
    return PAGES.text(f"time.{kind}_{unit}", language, count=passed // length)


def _dots(checklist: Mapping[str, Any], writer: Writer) -> list[tuple[bool, str]]:
    """What a clerk checks of a request first: who has seen the request, whether the state of the order is known, and
    whether a question is needed."""
    seen_at, language = checklist["seen_at"], writer.language
    if seen_at:
        day = writer.written_day_of(seen_at)
        seen = PAGES.text("claim.seen_by", language, name=checklist["seen_by"] or "-", day=day)
    else:
        seen = PAGES.text("queue.not_seen", language)
    known, needed = checklist["order_state_known"], checklist["question_needed"]
    return [
        (bool(seen_at), seen),
        (known, PAGES.text("queue.state_known" if known else "queue.state_unknown", language)),
        (needed, PAGES.text("queue.question_needed" if needed else "queue.no_question", language)),
    ]


def _first_words(note: str | None) -> str:
    text = " ".join((note or "").split())
    return f"{text[:_FIRST_WORDS].rstrip()}…" if len(text) > _FIRST_WORDS else text
