"""The wheel, built and installed without a network: what it brings, and that it works in an empty folder."""

import os
import re
import runpy
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from app import __version__
from tests.clients.conftest import HAS_NPM
from tests.clients.walking import WALKED, python_walk, typescript_walk
from tests.pages import ROOT
from tests.serving import free_port

PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")
WALKS = (python_walk, typescript_walk) if HAS_NPM else (python_walk,)
OFFLINE = ("--no-deps", "--no-index", "--no-cache-dir")


def run(*command: str, cwd: Path, **environment: str) -> str:
    """What the command prints. It gets no variable of the service's and no path to this code."""
    ours = ("RECOURSE_", "PYTHON")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    result = subprocess.run(
        command, cwd=cwd, env={**clean, **environment}, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the installed wheel alone."""
    home = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", str(home), str(ROOT), cwd=home)
    run(*PIP, "install", *OFFLINE, "--target", str(home / "site"), *map(str, home.glob("*.whl")), cwd=home)
    return home / "site"


@pytest.fixture
def others(tmp_path: Path) -> Path:
    """A folder with packages of somebody else's, whose names are those of the folders of this repository."""
    folder = tmp_path / "others"
    for name in ("app", "migrations", "tests"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("raise ImportError('a package of somebody else')\n")
    return folder


@contextmanager
def demonstrating(command: str, cwd: Path, **environment: str) -> Iterator[str]:
    """The address of `recourse demo`, and then its end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (cwd / "log").open("wb") as log:
        process = subprocess.Popen(
            [command, "demo"], cwd=cwd, env={**environment, "RECOURSE_PORT": str(port)}, stdout=log, stderr=log
        )
    try:
        until_ready(url, process)
        yield url
    finally:
        process.terminate()
        assert process.wait(60) == 0


def until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the service did not start")


def test_the_wheel_brings_one_package_that_works_in_an_empty_folder_beside_other_packages(
    site: Path, others: Path, tmp_path: Path
) -> None:
    brought = {path.name for path in site.iterdir()}
    assert brought == {"bin", "recourse", f"recourse-{__version__}.dist-info"}

    empty = tmp_path / "empty"
    empty.mkdir()
    recourse = str(site / "bin" / "recourse")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{others}{os.pathsep}{site}"}
    assert run(recourse, "--version", cwd=empty, **environment) == f"recourse {__version__}\n"
    assert run(recourse, "migrate", cwd=empty, **environment) == "The schema is up to date.\n"
    with demonstrating(recourse, empty, **environment) as url:
        shown = (empty / "log").read_text()
        first, second = re.findall(r"^  curl .+?(?=^\n)", shown, re.MULTILINE | re.DOTALL)
        assert '"total":9000' in run("bash", "-c", first, cwd=empty)
        assert f'"url":"{url}/c?link=' in run("bash", "-c", second, cwd=empty)
        (key,) = set(re.findall(r"\brk_[\w-]+", shown))
        for walk in WALKS:
            assert walk(url, key)[-1] == WALKED
    assert run(recourse, "verify", cwd=empty, **environment).endswith("every history is as written.\n")


@pytest.mark.parametrize(
    ("source", "renamed"),
    [
        ("from app import clock", "from recourse import clock"),
        ("if True:\n    from app.store import a, b", "if True:\n    from recourse.store import a, b"),
        ("from apples import app", "from apples import app"),
        ("app.command()", "app.command()"),
        ("run('app.main:create_app')", "run('recourse.main:create_app')"),
        ('名 = f"app.cli.database:{name}"', '名 = f"recourse.cli.database:{name}"'),
        ('"""`app` and app.main."""', '"""`app` and app.main."""'),
    ],
)
def test_the_wheel_renames_the_package_where_the_code_names_it(source: str, renamed: str) -> None:
    backend = runpy.run_path(str(ROOT / ".ci" / "build_backend.py"))
    assert backend["renamed"](source.encode()).decode() == renamed


def test_an_import_that_the_wheel_cannot_rename_stops_the_build() -> None:
    backend = runpy.run_path(str(ROOT / ".ci" / "build_backend.py"))
    with pytest.raises(ValueError, match="line 2: write `from app"):
        backend["renamed"](b"import os\nimport app.clock\n")
