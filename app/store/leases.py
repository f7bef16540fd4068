"""Leases: a worker takes rows out of a queue for a limited time, so that no two workers do the same work.

A queue is a table with `next_at`, the instant at which a row is due, and `leased_until`, the instant at which a
worker's lease ends. `next_at` is null for a row without work. When a worker dies, its rows are due again after their
leases.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, and_, bindparam, or_, select

TAKEN: dict[str, Any] = {"leased_until": bindparam("until")}
GIVEN_BACK: dict[str, Any] = {"leased_until": None}


def is_due(queue: FromClause) -> ColumnElement[bool]:
    """The row is due at `now`, and no worker has a lease of it."""
    is_free = or_(queue.c.leased_until.is_(None), queue.c.leased_until <= bindparam("now"))
    return and_(queue.c.next_at <= bindparam("now"), is_free)


def due_keys(queue: FromClause, key: Sequence[str], *where: ColumnElement[bool], then_by: Sequence[str] = ()) -> CTE:
    """The keys of `at_most` rows that are due, the longest due first. Rows that another transaction has locked are
    skipped.

    A CTE runs once. PostgreSQL may run a subquery of an UPDATE for each row, and take more than `at_most`.
    """
    return (
        select(*(queue.c[name] for name in key))
        .where(*where, is_due(queue))
        .order_by(queue.c.next_at, *(queue.c[name] for name in then_by))
        .limit(bindparam("at_most"))
        .with_for_update(skip_locked=True)
        .cte("due_keys")
    )


def of_a_clock_ahead(queue: FromClause, untried: ColumnElement[bool]) -> ColumnElement[bool]:
    """Rows that a clock which was ahead has written, and that would wait until the clock is there again: a first
    attempt is due when the row is made, and no lease is longer than LONGEST."""
    return or_(
        and_(untried, queue.c.next_at > bindparam("soon")), queue.c.leased_until > bindparam("after_any_lease")
    )  # fmt: skip


LONGEST = timedelta(minutes=15)
"""Longer than the lease of any queue and the difference between the clocks of two machines together."""
BEHIND_MAX = timedelta(minutes=1)
"""How far a worker's clock may be behind another machine's in good order."""


def instants(now: datetime) -> dict[str, datetime]:
    """The values of `of_a_clock_ahead`."""
    return {"soon": now + BEHIND_MAX, "after_any_lease": now + LONGEST}
