"""The answer with a PDF that a person keeps or prints."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response

_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
PDF: Mapping[str, Any] = {
    "application/pdf": {"schema": {"type": "string", "format": "binary"}, "example": "(the PDF)"}
}  # fmt: skip


def pdf_answer(pdf: bytes, name: str) -> Response:
    """`name` is the name of the file, without its ending."""
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)
