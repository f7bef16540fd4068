"""Mails to the staff of a merchant."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from app.messages.links import LINK_PLACE
from app.messages.render import Rendered

INVITED = "staff.invited"
STAFF_AUDIENCE = "staff"


def invitation_letter(language: str, *, shop: str, invited_by: str, days: int) -> Rendered:
    return _letter("invitation", language, shop=shop, invited_by=invited_by, days=str(days), link=LINK_PLACE)


def _letter(name: str, language: str, **values: str) -> Rendered:
    """The subject and the text of a mail, with the values in their places."""
    text = _texts(language)[name]
    return Rendered(subject=text["subject"].format(**values), text=text["text"].format(**values).strip())


@cache
def _texts(language: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("app.messages") / "staff" / f"{language}.toml").read_text("utf-8"))
