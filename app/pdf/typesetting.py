"""Sets each document in a process of its own: the service does not import the library, and does not wait for it."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).with_name("typeset.py")
_TEMPLATES = Path(__file__).with_name("templates")
_NO_FONTS = 10
"""Exit status of the program, which cannot be imported: it imports the library."""
_FONTS = ("NotoSansCJK-*", "NotoSans-*")
_EUROPEAN = "Noto Sans"
_EAST_ASIAN: Mapping[str, str] = {"ko": "Noto Sans CJK KR", "ja": "Noto Sans CJK JP"}
_OTHER_EAST_ASIAN = "Noto Sans CJK JP"
"""For the other languages. Each family has its own shapes of the Chinese characters. None has all letters of Europe: Ł
and Ő are missing, and ž is put together from two. So the European family comes first in every language."""
_MOST_ERROR = 80


class PdfUnavailableError(Exception):
    """No PDF can be made at present. The message says what the operator should do."""


class Typesetting:
    """`fonts_folder` has the fonts Noto Sans CJK and Noto Sans, at any depth. At most `at_once` processes run, each for
    `seconds` at most."""

    def __init__(self, fonts_folder: str, *, at_once: int = 2, seconds: float = 20) -> None:
        self._fonts_folder = Path(fonts_folder)
        self._places = asyncio.Semaphore(at_once)
        self._seconds = seconds
        self._has_fonts = False

    @property
    def missing_fonts(self) -> str | None:
        """What to do about fonts that are not there. None if they are there."""
        self._has_fonts = self._has_fonts or all(any(self._fonts_folder.rglob(name)) for name in _FONTS)
        if self._has_fonts:
            return None
        return (
            f"{self._fonts_folder} lacks the fonts Noto Sans CJK or Noto Sans, so no PDF receipt can be made."
            " Install fonts-noto-cjk and fonts-noto-core, or set RECOURSE_FONTS_FOLDER"
        )

    async def typeset(self, template: str, content: Mapping[str, Any], language: str, made_at: datetime) -> bytes:
        """The PDF. `made_at`, to the second, is the date of the file. Raises PdfUnavailableError."""
        if advice := self.missing_fonts:
            raise PdfUnavailableError(advice)
        families = [_EUROPEAN, _EAST_ASIAN.get(language, _OTHER_EAST_ASIAN)]
        job = {
            "template": _source(template),
            "content": {**content, "language": language},
            "families": families,
            "fonts_folder": str(self._fonts_folder),
            "made_at": made_at.replace(microsecond=0).isoformat(),  # a PDF has whole seconds
        }
        async with self._places:
            status, pdf, error = await self._run(json.dumps(job).encode())
        if status == _NO_FONTS:
            raise PdfUnavailableError(f"{self._fonts_folder} lacks a font of {families}")
        if status or not pdf.startswith(b"%PDF-"):
            raise PdfUnavailableError(f"the program that sets PDFs ended with {status}: {error}")
        return pdf

    async def _run(self, job: bytes) -> tuple[int, bytes, str]:
        """The exit status, the output, and the name of the error: its text may have words of a person. The status is -1
        after the time is over."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(_PROGRAM)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={
                **os.environ,
                "RAYON_NUM_THREADS": "1",
            },  # a thread for each core would need more memory than it may have
        )
        try:
            async with asyncio.timeout(self._seconds):
                pdf, errors = await process.communicate(job)
        except TimeoutError:
            return -1, b"", "it took too long"
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        lines = errors.decode(errors="replace").strip().splitlines() or [""]
        return process.returncode or 0, pdf, lines[-1].partition(":")[0][:_MOST_ERROR]


@cache
def _source(template: str) -> str:
    return (_TEMPLATES / f"{template}.typ").read_text("utf-8")
