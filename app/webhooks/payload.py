"""The body of a webhook: `{"type", "timestamp", "data"}` as compact JSON in UTF-8, always below BODY_SIZE_MAX.

A body that is too large loses parts in the order of `_PARTS`, no more than needed, and `data.truncated` names the
parts that were removed. The ids and the version in KEPT are never removed: with them a consumer drops an old event and
reads the rest from the API.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

BODY_SIZE_MAX = 20_000
KEPT = ("claim_id", "order_id", "version", "seq")

_PARTS = (
    "effects",
    "order.lines",
    "messages.text",
    "command",
    "claim.metadata",
    "refund.metadata",
    "order.metadata",
    "claim.assessment",
    "claim.offers",
    "claim.note",
    "claim.rejection",
    "claim.override",
    "claim.reclassifications",
    "claim.amounts",
    "claim.lines",
    "messages",
    "refund",
    "order",
    "claim",
)
_LARGE = 1_000
"""A field outside of the list above is removed when its JSON has more bytes than this."""

EVERYTHING = "*"
"""The only name in `truncated` if only the KEPT fields remain."""


def body(*, type: str, at: datetime, data: Mapping[str, Any]) -> bytes:  # noqa: A002 # the name on the wire
    """The bytes to sign and send. `at` is when the event happened, in any time zone. The body has UTC, RFC 3339.

    `data` has values that orjson can write. Raises ValueError for an instant without a time zone, and when the type
    and the ids alone are too long.
    """
    if at.tzinfo is None:
        raise ValueError("the instant of an event has a time zone")
    head = {"type": type, "timestamp": at.astimezone(UTC)}
    for reduced in _reduced_versions(dict(data)):
        text = orjson.dumps({**head, "data": reduced}, option=orjson.OPT_UTC_Z)
        if len(text) < BODY_SIZE_MAX:
            return text
    raise ValueError("the type and the ids of an event do not fit into a webhook")


def _reduced_versions(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The data, then the data with one part less at a time. The last version has only KEPT."""
    yield data
    removed: list[str] = [*data.get("truncated", ())]
    for part in (*_PARTS, *_large_fields(data)):
        reduced = _without(data, part.split("."))
        if reduced is not data:
            data = reduced
            removed.append(part)
            yield {**data, "truncated": removed}
    yield {**{name: data[name] for name in KEPT if name in data}, "truncated": [EVERYTHING]}


def _large_fields(data: Mapping[str, Any]) -> list[str]:
    sizes = {name: len(orjson.dumps(value)) for name, value in data.items() if name not in KEPT}
    large = (name for name, size in sizes.items() if size > _LARGE and name not in _PARTS and "." not in name)
    return sorted(large, key=lambda name: -sizes[name])


def _without(document: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """A copy without one part, or the same object when there is no such part. A list loses the part in each item."""
    name, *inner = path
    if not document.get(name):
        return document
    if not inner:
        return {key: value for key, value in document.items() if key != name}
    reduced = _within(document[name], inner)
    return document if reduced is document[name] else {**document, name: reduced}


def _within(value: Any, path: Sequence[str]) -> Any:
    if isinstance(value, dict):
        return _without(value, path)
    if isinstance(value, list):
        items = [_within(item, path) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value
