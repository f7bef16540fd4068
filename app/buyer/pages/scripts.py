"""The scripts of the pages. Each has its hash in its address, so that browsers keep it for a year."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

SCRIPTS_PATH = "/order/scripts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`packed` is the content in gzip. `name` has the hash of the content."""

    name: str
    content: bytes
    packed: bytes

    @property
    def address(self) -> str:
        return f"{SCRIPTS_PATH}/{self.name}"


def _script(file: str) -> Script:
    content = (files("app.buyer.pages") / "scripts" / file).read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    name = f"{file.removesuffix('.js')}.{digest}.js"
    return Script(name=name, content=content, packed=gzip.compress(content, mtime=0))


HTMX, OWN = _script("htmx.min.js"), _script("page.js")
BY_NAME: Mapping[str, Script] = {script.name: script for script in (HTMX, OWN)}
HTMX_SETTINGS = {
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyEnabled": False,
    "timeout": 10_000,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "2..|409|413|415|422", "swap": True},
        {"code": "...", "swap": False, "error": True},
    ],
}
"""No `eval`, no style and no script in an answer, and no other site: the policy of a page forbids them. An answer with
sentences about what was entered is shown, and other errors are not. htmx takes the first code that fits."""
