"""What templates are run in: Jinja's immutable sandbox, with nothing in it but a few filters of ours.

A variable that is lacking is an error and never an empty place. Only words and numbers are written as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.messages.days import written_day
from app.messages.grammar import EACH, UnsoundTemplateError
from app.messages.money import money
from app.messages.translations import LANGUAGES, TABLES, word

_MOST_STEPS = 2_000


class Lacking(Undefined):
    """What this message does not know and another of its kind does: no when asked, an error when written."""

    __slots__ = ()
    __str__ = __iter__ = __len__ = __contains__ = Undefined._fail_with_undefined_error  # noqa: SLF001 - as StrictUndefined does

    def __bool__(self) -> bool:
        return False


class Steps:
    """How many steps the loops of one rendering have taken."""

    __slots__ = ("taken",)

    def __init__(self) -> None:
        self.taken = 0


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


def _counted(steps: Steps, values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        steps.taken += 1
        if steps.taken > _MOST_STEPS:
            raise UnsoundTemplateError("message_too_long", "The loops of this template take too many steps.")
        yield value


@pass_context
def _money(context: Context, amount: Any) -> str:
    if isinstance(amount, Undefined):
        _refuse(amount)
    if type(amount) is not int:
        raise UnsoundTemplateError("wrong_use", "|money is for amounts.")
    return money(amount, context["currency"], context.environment.language)  # type: ignore[attr-defined] # ours


@pass_context
def _day(context: Context, day: Any) -> str:
    if isinstance(day, Undefined):
        _refuse(day)
    if not isinstance(day, date):
        raise UnsoundTemplateError("wrong_use", "|day is for days.")
    return written_day(day, context.environment.language)  # type: ignore[attr-defined] # ours


MOST_JOINED = 12_000


def _join(values: Any, between: Any = ", ") -> str:
    """Of lists alone, and before anything is built: a text joined by a text would be their product."""
    if isinstance(values, Undefined):
        _refuse(values)
    if not isinstance(values, list) or not all(isinstance(value, str | int) for value in values):
        raise UnsoundTemplateError("not_a_list", "Only a list of words or numbers can be joined.")
    words, gap = [str(value) for value in values], str(between)
    if sum(map(len, words)) + len(gap) * len(words) > MOST_JOINED:
        raise UnsoundTemplateError("message_too_long", f"At most {MOST_JOINED} characters can be joined.")
    return gap.join(words)


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
        autoescape=False,  # plain text; `as_html` escapes all of it
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


ENVIRONMENTS = {language: _environment(language) for language in LANGUAGES}
