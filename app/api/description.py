"""The OpenAPI description, put right where FastAPI's own is not true of the answers.

It leaves out of every example what is null, and describes each response that has a model as application/json,
though errors never are.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from app.api import webhook_description
from app.api.examples import Example
from app.service.resources.names import definitions, publicly_named


def correct(app: FastAPI) -> None:
    describe = app.openapi
    app.openapi = lambda: _corrected(describe(), app)  # type: ignore[method-assign] # FastAPI's own way


def _corrected(document: dict[str, Any], app: FastAPI) -> dict[str, Any]:
    routes = (context.original_route for context in iter_route_contexts(app.routes))
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                _restore(route, document["paths"][route.path][method.lower()]["responses"])
    if "webhooks" not in document:
        webhooks, schemas = webhook_description.described()
        schemas |= document["components"]["schemas"]
        document["paths"] = publicly_named(document["paths"])
        document["webhooks"] = publicly_named(webhooks)
        document["components"]["schemas"] = definitions(schemas)
    return document


def _restore(route: APIRoute, described: dict[str, Any]) -> None:
    """Take the media types and the examples from where they were declared; schemas stay FastAPI's."""
    for status, declared in route.responses.items():
        found = described[str(status)]
        for media_type, content in declared.get("content", {}).items():
            found["content"] = {media_type: {**found["content"][media_type], **content, **_example(content)}}


def _example(content: dict[str, Any]) -> dict[str, Any]:
    """The example itself, in the place of the name of its file."""
    example = content.get("example")
    return {"example": example.read()} if isinstance(example, Example) else {}
