"""The codes of problems that the code of each operation can answer with: `app/api/problem_codes.json`.

Every error is followed from the endpoint to where a function raises it. The search follows names: a function names
another function, or a module with it. Refusals follow from the commands that an operation gives: every row of the table
that takes the command names its guards, and each guard names its codes. What is called through a value is not followed,
but for the ways in which a context runs a use case and for the command of a body.

`check_answer` finds a code that the search has missed, in every other test of the API.
"""

import ast
import inspect
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from fastapi.routing import APIRoute

from app.engine.decide import command_name
from app.engine.model.commands import HAPPENED_AT, Command, Reship
from app.engine.model.refund import ReportCode
from app.engine.model.refusals import Code
from app.engine.transitions.guards.times import it_can_have_happened_then
from app.engine.transitions.index import ROWS
from app.engine.transitions.table import WHILE_HELD
from app.records.authority import LimitedCommand
from tests.api.answers import ROUTES

ROOT = Path(__file__).parent.parent

STATUSES = {"SignInError": 401, "ForbiddenError": 403, "ConflictError": 409, "InvalidError": 422, "TooManyError": 429}
"""Errors with a code each."""
ONE_CODE = {
    "NotFoundError": (404, "not_found"),
    "StaleVersionError": (412, "stale_version"),
    "AboveAuthorityError": (403, "above_authority"),
    "RefundBreakerOpenError": (409, "refund_breaker_open"),
}
WRITES = ((409, "conflict_with_record"), (409, "test_clock_advancing"))
"""What every transaction that writes for a merchant can end with."""
ENCRYPTS = {"encrypt", "decrypt", "to_store", "from_store"}
"""Methods of the encryption. They raise without a key."""

NOT_FOLLOWED = {
    "_policy_that_judges": "a stored order has a policy that is there",
    "_void": "the table takes the system's command in each of these states",
    "_owe_more": "the table takes the system's command in each of these states",
    "deliver_replacement": "the parcel was reported and judged before",
    "open_claims": "the withdrawal keeps the refusals",
}
"""Functions whose errors do not become an answer, by their names."""

OURS = ("app.api.", "app.buyer.", "app.service.", "app.store.endpoints", "app.engine.transitions.")
"""Where the search goes on."""
OURS_WITH_METHODS = ("app.api.uploads", "app.service.files", "app.service.file_keeping")
"""Where it goes on into the methods of a class that is named."""

STORED = {"confirm_approval": frozenset(command for *_, command in ROWS if command_name(command) in {*LimitedCommand})}
"""Operations that give a command which was stored, and which it may be."""

ONLY_FOR = {"_reship": Reship}
"""Functions that a use case of all commands calls for one of them."""

Found = tuple[int, str]
"""A status and a code."""


@dataclass(frozen=True)
class _Read:
    """What one function says: its errors, its refusals, the commands that it makes, and the functions that it names."""

    errors: frozenset[Found]
    refusals: frozenset[str]
    commands: frozenset[type[Command]]
    functions: tuple[FunctionType, ...]


def text() -> str:
    """The file, by the names of operations."""
    return json.dumps({route.name: _codes(route) for route in ROUTES}, indent=2) + "\n"


def _codes(route: APIRoute) -> dict[str, list[str]]:
    """The codes of the statuses that the route declares. A lock keeps the others from happening."""
    starts = list(_starts(route))
    given = {command for start in starts for command in _read(start).commands}
    reached = [_read(function) for function in _reached(starts, given)]
    errors = {error for read in reached for error in read.errors}
    if (409, "") in errors:
        commands = {command for read in reached for command in read.commands} | STORED.get(route.name, frozenset())
        errors |= {(409, code) for command in commands for code in refusals_of(command)}
    if errors.issuperset(WRITES) and 409 not in route.responses:
        raise ValueError(f"{route.name} writes for a merchant, so it must declare the status 409")
    by_status: dict[int, set[str]] = {}
    for status, code in errors:
        if status in route.responses and code:
            by_status.setdefault(status, set()).add(code)
    return {str(status): sorted(codes) for status, codes in sorted(by_status.items())}


def _starts(route: APIRoute) -> Iterator[FunctionType]:
    """The endpoint, and the function that makes a command of its body."""
    endpoint = route.endpoint
    if isinstance(endpoint, FunctionType):
        yield endpoint
    body = route.body_field and route.body_field.field_info.annotation
    command = getattr(body, "command", None)
    if isinstance(command, FunctionType):
        yield command


def _reached(starts: Iterable[FunctionType], given: Collection[type[Command]] = ()) -> Iterator[FunctionType]:
    """The functions that these lead to. `given` are the commands of the request."""
    waiting, seen = list(starts), set[FunctionType]()
    while waiting:
        function = waiting.pop()
        name = function.__name__
        if function not in seen and name not in NOT_FOLLOWED and ONLY_FOR.get(name) in (None, *given):
            seen.add(function)
            waiting += _read(function).functions
            yield function


