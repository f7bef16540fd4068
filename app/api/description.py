"""Corrects the OpenAPI document of FastAPI where it does not match the real answers.

FastAPI leaves nulls out of examples. FastAPI also builds a model for each error of each route, which costs more than
all other models of the API. So the routes refer to the schema of a problem, and this module adds that schema. A form
with a file is read by its route, so FastAPI does not know its schema either.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic.json_schema import models_json_schema

from app.api import problem_codes, webhook_description
from app.api.answer_headers import COMPONENTS, headers_of
from app.api.examples import Example
from app.api.problem_examples import example_among
from app.api.schemas.claim_files import FORMS
from app.api.schemas.common import Problem
from app.api.schemas.order_imports import CreateOrderImportRequest
from app.service.resources.names import definitions, publicly_named


def correct(app: FastAPI) -> None:
    describe = app.openapi
    app.openapi = lambda: _corrected(describe(), app)  # type: ignore[method-assign] # FastAPI's own way


def _corrected(document: dict[str, Any], app: FastAPI) -> dict[str, Any]:
    for route in _routes(app):
        for method in route.methods or ():
            operation = document["paths"][route.path][method.lower()]
            operation.setdefault("security", [])  # an operation without it would not say that it is open
            _restore(route, operation["responses"])
            _name_problems(route, operation["responses"])
            _name_headers(route, operation["responses"])
    if "webhooks" not in document:
        webhooks, schemas = webhook_description.webhooks_and_schemas()
        schemas |= _more_schemas() | _problems(app) | document["components"]["schemas"]
        document["paths"] = publicly_named(document["paths"])
        document["components"]["headers"] = dict(COMPONENTS)
        document["webhooks"] = publicly_named(webhooks)
        document["components"]["schemas"] = definitions(schemas)
        document["components"]["schemas"]["Event"]["properties"]["body"] = webhook_description.any_body()
    return document


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    return (route for route in routes if isinstance(route, APIRoute) and route.include_in_schema)


def _problems(app: FastAPI) -> dict[str, Any]:
    return problem_codes.schemas_of(_routes(app))


def _more_schemas() -> dict[str, Any]:
    models: list[Any] = [
        (Problem, "serialization"),
        *((form, "validation") for form in (*FORMS, CreateOrderImportRequest)),
    ]
    _, schemas = models_json_schema(models, ref_template=REF_TEMPLATE)
    described: dict[str, Any] = jsonable_encoder(schemas["$defs"], exclude_none=True)  # as FastAPI writes the others
    return described


def _restore(route: APIRoute, described: dict[str, Any]) -> None:
    """Restore the media types and the examples that the route declares. The schemas stay those of FastAPI."""
    for status, declared in route.responses.items():
        response = described[str(status)]
        if "content" in declared:
            generated = response.get("content", {})
            response["content"] = {
                media_type: {**generated.get(media_type, {}), **content, **_example(content)}
                for media_type, content in declared["content"].items()
            }


def _name_problems(route: APIRoute, described: dict[str, Any]) -> None:
    """Refer to the schema with the codes of the operation, and show one of these codes."""
    for status in problem_codes.error_statuses(route):
        (content,) = described[str(status)]["content"].values()
        content["schema"] = {"$ref": REF_TEMPLATE.format(model=problem_codes.schema_of(route, status))}
        content["example"] = example_among(status, problem_codes.codes_of(route, status), content["example"])


def _name_headers(route: APIRoute, described: dict[str, Any]) -> None:
    for status, response in described.items():
        response["headers"] = {
            name: {"$ref": f"#/components/headers/{name}"} for name in headers_of(route, int(status))
        }


def _example(content: dict[str, Any]) -> dict[str, Any]:
    """The content of the example instead of the name of its file."""
    example = content.get("example")
    return {"example": example.read()} if isinstance(example, Example) else {}
