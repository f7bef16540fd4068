"""The headers of a webhook: ours, and those that a consumer asked for, which never replace one of ours."""

import re
from collections.abc import Mapping

from app import __version__

MOST_HEADERS = 20
LONGEST_VALUE = 1_000

OURS = {
    "user-agent": f"Recourse/{__version__}",
    "content-type": "application/json",
    "accept": "*/*",
    "accept-encoding": "identity",  # what is not packed cannot be a bomb
}
_FRAMING = "connection content-encoding content-length expect host keep-alive te trailer transfer-encoding upgrade"
_OF_THE_CONNECTION = frozenset(_FRAMING.split())
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")


def check_headers(headers: Mapping[str, str]) -> str | None:
    """Why a consumer cannot have these headers, as a sentence; None when they can."""
    if len(headers) > MOST_HEADERS:
        return f"There are at most {MOST_HEADERS} headers."
    if len({name.lower() for name in headers}) < len(headers):
        return "A header is there once."
    return next((why for name, value in headers.items() if (why := _wrong(name, value))), None)


def _wrong(name: str, value: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "The name of a header is letters, digits and hyphens, 100 of them at most."
    if is_reserved(name):
        return f"The header {name} is not yours to set."
    if len(value) > LONGEST_VALUE or not _VALUE.fullmatch(value):
        return f"The value of {name} is printable ASCII, {LONGEST_VALUE} characters at most, no blanks around it."
    return None


def is_reserved(name: str) -> bool:
    lower = name.lower()
    return lower in OURS or lower in _OF_THE_CONNECTION or lower.startswith(("webhook-", "proxy-"))
