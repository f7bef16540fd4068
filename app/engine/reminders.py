"""Reminders before a deadline: who must act on a claim, and from when the worker reminds them.

A reminder follows from the claim and from its last change. It is ahead only if it is later than the last
change: a reminder that was given changes the claim, so it is given once. A deadline that is set with less time left
than the reminder needs has none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.engine.model.claim import Claim
from app.engine.model.turn import answer_late_from
from app.engine.model.vocabulary import HoldReason, OfferStatus, State, Word


class ReminderName(Word):
    RESPONSE = "response"
    GOODS = "goods"
    OFFER = "offer"
    ANSWER = "answer"


AHEAD: Mapping[ReminderName, timedelta] = {
    ReminderName.RESPONSE: timedelta(days=1),
    ReminderName.GOODS: timedelta(days=3),
    ReminderName.OFFER: timedelta(days=1),
    ReminderName.ANSWER: timedelta(days=3),
}
"""How long before its deadline a reminder is given. Goods need days on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Somebody is reminded from the instant `at` on. `due_at` is the deadline: the first instant that is too late."""

    name: ReminderName
    at: datetime
    due_at: datetime


def next_reminder(claim: Claim, *, since: datetime) -> Reminder | None:
    """The next reminder about the claim. `since` is the last change of the claim."""
    ahead = (each for each in _reminders(claim) if each.at > since)
    return min(ahead, key=lambda reminder: reminder.at, default=None)


def _reminders(claim: Claim) -> Iterator[Reminder]:
    """While the claim waits for the buyer's answer, its other deadlines wait. While an offer is open, it is the buyer's
    turn. Offers that end at the same instant have one reminder."""
    if claim.hold is not None:
        if claim.hold.reason is HoldReason.BUYER_QUESTION and claim.hold.ends_at is not None:
            yield _before(ReminderName.ANSWER, claim.hold.ends_at)
        return
    for offer in claim.offers:
        if offer.status is OfferStatus.OPEN and offer.expires_at is not None:
            yield _before(ReminderName.OFFER, offer.expires_at)
    if claim.state is State.REQUESTED and (late_from := answer_late_from(claim)) is not None:
        yield _before(ReminderName.RESPONSE, late_from)
    if claim.state is State.APPROVED and claim.deadlines.collect_by is not None:
        yield _before(ReminderName.GOODS, claim.deadlines.collect_by)


def _before(name: ReminderName, due_at: datetime) -> Reminder:
    return Reminder(name=name, at=due_at - AHEAD[name], due_at=due_at)
