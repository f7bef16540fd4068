"""The limits of HTTP connections, as the application gives them to the server at its start."""

from dataclasses import dataclass

LIMITS = "connection_limits"
"""The name of the limits in the state of the application's lifespan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """`request_seconds` is for a whole request, counted from its first byte or from the connection, and for a client to
    take what was sent. `upload_seconds` is for a request with a file, counted from its head. `connections` is for one
    process."""

    request_seconds: float
    upload_seconds: float
    connections: int
