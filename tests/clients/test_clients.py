"""A client that a generator makes from the OpenAPI document walks the way of README, in Python and in TypeScript.

The generators have lock files of their own: one of them needs older libraries than the service. They are installed
once for each state of the lock files, in pytest's cache. What they generate is never committed.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app as command_line
from app.main import create_app
from app.settings import Settings
from tests.clients.tools import installed, run
from tests.serving import serving

HERE = Path(__file__).parent
WALKED = "claim.requested claim.approved claim.received claim.accepted refund.created refund.succeeded claim.refunded"

CONFIGURATION = """
post_hooks: []
content_type_overrides:
  application/pdf: application/octet-stream
"""
"""The generator knows no PDF, and takes any bytes."""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(create_app(Settings(database_url="sqlite:///unused.db", log_level="warning")).openapi()))
    return path


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a service and a key."""
    arguments = ("keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    created = CliRunner().invoke(command_line, arguments, env={"RECOURSE_DATABASE_URL": sqlite_url})
    with serving(sqlite_url, tmp_path / "log") as served:
        yield served.url, created.stdout.split()[-1]


def test_a_generated_python_client_walks(
    pytestconfig: pytest.Config, document: Path, service: tuple[str, str], tmp_path: Path
) -> None:
    install = ("venv/bin/python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.txt")
    tools = installed(pytestconfig, HERE / "requirements.txt", install) / "venv" / "bin"
    client = tmp_path / "recourse_client"
    (tmp_path / "config.yml").write_text(CONFIGURATION)
    generate = ("generate", "--path", document, "--output-path", client, "--meta", "none", "--config", "config.yml")
    printed = run(tools / "openapi-python-client", *generate, "--fail-on-warning", cwd=tmp_path)
    assert "WARNING" not in printed
    shutil.copy(HERE / "walk.py", tmp_path)
    assert run(tools / "python", "walk.py", *service, cwd=tmp_path).strip() == WALKED


@pytest.mark.skipif(shutil.which("npm") is None and not os.environ.get("CI"), reason="needs npm")
def test_a_generated_typescript_client_walks(
    pytestconfig: pytest.Config, document: Path, service: tuple[str, str], tmp_path: Path
) -> None:
    install = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    home = installed(pytestconfig, HERE / "package-lock.json", install)
    for name in ("walk.ts", "tsconfig.json", "package.json"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(home / "node_modules")
    options = ("--default-non-nullable", "false")  # a field with a default may be left out of a request
    run("node_modules/.bin/openapi-typescript", document, "-o", "schema.ts", *options, cwd=tmp_path)
    run("node_modules/.bin/tsc", cwd=tmp_path)
    assert run("node", "walk.js", *service, cwd=tmp_path).strip() == WALKED
