"""Reads PDFs as somebody else's program does, and finds the fonts that the service sets them in."""

import io
import os
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import ContentStream

from app.pdf.typesetting import Typesetting
from app.settings import Settings

FONTS = Path(Settings.model_fields["fonts_folder"].default)


def require_fonts() -> None:
    """Without fonts the test is skipped, or fails in CI."""
    if reason := Typesetting(str(FONTS)).missing_fonts:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def text_of(pdf: bytes) -> str:
    """The text of all pages. The spaces that are set between Chinese characters and digits are left out."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)


def boxes_in(pdf: bytes) -> int:
    """How many letters no font had. Each is the glyph 0, which is a box. A glyph has two bytes."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    operations = [each for page in reader.pages for each in ContentStream(page.get_contents(), reader).operations]
    shown = [part for operands, operator in operations if operator in (b"Tj", b"TJ") for part in _parts(operands[0])]
    return sum(glyphs[n : n + 2] == b"\0\0" for glyphs in shown for n in range(0, len(glyphs), 2))


def _parts(shown: Any) -> list[bytes]:
    """The glyphs of an operand, which is a string, or a list of strings and distances."""
    strings = shown if isinstance(shown, list) else [shown]
    return [string.original_bytes for string in strings if hasattr(string, "original_bytes")]
