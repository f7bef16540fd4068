"""The public shape of the root hash of a day."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from app.records.root_hash import RootHash


class RootHashBody(BaseModel):
    """One hash over all histories and the audit trail up to a day."""

    day_on: date = Field(description="The day, in UTC.")
    root: str = Field(description="The Merkle root of the day, in hexadecimal. It covers the root before.")
    previous: str = Field(description="The root before. Zeros for the first.")
    leaves: int = Field(description="How many histories and entries of the audit trail are new in this root.")
    position: int = Field(description="The last position of the feed that the root covers.")
    made_at: datetime = Field(description="When the root was made.")
    text: str = Field(description="What you can publish: the root with its merchant and its day.")


def root_hash_body(root: RootHash) -> dict[str, Any]:
    return {name: getattr(root, name) for name in RootHashBody.model_fields}
