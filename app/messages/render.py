"""Templates and variables make a message: the first line is its subject, the rest its text.

The template is somebody else's: it is held to `grammar`, runs in Jinja's immutable sandbox as well, and may neither
write nor loop without end. A variable that is lacking is an error and never an empty place; one that only some
messages know is asked for with `if`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from types import TracebackType
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, pass_context
from jinja2.environment import Template
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.messages.catalogue import TOLD, situations
from app.messages.days import written_day
from app.messages.grammar import EACH, UnsoundTemplateError, within_bounds
from app.messages.money import money
from app.messages.samples import SAMPLES
from app.messages.wording import TABLES, word

MOST_SOURCE = 16_000
MOST_TEXT = 12_000
MOST_SUBJECT = 200
_MOST_STEPS = 2_000
_FILE = "<message>"
_TAGS_ALONE = re.compile(r"\s*(?:\{%(?:(?!%\}).)*%\}\s*)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """`subject` is one line; `text` is plain, and may hold a buyer's own words as they were written."""

    subject: str
    text: str


class Lacking(Undefined):
    """What this message does not know and another of its kind does: no when asked, an error when written."""

    __slots__ = ()
    __str__ = __iter__ = __len__ = __contains__ = Undefined._fail_with_undefined_error  # type: ignore[assignment] # noqa: SLF001 - as StrictUndefined does

    def __bool__(self) -> bool:
        return False


class _Steps:
    """How many steps the loops of one rendering have taken."""

    __slots__ = ("taken",)

    def __init__(self) -> None:
        self.taken = 0


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
    row = TOLD[event]
    missing = [name for name in row.always if known.get(name) is None]
    if missing:
        raise UnsoundTemplateError("nothing_to_tell", f"{event} comes without {', '.join(missing)}.")
    lacking = {name: _lacking(name) for name in row.sometimes if known.get(name) is None}
    return {**{name: known.get(name) for name in row.names}, **lacking, "_steps": _Steps()}


def _lacking(name: str) -> Any:
    match SAMPLES[name]:
        case list():
            return []
        case bool():
            return False
    return Lacking(f"{name} is not in every message of this kind: ask first, with {{% if {name} %}}", name=name)


@lru_cache(maxsize=512)
def _compiled(source: str, language: str) -> Template:
    if len(source) > MOST_SOURCE:
        raise UnsoundTemplateError("template_too_long", f"A template may have {MOST_SOURCE} characters at most.")
    environment = _ENVIRONMENTS[language]
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


# Filters


def _said(value: Any) -> Any:
    """Only words and numbers are written; what else there is has a filter, or a loop."""
    if isinstance(value, Undefined | str) or type(value) is int:
        return value
    what = {list: "a list: write a loop", date: "a day: write |day", bool: "a yes or no: ask with if"}
    raise UnsoundTemplateError("wrong_use", f"This is {what.get(type(value), 'more than a word or a number')}.")


@pass_context
def _each(context: Context, values: Any) -> Iterator[Any]:
    if isinstance(values, Undefined):
        _refuse(values)
    if not isinstance(values, list):
        raise UnsoundTemplateError("wrong_use", "A loop goes over a list.")
    return _counted(context["_steps"], values)


def _counted(steps: _Steps, values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        steps.taken += 1
        if steps.taken > _MOST_STEPS:
            raise UnsoundTemplateError("message_too_long", "The loops of this template take too many steps.")
        yield value


@pass_context
def _money(context: Context, amount: Any) -> str:
    if isinstance(amount, Undefined):
        _refuse(amount)
    return money(amount, context["currency"], context.environment.language)  # type: ignore[attr-defined] # ours


@pass_context
def _day(context: Context, day: Any) -> str:
    if isinstance(day, Undefined):
        _refuse(day)
    return written_day(day, context.environment.language)  # type: ignore[attr-defined] # ours


def _join(values: Any, between: Any = ", ") -> str:
    if isinstance(values, Undefined):
        _refuse(values)
    return str(between).join(values)


def _words(table: str, language: str) -> Callable[[Any], str]:
    def named(code: Any) -> str:
        if isinstance(code, Undefined):
            _refuse(code)
        return word(table, code, language)

    return named


def _refuse(lacking: Undefined) -> NoReturn:
    str(lacking)
    raise UnsoundTemplateError("undefined_variable", "This is undefined.")


def _environment(language: str) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text; as_html escapes all of it
        finalize=_said,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
        optimized=False,
    )
    kept = {name: made.filters[name] for name in ("length", "default")}
    ours = {table: _words(table, language) for table in TABLES}
    made.filters = {**kept, **ours, EACH: _each, "money": _money, "day": _day, "join": _join}
    made.filters |= {"upper": str.upper, "lower": str.lower}
    made.globals = {}
    made.language = language  # type: ignore[attr-defined] # what the filters write in
    return made


_ENVIRONMENTS = {language: _environment(language) for language in ("ko", "ja", "en")}
