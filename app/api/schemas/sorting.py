"""The parameters of lists that are sorted, narrowed by their last change, and counted."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.api.schemas.common import Instant
from app.api.schemas.metadata import MetadataFilter
from app.records.sorting import Sort


class SortedList(MetadataFilter):
    """The parameters of a list of orders, claims or refunds."""

    model_config = ConfigDict(extra="forbid")

    sort: Sort | None = Field(
        default=None,
        description="The order of the list; a minus sign means the newest first. The default is `-created_at`, or"
        " `updated_at` if `updated_since` is given.",
    )
    updated_since: Instant | None = Field(
        default=None, description="Only what was created or changed at this instant or later."
    )
    total: bool = Field(default=False, description="`true` counts all rows that match, up to 10,000.")
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None

    @model_validator(mode="after")
    def _has_an_index(self) -> Self:
        if self.updated_since is not None and not self.sorted_by.is_by_update:
            raise ValueError("updated_since goes with sort=updated_at or sort=-updated_at")
        return self

    @property
    def sorted_by(self) -> Sort:
        return self.sort or (Sort.LAST_CREATED if self.updated_since is None else Sort.UPDATED)

    def narrowed(self, *names: str) -> dict[str, Any]:
        """The values of those filters that are given, and of the filters that every sorted list has."""
        given = {name: getattr(self, name) for name in (*names, "updated_since")}
        return {name: value for name, value in given.items() if value is not None} | self.metadata_pair()


class TotalBody(BaseModel):
    """How many rows match."""

    count: int = Field(description="The number of rows.")
    exact: bool = Field(description="False if the counting stopped at `count` and more rows match.")


class CountedPage(BaseModel):
    """What the pages of sorted lists have in common."""

    next_cursor: str | None = Field(description="Null on the last page.")
    total: TotalBody | None = Field(description="Of all pages. Null without `total=true`.")
