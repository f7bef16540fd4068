"""The body of a webhook: `{"type", "timestamp", "data"}` as compact JSON in UTF-8, always below MOST_BYTES.

What is too large loses parts in the order of `_PARTS`, no more of them than it must, and `data.truncated` names
what is gone. The ids and the version in KEPT are never lost: with them a consumer drops stale news, and reads
the rest from the API.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

MOST_BYTES = 20_000
KEPT = ("claim_id", "order_id", "version", "seq")

_PARTS = (
    "effects",
    "order.lines",
    "messages.text",
    "command",
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
"""A field outside of the list above goes when its JSON has more bytes than this."""

EVERYTHING = "*"
"""The one name in `truncated` when nothing but KEPT is left."""


def body(*, type: str, at: datetime, data: Mapping[str, Any]) -> bytes:  # noqa: A002 # the name on the wire
    """The bytes to sign and send. `at` is when it happened, in any time zone; it is written in UTC, RFC 3339.

    `data` holds what orjson can write. Raises ValueError for an instant without a time zone, and when the type and
    the ids alone are too long.
    """
    if at.tzinfo is None:
        raise ValueError("the instant of an event has a time zone")
    head = {"type": type, "timestamp": at.astimezone(UTC)}
    for slimmer in _ever_slimmer(dict(data)):
        text = orjson.dumps({**head, "data": slimmer}, option=orjson.OPT_UTC_Z)
        if len(text) < MOST_BYTES:
            return text
    raise ValueError("the type and the ids of an event do not fit into a webhook")


def _ever_slimmer(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The data as it is, then with one part less after the other; the last one has nothing but KEPT."""
    yield data
    gone: list[str] = [*data.get("truncated", ())]
    for part in (*_PARTS, *_large_fields(data)):
        slimmer = _without(data, part.split("."))
        if slimmer is not data:
            data = slimmer
            gone.append(part)
            yield {**data, "truncated": gone}
    yield {**{name: data[name] for name in KEPT if name in data}, "truncated": [EVERYTHING]}


def _large_fields(data: Mapping[str, Any]) -> list[str]:
    sizes = {name: len(orjson.dumps(value)) for name, value in data.items() if name not in KEPT}
    large = (name for name, size in sizes.items() if size > _LARGE and name not in _PARTS and "." not in name)
    return sorted(large, key=lambda name: -sizes[name])


def _without(held: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """A copy that lacks one part; the same object when it has no such part. In a list, each item lacks it."""
    name, *inner = path
    if not held.get(name):
        return held
    if not inner:
        return {key: value for key, value in held.items() if key != name}
    slimmer = _within(held[name], inner)
    return held if slimmer is held[name] else {**held, name: slimmer}


def _within(value: Any, path: Sequence[str]) -> Any:
    if isinstance(value, dict):
        return _without(value, path)
    if isinstance(value, list):
        items = [_within(item, path) for item in value]
        return value if all(ours is theirs for ours, theirs in zip(items, value, strict=True)) else items
    return value
