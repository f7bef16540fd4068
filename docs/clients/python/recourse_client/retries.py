"""Retries: which requests are sent again, after which failures, and after what pause."""

from recourse_client.errors import ConnectionFailedError, RecourseError

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
LONGEST_WAIT = 60.0
"""The longest `Retry-After` that a client waits for. The error is raised at once if the service asks for more."""

_PASSING = frozenset({0, 408, 429})
_IN_FLIGHT = "idempotency_key_in_flight"
"""Our own first attempt is still running in the service."""

_REPEATABLE = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
_STORE_NOTHING = ("/quote", "/check", "/preview", "/what-if")
"""How the paths of those POSTs end that store nothing. All other POSTs need an `Idempotency-Key` to be sent again."""


def is_repeatable(method: str, path: str, *, has_key: bool) -> bool:
    """Whether a request does the same when it is sent twice."""
    return has_key or method in _REPEATABLE or path.endswith(_STORE_NOTHING)


def pause_before_retry(error: RecourseError, *, repeatable: bool, attempt: int, chance: float) -> float | None:
    """The seconds before the next attempt, or None if there is none. `attempt` counts from 0.

    The pause is random between nothing and a bound that doubles with each attempt, so that clients that failed together
    do not come back together. `chance` is from 0 to 1. `Retry-After` comes before that pause.
    """
    if not _is_passing(error) or not (repeatable or _is_undone(error)):
        return None
    wait = error.retry_after or 0.0
    if wait > LONGEST_WAIT:
        return None
    return wait + chance * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**attempt)


def _is_passing(error: RecourseError) -> bool:
    return error.status in _PASSING or error.status >= 500 or error.code == _IN_FLIGHT


def _is_undone(error: RecourseError) -> bool:
    """Whether the request surely had no effect: it never left, or was turned away before the work."""
    return error.status == 429 or (isinstance(error, ConnectionFailedError) and not error.was_sent)
