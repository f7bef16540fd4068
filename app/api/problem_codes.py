"""The codes of the problems of each operation, for the OpenAPI document.

A problem of an operation comes from the form of the request, for which the parameters and the body of the route are
enough, or from its use case: `problem_codes.json` has these, as `python -m tests.docs --write` finds them in the code.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

FILE = Path(__file__).with_name("problem_codes.json")
PROBLEM = "#/components/schemas/Problem"

_STATUSES: Mapping[int, str] = {
    400: "Malformed",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Missing",
    409: "Conflict",
    410: "Gone",
    412: "Stale",
    413: "TooLarge",
    415: "Unsupported",
    422: "Invalid",
    429: "TooMany",
    503: "Unavailable",
    507: "Full",
}
_SETS: Mapping[str, frozenset[str]] = {
    "Body": frozenset({"malformed_json", "malformed_request"}),
    "Form": frozenset({"malformed_request"}),
    "Key": frozenset({"idempotency_key_required"}),
    "Version": frozenset({"malformed_if_match"}),
    "Cursor": frozenset({"invalid_cursor"}),
    "Caller": frozenset({"api_key_expired", "invalid_api_key"}),
    "Buyer": frozenset({"invalid_buyer_session"}),
    "Staff": frozenset({"invalid_staff_session"}),
    "Scope": frozenset({"missing_scope", "second_factor_missing"}),
    "Origin": frozenset({"origin_not_allowed"}),
    "Resource": frozenset({"not_found"}),
    "Repeated": frozenset({"idempotency_key_in_flight", "answer_erased"}),
    "Write": frozenset({"conflict_with_record", "test_clock_advancing"}),
    "Feed": frozenset({"feed_restored"}),
    "Claim": frozenset({"stale_version"}),
    "Request": frozenset({"body_too_large"}),
    "Content": frozenset({"unsupported_media_type"}),
    "Field": frozenset({"invalid_request", "not_utf8"}),
    "Parameter": frozenset({"repeated_parameter"}),
    "Instant": frozenset({"in_future"}),
    "Reused": frozenset({"idempotency_key_reused"}),
    "Limit": frozenset({"rate_limited", "too_many_failures"}),
    "Failure": frozenset({"too_many_failures"}),
    "Database": frozenset({"database_unavailable", "schema_behind"}),
    "Encryption": frozenset({"encryption_not_configured"}),
    "Store": frozenset({"file_store_full"}),
}
"""The sets of codes that many operations have, by the word in the names of their schemas."""


def codes_of(route: APIRoute, status: int) -> frozenset[str]:
    """Every code that the operation can answer with under an error status that it declares."""
    return frozenset({*_of_the_form(route, status), *_of_the_use_case(route, status)})


def schema_of(route: APIRoute, status: int) -> str:
    """The name of the schema of these problems. Codes of the operation itself give the schema its name."""
    rest, words = set(codes_of(route, status)), []
    for word, codes in _SETS.items():
        if codes <= rest:
            words.append(word)
            rest -= codes
    if rest:
        words = [word.capitalize() for word in route.name.split("_")]
    return f"{''.join(words)}{_STATUSES[status]}Problem"


def schemas_of(routes: Iterable[APIRoute]) -> dict[str, Any]:
    """The schemas of all problems, by their names."""
    return {
        schema_of(route, status): _schema(status, codes_of(route, status))
        for route in routes
        for status in error_statuses(route)
    }


def error_statuses(route: APIRoute) -> Iterator[int]:
    return (status for status in route.responses if isinstance(status, int) and status >= 400)


def _schema(status: int, codes: frozenset[str]) -> dict[str, Any]:
    described = "Stable, for programs. A later release can have more codes: treat an unknown one by its status."
    code = {"type": "string", "enum": sorted(codes), "description": described}
    return {
        "description": f"A problem with the status {status}, by its `code`.",
        "allOf": [{"$ref": PROBLEM}, {"type": "object", "properties": {"code": code}}],
    }


def _of_the_form(route: APIRoute, status: int) -> Iterator[str]:
    """What the parameters, the body and the credentials of a request can be wrong in."""
    for sets in _sets_of_the_form(route, status):
        yield from _SETS[sets]


def _sets_of_the_form(route: APIRoute, status: int) -> Iterator[str]:
    sent = {parameter.alias for parameter in get_flat_params(route.dependant)}
    credentials = frozenset(_schemes(route.dependant))
    for_buyers, has_form = route.path.startswith("/buyer/"), bool(route.openapi_extra)
    applies = {
        (400, "Body"): route.body_field is not None,
        (400, "Form"): has_form,
        (400, "Key"): _KEY in sent,
        (400, "Version"): "If-Match" in sent,
        (401, "Caller"): "ApiKey" in credentials,
        (401, "Buyer"): "BuyerAccess" in credentials,
        (401, "Staff"): "StaffSession" in credentials,
        (403, "Scope"): "ApiKey" in credentials,
        (403, "Origin"): for_buyers,
        (409, "Repeated"): _KEY in sent,
        (413, "Request"): True,
        (415, "Content"): route.body_field is not None,
        (422, "Field"): True,
        (422, "Parameter"): bool(credentials) or route.path.startswith("/v1/"),
        (422, "Reused"): _KEY in sent,
        (429, "Limit"): route.path.startswith("/v1/"),
        (429, "Failure"): for_buyers,
        (503, "Database"): True,
    }
    return (word for (needed, word), is_so in applies.items() if needed == status and is_so)


_KEY = "Idempotency-Key"


def _schemes(dependant: Dependant) -> Iterator[str]:
    """The names of the security schemes of a route."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, HTTPBearer):
            yield dependency.call.scheme_name
        yield from _schemes(dependency)


def _of_the_use_case(route: APIRoute, status: int) -> Iterable[str]:
    return _use_cases().get(route.name, {}).get(str(status), ())


@cache
def _use_cases() -> Mapping[str, Mapping[str, list[str]]]:
    """The codes by operation and status."""
    codes: Mapping[str, Mapping[str, list[str]]] = orjson.loads(FILE.read_bytes())
    return codes
