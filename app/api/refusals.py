"""Refusals as the API shows them: the engine's code and parameters, and the sentence in the caller's language."""

from functools import lru_cache
from typing import Any

import orjson

from app.api.language import language
from app.engine import Action
from app.engine.model.refusals import Refusal
from app.json_text import dump
from app.messages.sentences import paragraph, sentence


def refusal_body(refusal: Refusal) -> orjson.Fragment:
    return _body(refusal.code, tuple(refusal.params.items()), refusal.citation, refusal.field, language.get())


@lru_cache(maxsize=4096)
def _body(
    code: str, params: tuple[tuple[str, Any], ...], citation: str | None, field: str | None, language: str
) -> orjson.Fragment:
    """Written once: the actions of most claims are refused with the same words."""
    values = dict(params)
    detail = sentence("refusals", code, values, language)
    body = {"code": code, "detail": detail, "params": values, "citation": citation, "field": field}
    return orjson.Fragment(dump(body))


def refusals_detail(refusals: tuple[Refusal, ...]) -> str:
    """The sentences of all of them, one after the other."""
    spoken = language.get()
    return paragraph([sentence("refusals", each.code, each.params, spoken) for each in refusals], spoken)


def action_body(action: Action) -> dict[str, Any]:
    return {
        "command": action.command,
        "allowed": action.allowed,
        "refusals": [refusal_body(refusal) for refusal in action.refusals],
        "needs": action.needs,
        "grounds": action.grounds,
    }
