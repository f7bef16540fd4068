"""The metadata of a resource: a merchant's own keys and values, and the filter of a list by one pair."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.api.schemas.common import WITH_LINE_FEEDS, Input
from app.records.plain_text import one_line, printable

MetadataKey = Annotated[str, StringConstraints(min_length=1, max_length=40), AfterValidator(one_line)]
MetadataValue = Annotated[str, StringConstraints(max_length=500), AfterValidator(printable), WITH_LINE_FEEDS]
Metadata = Annotated[
    dict[MetadataKey, MetadataValue],
    Field(
        max_length=50,
        description="Your own keys and values: at most 50 keys of 40 characters, with values of 500 characters. The new"
        " metadata replaces all stored metadata.",
    ),
]


class UpdateClaimRequest(Input):
    """The metadata of a claim. Only commands change the other fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"metadata": {"ticket": "CS-118"}}]})

    metadata: Metadata


class UpdateRefundRequest(UpdateClaimRequest):
    """The metadata of a refund. Only reports change the other fields."""


class MetadataFilter(BaseModel):
    """A filter by one key with one value."""

    metadata_key: MetadataKey | None = Field(default=None, description="The key. Needs `metadata_value`.")
    metadata_value: MetadataValue | None = Field(default=None, description="The value. Needs `metadata_key`.")

    @model_validator(mode="after")
    def _is_a_pair(self) -> Self:
        if (self.metadata_key is None) != (self.metadata_value is None):
            raise ValueError("metadata_key and metadata_value go together")
        return self

    def metadata_pair(self) -> dict[str, str]:
        if self.metadata_key is None or self.metadata_value is None:
            return {}
        return {"metadata_key": self.metadata_key, "metadata_value": self.metadata_value}
