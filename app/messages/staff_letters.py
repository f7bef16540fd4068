"""Mails to the staff of a merchant."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from app.messages.days import written_instant
from app.messages.links import LINK_PLACE
from app.messages.money import money
from app.messages.render import Rendered
from app.messages.translations import FALLBACK, LANGUAGES

INVITED = "staff.invited"
BREAKER_OPENED = "refund_breaker.opened"
STAFF_AUDIENCE = "staff"


def invitation_letter(language: str, *, shop: str, invited_by: str, days: int) -> Rendered:
    return _letter("invitation", language, shop=shop, invited_by=invited_by, days=str(days), link=LINK_PLACE)


def breaker_letter(language: str, *, shop: str, reason: str, allowed: int, currency: str, until: datetime) -> Rendered:
    """`reason` is the limit that was reached, such as `hour_amount`. `until` is in the shop's time zone."""
    own = language if language in LANGUAGES else FALLBACK
    shown = money(allowed, currency, own) if reason.endswith("amount") else str(allowed)
    limit = _texts(own)["refund_breaker"][reason].format(allowed=shown)
    return _letter("refund_breaker", own, shop=shop, limit=limit, currency=currency, until=written_instant(until, own))


def _letter(name: str, language: str, **values: str) -> Rendered:
    """The subject and the text of a mail, with the values in their places."""
    text = _texts(language)[name]
    return Rendered(subject=text["subject"].format(**values), text=text["text"].format(**values).strip())


@cache
def _texts(language: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("app.messages") / "staff" / f"{language}.toml").read_text("utf-8"))
