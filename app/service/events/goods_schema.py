"""The `data` of the events of goods that come back: of a parcel, and of what becomes of its units."""

from pydantic import Field

from app.service.events.schemas import HistoryEventData
from app.service.resources.claim_parts import ActorBody
from app.service.resources.disposition import DispositionUnitsBody
from app.service.resources.return_parcel import ReturnParcelFacts


class ParcelEventData(HistoryEventData):
    """A parcel with goods on their way back, in the claim's history. The claim does not change."""

    by: ActorBody = Field(description="Who announced the parcel, or reported where it is.")
    parcel: ReturnParcelFacts = Field(description="The parcel after the event.")


class DispositionEventData(HistoryEventData):
    """What becomes of the units that the shop keeps, in the claim's history. The claim does not change."""

    by: ActorBody = Field(description="Who changed it.")
    line_id: str = Field(description="The line of the claim.")
    units: list[DispositionUnitsBody] = Field(description="All kept units of the line after the change.")
