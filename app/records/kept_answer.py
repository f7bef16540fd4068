"""The answer to a request, kept under the caller's idempotency key."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """`fingerprint` is of the request; `headers` and `body` are JSON text."""

    fingerprint: str
    status: int
    headers: str
    body: str
