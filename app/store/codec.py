"""Engine values as JSON text, and back.

Documents are text and not the database's own JSON, so that the bytes that were hashed are the bytes that are
read again.
"""

from typing import Any

import orjson
from pydantic import TypeAdapter

from app.engine.claim import Claim
from app.engine.effects import Effect
from app.engine.order import OrderLine, Payment
from app.engine.vocabulary import Record

_CLAIM = TypeAdapter(Claim)
_LINES = TypeAdapter(tuple[OrderLine, ...])
_PAYMENTS = TypeAdapter(tuple[Payment, ...])
_RECORDS = TypeAdapter(frozenset[Record])


def dump(value: Any) -> str:
    """Any engine value as JSON; sets become sorted lists, instants RFC 3339 in UTC."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z).decode()


def load(text: str) -> Any:
    return orjson.loads(text)


def claim(document: str) -> Claim:
    return _CLAIM.validate_json(document)


def lines(rows: str) -> tuple[OrderLine, ...]:
    return _LINES.validate_json(rows)


def payments(rows: str) -> tuple[Payment, ...]:
    return _PAYMENTS.validate_json(rows)


def records(text: str) -> frozenset[Record]:
    return _RECORDS.validate_json(text) if text != "[]" else frozenset()


def tagged(key: str, value: Any) -> dict[str, Any]:
    """A dataclass as an object that also tells its type: `{"effect": "move_units", ...}`."""
    return {key: _snake(type(value).__name__), **{slot: getattr(value, slot) for slot in _slots(type(value))}}


def effects(values: tuple[Effect, ...]) -> list[dict[str, Any]]:
    return [tagged("effect", effect) for effect in values]


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _slots(kind: type) -> tuple[str, ...]:
    return tuple(slot for base in reversed(kind.__mro__) for slot in getattr(base, "__slots__", ()))


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
