"""One small function for each version of a stored document: it returns the document in the shape of the next version.

A function leaves a document of a later version as it is. Events hold claims without a version, and so all functions
run on them.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

Document = dict[str, Any]
Upcast = Callable[[Document], Document]


def claim_v1_to_v2(claim: Document) -> Document:
    """`withdrawn` became `retracted`, and fields that hold a time say which kind of time."""
    _rename(claim.get("submission"), requested_by="requester")
    for offer in claim.get("offers", ()):
        _rename(offer, until="expires_at")
    for reclassification in claim.get("reclassifications", ()):
        _rename(reclassification, at="reclassified_at")
    _rename(claim.get("hold"), since="held_at", until="ends_at")
    _rename(claim.get("override"), at="overridden_at")
    _rename(claim.get("buyer_payment"), at="paid_at")
    if assessment := claim.get("assessment"):
        _rename(assessment, return_shipping_paid_by="return_shipping_payer")
        _rename(assessment["window"], opens="opens_at", closes="closes_at", last_day="ends_on")
    return _in_words_of_v2(claim, "state")


def policy_v1_to_v2(policy: Document) -> Document:
    """The payer and the fee of return shipping have new names. A policy that names no currency has its country's."""
    _rename(policy["shipping"], return_paid_by="return_shipping_payer")
    _rename(policy["fees"], return_="return_shipping")
    policy.setdefault("currency", _CURRENCIES.get(policy["country"], "EUR"))
    return policy


_CURRENCIES = {"KR": "KRW", "JP": "JPY", "GB": "GBP", "US": "USD"}


def terms_v1_to_v2(terms: Document) -> Document:
    _rename(terms, return_paid_by="return_shipping_payer")
    _rename(terms.get("fees"), return_="return_shipping")
    return terms


def event_type_v1_to_v2(event_type: str) -> str:
    return _WORDS_OF_V2.get(event_type, event_type)


def with_older_event_types(event_types: Iterable[str]) -> set[str]:
    """The types and their earlier names. The feed stores earlier events with the earlier names."""
    types = set(event_types)
    return types | {old for old, new in _WORDS_OF_V2.items() if new in types}


def event_data_v1_to_v2(event_type: str, data: Document) -> Document:
    """The data of an event that 0.1.0 recorded and did not publish, in the shape that the same event has today."""
    if "claim" in data:
        claim_v1_to_v2(data["claim"])
    for name in ("from", "to"):
        _in_words_of_v2(data, name)
    if command := data.get("command"):
        _in_words_of_v2(command, "command")
        _rename(command, until="expires_at" if command["command"] == "make_offer" else "ends_at")
    if event_type.startswith("order."):
        for part in _dated_parts(data):
            _rename(part, before="previous_on")
        if "lines_left_out" in data.get("order", ()):  # the order in short, which is no shape of today
            del data["order"]
            data["truncated"] = ["order"]
    _rename(data, failing_since="failing_started_at")
    return data


def _dated_parts(data: Document) -> Iterator[Document]:
    yield data
    yield from data.get("lines", ())


_WORDS_OF_V2 = {"withdrawn": "retracted", "withdraw": "retract", "claim.withdrawn": "claim.retracted"}


def _in_words_of_v2(document: Document, name: str) -> Document:
    if name in document:
        document[name] = _WORDS_OF_V2.get(document[name], document[name])
    return document


def _rename(document: Document | None, **names: str) -> None:
    """Rename the fields that a document has. None is no document."""
    for old, new in names.items():
        if document and old in document:
            document[new] = document.pop(old)


CLAIM: tuple[Upcast, ...] = (claim_v1_to_v2,)
POLICY: tuple[Upcast, ...] = (policy_v1_to_v2,)
TERMS: tuple[Upcast, ...] = (terms_v1_to_v2,)
