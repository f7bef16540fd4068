"""The public shape of dispositions."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import Disposition
from app.service.dispositions import Dispositions


class DispositionUnitsBody(BaseModel):
    """Units with one disposition."""

    disposition: Disposition = Field(description="What becomes of the units.")
    quantity: int = Field(description="The number of units.")


class LineDispositionBody(BaseModel):
    """The kept units of a line."""

    line_id: str = Field(description="The line of the claim.")
    units: list[DispositionUnitsBody] = Field(description="All units that the shop keeps, by their disposition now.")


class DispositionChangeBody(BaseModel):
    """Who changed what becomes of the units of a line, when and why."""

    change_id: str = Field(description="The service makes the id.")
    line_id: str = Field(description="The line of the claim.")
    units: list[DispositionUnitsBody] = Field(description="All kept units of the line after the change.")
    reason: str = Field(description="Why.")
    changed_by: str = Field(description="Who.")
    changed_at: datetime = Field(description="When.")


class ClaimDispositionsBody(BaseModel):
    """What becomes of the units that the shop keeps, and each change since the inspection."""

    lines: list[LineDispositionBody] = Field(description="The inspected lines.")
    changes: list[DispositionChangeBody] = Field(description="The first change comes first.")


def dispositions_body(dispositions: Dispositions) -> dict[str, Any]:
    return {
        "lines": [{"line_id": line_id, "units": units} for line_id, units in dispositions.lines.items()],
        "changes": dispositions.changes,
    }
