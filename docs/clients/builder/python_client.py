"""The wheel of the Python client: what the generator makes of the document, beside the written modules."""

import json
import shutil
import sys
from copy import deepcopy
from pathlib import Path

from docs.clients.builder.document import Document, event_schemas, prepared
from docs.clients.builder.tools import digest, exclusively, files_under, installed, run

SOURCE = Path(__file__).parent.parent / "python"
ROOT = SOURCE.parents[2]
LOCK = SOURCE / "generator" / "requirements.txt"

PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


def build(document: Document, home: Path) -> Path:
    """The wheel in `home`. It is built again only after a change of the document or of the sources."""
    text = json.dumps(document)
    state = digest([*files_under(SOURCE), *files_under(Path(__file__).parent)], text)
    with exclusively(home / "python"):
        stamp = home / "python" / state
        if not stamp.exists():
            for path in (*home.glob("python/[0-9a-f]*"), *home.glob("*.whl")):
                path.unlink()
            _build(document, home)
            stamp.touch()
    (wheel,) = home.glob("*.whl")
    return wheel


def generator(home: Path) -> Path:
    """The folder of the generator's commands."""
    make = (sys.executable, "-m", "venv", "--clear", "--without-pip", "venv")
    install = (*PIP, "--python", "venv", "install", "--require-hashes", "-r", LOCK.name)
    return installed(home / "tools", LOCK, make, install) / "venv" / "bin"


def _build(document: Document, home: Path) -> None:
    stage = home / "python" / "recourse-client"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    without = shutil.ignore_patterns("__pycache__", "generated")
    shutil.copytree(SOURCE / "recourse_client", stage / "recourse_client", ignore=without)
    for path in (SOURCE / "README.md", ROOT / "LICENSE"):
        shutil.copy(path, stage)
    (stage / "pyproject.toml").write_text(_settings(document["info"]["version"]), "utf-8")
    description = home / "python" / "openapi.json"
    description.write_text(json.dumps(_with_unknown_events(prepared(document))), "utf-8")
    _generate(home, description, stage / "recourse_client" / "generated")
    (stage / "recourse_client" / "generated" / "events.py").write_text(_events(document), "utf-8")
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", home, stage, cwd=stage)


def _generate(home: Path, description: Path, target: Path) -> None:
    options = ("--meta", "none", "--fail-on-warning", "--config", SOURCE / "generator" / "config.yml")
    templates = ("--custom-template-path", SOURCE / "generator" / "templates")
    command = (generator(home) / "openapi-python-client", "generate", "--path", description, "--output-path", target)
    run(*command, *options, *templates, cwd=description.parent)


def _settings(version: str) -> str:
    text = (SOURCE / "pyproject.toml").read_text("utf-8")
    if text.count('version = "0"') != 1:
        raise ValueError('pyproject.toml of the client needs one version = "0"')
    return text.replace('version = "0"', f'version = "{version}"')


def _with_unknown_events(document: Document) -> Document:
    """An event of a type that this release does not know has a model too, so that it does not break the feed."""
    changed = deepcopy(document)
    timestamp = {"type": "string", "format": "date-time"}
    changed["components"]["schemas"]["UnknownEvent"] = {
        "type": "object",
        "description": "An event of a type that this release does not know. Ignore it, or read `data` as it was sent.",
        "properties": {"type": {"type": "string"}, "timestamp": timestamp, "data": {"type": "object"}},
        "required": ["type", "timestamp", "data"],
    }
    body = changed["components"]["schemas"]["Event"]["properties"]["body"]
    body.pop("discriminator", None)
    (kinds,) = (value for name, value in body.items() if name in {"oneOf", "anyOf"})
    kinds.append({"$ref": "#/components/schemas/UnknownEvent"})
    return changed


def _events(document: Document) -> str:
    schemas = event_schemas(document)
    models = sorted({*schemas.values(), "UnknownEvent"})
    rows = "".join(f'    "{name}": {model},\n' for name, model in schemas.items())
    return (
        '"""The events, and the model of each event type."""\n\n'
        "from collections.abc import Mapping\n\n"
        f"from .models import {', '.join(models)}\n\n"
        f"Event = {' | '.join(models)}\n\n"
        f"EVENTS: Mapping[str, type[Event]] = {{\n{rows}}}\n"
    )
