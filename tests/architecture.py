"""The parts of docs/architecture.md that come from the code: the floors of the contracts, and the table of modules."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
ARCHITECTURE = ROOT / "docs" / "architecture.md"


def floors(contract_id: str) -> str:
    """The layers of an import-linter contract, one a line, the highest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == contract_id)
    return "".join(f"    {re.sub('[()]', '', layer)}\n" for layer in layers)


def modules() -> str:
    """A section for each package below `app`, with the first sentence of each of its modules."""
    packages = sorted(path.parent for path in APP.rglob("*/__init__.py"))
    return "\n".join(_section(package) for package in packages)


def _section(package: Path) -> str:
    own = sorted(path for path in package.glob("*.py") if path.stem != "__init__")
    rows = "".join(f"| `{path.name}` | {first_sentence(path)} |\n" for path in own)
    table = f"\n| module | |\n|---|---|\n{rows}" if rows else ""
    return f"### {package.relative_to(ROOT).as_posix()}\n\n{first_sentence(package / '__init__.py')}\n{table}"


def rooms() -> str:
    """The table of the modules and packages that stand directly in `app`."""
    entries = sorted({*_parts_of_app()}, key=lambda entry: (not entry[0].endswith(".py"), entry))
    return "| in `app/` | |\n|---|---|\n" + "".join(f"| `{name}` | {sentence} |\n" for name, sentence in entries)


def _parts_of_app() -> Iterator[tuple[str, str]]:
    for path in APP.glob("*/__init__.py"):
        yield f"{path.parent.name}/", first_sentence(path)
    for path in APP.glob("*.py"):
        if path.stem != "__init__":
            yield path.name, first_sentence(path)


def first_sentence(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    sentence = re.match(r".+?(?:[.?](?=\s)|$)", " ".join(docstring.partition("\n\n")[0].split()))
    if sentence is None:
        raise ValueError(f"{path} has no docstring")
    return sentence[0].replace("|", r"\|")
