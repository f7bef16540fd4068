"""What becomes of the units that a shop keeps after the inspection, and each change of that."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.model.vocabulary import Disposition


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionUnits:
    disposition: Disposition
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionChange:
    """`units` are all kept units of the line after the change."""

    change_id: str
    line_id: str
    units: tuple[DispositionUnits, ...]
    reason: str
    changed_by: str
    changed_at: datetime
