"""Programs of their own that read what a client has sent: at most `at_once` of them, each for a limited time."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import BinaryIO
from weakref import WeakValueDictionary


class BusyError(Exception):
    """All processes are busy, and no place was free in time."""


class Sandbox:
    """`wait` and `seconds` are how long a file waits for a process, and how long the process may run."""

    def __init__(self, *, at_once: int = 2, wait: float = 20, seconds: float = 30) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._wait = wait
        self._seconds = seconds

    async def run(
        self,
        owner: str,
        program: Path,
        *arguments: str,
        source: BinaryIO,
        target: BinaryIO,
        more: Mapping[str, str] | None = None,
    ) -> int:
        """The exit status of a program that reads `source` and writes `target`, or -1 after the time is over. Both are
        real files. `more` is added to the program's environment. The files of one owner are read one by one, so that
        no owner takes the places of the others. Raises BusyError."""
        async with self._place_of(owner):
            os.lseek(source.fileno(), 0, os.SEEK_SET)  # the program does not see what has been read ahead here
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", str(program), *arguments),
                stdin=source.fileno(),
                stdout=target.fileno(),
                stderr=asyncio.subprocess.DEVNULL,
                env={**os.environ, **(more or {})},
            )
            try:
                async with asyncio.timeout(self._seconds):
                    return await process.wait()
            except TimeoutError:
                return -1
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()

    @asynccontextmanager
    async def _place_of(self, owner: str) -> AsyncIterator[None]:
        turn = self._turns.setdefault(owner, asyncio.Lock())
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(self._wait):
                    await stack.enter_async_context(turn)
                    await stack.enter_async_context(self._places)
            except TimeoutError:
                raise BusyError from None
            yield
