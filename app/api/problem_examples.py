"""The error answers of the routes, for the OpenAPI document."""

from collections.abc import Collection, Mapping
from typing import Any

from app.messages.sentences import sentences

MEDIA_TYPE = "application/problem+json"


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route."""
    return {status: _response(status) for status in statuses}


def responses_to_buyers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a buyer's route that differ from those of other routes."""
    return {status: _response(status, **_OF_BUYERS[status]) for status in statuses}


def responses_to_staff(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of the routes of a person's own session that differ from those of other routes."""
    return {status: _response(status, **_OF_STAFF[status]) for status in statuses}


def example_among(status: int, codes: Collection[str], usual: dict[str, Any]) -> dict[str, Any]:
    """The usual example of a status if it has one of these codes, or if they are not written yet. Otherwise that of the
    first code with a sentence that needs no facts. Raises LookupError if there is none."""
    if not codes or usual["code"] in codes:
        return usual
    for code in sorted(codes):
        for table in ("problems", "errors", "reports", "refusals"):
            written = sentences(table, "en").get(code, "{")
            if isinstance(written, str) and "{" not in written:
                refusal = {"code": code, "detail": written, **_NO_FACTS}
                more = {"refusals": [refusal]} if table == "refusals" else {}
                return {**_example(status, code, written), **more}
    raise LookupError(f"no code of {sorted(codes)} has a sentence without facts")


_NO_FACTS: Mapping[str, Any] = {"params": {}, "citation": None, "field": None}
_OF_STAFF: Mapping[int, dict[str, str]] = {
    401: {"code": "invalid_staff_session", "detail": "The session has ended. Sign in again."},
    429: {"code": "too_many_sign_ins", "detail": "There were too many attempts to sign in. Try again later."},
}
_OF_BUYERS: Mapping[int, dict[str, str]] = {
    401: {"code": "invalid_buyer_session", "detail": "The session has ended. Open your link, or ask for a new one."},
    403: {
        "code": "origin_not_allowed",
        "detail": "The shop does not list the origin of this page. Add it to `origins` of the shop.",
    },
    429: {
        "code": "too_many_failures",
        "detail": "Too many keys, links, tokens or look-ups of your network were wrong. Try again later.",
    },
}


def _response(status: int, *, code: str | None = None, detail: str | None = None) -> dict[str, Any]:
    example = _example(status, code or _EXAMPLE_CODES[status], detail or _EXAMPLE_DETAILS[status])
    example |= _EXAMPLE_MORE.get(status, {})
    return {
        "description": sentences("titles", "en")[str(status)],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }


def _example(status: int, code: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"urn:recourse:problem:{code}",
        "title": sentences("titles", "en")[str(status)],
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b",
    }


_EXAMPLE_CODES = {
    400: "idempotency_key_required",
    401: "invalid_api_key",
    403: "missing_scope",
    404: "not_found",
    409: "no_ground_for_rejection",
    410: "feed_restored",
    412: "stale_version",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "rate_limited",
    503: "database_unavailable",
    507: "file_store_full",
}
_EXAMPLE_DETAILS = {
    400: "Send an Idempotency-Key header with every POST.",
    401: "Send an active API key: Authorization: Bearer rk_...",
    403: "This needs the scope claims:decide.",
    404: "There is no claim 0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b.",
    409: "The facts do not support this ground (window closed). The buyer is entitled to this claim.",
    410: "The database was restored from a backup, and the event at this cursor is lost. Go on with params.cursor.",
    412: "The claim 0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b is at version 3, not 2. Read it again.",
    413: "A request can have 262144 bytes at most.",
    415: "Send JSON, with Content-Type: application/json.",
    422: "lines.0.quantity: Input should be greater than or equal to 1",
    429: "This key may send 6000 requests a minute, and 500 at once. Try again in 1 s.",
    503: "The database cannot be reached. Try again.",
    507: "The store of files is full. Its operator must make room.",
}
_EXAMPLE_MORE: Mapping[int, dict[str, Any]] = {
    409: {
        "refusals": [
            {
                "code": "no_ground_for_rejection",
                "detail": _EXAMPLE_DETAILS[409],
                "params": {"ground": "window_closed", "supported": []},
                "citation": "KR E-Commerce Act 17(1)1; Civil Act 157, 159, 161",
                "field": "ground",
            }
        ]
    },
    410: {"params": {"cursor": "WzMyOSwiMDE5OGMzZjAtNmMxZS03ZDNhLTlkMGUtNWI3YTRmMWMyZTkwIl0"}},
    422: {
        "errors": [
            {
                "field": "lines.0.quantity",
                "rule": "greater_than_equal",
                "message": "Input should be greater than or equal to 1",
                "params": {"ge": 1},
            }
        ]
    },
}
