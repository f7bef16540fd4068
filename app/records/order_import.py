"""Imports of orders and parcels from files, and what came of their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class ImportState(StrEnum):
    """`waiting` for somebody to start it, `running`, `done`, or `failed` because its file was gone."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ImportResult(StrEnum):
    """What an import did with an order, or would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderImport:
    """`file_id` is where the rows are kept until the import has ended, and `size` is their number of bytes. `columns`
    are the names of the columns, and `matching` has the column of each field. `policy` judges new orders: None for the
    merchant's default. `total` counts what is imported: orders,
    or parcels. It is None until the import has begun. `position` counts those that are done. `left_out` counts rows."""

    merchant_id: str
    import_id: str
    state: ImportState
    kind: str
    format: str
    file_id: str
    file_name: str
    digest: str
    size: int
    heading_row: int
    columns: tuple[str, ...]
    fingerprint: str
    matching: Mapping[str, str]
    currency: str
    time_zone: str
    policy: str | None
    notify_buyers: bool
    row_count: int
    created_by: str
    created_at: datetime
    expires_at: datetime
    total: int | None = None
    position: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    left_out: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedRow:
    """A row of a file that changed an order, or that was refused. `field` and `code` say why."""

    seq: int
    row: int
    result: ImportResult
    order_id: str | None
    changes: tuple[str, ...] = ()
    field: str | None = None
    code: str | None = None
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """How a merchant has matched the columns of files with the same headings."""

    columns: Mapping[str, str]
    currency: str
    time_zone: str
    policy: str | None
