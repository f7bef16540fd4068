"""The headers of a webhook: our own headers and the endpoint's. The endpoint's headers never replace ours."""

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
        return f"An endpoint can have {HEADERS_MAX} headers at most."
    if len({name.lower() for name in headers}) < len(headers):
        return "Name each header once."
    return next((complaint for name, value in headers.items() if (complaint := _wrong(name, value))), None)


def _wrong(name: str, value: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "The name of a header can have 100 letters, digits and hyphens at most."
    if is_reserved(name):
        return f"We set the header {name}. Remove it."
    if len(value) > VALUE_LENGTH_MAX or not _VALUE.fullmatch(value):
        return f"{name} can have {VALUE_LENGTH_MAX} printable ASCII characters at most, without blanks around them."
    return None


def is_reserved(name: str) -> bool:
    lower = name.lower()
    return lower in OURS or lower in _CONNECTION_HEADERS or lower.startswith(("webhook-", "proxy-"))
