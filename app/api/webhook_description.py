"""The `webhooks` section of the OpenAPI description: each event of the catalogue as the request that we send.

FastAPI would describe these bodies as what we take; their schemas are of what we write.
"""

from typing import Any

from pydantic.json_schema import models_json_schema

from app.service.events.types import CATALOGUE, EventType, example_body

_REFERENCE = "#/components/schemas/{model}"
_HEADERS = {
    "webhook-id": "The event's id, the same on every try: what has been seen under it can be dropped.",
    "webhook-timestamp": "Seconds since 1970 of this try.",
    "webhook-signature": "One signature or more, by Standard Webhooks 1.0.",
}
_ANSWERS = {
    "2XX": {"description": "Taken."},
    "410": {"description": "Nothing more is sent to this endpoint."},
    "default": {"description": "Not taken: sent again later."},
}


def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """The section, and the schemas that it refers to."""
    kinds = list(dict.fromkeys(row.data for row in CATALOGUE))
    found, components = models_json_schema([(kind, "serialization") for kind in kinds], ref_template=_REFERENCE)
    references = {kind: found[kind, "serialization"] for kind in kinds}
    return {row.name: {"post": _operation(row, references[row.data])} for row in CATALOGUE}, components["$defs"]


def _operation(row: EventType, data: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": row.name},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": data,
        },
    }
    return {
        "tags": ["webhooks"],
        "summary": row.name,
        "description": row.description,
        "operationId": "receive_" + row.name.replace(".", "_"),
        "parameters": [
            {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}
            for name, words in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": example_body(row)}},
        },
        "responses": _ANSWERS,
    }
