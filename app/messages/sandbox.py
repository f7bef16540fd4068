"""The sandbox of templates: Jinja's immutable sandbox with only our own filters.

A missing variable is an error and never an empty text. Only strings and integers are written without a filter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Undefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.messages.banks import bank_name
from app.messages.carriers import carrier_name
from app.messages.days import written_day, written_instant, written_instant_with_zone
from app.messages.grammar import EACH, UnsoundTemplateError
from app.messages.money import money
from app.messages.translations import MESSAGE_LANGUAGES, TABLES, word

_MOST_STEPS = 2_000


class Lacking(Undefined):
    """A variable that other messages of the event have and this message lacks. False in `if`, an error as text."""

    __slots__ = ()
    __str__ = __iter__ = __len__ = __contains__ = Undefined._fail_with_undefined_error  # noqa: SLF001 - as StrictUndefined does

    def __bool__(self) -> bool:
        return False


class Steps:
    """The number of loop steps in one rendering."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


_REMEDIES: Mapping[type, str] = {
    list: "a list. Write a loop",
    date: "a day. Write |day",
    datetime: "an instant. Write |instant",
    bool: "a yes or no. Ask with if",
}


def _text_or_number(value: Any) -> Any:
    """Strings and integers are written. Other values need a filter or a loop."""
    if isinstance(value, Undefined | str) or type(value) is int:
        return value
    raise UnsoundTemplateError("wrong_use", f"This is {_REMEDIES.get(type(value), 'not a text or a number')}.")


@pass_context
def _each(context: Context, values: Any) -> Iterator[Any]:
    if isinstance(values, Undefined):
        _refuse(values)
    if not isinstance(values, list):
        raise UnsoundTemplateError("wrong_use", "A loop needs a list.")
    return _counted(context["_steps"], values)


def _counted(steps: Steps, values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        steps.count += 1
        if steps.count > _MOST_STEPS:
            raise UnsoundTemplateError("message_too_long", "The loops of this template take too many steps.")
        yield value


@pass_context
def _money(context: Context, amount: Any) -> str:
    if isinstance(amount, Undefined):
        _refuse(amount)
    if type(amount) is not int:
        raise UnsoundTemplateError("wrong_use", "|money needs an amount.")
    return money(amount, context["currency"], context.environment.language)  # type: ignore[attr-defined] # ours


def _date_filter(name: str, kind: type[date], needs: str, write: Callable[[Any, str], str]) -> Callable[..., str]:
    """The filter that writes a value of this kind in the language of the template."""

    @pass_context
    def written(context: Context, value: Any) -> str:
        if isinstance(value, Undefined):
            _refuse(value)
        if not isinstance(value, kind):
            raise UnsoundTemplateError("wrong_use", f"|{name} needs {needs}.")
        return write(value, context.environment.language)  # type: ignore[attr-defined] # ours

    return written


_DATE_FILTERS: Mapping[str, tuple[type[date], str, Callable[[Any, str], str]]] = {
    "day": (date, "a day", written_day),
    "instant": (datetime, "an instant", written_instant),
    "instant_with_zone": (datetime, "an instant", written_instant_with_zone),
}
MOST_JOINED = 12_000


def _join(values: Any, between: Any = ", ") -> str:
    """Joins lists only, and checks the length first. Joining a text by a text would multiply their lengths."""
    if isinstance(values, Undefined):
        _refuse(values)
    if not isinstance(values, list) or not all(isinstance(value, str | int) for value in values):
        raise UnsoundTemplateError("not_a_list", "|join needs a list of texts or numbers.")
    words, gap = [str(value) for value in values], str(between)
    if sum(map(len, words)) + len(gap) * len(words) > MOST_JOINED:
        raise UnsoundTemplateError("message_too_long", f"|join can make {MOST_JOINED} characters at most.")
    return gap.join(words)


def _words(table: str, language: str) -> Callable[[Any], str]:
    def word_for(code: Any) -> str:
        if isinstance(code, Undefined):
            _refuse(code)
        return word(table, code, language)

    return word_for


def _carrier(language: str) -> Callable[[Any], str]:
    def name_for(code: Any) -> str:
        if isinstance(code, Undefined):
            _refuse(code)
        return carrier_name(code, language)

    return name_for


@pass_context
def _bank(context: Context, bank: Any) -> str:
    if isinstance(bank, Undefined):
        _refuse(bank)
    return bank_name(bank, context["currency"], context.environment.language)  # type: ignore[attr-defined] # ours


def _refuse(lacking: Undefined) -> NoReturn:
    str(lacking)
    raise UnsoundTemplateError("undefined_variable", "There is no such variable.")


def _environment(language: str) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # plain text; `as_html` escapes all of it
        finalize=_text_or_number,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
        optimized=False,
    )
    of_jinja = {name: environment.filters[name] for name in ("length", "default")}
    ours = {**{table: _words(table, language) for table in TABLES}, "carrier": _carrier(language)}
    of_days = {name: _date_filter(name, *rest) for name, rest in _DATE_FILTERS.items()}
    of_values = {"money": _money, "bank": _bank, "join": _join, **of_days}
    environment.filters = {**of_jinja, **ours, **of_values, EACH: _each, "upper": str.upper, "lower": str.lower}
    environment.globals = {}
    environment.language = language  # type: ignore[attr-defined] # the language of the filters
    return environment


ENVIRONMENTS = {language: _environment(language) for language in MESSAGE_LANGUAGES}
