"""Scripts of pages. Each has its hash in its name, so that browsers keep it for a year."""

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources import files

from fastapi import Request, Response

KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
"""For an answer whose address changes with its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`packed` is the content in gzip. `name` has the hash of the content."""

    name: str
    content: bytes
    packed: bytes


def read_script(package: str, file: str) -> Script:
    """A script in the folder `scripts` of the package."""
    content = (files(package) / "scripts" / file).read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    name = f"{file.removesuffix('.js')}.{digest}.js"
    return Script(name=name, content=content, packed=gzip.compress(content, mtime=0))


def script_answer(request: Request, script: Script) -> Response:
    headers = {**KEPT, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(script.content, media_type="text/javascript", headers=headers)
    packed = {**headers, "Content-Encoding": "gzip"}
    return Response(script.packed, media_type="text/javascript", headers=packed)
