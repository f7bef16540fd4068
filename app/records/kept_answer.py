"""The answer to a request, stored with the caller's idempotency key."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """`fingerprint` is the hash of the request. `headers` and `body` are JSON text."""

    fingerprint: str
    status: int
    headers: str
    body: str
