"""The history of a claim as rows of a case file: when, who did what, under which articles, and what the claim was worth
then."""

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from app import json_text
from app.engine.model.vocabulary import Role
from app.messages.days import written_instant_with_zone
from app.messages.dossier_rows import Rows, alone, row
from app.messages.money import money
from app.messages.sentences import names
from app.messages.translations import article, for_readers
from app.records.claim_event import ClaimEvent


def history_rows(
    events: tuple[ClaimEvent, ...], currency: str, zone: ZoneInfo, language: str, texts: Mapping[str, Any]
) -> Rows:
    """`texts` are those of the case file."""
    return [
        row(
            written_instant_with_zone(event.at.astimezone(zone), language),
            "\n".join(_what(event.type, data, currency, language, texts)),
            "\n".join(dict.fromkeys(_basis(citation, language) for citation in _citations(event.type, data))),
        )
        for event, data in ((event, json_text.load(event.data)) for event in events)
    ]


def _what(kind: str, data: Mapping[str, Any], currency: str, language: str, texts: Mapping[str, Any]) -> Iterator[str]:
    by, command = data.get("by") or {}, data.get("command") or {}
    yield f"{_who(by, texts, language)} · {_step(kind, command, language, texts)}"
    if ground := command.get("ground"):
        yield alone(names(language)["ground"][ground])
    if said := command.get("message"):
        yield said
    if kind in _DECIDING and (amounts := data.get("amounts")):
        yield f"{texts['labels']['total']} {money(amounts['total'], currency, language)}"


_DECIDING = (
    "claim.requested",
    "claim.edited",
    "claim.reclassified",
    "claim.approved",
    "claim.rejected",
    "claim.accepted",
)
"""The steps that an assessment decides. Their articles and amounts stand beside them."""


def _citations(kind: str, data: Mapping[str, Any]) -> Iterator[str]:
    judged = data.get("assessment")
    if kind not in _DECIDING or not judged:
        return
    yield from (finding["citation"] for finding in judged["findings"])
    yield from (doubt["citation"] for doubt in judged.get("doubts", ()) if doubt["citation"])
    if window := judged["window"]:
        yield window["citation"]
    if payer := judged.get("return_shipping_citation"):
        yield payer


def _basis(citation: str, language: str) -> str:
    return article(citation, language) or for_readers(citation)


def _who(by: Mapping[str, Any], texts: Mapping[str, Any], language: str) -> str:
    role = str(by.get("role", Role.SYSTEM))
    if role == Role.SYSTEM:
        return str(texts["system"])
    return alone(f"{names(language)['fault'].get(role, role)} ({by['name']})")


def _step(kind: str, command: Mapping[str, Any], language: str, texts: Mapping[str, Any]) -> str:
    """The name of the command that a person gave, or else of the event."""
    name = str(command.get("command"))
    return str(names(language)["command"].get(name) or texts["events"].get(kind.replace(".", "_"), kind))
