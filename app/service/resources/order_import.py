"""The public shape of an import of orders, of its preview, and of its rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.imports.fields import ImportKind, fields_of
from app.imports.row_groups import RowRefusal
from app.messages.sentences import sentence
from app.records.order_import import ImportedRow, ImportResult, ImportState, OrderImport
from app.service.order_imports.imports import missing_fields
from app.service.order_imports.preview import Preview, PreviewRow
from app.service.resources.refusal import Params


class ImportColumnBody(BaseModel):
    """A column of a file."""

    name: str = Field(description="The heading. A column without one has its number, such as `#3`.")
    samples: list[str] = Field(description="The first different values. Empty once the import has been started.")


class OrderImportBody(BaseModel):
    """An import of orders or parcels from a file."""

    import_id: str = Field(description="The import's id.")
    state: ImportState = Field(description="`failed`: the rows of the file were lost before the end.")
    kind: ImportKind = Field(description="What a row of the file tells of.")
    format: str = Field(description="The format that was recognised or named. `generic`: no known one.")
    file_name: str = Field(description="What the sender called the file.")
    heading_row: int = Field(description="The row that names the columns, from 1.")
    row_count: int = Field(description="Rows below the headings that are not empty.")
    columns: list[ImportColumnBody] = Field(description="In the order of the file.")
    fields: list[str] = Field(description="What a column can be matched with.")
    matching: dict[str, str] = Field(description="The column of each field.")
    missing: list[str] = Field(description="Fields that need a column before the import can start.")
    currency: str = Field(description="Of amounts, unless a column of the file has the currency.")
    time_zone: str = Field(description="Of instants without an offset.")
    policy: str | None = Field(description="The policy that judges new orders. Null: that of your other orders.")
    notify_buyers: bool = Field(description="Whether buyers get messages about what the file tells.")
    total: int | None = Field(description="Orders or parcels in the file. Null until the import has begun.")
    done: int = Field(description="How many of them are done.")
    new: int = Field(description="Orders or parcels that the service did not know.")
    changed: int = Field(description="Orders or parcels that have changed.")
    unchanged: int = Field(description="Orders or parcels that are as the file says already.")
    refused: int = Field(description="Orders or parcels that were refused.")
    left_out: int = Field(description="Rows of orders that were imported without these rows.")
    created_by: str = Field(description="The name of the API key that sent the file.")
    created_at: datetime = Field(description="When the file was sent.")
    expires_at: datetime = Field(description="An import that has not been started by then cannot be started any more.")
    started_at: datetime | None = Field(description="When the import was started.")
    finished_at: datetime | None = Field(description="When the import ended.")


class ImportRefusalBody(BaseModel):
    """Why a row is not imported."""

    row: int = Field(description="The row of the file, from 1.")
    field: str | None = Field(description="The field that is wrong. Null for a reason that is in no single field.")
    column: str | None = Field(description="The column of the field.")
    code: str = Field(description="Stable, for programs.")
    detail: str = Field(description="One sentence, for people.")
    params: Params = Field(description="The facts behind `detail`.")


class ImportPreviewEntryBody(BaseModel):
    """A row of a file, and what would come of it."""

    row: int = Field(description="The row of the file, from 1.")
    result: ImportResult = Field(description="All rows of an order have the result of the order.")
    order_id: str | None = Field(description="The order.")
    values: dict[str, str | int | bool] = Field(description="What the row was understood as, by field.")
    changes: list[str] = Field(description="The fields that would change, such as `lines.1.quantity`.")
    refusals: list[ImportRefusalBody] = Field(description="Why the row is refused.")


class ImportPreviewBody(BaseModel):
    """What an import would do."""

    total: int = Field(description="Orders or parcels in the whole file.")
    data: list[ImportPreviewEntryBody] = Field(description="The first twenty rows.")


class ImportEntryBody(BaseModel):
    """A row that changed an order, or that was refused."""

    row: int = Field(description="The row of the file, from 1.")
    result: ImportResult = Field(description="`changed` or `refused`.")
    order_id: str | None = Field(description="The order.")
    changes: list[str] = Field(description="The fields that have changed, such as `lines.1.quantity`.")
    refusal: ImportRefusalBody | None = Field(description="Null for a row that changed an order.")


_SAME = tuple(
    name for name in OrderImportBody.model_fields if name not in ("columns", "fields", "missing", "done")
)  # fmt: skip


def import_body(made: OrderImport, samples: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        **{name: getattr(made, name) for name in _SAME},
        "columns": [{"name": name, "samples": samples.get(name, ())} for name in made.columns],
        "fields": sorted(fields_of(ImportKind(made.kind))),
        "missing": missing_fields(made),
        "done": made.position,
    }


def preview_body(made: OrderImport, shown: Preview, language: str) -> dict[str, Any]:
    return {"total": shown.total, "data": [_preview_row(made, row, language) for row in shown.rows]}


def _preview_row(made: OrderImport, row: PreviewRow, language: str) -> dict[str, Any]:
    return {
        "row": row.row,
        "result": row.result,
        "order_id": row.order_id,
        "values": row.values,
        "changes": row.changes,
        "refusals": [import_refusal_body(made.matching, each, language) for each in row.refusals],
    }


def import_row_body(made: OrderImport, row: ImportedRow, language: str) -> dict[str, Any]:
    refusal = None
    if row.code is not None:
        reason = RowRefusal(row=row.row, field=row.field, code=row.code, params=row.params)
        refusal = import_refusal_body(made.matching, reason, language)
    return {
        "row": row.row,
        "result": row.result,
        "order_id": row.order_id,
        "changes": row.changes,
        "refusal": refusal,
    }


def import_refusal_body(matching: Mapping[str, str], reason: RowRefusal, language: str) -> dict[str, Any]:
    return {
        "row": reason.row,
        "field": reason.field,
        "column": matching.get(reason.field or ""),
        "code": reason.code,
        "detail": row_sentence(reason, language),
        "params": reason.params,
    }


def row_sentence(reason: RowRefusal, language: str) -> str:
    """Reasons of the file have sentences of their own. The others are those of the use cases."""
    if reason.code.startswith("import_"):
        return sentence("imports", reason.code, {**reason.params, "field": reason.field}, language)
    return sentence("errors", reason.code, reason.params, language)
