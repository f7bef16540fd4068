"""The bodies that report the parcels of an order."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.api.schemas.common import MOST_LINES, Day, Input, Instant, Name, Quantity, Word, named_once
from app.records.shipment import Shipment


class ParcelLineInput(Input):
    """Units of an order line in a parcel."""

    line_id: Name = Field(description="A line of the order.")
    quantity: Quantity = Field(description="Units in the parcel.")


class ReportShipmentRequest(Input):
    """A parcel that was shipped."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "carrier": "cj",
                    "tracking_number": "651234567890",
                    "shipped_at": "2026-06-06T09:00:00+09:00",
                    "expected_arrival_on": "2026-06-08",
                    "lines": [{"line_id": "1", "quantity": 2}],
                }
            ]
        }
    )

    carrier: Word = Field(description="The carrier.")
    tracking_number: Name = Field(description="The tracking number.")
    shipped_at: Instant = Field(description="When the parcel was shipped.")
    expected_arrival_on: Day | None = Field(
        default=None, description="The local day on which you expect the whole order to be with the buyer."
    )
    lines: Annotated[list[ParcelLineInput], Field(max_length=MOST_LINES), named_once("line_id")] = Field(
        default=[],
        description="The content of the parcel. The default is all units that are not shipped and not cancelled.",
    )

    def shipment(self) -> Shipment:
        return Shipment(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            lines=tuple((line.line_id, line.quantity) for line in self.lines),
            shipped_at=self.shipped_at,
            delivered_at=None,
        )


class ReportDeliveryRequest(Input):
    """A parcel that was delivered. You may report the delivery before the shipment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"carrier": "cj", "tracking_number": "651234567890", "delivered_at": "2026-06-08T15:00:00+09:00"}
            ]
        }
    )

    carrier: Word = Field(description="The carrier.")
    tracking_number: Name = Field(description="The tracking number.")
    delivered_at: Instant = Field(description="When the parcel was delivered.")

    def shipment(self) -> Shipment:
        return Shipment(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            lines=(),
            shipped_at=None,
            delivered_at=self.delivered_at,
        )
