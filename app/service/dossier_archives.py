"""The case file as a ZIP: the PDF, the facts as JSON, the policy as the buyer reads it, and the bytes of files.

The ZIP is made outside of a transaction, in a temporary file that is in memory while it is small. Its entries have the
instant of the facts, so that the same facts give the same bytes.
"""

import asyncio
import hashlib
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from importlib.resources import files as resource_files
from typing import IO, Any

from app import json_text
from app.files.cleaning import extension_of
from app.files.store import BytesMissingError, FileStore, key_of
from app.messages.dossier import dossier_words, left_out_sentences
from app.messages.policy_page import as_html, policy_page
from app.pdf.typesetting import Typesetting
from app.records.claim_event import ClaimEvent
from app.records.claim_file import ClaimFile
from app.records.message import Message
from app.records.shipment import Shipment
from app.service import dossiers
from app.service.callers import Caller
from app.service.dossiers import Dossier
from app.service.resources.claim import claim_body
from app.service.resources.order import order_body
from app.store.database import Database

_IN_MEMORY = 4 * 1024 * 1024
_MODE = 0o644 << 16
_UNIX = 3
_SUMS = "SHA256SUMS"


async def dossier_archive(
    database: Database, typesetting: Typesetting, store: FileStore, caller: Caller, claim_id: str, language: str | None
) -> IO[bytes]:
    """The ZIP, open at its beginning. The caller closes the file. Raises NotFoundError, PdfUnavailableError and
    StoreUnavailableError."""
    async with database.read() as tx:
        dossier = await dossiers.read(tx, caller, claim_id, language)
    pdf = await dossiers.pdf_of(typesetting, dossier)
    archive: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes the file
    try:
        with zipfile.ZipFile(archive, "w") as written:
            await _Archive(written, dossier.source.as_of).fill(dossier, pdf, store, caller.merchant_id)
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive


class _Archive:
    """Entries of one instant, and the SHA-256 of each."""

    def __init__(self, written: zipfile.ZipFile, at: datetime) -> None:
        self._written, self._at, self._sums = written, at.astimezone(UTC), dict[str, str]()

    async def fill(self, dossier: Dossier, pdf: bytes, store: FileStore, merchant_id: str) -> None:
        lost = 0
        for file in dossier.carried:
            blocks = store.read(key_of(merchant_id, file.file_id), 0, file.size or 0)
            lost += not await self._add_file(f"files/{_name_of(file)}", blocks)
        await self._add("case-file.pdf", pdf)
        for name, value in _documents(dossier).items():
            await self._add(f"{name}.json", f"{json_text.dump(value)}\n".encode())
        page = as_html(policy_page(dossier.source.policy, dossier.language))
        await self._add("policy.html", page.encode())
        await self._add("README.txt", _readme(dossier, lost).encode())
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._sums.items()))
        await self._add(_SUMS, sums.encode())

    async def _add(self, name: str, content: bytes) -> None:
        self._sums[name] = hashlib.sha256(content).hexdigest()
        await asyncio.to_thread(self._written.writestr, self._entry(name, zipfile.ZIP_DEFLATED), content)

    async def _add_file(self, name: str, blocks: AsyncIterator[bytes]) -> bool:
        """False for bytes that an erasure has deleted meanwhile, or that are lost."""
        try:
            first = await anext(blocks, b"")
        except BytesMissingError:
            return False
        digest = hashlib.sha256(first)
        with self._written.open(self._entry(name, zipfile.ZIP_STORED), "w") as entry:
            await asyncio.to_thread(entry.write, first)
            async for block in blocks:
                digest.update(block)
                await asyncio.to_thread(entry.write, block)
        self._sums[name] = digest.hexdigest()
        return True

    def _entry(self, name: str, method: int) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, self._at.timetuple()[:6])
        entry.compress_type, entry.external_attr, entry.create_system = method, _MODE, _UNIX
        return entry


def _documents(dossier: Dossier) -> Mapping[str, Any]:
    """Without the shop's own metadata, and without what depends on the present instant."""
    view, order, source = dossier.view, dossier.order, dossier.source
    claim = claim_body(
        view.claim,
        assessment=view.assessment,
        amounts=view.amounts,
        metadata={},
        created_at=view.created_at,
        updated_at=view.updated_at,
    )
    bought = order_body(
        order.order, created_at=order.created_at, updated_at=order.updated_at, version=order.version
    )  # fmt: skip
    return {
        "claim": claim,
        "order": {**bought, "shipments": [_parcel(each) for each in order.shipments]},
        "history": [_event(event) for event in source.events],
        "messages": [_message(message) for message in source.messages],
        "conversation": source.contacts,
        "policy": source.policy,
        "files": [_file(file, dossier.carried) for file in source.files],
    }


def _event(event: ClaimEvent) -> dict[str, Any]:
    """With `data` as the text that was hashed."""
    instant = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return {**{name: getattr(event, name) for name in ClaimEvent.__slots__}, "at": instant}


def _parcel(parcel: Shipment) -> dict[str, Any]:
    return {name: getattr(parcel, name) for name in Shipment.__slots__}


_OF_MESSAGE = ("message_id", "event_id", "event", "language", "subject", "text", "created_at", "sent_at")


def _message(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in _OF_MESSAGE}


_OF_FILE = ("file_id", "line_id", "status", "media_type", "size", "digest", "source_url", "caption", "role", "author")


def _file(file: ClaimFile, carried: tuple[ClaimFile, ...]) -> dict[str, Any]:
    """`name` is the entry of the archive, if the archive has the bytes."""
    name = f"files/{_name_of(file)}" if file in carried else None
    return {**{name: getattr(file, name) for name in _OF_FILE}, "added_at": file.added_at, "name": name}


def _name_of(file: ClaimFile) -> str:
    return f"{file.file_id}.{extension_of(file.media_type or '')}"


def _readme(dossier: Dossier, lost: int) -> str:
    words, check = dossier_words(dossier.language)["readme"], resource_files("app.messages") / "dossiers" / "check.txt"
    left_out = [*dossier.source.left_out, *([("lost", lost)] if lost else [])]
    return "\n".join(_lines(words, left_out_sentences(left_out, dossier.language), check.read_text("utf-8")))


def _lines(words: Mapping[str, str], left_out: list[str], check: str) -> Iterator[str]:
    yield from (words["title"], "", words["contents"], words["left_out"])
    yield from (f"- {sentence}" for sentence in left_out)
    yield from ("", words["sums"], "", "    sha256sum -c SHA256SUMS", "", words["chain"], "")
    yield from (f"    {line}".rstrip() for line in check.splitlines())
    yield from ("", words["limits"], "")
