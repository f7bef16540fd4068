"""The bodies of return locations."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from app.api.schemas.common import Input, Name
from app.api.schemas.orders import Country
from app.api.schemas.shops import LanguageText, Line, Phone
from app.engine.model.vocabulary import Fault, Reason
from app.records.return_location import ReturnLocation, ReturnLocationRule

MOST_SKUS = 1000


class ReturnLocationRuleInput(Input):
    """Which goods go to the location. An empty list is no condition. All conditions must hold."""

    countries: Annotated[list[Country], Field(max_length=250)] = Field(
        default=[], description="Countries of the order, by ISO 3166-1."
    )
    reasons: list[Reason] = Field(default=[], max_length=50, description="Reasons of the claim.")
    faults: list[Fault] = Field(default=[], max_length=10, description="Who is at fault.")
    skus: Annotated[list[Name], Field(max_length=MOST_SKUS)] = Field(
        default=[], description="Products. Every product in the parcel must be among them."
    )

    def rule(self) -> ReturnLocationRule:
        return ReturnLocationRule(
            **{name: frozenset(getattr(self, name)) for name in ReturnLocationRuleInput.model_fields}
        )


class PutReturnLocationRequest(Input):
    """Where goods go back to, and which goods."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "도쿄 반품 센터",
                    "address": "東京都江東区有明1-2-3 マグハウス返品係",
                    "postal_code": "135-0063",
                    "rule": {"countries": ["JP"], "faults": ["seller"]},
                }
            ]
        }
    )

    name: Name = Field(description="What your staff call the location.")
    address: Line = Field(description="The address, with the name of the receiver, in one line.")
    postal_code: Annotated[Name, Field(max_length=20)] | None = Field(default=None, description="The postal code.")
    phone: Phone | None = Field(default=None, description="The phone number of the receiver.")
    method: LanguageText = Field(default=LanguageText(), description="How to send the goods.")
    hours: LanguageText = Field(default=LanguageText(), description="When parcels are taken there.")
    position: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = Field(
        default=0, description="Of two locations whose rules fit, the lower position counts."
    )
    rule: ReturnLocationRuleInput = Field(
        default=ReturnLocationRuleInput(), description="Which goods go there. The default location needs no rule."
    )
    is_default: StrictBool = Field(
        default=False,
        description="Whether goods that no rule fits go there. A new default takes the place of the one before. Your "
        "first location is the default.",
    )

    def location(self, location_id: str, now: datetime) -> ReturnLocation:
        return ReturnLocation(
            location_id=location_id,
            name=self.name,
            address=self.address,
            postal_code=self.postal_code,
            phone=self.phone,
            method=self.method.model_dump(exclude_none=True),
            hours=self.hours.model_dump(exclude_none=True),
            position=self.position,
            rule=self.rule.rule(),
            is_default=self.is_default,
            updated_at=now,
        )


class ReturnLocationRuleBody(BaseModel):
    """Which goods go to a location."""

    countries: list[str] = Field(description="Countries of the order.")
    reasons: list[Reason] = Field(description="Reasons of the claim.")
    faults: list[Fault] = Field(description="Who is at fault.")
    skus: list[str] = Field(description="Products.")


class ReturnLocationBody(BaseModel):
    """Where goods go back to."""

    location_id: str = Field(description="Your id of the location.")
    name: str = Field(description="What your staff call the location.")
    address: str = Field(description="The address, with the name of the receiver.")
    postal_code: str | None = Field(description="The postal code.")
    phone: str | None = Field(description="The phone number of the receiver.")
    method: dict[str, str] = Field(description="How to send the goods, by language.")
    hours: dict[str, str] = Field(description="When parcels are taken there, by language.")
    position: int = Field(description="The order of the rules.")
    rule: ReturnLocationRuleBody = Field(description="Which goods go there.")
    is_default: bool = Field(description="Whether goods that no rule fits go there.")
    updated_at: datetime = Field(description="When the location was put.")


class ReturnLocationList(BaseModel):
    """The return locations of the shop."""

    data: list[ReturnLocationBody] = Field(description="The default comes first, then the order of the rules.")
