"""The shop's own work on a claim. No decision reads it, and it is in no event."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWork:
    """`assignee` is the id of a person of the staff. `seen_by` saw the claim first. While `snoozed_until_at` is ahead
    the claim is not in the queue: nothing has to wake it. `tags` are sorted."""

    assignee: str | None = None
    seen_at: datetime | None = None
    seen_by: str | None = None
    snoozed_until_at: datetime | None = None
    tags: tuple[str, ...] = ()
