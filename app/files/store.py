"""Where the bytes of files are: a small protocol, and local disk.

A key is made of ids of the service. Nothing of a client's words is in a path.
"""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Protocol

BLOCK = 256 * 1024
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
_FULL = {errno.ENOSPC, errno.EDQUOT}


class StoreUnavailableError(Exception):
    """The store cannot be used at the moment."""


class StoreFullError(StoreUnavailableError):
    """The store has no room."""


class BytesMissingError(Exception):
    """The store has no such bytes."""


class FileStore(Protocol):
    """All methods raise StoreUnavailableError. What `put` has returned for survives a loss of power."""

    async def put(self, key: str, content: BinaryIO) -> None:
        """All of the bytes, or none. The same key is written again only with the same bytes."""

    def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes from `start` until before `stop`. Raises BytesMissingError before the first block."""

    async def delete(self, key: str) -> None:
        """Bytes that are not there are no error."""


def key_of(merchant_id: str, file_id: str) -> str:
    """The end of an id is random, so that no folder has all files of a merchant."""
    return f"{merchant_id}/{file_id[-2:]}/{file_id}"


def as_store_error(error: OSError) -> StoreUnavailableError:
    return StoreFullError(str(error)) if error.errno in _FULL else StoreUnavailableError(str(error))


class LocalDisk:
    """Bytes below one folder. Only the service's user can read them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, content: BinaryIO) -> None:
        try:
            await asyncio.to_thread(self._write, self._folder / key, content)
        except OSError as error:
            raise as_store_error(error) from error

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread((self._folder / key).open, "rb")
        except FileNotFoundError:
            raise BytesMissingError(key) from None
        except OSError as error:
            raise as_store_error(error) from error
        with file:
            file.seek(start)
            while start < stop and (block := await asyncio.to_thread(file.read, min(BLOCK, stop - start))):
                start += len(block)
                yield block

    async def delete(self, key: str) -> None:
        try:
            await asyncio.to_thread(self._delete, self._folder / key)
        except OSError as error:
            raise as_store_error(error) from error

    def _write(self, path: Path, content: BinaryIO) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = _unfinished(path)
        try:
            with os.fdopen(os.open(unfinished, _NEW, 0o600), "wb") as target:
                content.seek(0)
                shutil.copyfileobj(content, target, BLOCK)
                target.flush()
                os.fsync(target.fileno())
            unfinished.replace(path)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        _sync_folders(path.parent, self._folder)

    @staticmethod
    def _delete(path: Path) -> None:
        for each in (_unfinished(path), path):
            each.unlink(missing_ok=True)
        if path.parent.exists():
            _sync_folders(path.parent, path.parent)


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".unfinished")


def _sync_folders(folder: Path, top: Path) -> None:
    """A new name lasts when its folder is on the disk, and a new folder when the folder above is. Windows cannot do
    this."""
    if os.name == "nt":
        return
    while True:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if folder == top:
            return
        folder = folder.parent
