"""Engine values out of the JSON text that they are stored as.

Documents are text and not the database's own JSON, so that the bytes that were hashed are the bytes that are
read again.
"""

from pydantic import TypeAdapter

from app import json_text
from app.engine.model.claim import Claim
from app.engine.model.order import Order
from app.engine.policy.policy import Policy

_CLAIM = TypeAdapter(Claim)
_ORDER = TypeAdapter(Order)
_POLICY = TypeAdapter(Policy)


def claim(document: str) -> Claim:
    return _CLAIM.validate_json(document)


def order(document: str) -> Order:
    return _ORDER.validate_json(document)


def policy(document: str) -> Policy:
    """A published version. One from before policies said their currency has its country's."""
    stored = json_text.load(document)
    stored.setdefault("currency", _CURRENCIES.get(stored["country"], "EUR"))
    return _POLICY.validate_python(stored)


_CURRENCIES = {"KR": "KRW", "JP": "JPY", "GB": "GBP", "US": "USD"}
