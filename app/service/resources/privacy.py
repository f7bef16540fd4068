"""The public shape of what is held about a buyer, until when and why."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.records.privacy import DataGroup, HeldData, KeptGroup


class KeptGroupBody(BaseModel):
    """A group of data that is kept for the same time."""

    group: DataGroup = Field(
        description="`unneeded`: no law wants it kept. `dispute`: records of complaints. `contract`: records of the"
        " contract, of payments and of supply."
    )
    until_at: datetime | None = Field(
        description="The first instant at which the group can be erased. Null while a claim of the order is open."
    )
    years: int | None = Field(description="How long the rule wants the group kept. Null without a rule.")
    basis: Literal["statute", "practice"] | None = Field(
        description="`practice`: no law of the country is known to the service. Null without a rule."
    )
    citation: str | None = Field(description="The article of the rule. Null without a rule.")
    erased_at: datetime | None = Field(description="When the group was erased. Null until then.")


class LegalHoldBody(BaseModel):
    """Nothing of the order is erased while the hold stands."""

    reason: str = Field(description="Why the data must not be erased.")
    set_by: str = Field(description="Who has set the hold.")
    set_at: datetime = Field(description="When the hold was set.")


class OrderPrivacyBody(BaseModel):
    """What is held about the buyer of an order, until when and why."""

    order_id: str = Field(description="The order.")
    groups: list[KeptGroupBody] = Field(description="The groups of data.")
    legal_hold: LegalHoldBody | None = Field(description="What stops the erasure. Null without a hold.")
    erasure_asked_at: datetime | None = Field(description="When the erasure began. Null until then.")
    erasure_asked_by: str | None = Field(description="Who asked for the erasure. Null: the time of keeping had ended.")
    erases_next_at: datetime | None = Field(
        description="When the worker erases the next group, or looks again. Null without an erasure, and after the last"
        " group."
    )


def order_privacy_body(held: HeldData) -> dict[str, Any]:
    hold, erasure = held.hold, held.erasure
    return {
        "order_id": held.order_id,
        "groups": [_group(each) for each in held.groups],
        "legal_hold": hold and {"reason": hold.reason, "set_by": hold.set_by, "set_at": hold.set_at},
        "erasure_asked_at": erasure and erasure.asked_at,
        "erasure_asked_by": erasure and erasure.asked_by,
        "erases_next_at": erasure and erasure.wakes_at,
    }


def _group(kept: KeptGroup) -> dict[str, Any]:
    rule = kept.rule
    return {
        "group": kept.group,
        "until_at": kept.until_at,
        "years": rule and rule.years,
        "basis": rule and rule.basis,
        "citation": rule and rule.citation,
        "erased_at": kept.erased_at,
    }
