"""Cursor paging: opaque cursors, a `Link` header, and the same in the body."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import TypeAdapter

from app.api.problems import ProblemError
from app.json_text import dump

T = TypeVar("T")


def cursor(*position: str | int) -> str:
    """Where a page ended, as a word that means nothing to anybody else."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def position(cursor: str | None, made_of: TypeAdapter[T]) -> T | None:
    """What `cursor` was made of. A cursor that we did not make is a 400."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return made_of.validate_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise ProblemError(400, "invalid_cursor") from None


def page_answer(request: Request, rows: list[object], next_cursor: str | None) -> Response:
    headers: Mapping[str, str] = {}
    if next_cursor is not None:
        query = {**request.query_params, "cursor": next_cursor}
        headers = {"Link": f'<{request.url.path}?{urlencode(query)}>; rel="next"'}
    return Response(dump({"data": rows, "next_cursor": next_cursor}), 200, headers, "application/json")
