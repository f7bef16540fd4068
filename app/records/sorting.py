"""How lists of orders, claims and refunds are read: sorted, page by page, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


class Sort(StrEnum):
    """Each has an index. A minus sign means the newest first."""

    CREATED = "created_at"
    LAST_CREATED = "-created_at"
    UPDATED = "updated_at"
    LAST_UPDATED = "-updated_at"

    @property
    def is_descending(self) -> bool:
        return self.value.startswith("-")

    @property
    def is_by_update(self) -> bool:
        return self in (Sort.UPDATED, Sort.LAST_UPDATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """`count` rows match. If it is not `exact`, the counting stopped there and more rows match."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuery:
    """`after` is the place of the last row of the page before. `is_counted` asks for the total too."""

    sort: Sort
    limit: int
    after: tuple[Any, ...] | None = None
    is_counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedPage(Generic[Row]):
    """`total` is None if nobody asked for it. The total does not depend on the page."""

    rows: Sequence[Row]
    total: Total | None
