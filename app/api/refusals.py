"""Refusals in the API: the engine's code and parameters, and the sentence in the caller's language."""

from functools import cache, lru_cache
from typing import Any

import orjson

from app.api.language import language
from app.engine import Action
from app.engine.model.refusals import Refusal
from app.json_text import dump
from app.messages.sentences import paragraph, sentence


def refusal_body(refusal: Refusal) -> orjson.Fragment:
    params = refusal.params
    return _body(refusal.code, tuple(params), tuple(params.values()), refusal.citation, refusal.field, language.get())


@lru_cache(maxsize=4096)
def _body(
    code: str, names: tuple[str, ...], contents: tuple[Any, ...], citation: str | None, field: str | None, language: str
) -> orjson.Fragment:
    """A cache: the actions of most claims have the same refusals."""
    values = dict(zip(names, contents, strict=True))
    detail = sentence("refusals", code, values, language)
    body = {"code": code, "detail": detail, "params": values, "citation": citation, "field": field}
    return orjson.Fragment(dump(body))


def refusals_detail(refusals: tuple[Refusal, ...]) -> str:
    """The sentences of all refusals, one after the other."""
    written_in = language.get()
    return paragraph([sentence("refusals", each.code, each.params, written_in) for each in refusals], written_in)


def action_body(action: Action) -> dict[str, Any] | orjson.Fragment:
    if action.allowed and not action.needs and not action.grounds:
        return _allowed(action.command)
    return {
        "command": action.command,
        "allowed": action.allowed,
        "refusals": [refusal_body(refusal) for refusal in action.refusals],
        "needs": action.needs,
        "grounds": action.grounds,
    }


@cache
def _allowed(command: str) -> orjson.Fragment:
    body = {"command": command, "allowed": True, "refusals": (), "needs": (), "grounds": ()}
    return orjson.Fragment(dump(body))
