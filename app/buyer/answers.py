"""The answers to a buyer: claims and lists, cut to what a buyer may see."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from fastapi import Response

from app.api.language import language, language_headers
from app.api.serializers import claim_body, claim_headers
from app.buyer.shapes import body_for_buyer
from app.json_text import dump
from app.service.claims import ClaimView
from app.service.idempotency import Answer
from app.service.resources.claim import ClaimBody

COMMANDS = frozenset({"edit", "retract", "dispatch", "accept_offer", "decline_offer"})
"""The commands that a buyer gives. The actions of a claim have no others."""


def claim_for_buyer(view: ClaimView) -> dict[str, Any]:
    own = replace(view, actions=tuple(action for action in view.actions if action.command in COMMANDS))
    body: dict[str, Any] = body_for_buyer(ClaimBody, claim_body(own))
    return body


def claim_answer(view: ClaimView, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status=status, body=dump(claim_for_buyer(view)), headers={**claim_headers(view), **(headers or {})})


def json(body: Any) -> Response:
    return Response(dump(body), headers=language_headers(language.get()), media_type="application/json")


def listed(bodies: Iterable[Any]) -> Response:
    return json({"data": list(bodies)})
