"""The built-in templates: one file for each event, audience and language."""

from functools import cache
from importlib.resources import files

from app.messages.message_rules import Audience


@cache
def built_in(event: str, audience: Audience, language: str) -> str:
    """The text of a built-in template. The event must have a message rule for this audience."""
    return (files("app.messages") / "templates" / language / f"{event}.{audience}.txt").read_text("utf-8")