@cache
def _read(function: FunctionType) -> _Read:
    errors, refusals = set[Found](), set[str]()
    commands: set[type[Command]] = set()
    functions: list[FunctionType] = []
    scope = _scope_of(function)
    for node in _nodes_of(function):
        value = _value(node, scope)
        functions += _functions_in(value)
        match node:
            case ast.Attribute(value=ast.Name(id="Code"), attr=name) if name in Code.__members__:
                refusals.add(Code[name].value)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="ctx"), attr="once" | "write")):
                errors |= set(WRITES)
            case ast.Call(func=ast.Attribute(attr=name)) if name in ENCRYPTS:
                errors.add((503, "encryption_not_configured"))
            case ast.Call(func=called, args=arguments) if isinstance(made := _value(called, scope), type):
                errors |= set(_errors_of(made.__name__, arguments))
                commands |= {made} if issubclass(made, Command) else set()
            case ast.keyword(arg="is_secret"):
                errors.add((503, "encryption_not_configured"))
            case _:
                pass
    return _Read(frozenset(errors), frozenset(refusals), frozenset(commands), tuple(functions))


def _errors_of(name: str, arguments: list[ast.expr]) -> Iterator[Found]:
    match name, arguments:
        case "ProblemError", [ast.Constant(value=int(status)), ast.Constant(value=str(code)), *_]:
            yield status, code
        case _, [ast.Constant(value=str(code)), *_] if name in STATUSES:
            yield STATUSES[name], code
        case "InvalidError", _:  # an unsound template brings its own code
            yield from ((422, code) for code in _codes_of_templates())
        case "RefusedError", _:
            yield 409, ""
        case "ReportRefusedError", _:
            yield from ((409, code.value) for code in ReportCode)
        case _ if name in ONE_CODE:
            yield ONE_CODE[name]
        case _:
            pass


@cache
def _codes_of_templates() -> frozenset[str]:
    codes = set()
    for path in (ROOT / "app" / "messages").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="UnsoundTemplateError"), args=[ast.Constant(value=str(code)), *_]):
                    codes.add(code)
                case _:
                    pass
    return frozenset(codes)


def refusals_of(command: type[Command]) -> frozenset[str]:
    """Every code that a guard or a validation of the command can give, in any state."""
    codes: set[str] = set()
    for (_, state, taken), rows in ROWS.items():
        if taken is command:
            rules: list[Any] = [rule for row in rows for rule in (*row.guards, *row.validations)]
            rules += [it_can_have_happened_then] if command in HAPPENED_AT else []
            codes |= {code for reached in _reached(rules) for code in _read(reached).refusals}
            codes |= set() if state is None else {Code.ILLEGAL_TRANSITION.value}
            codes |= set() if state is None or command in WHILE_HELD else {Code.ON_HOLD.value}
    if not codes:
        raise ValueError(f"no row takes the command {command_name(command)}")
    return frozenset(codes)


def _nodes_of(function: FunctionType) -> Iterator[ast.AST]:
    """The parts of a function's source. A lambda has none of its own: the function around it has them."""
    code = function.__code__
    tree = _definitions(code.co_filename).get(code.co_firstlineno)
    return ast.walk(tree) if tree is not None else iter(())


@cache
def _definitions(file: str) -> dict[int, ast.AST]:
    """Every function of a file, by the first line: that of its first decorator."""
    tree = ast.parse(Path(file).read_text("utf-8"))
    made = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {min([node.lineno, *(each.lineno for each in node.decorator_list)]): node for node in made}


def _scope_of(function: FunctionType) -> Mapping[str, Any]:
    if not function.__closure__:
        return function.__globals__
    return {**function.__globals__, **inspect.getclosurevars(function).nonlocals}


def _value(node: ast.AST, scope: Mapping[str, Any]) -> Any:
    match node:
        case ast.Name(id=name):
            return scope.get(name)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if isinstance(scope.get(name), ModuleType):
            return getattr(scope[name], attribute, None)
    return None


def _functions_in(value: Any) -> Iterator[FunctionType]:
    """The functions of ours that a named value is or has."""
    value = inspect.unwrap(value) if callable(value) else value
    if isinstance(value, FunctionType) and value.__module__.startswith(OURS):
        yield value
    elif isinstance(value, Mapping | tuple | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _functions_in(each) if callable(each) else ()
    elif isinstance(value, type) and value.__module__.startswith(OURS_WITH_METHODS):
        yield from (each for each in vars(value).values() if isinstance(each, FunctionType) and _is_written(each))


def _is_written(function: FunctionType) -> bool:
    """False for what a decorator of a class makes."""
    return Path(function.__code__.co_filename).is_relative_to(ROOT)
