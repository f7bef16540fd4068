"""A scanner of files: a command of the operator, which gets the path of a file.

The exit status is that of `clamscan` and `clamdscan`: 0 is a sound file, 1 is an infected file, and everything else is
a scan that failed.
"""

import asyncio
import shlex
from pathlib import Path

SECONDS_MAX = 120.0
_SOUND, _INFECTED = 0, 1


class ScanFailedError(Exception):
    """The command did not answer in time, or could not scan the file."""


class Scanner:
    """`command` is a program and its arguments, as in a shell. No shell runs."""

    def __init__(self, command: str, *, seconds: float = SECONDS_MAX) -> None:
        self._arguments = shlex.split(command)
        self._seconds = seconds

    async def is_sound(self, path: Path) -> bool:
        """Raises ScanFailedError."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(*self._arguments, str(path)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise ScanFailedError(f"the scanner cannot be started: {error}") from None
        try:
            async with asyncio.timeout(self._seconds):
                status = await process.wait()
        except TimeoutError:
            raise ScanFailedError(f"the scanner has not answered in {self._seconds:g} seconds") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if status not in (_SOUND, _INFECTED):
            raise ScanFailedError(f"the scanner has exit status {status}")
        return status == _SOUND
