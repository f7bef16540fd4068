"""The `webhooks` section of the OpenAPI description: one request for each event type. The feed has the same bodies.

FastAPI would use the schemas for validation. These are the schemas for serialization: the service sends the bodies.
"""

from typing import Any

from pydantic.json_schema import models_json_schema

from app.records.merchant import Mode
from app.service.events.types import CATALOGUE, EventType, example_body

_REFERENCE = "#/components/schemas/{model}"
_HEADERS = {
    "webhook-id": "The event's id. It is the same at every attempt. Ignore an id that you have received before.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "One or more signatures, as in Standard Webhooks 1.0.",
}
_ANSWERS = {
    "2XX": {"description": "The endpoint accepted the event."},
    "410": {"description": "The endpoint is gone. It gets no more events."},
    "default": {"description": "The endpoint did not accept the event. The event is sent again later."},
}


def webhooks_and_schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """The section, and the schemas that the section uses: a body for each event type, and the data in the bodies."""
    kinds = list(dict.fromkeys(row.data for row in CATALOGUE))
    schemas, components = models_json_schema([(kind, "serialization") for kind in kinds], ref_template=_REFERENCE)
    references = {kind: schemas[kind, "serialization"] for kind in kinds}
    bodies = {schema_name(row): _body(row, references[row.data]) for row in CATALOGUE}
    return {row.name: {"post": _operation(row)} for row in CATALOGUE}, components["$defs"] | bodies


def any_body() -> dict[str, Any]:
    """The schema of a body of any type, which `type` tells apart."""
    mapping = {row.name: _REFERENCE.format(model=schema_name(row)) for row in CATALOGUE}
    return {
        "description": "The body of the webhook.",
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }


def schema_name(row: EventType) -> str:
    """`claim.partly_received` has the schema `ClaimPartlyReceivedEvent`."""
    return "".join(word.capitalize() for word in row.name.replace(".", "_").split("_")) + "Event"


def _body(row: EventType, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": row.description,
        "required": ["type", "timestamp", "mode", "data"],
        "properties": {
            "type": {"type": "string", "const": row.name, "description": "The event type."},
            "timestamp": {"type": "string", "format": "date-time", "description": "When the event happened."},
            "mode": {"type": "string", "enum": list(Mode), "description": "Whether the event is of your test mode."},
            "data": {**data, "description": "What happened, and the resource after it."},
        },
    }


def _operation(row: EventType) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=schema_name(row))}
    return {
        "tags": ["webhooks"],
        "summary": row.name,
        "description": row.description,
        "security": [],
        "operationId": "receive_" + row.name.replace(".", "_"),
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for name, text in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example_body(row)}},
        },
        "responses": _ANSWERS,
    }
