"""The route of short links to the bytes of files. Whoever has a link can read the file until the link ends."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from app.api.app_state import app_state
from app.api.context import ANSWERED_WITHIN
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.uploads import refuse_store
from app.files.cleaning import extension_of
from app.files.store import BytesMissingError, StoreUnavailableError
from app.records.claim_file import ClaimFile
from app.service import file_keeping
from app.service.errors import NotFoundError

router = APIRouter(tags=["files"])

_NO_KEY = ""
"""In place of a merchant, as in `public_pages`."""
_HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""The file is no page of this service: it runs nothing and loads nothing. A browser shows an image with styles of its
own."""
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": "(the bytes)"}}
_PART = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_INLINE = ("image/", "video/")


@router.get(
    "/files/{token}",
    summary="Read the bytes of a file",
    response_class=Response,
    responses={
        200: {"content": _BYTES},
        206: {"description": "The part that `Range` names", "content": _BYTES},
        **responses(404, 422, 503),
    },
)
async def get_file_content(
    request: Request, token: Annotated[str, Path(description="From the `url` of a file.", max_length=200)]
) -> Response:
    """Return the bytes that a link leads to. The link needs no key and ends after some minutes."""
    state = app_state(request)
    link = state.files.links.read(token, state.clock())
    if link is None:
        raise ProblemError(404, "invalid_file_link")
    try:
        async with asyncio.timeout(ANSWERED_WITHIN), state.turns.of(_NO_KEY), state.database.read() as tx:
            file = await file_keeping.linked(tx, link.merchant_id, link.file_id)
        size, media_type = file.size or 0, file.media_type or ""
        part = part_of(request.headers.get("range"), size)
        start, stop = part or (0, size)
        blocks = file_keeping.content_of(state.files, link.merchant_id, file, start, stop)
        first = await anext(blocks)
    except (NotFoundError, BytesMissingError):
        raise ProblemError(404, "invalid_file_link") from None
    except StoreUnavailableError as error:
        refuse_store(error)
    headers = {**_HEADERS, "Content-Length": str(stop - start), "Content-Disposition": _disposition(file)}
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return StreamingResponse(_all(first, blocks), 206 if part else 200, headers, media_type)


def part_of(header: str | None, size: int) -> tuple[int, int] | None:
    """The first byte of the part that is asked for, and the byte behind its end. None for the whole file: RFC 9110,
    section 14.2, lets a server answer any range with all."""
    named = _PART.fullmatch(header or "")
    if named is None or named[0] == "bytes=-":
        return None
    if named[1]:
        start, stop = int(named[1]), min(int(named[2]) + 1 if named[2] else size, size)
    else:
        start, stop = max(0, size - int(named[2])), size
    return (start, stop) if start < stop else None


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for block in rest:
        yield block


def _disposition(file: ClaimFile) -> str:
    """The name is made of the id. A browser downloads what it does not show as a picture or a video."""
    media_type = file.media_type or ""
    how = "inline" if media_type.startswith(_INLINE) else "attachment"
    return f'{how}; filename="{file.file_id}.{extension_of(media_type)}"'
