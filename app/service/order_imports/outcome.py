"""What came of a group: the result, the fields that changed, and the reasons of what was refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.imports.row_groups import RowRefusal
from app.records.order_import import ImportResult


class GroupRefusedError(Exception):
    """Nothing of the group is imported, for each of these reasons. The transaction must be rolled back."""

    def __init__(self, refusals: Sequence[RowRefusal]) -> None:
        super().__init__(refusals)
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`refusals` has the reasons of a refused group, or else the rows that were left out."""

    result: ImportResult
    order_id: str | None
    changes: tuple[str, ...] = ()
    refusals: tuple[RowRefusal, ...] = ()
