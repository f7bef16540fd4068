"""Prepares a file that a client has sent: finds its type, and re-encodes an image in a process of its own."""

import asyncio
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.files.clean_video import clean_mp4
from app.files.kinds import HEAD, KINDS, FileTooLargeError, UnknownKindError, kind_of
from app.files.sandbox import Sandbox

_PROGRAM = Path(__file__).with_name("clean_image.py")
_UNREADABLE, _NOT_SUPPORTED = 10, 12
"""Exit statuses of the program, which cannot be imported: it imports the decoders."""
_BLOCK = 1024 * 1024


class UnreadableFileError(Exception):
    """The content begins like an image, and is none."""


class TooManyPixelsError(Exception):
    """The image has more pixels than the program takes, or needs too much memory or time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFile:
    """What is kept: `content` at its beginning, its type, its size in bytes and its SHA-256 in hexadecimal."""

    content: BinaryIO
    media_type: str
    size: int
    digest: str


class Cleaning:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def prepare(self, owner: str, sent: BinaryIO) -> PreparedFile:
        """`sent` is a real file, and changes. The images of one owner are cleaned one by one, so that no owner takes
        the places of the others. Raises UnknownKindError, FileTooLargeError, UnreadableFileError, TooManyPixelsError,
        BrokenVideoError, BusyError, and OSError for a full disk."""
        kind = kind_of(await asyncio.to_thread(_head_of, sent))
        size = await asyncio.to_thread(_size_of, sent)
        if size > kind.bytes_max:
            raise FileTooLargeError(kind.bytes_max)
        if kind.media_type == "video/mp4":
            await asyncio.to_thread(clean_mp4, sent, size)
        if kind.kept_as is None:
            return await _prepared(sent, kind.media_type)
        cleaned: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            await self._clean(owner, sent, cleaned, kind.media_type, kind.kept_as)
            return await _prepared(cleaned, kind.kept_as)
        except BaseException:
            cleaned.close()
            raise

    async def _clean(self, owner: str, sent: BinaryIO, cleaned: BinaryIO, media_type: str, target: str) -> None:
        status = await self._sandbox.run(owner, _PROGRAM, media_type, target, source=sent, target=cleaned)
        if status == _UNREADABLE:
            raise UnreadableFileError
        if status == _NOT_SUPPORTED:
            raise UnknownKindError
        if status:
            raise TooManyPixelsError


async def _prepared(content: BinaryIO, media_type: str) -> PreparedFile:
    digest = await asyncio.to_thread(digest_of, content)
    size = await asyncio.to_thread(_size_of, content)
    return PreparedFile(content=content, media_type=media_type, size=size, digest=digest)


def digest_of(content: BinaryIO) -> str:
    """The SHA-256 in hexadecimal. The file is at its beginning afterwards."""
    content.seek(0)
    digest = hashlib.sha256()
    while block := content.read(_BLOCK):
        digest.update(block)
    content.seek(0)
    return digest.hexdigest()


def _head_of(content: BinaryIO) -> bytes:
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    return head


def _size_of(content: BinaryIO) -> int:
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    return size


def extension_of(media_type: str) -> str:
    return KINDS[media_type].extension
