"""The bodies of parcels with goods on their way back."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, model_validator

from app.api.schemas.commands import CommandRequest, example
from app.api.schemas.common import MOST_LINES, Input, Instant, Message, Name, Quantity, Word, named_once, with_words
from app.api.schemas.goods import ReceivedLine
from app.engine.model import commands
from app.engine.model.claim import Actor
from app.engine.model.vocabulary import Kind, State
from app.records.return_parcel import ParcelState, ParcelUnits, Way
from app.service.resources.return_parcel import ReturnParcelBody
from app.service.return_parcels import NewParcel, ParcelChange
from app.service.return_search import CodeKind
from app.service.unannounced_parcels import CameUnannounced

TrackingNumber = Annotated[Name, AfterValidator(with_words)]
Counted = Annotated[list[ReceivedLine], Field(max_length=MOST_LINES)]
Reported = Literal[
    ParcelState.BOOKED,
    ParcelState.SCHEDULED,
    ParcelState.ON_THE_WAY,
    ParcelState.ARRIVED,
    ParcelState.NOT_COLLECTED,
    ParcelState.NOT_DELIVERED,
    ParcelState.WRONG_NUMBER,
    ParcelState.LOST,
    ParcelState.CANCELLED,
]
"""The states that somebody may report. A parcel is received by a receipt."""


class ParcelUnitsInput(Input):
    """Units of a line of the claim."""

    line_id: Name = Field(description="A line of the claim.")
    quantity: Quantity = Field(description="Units in the parcel.")


class _OfCarrier(CommandRequest):
    carrier: Word | None = Field(default=None, description="The carrier.")
    tracking_number: TrackingNumber | None = Field(
        default=None, description="The carrier's number. Spaces and hyphens are left out. It needs `carrier`."
    )


class _WithItsCarrier(_OfCarrier):
    @model_validator(mode="after")
    def _has_a_carrier(self) -> Self:
        if self.tracking_number and not self.carrier:
            raise ValueError("tracking_number needs a carrier")
        return self


class AddReturnParcelRequest(_WithItsCarrier):
    """A parcel that will come back."""

    model_config = example(way="own_post", carrier="cj", tracking_number="6598-7654-3210")

    way: Way = Field(description="How the goods come back.")
    lines: Annotated[list[ParcelUnitsInput], Field(max_length=MOST_LINES), named_once("line_id")] = Field(
        default=[], description="The units in the parcel. Empty: all units of the claim that are in no parcel yet."
    )

    def new(self) -> NewParcel:
        units = tuple(ParcelUnits(line_id=line.line_id, quantity=line.quantity) for line in self.lines)
        return NewParcel(way=self.way, carrier=self.carrier, tracking_number=self.tracking_number, lines=units)


class AddReturnParcelForBuyerRequest(Input):
    """How the buyer sends the goods back."""

    model_config = example(way="drop_off")

    way: Way = Field(description="How the goods come back.")
    lines: Annotated[list[ParcelUnitsInput], Field(max_length=MOST_LINES), named_once("line_id")] = Field(
        default=[], description="The units in the parcel. Empty: all units of the claim that are in no parcel yet."
    )

    def new(self) -> NewParcel:
        units = tuple(ParcelUnits(line_id=line.line_id, quantity=line.quantity) for line in self.lines)
        return NewParcel(way=self.way, lines=units)


class UpdateReturnParcelRequest(_OfCarrier):
    """What a carrier or a person reports of a parcel. Fields that are left out stay as they are."""

    model_config = example(state="on_the_way", happened_at="2026-06-10T10:00:00+09:00")

    state: Reported | None = Field(
        default=None, description="Where the parcel is. A parcel is received by a receipt, not by a report."
    )
    happened_at: Instant | None = Field(
        default=None, description="When the parcel came into the state. The default is now."
    )

    def change(self) -> ParcelChange:
        return ParcelChange(
            state=self.state,
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            happened_at=self.happened_at,
        )


class ReceiveReturnParcelRequest(CommandRequest):
    """The units of a parcel were counted."""

    model_config = example(lines=[{"line_id": "1", "quantity": 1, "condition": "opened"}])

    lines: Counted = Field(
        default=[], description="The units that came. Empty: all announced units came as they were sold."
    )
    close: StrictBool = Field(
        default=False, description="Whether to close the receipt of the claim although units are missing."
    )
    received_at: Instant | None = Field(default=None, description="When the parcel came. The default is now.")

    def command(self, by: Actor) -> commands.Receive:
        return commands.Receive(by=by, lines=_counted(self.lines), close=self.close, received_at=self.received_at)


class AddUnannouncedParcelRequest(_WithItsCarrier):
    """A parcel that came and that nobody announced."""

    model_config = example(carrier="cj", tracking_number="659876543299", note="흰 머그 1개, 주문 번호 없음")

    note: Annotated[Message, Field(min_length=1, max_length=2000)] | None = Field(
        default=None, description="What is in the parcel and on its outside. Write no address and no phone number."
    )
    received_at: Instant | None = Field(default=None, description="When the parcel came. The default is now.")

    def came(self) -> CameUnannounced:
        return CameUnannounced(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            note=self.note,
            received_at=self.received_at,
        )


class MatchUnannouncedParcelRequest(CommandRequest):
    """The claim of a parcel that nobody announced, and what was in the parcel."""

    model_config = example(
        claim_id="0198c1f2-6f3a-7c58-9d0e-5b1a2c3d4e5f",
        lines=[{"line_id": "1", "quantity": 1, "condition": "as_sold"}],
    )

    claim_id: Name = Field(description="The claim.")
    lines: Annotated[Counted, Field(min_length=1)] = Field(description="The units that came.")
    close: StrictBool = Field(
        default=False, description="Whether to close the receipt of the claim although units are missing."
    )

    def command(self, by: Actor) -> commands.Receive:
        return commands.Receive(by=by, lines=_counted(self.lines), close=self.close)


class ReturnParcelList(BaseModel):
    """The parcels of a claim."""

    data: list[ReturnParcelBody] = Field(description="The first parcel comes first.")


class UnannouncedParcelPage(BaseModel):
    """A page of parcels that nobody announced."""

    data: list[ReturnParcelBody] = Field(description="The newest parcel comes first.")
    next_cursor: str | None = Field(description="For the next page. Null on the last page.")


class ReturnMatch(BaseModel):
    """A claim with its parcels, or a parcel that nobody announced."""

    read_as: CodeKind = Field(description="What the text was read as.")
    claim_id: str | None = Field(description="The claim. Null for a parcel that nobody announced.")
    order_id: str | None = Field(description="The order of the claim.")
    kind: Kind | None = Field(description="The kind of the claim.")
    state: State | None = Field(description="The state of the claim.")
    return_number: str | None = Field(description="The return number of the claim. Null before its first parcel.")
    parcel_id: str | None = Field(description="The parcel that the text names. Null for a text that names the claim.")
    parcels: list[ReturnParcelBody] = Field(description="The parcels of the claim, or the parcel without a claim.")


class ReturnMatchList(BaseModel):
    """What a look-up has found."""

    data: list[ReturnMatch] = Field(description="Empty: nothing has this number.")


class UnannouncedListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    matched: Annotated[bool | None, Field(description="`false`: those that wait for a claim.")] = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


def _counted(lines: list[ReceivedLine]) -> tuple[commands.ReceivedLine, ...]:
    return tuple(
        commands.ReceivedLine(line_id=line.line_id, quantity=line.quantity, condition=line.condition) for line in lines
    )
