"""The headers of a webhook: our own, and those of the endpoint, which never replace one of ours."""

import re
from collections.abc import Mapping

from app import __version__

HEADERS_MAX = 20
VALUE_LENGTH_MAX = 1_000

OURS = {
    "user-agent": f"Recourse/{__version__}",
    "content-type": "application/json",
    "accept": "*/*",
    "accept-encoding": "identity",  # an answer that is not compressed cannot be a bomb
}
_FRAMING = "connection content-encoding content-length expect host keep-alive te trailer transfer-encoding upgrade"
_CONNECTION_HEADERS = frozenset(_FRAMING.split())
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")


def check_headers(headers: Mapping[str, str]) -> str | None:
    """A sentence that says why an endpoint cannot have these headers. None when it can."""
    if len(headers) > HEADERS_MAX:
        return f"There are at most {HEADERS_MAX} headers."
    if len({name.lower() for name in headers}) < len(headers):
        return "A header is there once."
    return next((complaint for name, value in headers.items() if (complaint := _wrong(name, value))), None)


def _wrong(name: str, value: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "The name of a header is letters, digits and hyphens, 100 of them at most."
    if is_reserved(name):
        return f"The header {name} is not yours to set."
    if len(value) > VALUE_LENGTH_MAX or not _VALUE.fullmatch(value):
        return f"The value of {name} is printable ASCII, {VALUE_LENGTH_MAX} characters at most, no blanks around it."
    return None


def is_reserved(name: str) -> bool:
    lower = name.lower()
    return lower in OURS or lower in _CONNECTION_HEADERS or lower.startswith(("webhook-", "proxy-"))
