"""Parts of the OpenAPI document, for its tests."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tests.api.answers import ROUTES, name_of

Document = dict[str, Any]


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def inside(value: Any) -> Iterator[Document]:
    """Every object in a document, at every depth."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from inside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from inside(inner)


def references(value: Any) -> Iterator[str]:
    for schema in inside(value):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rpartition("/")[2]


def request_objects(document: Document) -> dict[str, Document]:
    """Every object that a request body may hold, at every depth, by its name."""
    schemas = document["components"]["schemas"]
    bodies = [operation["requestBody"] for _, operation in operations(document) if "requestBody" in operation]
    objects: dict[str, Document] = {}
    names = list(references(bodies))
    while names:
        name = names.pop()
        if name not in objects and "enum" not in schemas[name]:
            objects[name] = schemas[name]
            names += references(schemas[name])
    return objects


def bodies() -> Iterator[tuple[str, type[BaseModel]]]:
    for route in ROUTES:
        if route.body_field is not None:
            model = route.body_field.field_info.annotation
            assert isinstance(model, type)
            assert issubclass(model, BaseModel)
            yield name_of(route), model
