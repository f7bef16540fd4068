"""Three linters find no error in the OpenAPI document: openapi-spec-validator, Redocly CLI and Spectral.

The two linters of npm have a lock file of their own. They are installed once for each state of that file, in pytest's
cache.
"""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.main import create_app
from app.settings import Settings
from docs.clients.builder.tools import NPM_INSTALL, installed, run
from tests.api.openapi import Document, inside

HERE = Path(__file__).parent
NEEDS_NPM = pytest.mark.skipif(shutil.which("npm") is None and not os.environ.get("CI"), reason="needs npm")


@pytest.fixture
def tools(pytestconfig: pytest.Config) -> Path:
    home = pytestconfig.cache.mkdir("linters")
    return installed(home, HERE / "package-lock.json", NPM_INSTALL) / "node_modules" / ".bin"


@pytest.fixture(scope="module")
def document() -> Document:
    settings = Settings(database_url="sqlite:///unused.db", log_level="warning")
    described: Document = create_app(settings).openapi()
    return described


@pytest.fixture
def file(document: Document, tmp_path: Path) -> Path:
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document))
    return path


def test_the_validator_finds_no_error(document: Document) -> None:
    errors = [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
    assert not errors


def test_every_example_is_of_its_schema(document: Document) -> None:
    shown = {json.dumps([schema, example]): (schema, example) for schema, example in _examples(document)}
    wrong = [
        error.message
        for schema, example in shown.values()
        for error in OAS31Validator({**schema, "components": document["components"]}).iter_errors(example)
    ]
    assert len(shown) > 200
    assert wrong == []


def _examples(document: Document) -> Iterator[tuple[Document, Any]]:
    for each in inside([document["paths"], document["webhooks"], document["components"]]):
        content = each.get("content")
        for media in content.values() if isinstance(content, dict) else ():
            if "schema" in media and "example" in media:
                yield media["schema"], media["example"]
            for example in media.get("examples", {}).values():
                yield media["schema"], example["value"]


@NEEDS_NPM
def test_redocly_finds_no_error(tools: Path, file: Path) -> None:
    run(tools / "redocly", "lint", file, cwd=file.parent, REDOCLY_TELEMETRY="off")


@NEEDS_NPM
def test_spectral_finds_no_error(tools: Path, file: Path) -> None:
    run(tools / "spectral", "lint", file, "--ruleset", HERE / "spectral.yaml", "--quiet", cwd=file.parent)
