"""Templates and variables make a message: the first line is its subject, the rest its text.

The template is somebody else's: it is held to `grammar`, runs in the `sandbox` as well, and may neither write nor
loop without end. A variable that only some messages know is asked for with `if`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from types import TracebackType
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.environment import Template

from app.messages.grammar import UnsoundTemplateError, within_bounds
from app.messages.message_rules import MESSAGE_RULES, situations
from app.messages.samples import SAMPLES
from app.messages.sandbox import ENVIRONMENTS, Lacking, Steps

MOST_SOURCE = 16_000
MOST_TEXT = 12_000
MOST_SUBJECT = 200
_FILE = "<message>"
_TAGS_ALONE = re.compile(r"\s*(?:\{%(?:(?!%\}).)*%\}\s*)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """`subject` is one line; `text` is plain, and may hold a buyer's own words as they were written."""

    subject: str
    text: str


def render(source: str, event: str, language: str, known: Mapping[str, Any]) -> Rendered:
    """Raises UnsoundTemplateError, also for a variable that the event always has and `known` lacks."""
    template = _compiled(source, language)
    try:
        written = "".join(_bounded(template.generate(_variables(event, known))))
    except UnsoundTemplateError as error:
        error.line = error.line or _line(error.__traceback__)
        raise
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise UnsoundTemplateError(*_why(error), _line(error.__traceback__)) from error
    return _parted(written)


def check(source: str, event: str, language: str) -> Rendered:
    """Render a template for everything that it may meet; the fullest of the messages.

    Raises UnsoundTemplateError, naming the variable and the line.
    """
    first, *others = situations(event)
    fullest = render(source, event, language, first)
    for known in others:
        render(source, event, language, known)
    return fullest


def as_html(message: Rendered, language: str) -> str:
    """A whole document without scripts, styles or anything to load; whatever people wrote is escaped."""
    paragraphs = "".join(
        f"<p>{'<br>'.join(map(escape, block.splitlines()))}</p>\n" for block in re.split(r"\n{2,}", message.text)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(message.subject)}</title></head>\n<body>\n{paragraphs}</body>\n</html>\n"
    )


def one_line(text: str) -> str:
    """Without whatever could end a line, or tell a terminal or a mail header what to do."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _variables(event: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """What the event's row names, and nothing else that the caller happens to know."""
    row = MESSAGE_RULES[event]
    missing = [name for name in row.always if known.get(name) is None]
    if missing:
        raise UnsoundTemplateError("nothing_to_tell", f"{event} comes without {', '.join(missing)}.")
    lacking = {name: _lacking(name) for name in row.sometimes if known.get(name) is None}
    return {**{name: known.get(name) for name in row.names}, **lacking, "_steps": Steps()}


def _lacking(name: str) -> Any:
    sample = SAMPLES[name]
    if isinstance(sample, list):
        return []
    if isinstance(sample, bool):
        return False
    return Lacking(f"{name} is not in every message of this kind: ask first, with {{% if {name} %}}", name=name)


@lru_cache(maxsize=512)
def _compiled(source: str, language: str) -> Template:
    if len(source) > MOST_SOURCE:
        raise UnsoundTemplateError("template_too_long", f"A template may have {MOST_SOURCE} characters at most.")
    environment = ENVIRONMENTS[language]
    try:
        tree = environment.parse("\n".join(map(_ending_as_written, source.splitlines())))
        code = environment.compile(within_bounds(tree), filename=_FILE)
    except TemplateSyntaxError as error:
        raise UnsoundTemplateError("template_syntax", str(error.message), error.lineno) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError, TemplateError) as error:
        raise UnsoundTemplateError("template_syntax", "This cannot be read as a template.") from error
    return Template.from_code(environment, code, {})


def _ending_as_written(line: str) -> str:
    """A line of tags alone leaves no trace; one that says something ends even where a tag ends it."""
    if line.endswith("%}") and not (line.endswith(("-%}", "+%}")) or _TAGS_ALONE.fullmatch(line)):
        return f"{line[:-2]}+%}}"
    return line


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_TEXT:
            raise UnsoundTemplateError("message_too_long", f"A message may have {MOST_TEXT} characters at most.")
        yield piece


def _parted(written: str) -> Rendered:
    first, _, rest = written.strip().partition("\n")
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in rest.split("\n"))).strip()
    subject = one_line(first)[:MOST_SUBJECT]
    if not subject or not text:
        raise UnsoundTemplateError("message_is_empty", "A message is a first line, its subject, and a text below.")
    return Rendered(subject=subject, text=text)


def _why(error: Exception) -> tuple[str, str]:
    if isinstance(error, TemplateError):
        return "undefined_variable", str(error.message)
    return "wrong_use", f"This cannot be written: {type(error).__name__}."


def _line(trace: TracebackType | None) -> int | None:
    """The last line of the template that the error went through; Jinja has put them in place of its code's."""
    found = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found
