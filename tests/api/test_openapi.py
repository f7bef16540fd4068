"""The OpenAPI document is valid, complete, and true of the service's answers."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from app import __version__
from app.api.answer_headers import WITH_PATH, WITH_VERSION
from app.service.resources.claim import ClaimBody
from tests.api.answers import ROUTES, assert_matches, check_answer, name_of
from tests.api.buyer.scenes import OPEN_TO_BUYERS
from tests.api.claims import begin
from tests.api.openapi import Document, inside, operations, references, request_objects
from tests.api.staff_scenes import OWN, STAFF_OPEN
from tests.api.test_keys import OPEN, SCOPES
from tests.api.walks import WALKS
from tests.storefront import Storefront, storefront

# Sound


def test_it_is_openapi_3_1_of_this_release(document: Document) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert (document["info"]["title"], document["info"]["version"]) == ("Recourse", __version__)
    assert document["info"]["summary"]
    assert document["info"]["description"]
    assert document["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert document.keys() <= {"openapi", "info", "paths", "components", "tags", "webhooks", "servers"}


def test_it_describes_every_route_and_nothing_else(document: Document) -> None:
    assert {name for name, _ in operations(document)} == {name_of(route) for route in ROUTES}


def test_every_reference_leads_somewhere(document: Document) -> None:
    schemas = document["components"]["schemas"]
    paths = [schema["$ref"] for schema in inside(document) if isinstance(schema.get("$ref"), str)]
    assert paths
    headers = document["components"]["headers"]
    assert {path.rpartition("/")[0] for path in paths} == {"#/components/schemas", "#/components/headers"}
    assert set(references(document)) == schemas.keys() | headers.keys()


def test_every_model_with_headers_of_its_own_is_that_of_a_route() -> None:
    assert {getattr(route.response_model, "__name__", "") for route in ROUTES} >= WITH_VERSION | WITH_PATH


KEYWORDS = {
    *("$ref", "type", "title", "description", "default", "examples", "format", "enum", "const"),
    *("properties", "required", "additionalProperties", "items", "minItems", "maxItems", "uniqueItems"),
    *("maxProperties", "propertyNames"),
    *("anyOf", "oneOf", "allOf", "discriminator", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
"""Keywords of JSON Schema 2020-12 and of OpenAPI 3.1; `nullable` belongs to OpenAPI 3.0."""


def schemas_of(document: Document) -> Iterator[Document]:
    for schema in document["components"]["schemas"].values():
        yield from subschemas(schema)
    for _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            yield from subschemas(parameter["schema"])


def subschemas(schema: Document) -> Iterator[Document]:
    yield schema
    inner = [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]
    for choices in ("anyOf", "oneOf", "allOf"):
        inner += schema.get(choices, ())
    for value in inner:
        if isinstance(value, dict):
            yield from subschemas(value)


def test_every_schema_is_json_schema(document: Document) -> None:
    kinds = {"string", "integer", "number", "boolean", "array", "object", "null"}
    for schema in schemas_of(document):
        assert schema.keys() <= KEYWORDS, schema
        assert schema.get("type", "object") in kinds
        assert set(schema.get("required", ())) <= schema.get("properties", {}).keys()
        assert schema.get("type") != "array" or "items" in schema
        assert len(set(schema.get("enum", ()))) == len(schema.get("enum", ()))
        for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            assert not isinstance(schema.get(bound), bool)
        if "pattern" in schema:
            re.compile(schema["pattern"])


def test_every_request_refuses_unknown_fields(document: Document) -> None:
    requests = request_objects(document)
    assert len(requests) > 20
    for name, schema in requests.items():
        assert schema.get("additionalProperties") is False, name


OF_A_SEARCH = {
    ("GET /v1/faq-entries/search", "q"),
    ("GET /v1/faq-entries/search", "language"),
    ("GET /buyer/v1/answers", "q"),
}
"""The parameters of a query without which there is nothing to search."""


def test_every_parameter_is_where_its_path_says(document: Document) -> None:
    for name, operation in operations(document):
        parameters = operation.get("parameters", [])
        assert len({(parameter["name"], parameter["in"]) for parameter in parameters}) == len(parameters), name
        in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", name)), name
        for parameter in parameters:
            must_be_sent = parameter["in"] == "path" or (name, parameter["name"]) in OF_A_SEARCH
            assert parameter["required"] == (must_be_sent or parameter["name"] == "Idempotency-Key"), name
            assert parameter["in"] != "path" or parameter["description"]


# Complete


def test_every_operation_says_what_it_does_and_who_may(document: Document) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    assert all(tag["description"] for tag in document["tags"])
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(set(ids)) == len(ids)
    schemes = document["components"]["securitySchemes"]
    assert schemes.keys() == {"ApiKey", "BuyerAccess", "StaffSession"}
    assert all((scheme["type"], scheme["scheme"]) == ("http", "bearer") for scheme in schemes.values())
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert len(operation["tags"]) == 1, name
        assert set(operation["tags"]) <= tags, name
        assert operation.get("security") == _security(name), name


def _security(name: str) -> list[Document]:
    if name in OPEN | OPEN_TO_BUYERS | STAFF_OPEN:
        return []
    if name in OWN:
        return [{"StaffSession": []}]
    return [{"ApiKey": [SCOPES[name].value]}] if name in SCOPES else [{"BuyerAccess": []}]


VERBS = (
    *("accept", "add", "approve", "check", "choose", "close", "compare", "complete", "confirm", "convert", "create"),
    *("decline", "delay", "delete", "dispatch", "edit", "expire", "get", "hold", "inspect", "list", "make", "match"),
    "move",
    "decide",
    *("open", "preview", "publish", "put", "quote", "receive", "reclassify", "recover", "refuse", "reject", "release"),
    *("replay", "report", "request", "resend", "reship", "retract", "revoke", "rotate", "search", "send", "set"),
    *("reset", "start", "update", "win"),
    *("answer", "erase", "export"),
)
"""Every verb that an operation may begin with."""


def test_every_operation_is_named_by_a_verb_and_a_noun(document: Document) -> None:
    webhooks = [(name, item["post"]) for name, item in document["webhooks"].items()]
    pairs = [*operations(document), *webhooks]
    ids = [operation["operationId"] for _, operation in pairs]
    assert len(set(ids)) == len(ids)
    for name, operation in pairs:
        verb, _, noun = operation["operationId"].partition("_")
        assert verb in VERBS, name
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", noun), name
    assert {name.partition("_")[0] for name in ids} == set(VERBS)


def test_every_summary_is_a_plain_sentence(document: Document) -> None:
    summaries = [operation["summary"] for _, operation in operations(document)]
    assert len(set(summaries)) == len(summaries)
    for summary in summaries:
        assert re.fullmatch(r"[A-Z][a-z]+( [\w-]+,?)+", summary), summary


def test_every_field_is_described(document: Document) -> None:
    undescribed = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, body in schema.get("properties", {}).items()
        if not body.get("description") and name not in RULES_OF_POLICIES
    ]
    assert not undescribed


RULES_OF_POLICIES = {
    *("AutomationRule", "BindingPolicy", "ContractLimit", "DatedRate", "DeadlineRule", "DeductionRule", "Departure"),
    *("ExceptionRule", "Fees"),
    "LateRefundRule",
    *(
        "LateInterest",
        "MonthlyPenalty",
        "OfferRule",
        "Penalty",
        "Period",
        "PolicyPage",
        "PolicyPageRow",
        "PolicySummaryLine",
    ),
    *("RejectionRule", "RestockingRule", "ShippingRule", "TermViolation", "TimeLimit", "WindowRule"),
}
"""Schemas of the engine and of the policy page: the description of the schema covers its fields."""


def test_every_object_of_ours_is_described(document: Document) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert "enum" in schema or name == "PolicyPage" or schema["description"], name


# True


def answer_with(body: bytes, status: int = 200, **more: str) -> httpx.Response:
    request = httpx.Request("GET", "http://shop/v1/claims/1")
    headers = {"content-type": "application/json", "x-request-id": "r", **more}
    return httpx.Response(status, content=body, headers=headers, request=request)


def problem_with(code: str) -> httpx.Response:
    """A sound problem of the status 404."""
    problem = {"type": f"urn:recourse:problem:{code}", "title": "Not found", "status": 404, "detail": "There is none."}
    body = json.dumps({**problem, "code": code, "request_id": "r"}).encode()
    return answer_with(body, 404, **{"content-type": "application/problem+json", "content-language": "en"})


async def test_an_answer_that_differs_from_its_model_would_be_noticed(
    sqlite_shop: Storefront, subtests: pytest.Subtests
) -> None:
    """This test checks the hook that checks every answer of these tests."""
    claim = await begin(sqlite_shop, WALKS["a cancellation is granted"])
    body = TypeAdapter(dict[str, Any])
    assert_matches(ClaimBody, body.dump_json(claim))
    wrong = {
        "a field is missing": {name: value for name, value in claim.items() if name != "hold"},
        "a field is too many": {**claim, "secret": 1},
        "a field is too many inside": {**claim, "lines": [{**claim["lines"][0], "secret": 1}]},
        "a field is missing inside": {**claim, "lines": [{"line_id": "1", "quantity": 1}]},
        "a number is text": {**claim, "version": "1"},
        "a state is unknown": {**claim, "state": "pending"},
        "an instant is none": {**claim, "created_at": "yesterday"},
    }
    for name, other in wrong.items():
        with subtests.test(name), pytest.raises((AssertionError, ValueError)):
            await check_answer(answer_with(body.dump_json(other)))
    with subtests.test("a status is not documented"), pytest.raises(AssertionError, match="documents"):
        await check_answer(answer_with(body.dump_json(claim), 202))
    await check_answer(problem_with("not_found"))
    with subtests.test("a code is not documented"), pytest.raises(AssertionError, match="documents"):
        await check_answer(problem_with("invalid_file_link"))
    with subtests.test("an error is no problem"), pytest.raises(AssertionError):
        await check_answer(answer_with(b'{"detail": "no"}', 404))


# Pages


async def test_the_documentation_answers(sqlite_shop: Storefront, document: Document) -> None:
    for path, sign in (("/docs", "swagger-ui"), ("/redoc", "redoc")):
        answer = await sqlite_shop.http.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert sign in answer.text
        links = re.findall(r"(?:src|href|spec-url|url)\W+([\w./-]+)", answer.text)
        assert "openapi.json" in links
        for link in links:  # a link to another host gives a blank page without internet access
            assert (await sqlite_shop.http.get(f"/{link.lstrip('/')}")).is_success, link
    assert (await sqlite_shop.http.get("/openapi.json")).json() == document


async def test_the_documentation_can_be_switched_off(sqlite_url: str) -> None:
    async with storefront(sqlite_url, docs_enabled=False, log_level="warning") as shop:
        for path in ("/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"):
            assert (await shop.http.get(path)).status_code == 404
        assert (await shop.http.get("/healthz")).status_code == 200
