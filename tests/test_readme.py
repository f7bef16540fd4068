"""The walks of README and docs/ answer what the pages show.

Every `sh` block of a walk runs as it stands, in one bash, against a service of its own. The `json` block below it is a
part of the answer: each key shown must be there with the value shown. `…` stands for any value but null, and as the
last item of a list for the rest of the list.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app as command_line
from tests.docs import POLICIES
from tests.pages import DOCS, PAGES, README, ROOT
from tests.serving import recourse, serving

BETWEEN_STEPS = "\x1e"


@dataclass(frozen=True)
class Step:
    """A block of the walk, and the part of its answer that is shown."""

    script: str
    shown: Any


def _walk(name: str = "walk", page: Path = README) -> list[Step]:
    _, _, rest = page.read_text().partition(f"<!-- {name}:begin -->\n")
    walk, end, _ = rest.partition(f"<!-- {name}:end -->")
    assert end, f"{page.name} has no {name}"
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", walk, re.MULTILINE | re.DOTALL)
    return [
        Step(script, json.loads(answer) if following == "json" else None)
        for (language, script), (following, answer) in pairwise([*blocks, ("", "")])
        if language == "sh"
    ]


def _run(steps: list[Step], **variables: str) -> list[str]:
    """What each step prints, in an environment without the caller's variables."""
    between = f"printf '{BETWEEN_STEPS}'\n"
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", between.join(step.script for step in steps)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **variables},
        cwd=ROOT,
        timeout=120,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.split(BETWEEN_STEPS)


def _differences(shown: Any, real: Any, where: str = "answer") -> Iterator[str]:
    match shown, real:
        case "…", _:
            yield from [f"{where} is null"] if real is None else []
        case dict(), dict():
            for name, value in shown.items():
                there = name in real
                yield from (_differences(value, real[name], f"{where}.{name}") if there else [f"{where} has no {name}"])
        case list(), list():
            yield from _different_items(shown, real, where)
        case _ if type(shown) is not type(real) or shown != real:
            yield f"{where} is {real!r}, not {shown!r}"


def _different_items(shown: list[Any], real: list[Any], where: str) -> Iterator[str]:
    items = shown[:-1] if shown[-1:] == ["…"] else shown
    if len(items) > len(real) or (items is shown and len(items) < len(real)):
        yield f"{where} has {len(real)} items, not {len(items)}"
    for i, (item, its) in enumerate(zip(items, real, strict=False)):
        yield from _differences(item, its, f"{where}[{i}]")


def _recourse(database_url: str, *arguments: str) -> str:
    result = CliRunner().invoke(command_line, arguments, env={"RECOURSE_DATABASE_URL": database_url})
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the walk takes bash and curl")
def test_the_walk_answers_what_readme_shows(database_url: str, tmp_path: Path) -> None:
    created = _recourse(database_url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    key = created.split()[-1]
    steps = _walk()
    with serving(database_url, tmp_path / "log") as service:
        _walk_twice(steps, BASE=service.url, KEY=key)
    assert "every history is as written" in _recourse(database_url, "verify")


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the walk takes bash and curl")
def test_the_walk_of_policies_answers_what_the_page_shows(database_url: str, tmp_path: Path) -> None:
    created = _recourse(database_url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    steps = [_walk()[0], *_walk(page=POLICIES)]
    with serving(database_url, tmp_path / "log") as service:
        _walk_twice(steps, BASE=service.url, KEY=created.split()[-1])


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the walk takes bash and curl")
def test_the_walk_of_webhooks_answers_what_readme_shows(database_url: str, tmp_path: Path) -> None:
    """On SQLite the service sends the webhooks, on PostgreSQL a worker does."""
    created = _recourse(database_url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    steps = [_walk()[0], *_walk("webhooks")]
    with ExitStack() as stack:
        service = stack.enter_context(serving(database_url, tmp_path / "log", webhook_allow_private="true"))
        if "postgresql" in database_url:
            private = {"RECOURSE_WEBHOOK_ALLOW_PRIVATE": "true"}
            worker = recourse("worker", database_url, tmp_path / "worker.log", **private)
            stack.callback(worker.wait, 30)
            stack.callback(worker.terminate)
        _walk_twice(steps, BASE=service.url, KEY=created.split()[-1])


def test_no_loop_of_a_page_waits_without_an_end() -> None:
    blocks = [
        block
        for page in PAGES
        for block in re.findall(r"^```sh\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
    ]
    loops = [line for block in blocks for line in block.splitlines() if re.search(r"\b(until|while)\b", line)]
    assert loops
    assert not [line for line in loops if "|| break" not in line]


def _walk_twice(steps: list[Step], **variables: str) -> None:
    """The second walk finds on the database what the first walk has left there."""
    for _ in range(2):
        _compare(steps, _run(steps, **variables))


def _compare(steps: list[Step], printed: list[str]) -> None:
    wrong = [
        f"after {step.script}{difference}"
        for step, text in zip(steps, printed, strict=True)
        if step.shown is not None
        for difference in _differences(step.shown, json.loads(text))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_check_of_terms_prints_what_the_page_on_operations_shows(tmp_path: Path) -> None:
    page = (DOCS / "operations.md").read_text()
    terms = tmp_path / "terms.toml"
    terms.write_text(_block_after("<!-- terms.toml -->", page))
    result = CliRunner().invoke(command_line, ["policy", "check", str(terms)])
    assert result.stdout == _block_after("<!-- violations -->", page)
    assert result.exit_code == 1


def _block_after(mark: str, page: str) -> str:
    """The content of the fenced block below a mark."""
    return page.partition(f"{mark}\n```")[2].partition("\n")[2].partition("```")[0]


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": "…"}, {"a": 0}),
        ([1, "…"], [1, 2, 3]),
        ([1, "…"], [1]),
        ({"a": None}, {"a": None}),
    ],
)
def test_a_part_of_an_answer_fits_it(shown: Any, real: Any) -> None:
    assert not list(_differences(shown, real))


@pytest.mark.parametrize(
    ("shown", "real"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a": "…"}, {"a": None}),
        ({"a": 0}, {"a": False}),
        ([1], [1, 2]),
        ([1, 2, "…"], [1]),
        ({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"c": 2}]}}),
    ],
)
def test_a_difference_from_an_answer_is_reported(shown: Any, real: Any) -> None:
    assert list(_differences(shown, real))
