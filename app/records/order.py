"""An order, with when it was stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.engine.model.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """`version` counts the published events of the order."""

    order: Order
    created_at: datetime
    updated_at: datetime
    version: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)
