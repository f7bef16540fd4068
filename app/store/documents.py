"""Engine values as stored JSON text. Each document has its version, and no unknown key is ignored.

A document is text and not the database's own JSON, so that the bytes that were hashed are the bytes that are read
again. A document without a version is of version 1. An older document is brought up to today's shape when it is read,
and is written in today's shape when its claim changes.
"""

from typing import Any

from pydantic import TypeAdapter

from app import json_text
from app.engine.model.claim import Claim
from app.engine.model.late_interest import LateInterest
from app.engine.model.order import Order
from app.engine.model.refund import Refund, RefundPart
from app.engine.policy.policy import Policy
from app.engine.policy.terms import Terms
from app.store import upcasts
from app.store.upcasts import Document, Upcast

_CLAIM = TypeAdapter(Claim)
_LATE_INTEREST = TypeAdapter(LateInterest)
_ORDER = TypeAdapter(Order)
_REFUND = TypeAdapter(Refund)
_REFUND_PARTS = TypeAdapter(tuple[RefundPart, ...])
_POLICY = TypeAdapter(Policy)
_TERMS = TypeAdapter(Terms)


class Versions:
    """The versions of one kind of document. The beginning of the text identifies documents of today's version, because
    this check is fast and every request needs it."""

    def __init__(self, functions: tuple[Upcast, ...]) -> None:
        self.newest = len(functions) + 1
        self._functions = functions
        self._beginning = f'{{"v":{self.newest},'

    def marked(self, text: str) -> str:
        """The text of a JSON object with today's version as its first key."""
        return self._beginning + text[1:]

    def unmarked(self, document: str) -> str:
        """The document in today's shape, without its version. Raises ValueError for a version that is unknown."""
        if document.startswith(self._beginning):
            return "{" + document[len(self._beginning) :]
        stored: Document = json_text.load(document)
        version = stored.pop("v", 1)
        if version not in range(1, self.newest + 1):
            raise ValueError(f"a document has version {version}, and this code knows 1 to {self.newest}")
        return json_text.dump(self.brought_up(stored, version))

    def brought_up(self, stored: Document, version: int = 1) -> Document:
        for function in self._functions[version - 1 :]:
            stored = function(stored)
        return stored


CLAIMS = Versions(upcasts.CLAIM)
POLICIES = Versions(upcasts.POLICY)
TERMS = Versions(upcasts.TERMS)


def of_claim(claim: Claim) -> str:
    return CLAIMS.marked(json_text.dump(claim))


def claim(document: str) -> Claim:
    return _CLAIM.validate_json(CLAIMS.unmarked(document), extra="forbid")


def claim_of_event(snapshot: dict[str, Any]) -> Claim:
    """The claim that an event of any version holds."""
    return _CLAIM.validate_json(json_text.dump(CLAIMS.brought_up(snapshot)), extra="forbid")


def refund_of_event(values: dict[str, Any], refund: Refund) -> Refund:
    """The refund that an event holds. Fields that the event does not have are those of `refund`."""
    stored = {name: getattr(refund, name) for name in Refund.__slots__}
    known = {name: value for name, value in values.items() if name in stored}
    return _REFUND.validate_json(json_text.dump({**stored, **known}))


def policy(text: str) -> Policy:
    """A policy in today's shape, without its version, as `StoredPolicy` holds it."""
    return _POLICY.validate_json(text, extra="forbid")


def refund_parts(text: str) -> tuple[RefundPart, ...]:
    """The parts of a refund that the database has put together."""
    return _REFUND_PARTS.validate_json(text) if text != "[]" else ()


def of_late_interest(rule: LateInterest | None) -> str | None:
    """The rule that a refund keeps, without a version: a migration changes its rows if the shape changes."""
    return None if rule is None else json_text.dump(rule)


def late_interest(document: str | None) -> LateInterest | None:
    return None if document is None else _LATE_INTEREST.validate_json(document, extra="forbid")


def terms(text: str) -> Terms:
    """A seller's terms in today's shape, without their version, as `StoredPolicy` holds them."""
    return _TERMS.validate_json(text, extra="forbid")


def order(document: str) -> Order:
    """An order as its statement builds it from rows. It is not stored, and has no version."""
    return _ORDER.validate_json(document, extra="forbid")
