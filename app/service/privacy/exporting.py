"""The export of a buyer's data: a ZIP with one JSON document for each order, and the bytes of the buyer's files.

The ZIP is made outside of a transaction, in a temporary file that is in memory while the export is small.
"""

import asyncio
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

import orjson

from app import json_text
from app.files.store import BytesMissingError, FileStore, key_of
from app.records.audit_entry import AuditAction, AuditActor
from app.service import audit
from app.service.errors import NotFoundError
from app.store import buyer_data, orders
from app.store.database import Database, Tx

_IN_MEMORY = 4 * 1024 * 1024
_DOCUMENTS = frozenset(
    {"document", "records", "metadata", "lines", "line_ids", "refusals", "late_interest_rule", "address"}
)
"""Columns with JSON text."""

Held = Mapping[str, list[dict[str, Any]]]


async def collect(tx: Tx, merchant_id: str, order_ids: Sequence[str], by: AuditActor, now: datetime) -> dict[str, Held]:
    """What is held of each order. The audit trail says who has exported it. Raises NotFoundError."""
    held: dict[str, Held] = {}
    for order_id in order_ids:
        if not await orders.lock(tx, merchant_id, order_id):
            raise NotFoundError("order", order_id)
        held[order_id] = await buyer_data.held(tx, merchant_id, order_id)
        if not held[order_id]["order"]:
            raise NotFoundError("order", order_id)
        await audit.record(
            tx,
            merchant_id=merchant_id,
            by=by,
            action=AuditAction.BUYER_EXPORTED,
            subject_id=order_id,
            changes={},
            now=now,
        )
    return held


async def export(
    database: Database, store: FileStore, merchant_id: str, order_ids: Sequence[str], by: AuditActor, now: datetime
) -> IO[bytes]:
    """The ZIP, open at its beginning. The caller closes the file. Raises NotFoundError and StoreUnavailableError."""
    held = await database.write(lambda tx: collect(tx, merchant_id, order_ids, by, now))
    archive: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes the file
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for number, (order_id, rows) in enumerate(held.items(), start=1):
            folder = f"order-{number}"
            content = json_text.dump({"order_id": order_id, "exported_at": now, **dict(_readable(rows))})
            await asyncio.to_thread(written.writestr, f"{folder}/data.json", content)
            for file in rows["files"]:
                if file["size"] is not None and file["erased_at"] is None:
                    await _add_file(written, f"{folder}/files/{file['file_id']}", store, merchant_id, file)
    archive.seek(0)
    return archive


async def _add_file(
    written: zipfile.ZipFile, name: str, store: FileStore, merchant_id: str, file: Mapping[str, Any]
) -> None:
    """Bytes that an erasure has deleted meanwhile are left out."""
    try:
        with written.open(name, "w") as entry:
            async for block in store.read(key_of(merchant_id, file["file_id"]), 0, file["size"]):
                await asyncio.to_thread(entry.write, block)
    except BytesMissingError:
        return


def _readable(rows: Held) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name, found in rows.items():
        yield name, [{column: _value(column, value) for column, value in row.items()} for row in found]


def _value(column: str, value: Any) -> Any:
    is_document = column in _DOCUMENTS and isinstance(value, str)
    return orjson.Fragment(value) if is_document and value else value
