"""Events without messages: the request was quiet, or the event lies in the past when the service first hears of it.

A quiet event is published to webhooks and to the feed, with `quiet` in its data.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.engine.model.claim import Claim
from app.engine.model.vocabulary import Word

NEWS_FOR = timedelta(days=3)
"""So long after it happened something is news: a parcel that left on Friday may be reported on Monday."""


class Quiet(Word):
    REQUESTED = "requested"
    PAST = "past"


def of_instant(happened_at: datetime | None, now: datetime) -> Quiet | None:
    """PAST for what happened longer ago than NEWS_FOR."""
    return Quiet.PAST if happened_at is not None and happened_at < now - NEWS_FOR else None


def of_claim_event(name: str, data: Mapping[str, Any], now: datetime) -> Quiet | None:
    """PAST for a request whose answer was due before the service heard of it. The seller gets the message that the
    answer is late. A request without a deadline is judged by its own instant."""
    claim = data.get("claim")
    if name != "claim.requested" or not isinstance(claim, Claim):
        return None
    respond_by = claim.deadlines.respond_by
    is_past = respond_by < now if respond_by else claim.submission.requested_at < now - NEWS_FOR
    return Quiet.PAST if is_past else None
