"""One command for many orders, and the result for each."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from app.api.schemas.bulk import BulkOutcome, each_once
from app.api.schemas.common import Input, Name
from app.api.schemas.order_fulfilment import (
    DelayOrderRequest,
    ReportReadyToShipRequest,
    SetExpectedArrivalDateRequest,
    SetExpectedShipDateRequest,
)
from app.api.schemas.orders import ConfirmOrderRequest

MOST_ORDERS = 200
"""As for claims."""


class OrderBulkCommand(StrEnum):
    """The commands whose body fits any order. Parcels with their numbers come as a file: see `order-imports`."""

    SET_SHIP_DATE = "set_ship_date"
    SET_ARRIVAL_DATE = "set_arrival_date"
    DELAY = "delay"
    CONFIRM = "confirm"
    READY_TO_SHIP = "ready_to_ship"


BODIES: Mapping[OrderBulkCommand, type[Input]] = {
    OrderBulkCommand.SET_SHIP_DATE: SetExpectedShipDateRequest,
    OrderBulkCommand.SET_ARRIVAL_DATE: SetExpectedArrivalDateRequest,
    OrderBulkCommand.DELAY: DelayOrderRequest,
    OrderBulkCommand.CONFIRM: ConfirmOrderRequest,
    OrderBulkCommand.READY_TO_SHIP: ReportReadyToShipRequest,
}


class UpdateOrdersRequest(Input):
    """One command for several orders."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "command": "set_ship_date",
                    "body": {"expected_ship_on": "2026-06-12"},
                    "order_ids": ["KR-1002", "KR-1003"],
                    "dry_run": True,
                }
            ]
        }
    )

    command: OrderBulkCommand = Field(description="The command.")
    body: dict[str, Any] = Field(default={}, description="The body that the command has for one order.")
    order_ids: Annotated[
        list[Name],
        Field(min_length=1, max_length=MOST_ORDERS, description="The orders, each once."),
        AfterValidator(each_once),
    ]
    dry_run: StrictBool = Field(
        default=False, description="`true`: say what the command would do with each order, and change nothing."
    )


class OrderBulkResultBody(BaseModel):
    """The result for one order. The dates are null if the command was not accepted."""

    order_id: str = Field(description="The order.")
    outcome: BulkOutcome = Field(description="Whether the order took the command, or would take the command.")
    confirmed_at: datetime | None = Field(description="When you have confirmed the order.")
    ready_to_ship_at: datetime | None = Field(description="When the parcel was ready.")
    expected_ship_on: date | None = Field(description="The local day on which you expect to ship.")
    expected_arrival_on: date | None = Field(description="The local day on which you expect the goods to arrive.")
    cancelling: int | None = Field(
        description="Units that an open cancellation asks for. Do not send these units. Null if the command was not"
        " accepted."
    )
    code: str | None = Field(description="Why not, for programs.")
    detail: str | None = Field(description="Why not, in a sentence for people.")


class OrderBulkResultsBody(BaseModel):
    """The results in the order of the request."""

    dry_run: bool = Field(description="Whether nothing was changed.")
    accepted: int = Field(description="How many orders took the command.")
    refused: int = Field(description="How many orders refused the command.")
    not_found: int = Field(description="How many ids have no order.")
    results: list[OrderBulkResultBody] = Field(description="One for each order, in the order of the request.")
