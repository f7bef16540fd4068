"""The templates that come with the service: one file for each event, audience and language."""

from functools import cache
from importlib.resources import files

from app.messages.message_rules import Audience


@cache
def built_in(event: str, audience: Audience, language: str) -> str:
    """Of an event that the table of what is told has for this audience."""
    return (files("app.messages") / "templates" / language / f"{event}.{audience}.txt").read_text("utf-8")
