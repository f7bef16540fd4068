"""Forms of pages: their fields, the word that shows from whose session a form is, and how cookies are set.

A browser sends a cookie with a form of another site only if that site has no say in the form: SameSite=Lax, and a form
without the word of the session is refused.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from app.api.app_state import app_state
from app.api.problems import ProblemError

Form = Mapping[str, str]
FORM_WORD = "form_word"
OTHER_SITES = ("cross-site", "same-site")
"""The values of `Sec-Fetch-Site` for another origin. Browsers of many years send the header over HTTPS."""


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """The fields of a form in their order. Raises ProblemError for a body that is no form."""
    body = await request.body()
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=500)
    except ValueError:
        raise ProblemError(400, "malformed_request", reason="the body is no form") from None


async def posted(request: Request) -> Form:
    """The fields of a form. The last value of a field counts. Raises ProblemError for a body that is no form."""
    return dict(await fields_of(request))


def form_word_of(token: str) -> str:
    """What every form of a session carries."""
    return hashlib.sha256(f"form\0{token}".encode()).hexdigest()


def has_word(form: Form, form_word: str) -> bool:
    return is_form_word(form.get(FORM_WORD, ""), form_word)


def is_form_word(sent: str, form_word: str) -> bool:
    return hmac.compare_digest(sent.encode(), form_word.encode())


def is_of_other_site(request: Request) -> bool:
    return request.headers.get("sec-fetch-site") in OTHER_SITES


def is_secure(request: Request) -> bool:
    """Behind a proxy the public address says whether browsers speak HTTPS."""
    return request.url.scheme == "https" or app_state(request).public_url.startswith("https:")
