"""The OpenAPI document of the service, and the document as generators read it."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.main import create_app
from app.settings import Settings

Document = dict[str, Any]

METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the document."""

    method: str
    path: str
    description: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.description["operationId"])

    @property
    def tag(self) -> str:
        return str(self.description["tags"][0])

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return list(self.description.get("parameters", []))

    @property
    def is_keyed(self) -> bool:
        """Whether the operation takes an `Idempotency-Key`."""
        return any(parameter["name"] == "Idempotency-Key" for parameter in self.parameters)

    @property
    def has_required_input(self) -> bool:
        body = self.description.get("requestBody", {})
        return body.get("required", False) or any(parameter.get("required") for parameter in self.parameters)

    @property
    def media_types(self) -> list[str]:
        """The types of the content of successful answers."""
        return [kind for response in self.description["responses"].values() for kind in response.get("content", ())]


@cache
def read() -> Document:
    """The document of this version of the service. Nobody changes it."""
    document: Document = create_app(Settings(database_url="sqlite:///unused.db", log_level="error")).openapi()
    return document


def operations(document: Document) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(method=method, path=path, description=item[method])


def prepared(document: Document) -> Document:
    """The document as a client sees it: the client makes the keys, and throws what is no success. Examples, and the
    schemas of errors, only take room."""
    changed: Document = _without_examples(deepcopy(document))
    for operation in operations(changed):
        responses = operation.description["responses"]
        operation.description["responses"] = {status: responses[status] for status in responses if status < "400"}
        for parameter in operation.parameters:
            if parameter["name"] == "Idempotency-Key":
                parameter["required"] = False
                parameter["description"] = "One key for one action. The client makes one if you give none."
    _drop_unused(changed)
    return changed


def _drop_unused(document: Document) -> None:
    """Drop the schemas that no other part of the document leads to."""
    schemas = document["components"]["schemas"]
    used: set[str] = set()
    waiting = list(_references([document["paths"], document.get("webhooks", {})]))
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += _references(schemas[name])
    document["components"]["schemas"] = {name: schemas[name] for name in schemas if name in used}


def _references(value: Any) -> Iterator[str]:
    match value:
        case {"$ref": str(path)} if path.startswith("#/components/schemas/"):
            yield path.rpartition("/")[2]
        case dict():
            for inner in value.values():
                yield from _references(inner)
        case list():
            for inner in value:
                yield from _references(inner)
        case _:
            pass


def _without_examples(value: Any, inside: str = "") -> Any:
    match value:
        case dict():
            is_map = inside in {"properties", "schemas", "paths", "webhooks", "mapping"}
            kept = (name for name in value if is_map or name not in {"example", "examples"})
            return {name: _without_examples(value[name], "" if is_map else name) for name in kept}
        case list():
            return [_without_examples(item) for item in value]
        case _:
            return value


def event_schemas(document: Document) -> dict[str, str]:
    """The name of the schema of each event type."""
    bodies = {name: item["post"]["requestBody"] for name, item in document["webhooks"].items()}
    references = {name: body["content"]["application/json"]["schema"]["$ref"] for name, body in bodies.items()}
    return {name: reference.rpartition("/")[2] for name, reference in references.items()}
