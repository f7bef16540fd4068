"""A refund, with the metadata that the merchant keeps with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine.model.refund import Refund


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRefund:
    refund: Refund
    metadata: Mapping[str, str] = field(default_factory=dict)
