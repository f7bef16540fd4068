"""The engine is pure: it imports the standard library alone, and no module that reaches outside of the process."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app.engine

HOME = Path(app.engine.__file__).parent
MODULES = sorted(HOME.rglob("*.py"))
OUTSIDE = {"asyncio", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time", "uuid"}
CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "perf_counter"}

each_module = pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(HOME)) for path in MODULES])


def test_the_engine_is_there_to_be_read() -> None:
    assert len(MODULES) > 20


@each_module
def test_it_imports_the_standard_library_and_itself(path: Path) -> None:
    foreign = {name for name in _imports(path) if not _is_its_own(name)} - sys.stdlib_module_names
    assert not foreign


@each_module
def test_it_imports_nothing_that_reaches_outside(path: Path) -> None:
    assert not OUTSIDE.intersection(_imports(path))


@each_module
def test_it_never_reads_the_clock(path: Path) -> None:
    calls = {node.func for node in _nodes(path) if isinstance(node, ast.Call)}
    assert not CLOCKS & {call.attr for call in calls if isinstance(call, ast.Attribute)}


@each_module
def test_it_never_waits(path: Path) -> None:
    waiting = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    assert not [node for node in _nodes(path) if isinstance(node, waiting)]


@each_module
def test_it_writes_no_field_of_a_value(path: Path) -> None:
    """A value of a decision is not frozen at run time. Only `self` of a class with an `__init__` is written."""
    written = [node for node in _nodes(path) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)]
    assert {ast.unparse(node.value) for node in written} <= {"self"}
    names = {node.id for node in _nodes(path) if isinstance(node, ast.Name)}
    assert not {"setattr", "delattr"} & names


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text("utf-8")))


def _imports(path: Path) -> Iterator[str]:
    """What is imported: this package's modules by their full names, all others by their first."""
    for node in _nodes(path):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        yield from (name if _is_its_own(name) else name.partition(".")[0] for name in names)


def _is_its_own(name: str) -> bool:
    return name == "app.engine" or name.startswith("app.engine.")
