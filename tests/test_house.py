"""The house style that a formatter does not check: short files, short functions, and imports at the head."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APP = sorted((ROOT / "app").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
CLIENTS = sorted((ROOT / "docs" / "clients").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
DATA = {"app/engine/transitions/table.py"}
"""Files that are tables, which are read as one page."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_the_check_reads_the_app_and_its_tests() -> None:
    assert {"app/main.py", "app/engine/decide.py"} <= set(map(_name, APP))
    assert _name(Path(__file__)) in map(_name, TESTS)
    assert "docs/clients/python/recourse_client/retries.py" in map(_name, CLIENTS)


@pytest.mark.parametrize("files", [APP, TESTS, CLIENTS], ids=["app", "tests", "clients"])
def test_no_file_is_too_long(files: list[Path]) -> None:
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE and name not in DATA} == {}


@pytest.mark.parametrize("files", [APP, TESTS, CLIENTS], ids=["app", "tests", "clients"])
def test_no_function_is_longer_than_a_screen(files: list[Path]) -> None:
    lengths = {f"{_name(path)}:{each.name}": _length(each) for path in files for each in _functions(path)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_imports_stand_at_the_head_of_their_module() -> None:
    hidden = [
        f"{_name(path)}:{node.lineno}"
        for path in APP
        for function in _functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_a_transaction_is_typed() -> None:
    untyped = [
        f"{_name(path)}:{function.name}"
        for path in APP
        for function in _functions(path)
        for argument in _arguments(function)
        if argument.arg == "tx" and (argument.annotation is None or ast.unparse(argument.annotation) == "Any")
    ]
    assert untyped == []


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _functions(path: Path) -> tuple[Function, ...]:
    tree = ast.parse(path.read_text("utf-8"))
    return tuple(node for node in ast.walk(tree) if isinstance(node, Function))


def _length(function: Function) -> int:
    """Lines from the `def` to the end, without decorators: tables of cases are no code."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _arguments(function: Function) -> Iterator[ast.arg]:
    return iter((*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs))
