"""Renders a message from a template and variables. The first line is the subject, the other lines are the text.

A template is input from a merchant. `grammar` checks it, `sandbox` runs it, and its length and its loops are limited.
If only some messages have a variable, a template tests the variable with `if`.
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
    """`subject` is one line. `text` is plain text and may contain the words of a buyer."""

    subject: str
    text: str


def render(source: str, event: str, language: str, variables: Mapping[str, Any]) -> Rendered:
    """Render a message. Raises UnsoundTemplateError, also if a variable is missing that every message has."""
    return _split(_generated(source, language, _in_scope(event, variables)))


def fill(source: str, language: str, variables: Mapping[str, Any]) -> str:
    """A text without a subject. Raises UnsoundTemplateError, also for a variable that is used and missing."""
    known = {name: value for name, value in variables.items() if value is not None}
    return _generated(source, language, {**known, "_steps": Steps()}).strip()


def _generated(source: str, language: str, scope: Mapping[str, Any]) -> str:
    template = _compiled(source, language)
    try:
        return "".join(_bounded(template.generate(scope)))
    except UnsoundTemplateError as error:
        error.line = error.line or _line(error.__traceback__)
        raise
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise UnsoundTemplateError(*_why(error), _line(error.__traceback__)) from error


def check(source: str, event: str, language: str) -> Rendered:
    """Render a template with every set of variables that its event can have. Returns the message with all variables.

    Raises UnsoundTemplateError with the variable and the line.
    """
    all_variables, *others = situations(event)
    message = render(source, event, language, all_variables)
    for variables in others:
        render(source, event, language, variables)
    return message


def as_html(message: Rendered, language: str) -> str:
    """An HTML document without scripts, styles or external resources. All text is escaped."""
    paragraphs = "".join(
        f"<p>{'<br>'.join(map(escape, block.splitlines()))}</p>\n" for block in re.split(r"\n{2,}", message.text)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(message.subject)}</title></head>\n<body>\n{paragraphs}</body>\n</html>\n"
    )


def one_line(text: str) -> str:
    """The text without line breaks and control characters, safe for a terminal and a mail header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _in_scope(event: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of the event's rule, and no others."""
    row = MESSAGE_RULES[event]
    missing = [name for name in row.always if variables.get(name) is None]
    if missing:
        raise UnsoundTemplateError("nothing_to_tell", f"The event {event} has no {', '.join(missing)}.")
    lacking = {name: _lacking(name) for name in row.sometimes if variables.get(name) is None}
    return {**{name: variables.get(name) for name in row.names}, **lacking, "_steps": Steps()}


def _lacking(name: str) -> Any:
    sample = SAMPLES[name]
    if isinstance(sample, list):
        return []
    if isinstance(sample, bool):
        return False
    return Lacking(f"Not every message of this event has {name}. Ask first with {{% if {name} %}}", name=name)


@lru_cache(maxsize=512)
def _compiled(source: str, language: str) -> Template:
    if len(source) > MOST_SOURCE:
        raise UnsoundTemplateError("template_too_long", f"A template can have {MOST_SOURCE} characters at most.")
    environment = ENVIRONMENTS[language]
    try:
        tree = environment.parse("\n".join(map(_ending_as_written, source.splitlines())))
        code = environment.compile(within_bounds(tree), filename=_FILE)
    except TemplateSyntaxError as error:
        raise UnsoundTemplateError("template_syntax", str(error.message), error.lineno) from error
    except (RecursionError, MemoryError, SyntaxError, ValueError, TemplateError) as error:
        raise UnsoundTemplateError("template_syntax", "The text is not a valid template.") from error
    return Template.from_code(environment, code, {})


def _ending_as_written(line: str) -> str:
    """Keep the line break after a tag that ends a line, unless the line has only tags."""
    if line.endswith("%}") and not (line.endswith(("-%}", "+%}")) or _TAGS_ALONE.fullmatch(line)):
        return f"{line[:-2]}+%}}"
    return line


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MOST_TEXT:
            raise UnsoundTemplateError("message_too_long", f"A message can have {MOST_TEXT} characters at most.")
        yield piece


def _split(message: str) -> Rendered:
    first, _, rest = message.strip().partition("\n")
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in rest.split("\n"))).strip()
    subject = one_line(first)[:MOST_SUBJECT]
    if not subject or not text:
        raise UnsoundTemplateError("message_is_empty", "A message needs a subject in the first line, and a text below.")
    return Rendered(subject=subject, text=text)


def _why(error: Exception) -> tuple[str, str]:
    if isinstance(error, TemplateError):
        return "undefined_variable", str(error.message)
    return "wrong_use", f"A value cannot be used in this way: {type(error).__name__}."


def _line(trace: TracebackType | None) -> int | None:
    """The last line of the template in the traceback. Jinja replaces the lines of its code by those of the template."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
