"""Reads PDFs as somebody else's program does, and finds the fonts that the service sets them in."""

import io
import os
from pathlib import Path

import pypdf
import pytest

from app.settings import Settings

FONTS = Path(Settings.model_fields["fonts_folder"].default)


def require_fonts() -> None:
    """Without fonts the test is skipped, or fails in CI."""
    if not list(FONTS.glob("NotoSansCJK*")):
        reason = f"{FONTS} has no fonts: install fonts-noto-cjk"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def text_of(pdf: bytes) -> str:
    """The text of all pages. The spaces that are set between Chinese characters and digits are left out."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages)
