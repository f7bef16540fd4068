"""Reads a form with a file. The file goes to the disk as it arrives, and is never whole in memory."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, BinaryIO, Generic, NoReturn, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request

from app.api.context import ANSWERED_WITHIN, RequestContext
from app.api.problems import ProblemError
from app.files.clean_video import BrokenVideoError
from app.files.cleaning import TooManyPixelsError, UnreadableFileError, digest_of
from app.files.kinds import FileTooLargeError, UnknownKindError
from app.files.sandbox import BusyError
from app.files.store import StoreFullError, StoreUnavailableError, as_store_error
from app.json_text import dump
from app.service.file_keeping import keep
from app.service.files import KeptBytes
from app.service.merchant_clocks import time_of

logger = logging.getLogger(__name__)

Context = TypeVar("Context", bound=RequestContext)
Note = TypeVar("Note", bound=BaseModel)

_TAKES_FILES = re.compile(r"/(?:v1|buyer/v1|order|desk)/claims/[^/]+/files|/v1/order-imports")
FORM_BYTES = 64 * 1024
"""What a form may have beside its file."""
_FIELDS_MAX = 8
_FIELD_BYTES_MAX = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Generic[Note]):
    """`file` is on the disk, and `name` is what its sender calls it. `fingerprint` is of the file and of the other
    fields."""

    file: BinaryIO
    name: str
    note: Note
    fingerprint: bytes


@asynccontextmanager
async def upload_of(request: Request, model: type[Note]) -> AsyncIterator[Upload[Note]]:
    """The form of a request: a file `file`, and the fields of `model`. Raises ProblemError and RequestValidationError
    for another body."""
    async with uploads_of(request, model, most=1) as (upload,):
        yield upload


@asynccontextmanager
async def uploads_of(request: Request, model: type[Note], *, most: int) -> AsyncIterator[list[Upload[Note]]]:
    """The same for a form with at most so many files. There is at least one. Raises HTTPException for too many."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ProblemError(415, "form_required")
    try:
        form = await request.form(max_files=most, max_fields=_FIELDS_MAX, max_part_size=_FIELD_BYTES_MAX)
    except OSError as error:
        refuse_store(as_store_error(error))
    try:
        note = _validated(model, [(name, value) for name, value in form.multi_items() if isinstance(value, str)])
        uploads = [(name, value) for name, value in form.multi_items() if isinstance(value, UploadFile)]
        if not uploads or any(name != "file" for name, _ in uploads):
            raise RequestValidationError([{"type": "missing", "loc": ("body", "file"), "msg": "Field required"}])
        yield [await _upload(sent, note) for _, sent in uploads]
    finally:
        await form.close()


async def _upload(sent: UploadFile, note: Note) -> Upload[Note]:
    digest = await asyncio.to_thread(_digest_on_disk, sent.file)
    fingerprint = sha256(dump([digest, note.model_dump(mode="json")]).encode()).digest()
    return Upload(file=sent.file, name=sent.filename or "", note=note, fingerprint=fingerprint)


def is_upload(scope: Mapping[str, Any]) -> bool:
    """The request has a file in its body."""
    return scope["method"] == "POST" and _TAKES_FILES.fullmatch(scope["path"]) is not None


def after_upload(ctx: Context, upload: Upload[Any]) -> Context:
    """The database's part of a request begins when the file is there."""
    return replace(ctx, answer_by=asyncio.get_running_loop().time() + ANSWERED_WITHIN, content=upload.fingerprint)


async def keep_upload(ctx: RequestContext, file: BinaryIO) -> KeptBytes:
    """Raises ProblemError for a file that cannot be kept."""
    state, now = ctx.app_state, time_of(ctx.clock, ctx.app_state.clock())
    try:
        return await keep(state.database, state.files, ctx.caller, file, now)
    except UnknownKindError:
        raise ProblemError(415, "file_type_not_supported", field="file") from None
    except FileTooLargeError as error:
        raise ProblemError(413, "file_too_large", field="file", limit=error.limit) from None
    except (UnreadableFileError, BrokenVideoError):
        raise ProblemError(422, "file_unreadable", field="file") from None
    except TooManyPixelsError:
        raise ProblemError(422, "image_too_large", field="file") from None
    except BusyError:
        raise ProblemError(503, "files_busy", headers={"Retry-After": "5"}) from None
    except StoreUnavailableError as error:
        refuse_store(error)
    except OSError as error:  # of the temporary files
        refuse_store(as_store_error(error))


def refuse_store(error: StoreUnavailableError) -> NoReturn:
    """Raises ProblemError: 507 for a full store, otherwise 503."""
    logger.error("the store of files cannot be used: %s", error)
    if isinstance(error, StoreFullError):
        raise ProblemError(507, "file_store_full") from None
    raise ProblemError(503, "file_store_unavailable", headers={"Retry-After": "5"}) from None


def _validated(model: type[Note], fields: list[tuple[str, str]]) -> Note:
    values: dict[str, Any] = {}
    for name, value in fields:
        if name in values:
            error = {"type": "named_once", "loc": ("body", name), "msg": "Send this field once"}
            raise RequestValidationError([error])
        if value:
            values[name] = value
    try:
        return model.model_validate(values)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in errors]) from None


def _digest_on_disk(file: BinaryIO) -> str:
    """A small file has been in memory until now: asked for its number, it goes to the disk."""
    file.fileno()
    return digest_of(file)
