"""Bad fields of API keys."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import GONE, NOT_A_LIST, NOT_A_NAME, NOT_AN_INSTANT, WITHOUT_WORDS, Row, every

NEW: dict[str, Any] = {"name": "warehouse", "scopes": ["claims:read"]}
NOT_SCOPES: list[Any] = [*NOT_A_LIST, None, GONE, [], ["claims"], ["CLAIMS:READ"], [1], ["claims:read"] * 50]
RATE = {"requests_per_minute": 60, "burst": 10}
NOT_RATES: list[Any] = [0, -1, 1.5, "1", True, None, GONE, 1_000_001]
PAST = "2026-01-01T00:00:00Z"


def api_keys() -> Iterator[Row]:
    path = "/v1/api-keys"
    yield from every("POST", path, NEW, "name", [*NOT_A_NAME, *WITHOUT_WORDS, None, GONE])
    yield from every("POST", path, NEW, "scopes", NOT_SCOPES)
    yield from every("POST", path, NEW, "expires_at", [*NOT_AN_INSTANT, PAST])
    for method, where, body in (("POST", path, NEW), ("PATCH", f"{path}/{{key_id}}", {})):
        yield from every(method, where, {**body, "rate_limit": RATE}, "rate_limit.requests_per_minute", NOT_RATES)
        yield from every(method, where, {**body, "rate_limit": RATE}, "rate_limit.burst", NOT_RATES)
        yield from every(method, where, body, "rate_limit", [1, "1", [], {}])
    yield "PATCH", f"{path}/{{key_id}}", {}, "rate_limit"
    yield "POST", path, {**NEW, "mode": "test"}, "mode"
    rotation = "/v1/api-keys/{key_id}/rotate"
    yield from every("POST", rotation, {}, "overlap_seconds", [-1, 1.5, "1", True, None, 30 * 24 * 3600 + 1])
    yield from every("POST", rotation, {}, "expires_at", [*NOT_AN_INSTANT, PAST])
    yield "POST", rotation, {"scopes": ["admin"]}, "scopes"
    yield "POST", "/v1/api-keys/{key_id}/revoke", {"why": "because"}, "why"
