"""The public shape of a consent at the checkout."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.engine.model.vocabulary import Record
from app.records.order_consent import OrderConsent


class OrderConsentBody(BaseModel):
    """What the buyer has agreed to at the checkout. It never changes."""

    digest: str = Field(description="The SHA-256 of all other fields but `recorded_at`, in hexadecimal.")
    text: str = Field(description="The text that was shown to the buyer.")
    version: str | None = Field(description="Your version of the text.")
    option: str | None = Field(description="The option that the buyer chose.")
    agreed_at: datetime = Field(description="When the buyer agreed.")
    records: list[Record] = Field(description="What the consent proves.")
    line_ids: list[str] = Field(description="The lines that the consent is about. Empty: the whole order.")
    recorded_at: datetime = Field(description="When you pushed the consent first.")


def order_consent(consent: OrderConsent) -> OrderConsentBody:
    return OrderConsentBody(
        digest=consent.digest,
        text=consent.text,
        version=consent.version,
        option=consent.option,
        agreed_at=consent.agreed_at,
        records=sorted(consent.records),
        line_ids=list(consent.line_ids),
        recorded_at=consent.recorded_at,
    )
