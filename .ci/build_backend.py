"""Builds the wheel with one package, `recourse`: the code of `app` under that name, with the migrations inside.

`app` and `migrations` are names that other distributions may have too, so an installation must not bring them. The
editable installation, which the Makefile makes, keeps the folders as they are.
"""

import ast
import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flit_core import buildapi
from flit_core.buildapi import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Config = dict[str, object] | None


def build_wheel(wheel_directory: str, config_settings: Config = None, metadata_directory: str | None = None) -> str:
    target = str(Path(wheel_directory).resolve())
    with _staged():
        return str(buildapi.build_wheel(target, config_settings, metadata_directory))


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Config = None) -> str:
    target = str(Path(metadata_directory).resolve())
    with _staged():
        return str(buildapi.prepare_metadata_for_build_wheel(target, config_settings))


@contextlib.contextmanager
def _staged() -> Iterator[None]:
    """A folder that is laid out as the wheel, as the working directory."""
    without_caches = shutil.ignore_patterns("__pycache__")
    with tempfile.TemporaryDirectory() as name:
        stage = Path(name)
        package = stage / "recourse"
        shutil.copytree("app", package, ignore=without_caches)
        shutil.copytree("migrations", package / "migrations", ignore=without_caches)
        for module in package.rglob("*.py"):
            module.write_bytes(renamed(module.read_bytes()))
        shutil.copy("LICENSE", stage)
        (stage / "pyproject.toml").write_text(_settings_of_the_wheel(), "utf-8")
        with contextlib.chdir(stage):
            yield


def _settings_of_the_wheel() -> str:
    text = Path("pyproject.toml").read_text("utf-8")
    for before, after in (('name = "app"', 'name = "recourse"'), ('"app.cli:main"', '"recourse.cli:main"')):
        if text.count(before) != 1:
            raise ValueError(f"pyproject.toml has {before} {text.count(before)} times, not once")
        text = text.replace(before, after)
    return text


def renamed(source: bytes) -> bytes:
    """The source with `recourse` for `app` in imports, and where a text begins with the dotted name of a module."""
    lines = source.split(b"\n")
    for number, column in sorted(set(_places(ast.parse(source))), reverse=True):
        line = lines[number - 1]
        match = _UP_TO_THE_NAME.match(line, column)
        if match is None:
            raise ValueError(f"the name of a module is not where it was expected: {line.decode()}")
        lines[number - 1] = line[: match.end() - len(b"app")] + b"recourse" + line[match.end() :]
    return b"\n".join(lines)


def _places(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """The line and the column of each import of `app`, and of each text that begins with the name of a module."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module), level=0) if module.split(".")[0] == "app":
                yield node.lineno, node.col_offset
            case ast.Import(names=names) if any(alias.name.split(".")[0] == "app" for alias in names):
                raise ValueError(f"line {node.lineno}: write `from app... import ...`, which the wheel can rename")
            case ast.Constant(value=str(text)) if _MODULE.fullmatch(text):
                yield node.lineno, node.col_offset


_MODULE = re.compile(r"app[.:][\w.:]+")
_UP_TO_THE_NAME = re.compile(rb"(from\s+|[rbfuRBFU]*[\"']+)?app\b")
