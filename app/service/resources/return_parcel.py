"""The public shape of a parcel with goods on their way back."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.messages.carriers import tracking_url
from app.records.return_number import label_code, written
from app.records.return_parcel import MOVES, Destination, ParcelState, ParcelUnits, ReturnParcel, Way


class ParcelUnitsBody(BaseModel):
    """Units of one line in a parcel."""

    line_id: str = Field(description="The line of the claim.")
    quantity: int = Field(description="Units in the parcel.")


class DestinationBody(BaseModel):
    """Where the parcel goes. It does not change when the return locations of the shop change."""

    location_id: str | None = Field(description="The return location. Null: the address is from the shop's profile.")
    address: str = Field(description="The address, with the name of the receiver.")
    postal_code: str | None = Field(description="The postal code.")
    phone: str | None = Field(description="The phone number of the receiver.")


class ReturnParcelFacts(BaseModel):
    """What the history of the claim has of a parcel."""

    parcel_id: str = Field(description="The service makes the id.")
    number: int | None = Field(description="The place among the parcels of the claim, from 1. Null without a claim.")
    way: Way | None = Field(description="How the goods come back. Null: nobody announced the parcel.")
    state: ParcelState = Field(
        description="Where the parcel is. `received`: the shop has counted its units. A parcel that is `lost` or "
        "`cancelled` holds no units."
    )
    carrier: str | None = Field(description="The carrier.")
    tracking_number: str | None = Field(description="The carrier's number, without spaces and hyphens.")
    lines: list[ParcelUnitsBody] = Field(
        description="The units that were announced, and after the receipt those that came."
    )
    destination: DestinationBody | None = Field(description="Where the parcel goes. Null: the shop names no place.")
    state_at: datetime = Field(description="When the parcel came into its state, as far as anybody reported.")
    sent_at: datetime | None = Field(description="When the buyer gave the parcel away, as far as anybody reported.")
    received_at: datetime | None = Field(description="When the units came back.")


class ReturnParcelBody(ReturnParcelFacts):
    """A parcel with goods on their way back."""

    claim_id: str | None = Field(description="The claim. Null: nobody announced the parcel, and nobody has matched it.")
    return_number: str | None = Field(description="The return number of the claim, as people read it.")
    label_code: str | None = Field(description="The text of the codes on the label. Null without a claim.")
    tracking_url: str | None = Field(description="The carrier's page of the parcel. Null if no page is known.")
    next_states: list[ParcelState] = Field(description="The states that can follow, `received` by a receipt alone.")
    matched_at: datetime | None = Field(description="When somebody named the claim of a parcel that nobody announced.")
    matched_by: str | None = Field(description="Who named it.")
    note: str | None = Field(description="The shop's own note on a parcel that nobody announced.")
    created_at: datetime = Field(description="When the parcel was recorded.")


_FACTS = tuple(name for name in ReturnParcelFacts.model_fields if name not in ("lines", "destination"))


def parcel_facts(parcel: ReturnParcel) -> dict[str, Any]:
    return {
        **{name: getattr(parcel, name) for name in _FACTS},
        "lines": [_units(each) for each in parcel.lines],
        "destination": parcel.destination and _destination(parcel.destination),
    }


def return_parcel_body(parcel: ReturnParcel, return_number: str | None) -> dict[str, Any]:
    has_page = parcel.carrier is not None and parcel.tracking_number is not None
    return {
        **parcel_facts(parcel),
        "claim_id": parcel.claim_id,
        "return_number": return_number and written(return_number),
        "label_code": label_code(return_number, parcel.number) if return_number and parcel.number else None,
        "tracking_url": tracking_url(parcel.carrier or "", parcel.tracking_number or "") if has_page else None,
        "next_states": sorted(MOVES[parcel.state]),
        **{name: getattr(parcel, name) for name in ("matched_at", "matched_by", "note", "created_at")},
    }


def _units(units: ParcelUnits) -> dict[str, Any]:
    return {"line_id": units.line_id, "quantity": units.quantity}


def _destination(destination: Destination) -> dict[str, Any]:
    return {name: getattr(destination, name) for name in DestinationBody.model_fields}
