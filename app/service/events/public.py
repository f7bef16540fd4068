"""The data of an event as consumers get it, made from the data as it was stored.

The stored data is the engine's own and is hashed, so it never changes. The public data holds the same resources as
the answers of the API; a claim has no `actions`.
"""

from dataclasses import replace
from typing import Any

from app import json_text
from app.records.event import UnpublishedEvent
from app.service.resources.claim import claim_body
from app.store import documents

_STANDING = ("assessment", "amounts")


def public_data(event: UnpublishedEvent, data: dict[str, Any]) -> dict[str, Any]:
    """The stored data with its resources in their public shape."""
    metadata = json_text.load(event.metadata or "{}")
    for name in ("order", "refund"):
        if name in data:
            data = {**data, name: {**data[name], "metadata": metadata}}
    if event.claim_id is None:
        return data
    if "contact" in data:
        data = {**data, "contact": _contact(event, data)}
    return _with_public_claim(event, data) if "claim" in data else data


def _with_public_claim(event: UnpublishedEvent, data: dict[str, Any]) -> dict[str, Any]:
    """An event stored by an older release may lack the standing of its claim: `truncated` names what is missing."""
    body = _claim(event, data)
    missing = [name for name in _STANDING if body[name] is None]
    public = {name: value for name, value in data.items() if name not in _STANDING}
    public["claim"] = {name: value for name, value in body.items() if name not in missing}
    return public | ({"truncated": [f"claim.{name}" for name in missing]} if missing else {})


def _claim(event: UnpublishedEvent, data: dict[str, Any]) -> dict[str, Any]:
    """The standing was stored beside the claim, and is read with it, so that both are brought up to today's shape."""
    projected = {name: data[name] for name in _STANDING if name in data}
    whole = documents.claim_of_event({**data["claim"], **projected})
    return claim_body(
        replace(whole, amounts=None) if "amounts" in projected else whole,
        assessment=whole.assessment,
        amounts=whole.amounts,
        metadata=json_text.load(event.metadata or "{}"),
        created_at=event.claim_created_at or event.at,
        updated_at=event.at,
    )


def _contact(event: UnpublishedEvent, data: dict[str, Any]) -> dict[str, Any]:
    by = data["by"]
    where = {"claim_id": event.claim_id, "created_at": event.at}
    return {**data["contact"], **where, "role": by["role"], "author": by["name"]}
