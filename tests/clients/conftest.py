"""The clients under test: `client` is each of them in turn, in a process that imports the installed package."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app as command_line
from tests import databases
from tests.clients.driving import Client, started
from tests.clients.fronts import Front, fronting
from tests.clients.installing import HERE, python_folder, typescript_folder
from tests.serving import serving

HAS_NPM = shutil.which("npm") is not None or "CI" in os.environ
NEEDS_NPM = pytest.mark.skipif(not HAS_NPM, reason="needs npm")


@pytest.fixture(scope="session")
def python_client_folder() -> Path:
    return python_folder()


@pytest.fixture(scope="session")
def typescript_client_folder() -> Path:
    return typescript_folder()


@pytest.fixture(scope="session", params=["python", "python async", pytest.param("typescript", marks=NEEDS_NPM)])
def process(request: pytest.FixtureRequest) -> Iterator[Client]:
    if request.param == "typescript":
        folder = request.getfixturevalue("typescript_client_folder")
        client = started(request.param, "node", "driver.js", cwd=folder)
    else:
        folder = request.getfixturevalue("python_client_folder")
        arguments = request.param.split()[1:]
        client = started(request.param, "venv/bin/python", "-W", "error", HERE / "driver.py", *arguments, cwd=folder)
    with client.process:
        yield client
        assert client.process.stdin is not None
        client.process.stdin.close()


@pytest.fixture
def front() -> Iterator[Front]:
    """A server that answers as told, without a service."""
    with fronting() as front:
        yield front


@pytest.fixture
def client(process: Client, front: Front) -> Client:
    """A client of the little server."""
    process.url, process.key = front.url, "rk_unused"
    return process


@pytest.fixture(scope="package")
def service(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a service and a key. Its tests use orders of their own."""
    folder = tmp_path_factory.mktemp("service")
    url = databases.copy_sqlite(home, folder / "recourse.db")
    arguments = ("keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin", "--scope", "metrics:read")
    created = CliRunner().invoke(command_line, arguments, env={"RECOURSE_DATABASE_URL": url})
    with serving(url, folder / "log", files_folder=folder / "files") as served:
        yield served.url, created.stdout.split()[-1]


@pytest.fixture
def served(process: Client, service: tuple[str, str]) -> Client:
    """A client of a service."""
    process.url, process.key = service
    return process
