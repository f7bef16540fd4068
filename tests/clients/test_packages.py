"""The packages have every operation and are typed, and `make clients` builds both."""

import re
import sys
from pathlib import Path

import pytest

from docs.clients.builder import document
from docs.clients.builder.__main__ import main
from docs.clients.builder.document import Operation, operations
from docs.clients.builder.tools import run
from tests.clients.conftest import NEEDS_NPM
from tests.clients.driving import Client
from tests.clients.installing import HERE, HOME, PYTHON_SAMPLES
from tests.pages import ROOT


@pytest.fixture(scope="module")
def described() -> list[Operation]:
    return list(operations(document.read()))


def test_each_operation_is_reachable(process: Client, described: list[Operation]) -> None:
    names = {f"{each.tag.replace(' ', '_')}.{each.id}" for each in described}
    assert {_snake(name) for name in process.call("operations")} == names


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda match: f"_{match[0].lower()}", name)


def test_text_is_returned_as_text(served: Client) -> None:
    assert "recourse_" in served.call("get_metrics")


def test_the_posts_that_are_sent_again_without_a_key_store_nothing(described: list[Operation]) -> None:
    """The clients know them by the ends of their paths. No path with such an end may store anything."""
    unkeyed = {each.path for each in described if each.method == "post" and not each.is_keyed}
    assert {path for path in unkeyed if path.endswith(("/quote", "/check", "/preview", "/what-if"))} == {
        "/v1/claims/quote",
        "/v1/claims/{claim_id}/edit/quote",
        "/v1/policies/check",
        "/v1/rules/check",
        "/v1/what-if",
        "/v1/messages/preview",
        "/buyer/v1/claims/quote",
        "/buyer/v1/claims/{claim_id}/edit/quote",
    }


def test_the_python_client_is_typed(python_client_folder: Path, tmp_path: Path) -> None:
    """The written modules, and the programs that import the installed package."""
    package = HOME / "python" / "recourse-client" / "recourse_client"
    settings = tmp_path / "mypy.ini"
    settings.write_text("[mypy]\nstrict = true\n[mypy-recourse_client.generated.*]\nignore_errors = true\n")
    check = (sys.executable, "-m", "mypy", "--config-file", settings, "--cache-dir", HOME / "mypy")
    python = python_client_folder / "venv" / "bin" / "python"
    programs = [HERE / "driver.py", *(python_client_folder / name for name in PYTHON_SAMPLES)]
    run(*check, "--python-executable", python, package, *programs, cwd=tmp_path, MYPYPATH=str(package.parent))


@NEEDS_NPM
def test_make_clients_builds_both_and_nothing_twice(python_client_folder: Path, typescript_client_folder: Path) -> None:
    built = {path: path.stat().st_mtime_ns for path in (*HOME.glob("*.whl"), *HOME.glob("*.tgz"))}
    environment = Path(sys.prefix)
    as_installed = ("-o", environment / ".runtime", f"VENV={environment}")
    printed = run("make", *as_installed, "clients", cwd=ROOT)
    assert [Path(line) for line in printed.splitlines()] == list(built)
    assert {path: path.stat().st_mtime_ns for path in built} == built


def test_without_npm_the_wheel_is_built_and_a_sentence_says_what_is_missing(
    python_client_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(HOME) == 1
    printed = capsys.readouterr()
    assert printed.out.strip().endswith(".whl")
    needs = "the TypeScript client needs Node.js 20.3 or later with npm; install both, then run this again"
    assert printed.err == f"error: {needs}\n"
