"""The parameters and the answers of the board of orders."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.option_changes import OptionChangeBody
from app.api.schemas.order_fulfilment import AddressChangeBody
from app.api.schemas.search import Search
from app.api.schemas.seller_queue import ShippingBody
from app.engine.model.vocabulary import DelayReason
from app.records.order_board import BoardTab


class BoardListing(BaseModel):
    """The filters of the board."""

    model_config = ConfigDict(extra="forbid")

    tab: Annotated[BoardTab, Field(description="Why the orders need you.")] = BoardTab.NO_SHIP_DATE
    q: Search | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25
    cursor: str | None = None


class BoardOrderBody(BaseModel):
    """An order on the board, in short. `GET /v1/orders/{order_id}` has the whole order."""

    order_id: str = Field(description="The order.")
    title: str | None = Field(description="The title of the first line, or its SKU.")
    more_lines: int = Field(description="How many other lines the order has.")
    buyer_name: str | None = Field(description="The buyer's name.")
    paid_at: datetime | None = Field(description="When the order was paid.")
    confirmed_at: datetime | None = Field(description="When you have confirmed the order.")
    ready_to_ship_at: datetime | None = Field(description="When the parcel was ready.")
    expected_ship_on: date | None = Field(description="The local day on which you expect to ship.")
    expected_arrival_on: date | None = Field(description="The local day on which you expect the goods to arrive.")
    delay_reason: DelayReason | None = Field(description="Why the order ships later than first expected.")
    wanted_on: date | None = Field(description="The first local day by which the buyer wants goods of the order.")
    gift: bool = Field(description="Whether the order is a gift.")
    shipping: ShippingBody = Field(description="Where the goods are.")
    to_ship: int = Field(description="Units that were neither shipped nor cancelled.")
    cancelling: int = Field(description="Units that an open cancellation asks for. Do not send these units.")
    since_at: datetime = Field(
        description="Since when the order is in the tab: the silence of the carrier or the request. Of the tabs of ship"
        " dates and wanted days: when the order came."
    )
    address_change: AddressChangeBody | None = Field(description="The change of address that waits for your answer.")
    option_changes: list[OptionChangeBody] = Field(description="The open changes of option, the oldest first.")


class BoardPage(BaseModel):
    """A page of a tab of the board."""

    data: list[BoardOrderBody] = Field(description="The nearest day first, then the oldest. Each order once.")
    next_cursor: str | None = Field(description="Null on the last page.")


class BoardCountsBody(BaseModel):
    """How many orders each tab has. Each count stops at 1,000."""

    counted_on: date = Field(
        description="The local day of the time zone of your default policy. The tabs go by this day."
    )
    no_ship_date: int = Field(description="Paid orders with goods to ship and without a ship date.")
    ship_soon: int = Field(description="Orders to ship today or tomorrow.")
    ship_late: int = Field(description="Orders whose ship date has passed, with goods to ship.")
    silent_in_transit: int = Field(description="Orders with a parcel of which the carrier has said nothing.")
    wanted: int = Field(description="Orders to ship that the buyer wants by a day.")
    open_change: int = Field(description="Orders with a change of address or of option that waits for your answer.")
    open_cancellation: int = Field(description="Orders with an open cancellation of goods that were not shipped.")
