"""The built-in templates: one file for each event, audience and language. Some languages have only some of them."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from app.messages.message_rules import Audience


@cache
def has_built_in(event: str, audience: Audience, language: str) -> bool:
    return _file(event, audience, language).is_file()


@cache
def built_in(event: str, audience: Audience, language: str) -> str:
    """The text of a built-in template. It must exist. A language of LANGUAGES has one for each message."""
    return _file(event, audience, language).read_text("utf-8")


def _file(event: str, audience: Audience, language: str) -> Traversable:
    return files("app.messages") / "templates" / language / f"{event}.{audience}.txt"
