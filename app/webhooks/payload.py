"""The body of a webhook: `{"type", "timestamp", "mode", "data"}` as compact JSON in UTF-8, always below BODY_SIZE_MAX.

A body that is too large has parts emptied in the order of `_PARTS`, no more than needed: every field of its schema
stays, with its type. `data.truncated` names the parts that were emptied, and `data.links` has the paths of the API
that answer with them. The ids and the version in KEPT always stay: with them a consumer drops an old event.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import orjson

BODY_SIZE_MAX = 20_000
KEPT = ("claim_id", "order_id", "version", "seq")

_PARTS: Mapping[str, Any] = {
    "effects": [],
    "order.lines": [],
    "messages.text": "",
    "command": {},
    "before.note": None,
    "before.lines": [],
    "claim.asked": [],
    "claim.metadata": {},
    "refund.metadata": {},
    "order.metadata": {},
    "claim.assessment.lines": [],
    "claim.assessment.findings": [],
    "claim.assessment.doubts": [],
    "claim.offers": [],
    "claim.note": None,
    "claim.rejection": None,
    "claim.rejected_lines": [],
    "claim.override": None,
    "claim.reclassifications": [],
    "claim.amounts.steps": [],
    "claim.lines": [],
    "claim.hold.note": None,
    "claim.amounts.shares": [],
    "refund.parts": [],
    "refund.failure": None,
    "order.payments": [],
    "messages": [],
    "contact.text": "",
    "rule.because": [],
    "parcel.lines": [],
}
"""What a part has when it is emptied."""
_LARGE = 1_000
"""A text or a list outside of the table above is emptied when its JSON has more bytes than this."""

EVERYTHING = "*"
"""The only name in `truncated` if only the KEPT fields remain."""


def body(*, type: str, at: datetime, mode: str, data: Mapping[str, Any]) -> bytes:  # noqa: A002 # the name on the wire
    """The bytes to sign and send. `at` is when the event happened, in any time zone. The body has UTC, RFC 3339.

    `data` has values that orjson can write. Raises ValueError for an instant without a time zone, and when the type
    and the ids alone are too long.
    """
    if at.tzinfo is None:
        raise ValueError("the instant of an event has a time zone")
    head = {"type": type, "timestamp": at.astimezone(UTC), "mode": mode}
    for reduced in _reduced_versions(dict(data)):
        text = _written({**head, "data": reduced})
        if len(text) < BODY_SIZE_MAX:
            return text
    raise ValueError("the type and the ids of an event do not fit into a webhook")


def _written(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def _reduced_versions(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The data, then the data with one more part emptied at a time. The last version has only KEPT and the links."""
    truncated: list[str] = [*data.get("truncated", ())]
    links = _links(data)
    if truncated:
        data = {**data, "links": links}
    yield data
    data = orjson.loads(_written(data))  # parts of objects are emptied too
    for part, blank in {**_PARTS, **_large_fields(data)}.items():
        reduced = _emptied(data, part.split("."), blank)
        if reduced is not data:
            data = reduced
            truncated.append(part)
            yield {**data, "truncated": truncated, "links": links}
    yield only_ids(data)


def only_ids(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is left of an event of which nothing else can be told. This alone does not have the fields of the schema."""
    return {**{name: data[name] for name in KEPT if name in data}, "truncated": [EVERYTHING], "links": _links(data)}


def _links(data: Mapping[str, Any]) -> dict[str, str]:
    """The paths of what the event is about, by name."""
    claim, order, refund = data.get("claim_id"), data.get("order_id"), data.get("refund")
    links: dict[str, str] = {}
    if order is not None:
        links |= {"order": f"/v1/orders/{quote(str(order), safe='')}"}
    if claim is not None:
        path = f"/v1/claims/{quote(str(claim), safe='')}"
        links |= {"claim": path, "history": f"{path}/events"}
    if links:
        links |= {"messages": f"{links.get('claim') or links['order']}/messages"}
    if isinstance(refund, Mapping) and "refund_id" in refund:
        links |= {"refund": f"/v1/refunds/{quote(str(refund['refund_id']), safe='')}"}
    return links


def _large_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """The largest first."""
    fields = {name: value for name, value in data.items() if isinstance(value, str | list) and name not in KEPT}
    sizes = {name: len(orjson.dumps(value)) for name, value in fields.items() if name not in _PARTS and "." not in name}
    large = (name for name, size in sizes.items() if size > _LARGE)
    return {name: type(fields[name])() for name in sorted(large, key=lambda name: -sizes[name])}


def _emptied(document: dict[str, Any], path: Sequence[str], blank: Any) -> dict[str, Any]:
    """A copy with one part emptied, or the same object when there is no such part. In a list each item is emptied."""
    name, *inner = path
    if not document.get(name):
        return document
    value = _within(document[name], inner, blank) if inner else blank
    return document if value is document[name] else {**document, name: value}


def _within(value: Any, path: Sequence[str], blank: Any) -> Any:
    if isinstance(value, dict):
        return _emptied(value, path, blank)
    if isinstance(value, list):
        items = [_within(item, path, blank) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    return value
