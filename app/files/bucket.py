"""Bytes of files in a bucket of S3, or of a server that speaks the same protocol.

The address, the region and the keys of the bucket come from the usual variables of the environment: AWS_ENDPOINT_URL,
AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the others. A write of S3 is all or nothing, and lasts when the
server has answered.
"""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from app.files.store import BLOCK, BytesMissingError, StoreUnavailableError

_TRIES = 3
_SECONDS = 20


class Bucket:
    """`url` is `s3://bucket` or `s3://bucket/folder`."""

    def __init__(self, url: str) -> None:
        within = timedelta(seconds=_SECONDS)
        self._store = S3Store.from_url(
            url,
            client_options={"allow_http": True, "timeout": within},
            retry_config={"max_retries": _TRIES, "retry_timeout": within},
        )

    async def put(self, key: str, content: BinaryIO) -> None:
        content.seek(0)
        try:
            await obstore.put_async(self._store, key, content, max_concurrency=2)
        except (BaseError, OSError) as error:
            raise StoreUnavailableError(_words(error)) from error

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        try:
            answer = await obstore.get_async(self._store, key, options={"range": (start, stop)})
            async for block in answer.stream(min_chunk_size=BLOCK):
                yield bytes(block)
        except FileNotFoundError:
            raise BytesMissingError(key) from None
        except (BaseError, OSError) as error:
            raise StoreUnavailableError(_words(error)) from error

    async def delete(self, key: str) -> None:
        try:
            with suppress(FileNotFoundError):
                await obstore.delete_async(self._store, key)
        except (BaseError, OSError) as error:
            raise StoreUnavailableError(_words(error)) from error


def _words(error: Exception) -> str:
    """One line: the rest repeats the request."""
    return str(error).partition("\n")[0]
