"""The parts of README and docs/ and the examples that are drawn from the code: `python -m tests.docs` says whether they
are up to date, and with `--write` it writes them."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from textwrap import indent

from app.api.schemas.policies import TermsInput, policy_schema
from app.engine.diagram import mermaid, ways
from app.engine.transitions.table import TABLE
from app.messages.sentences import sentences
from app.service.events.types import CATALOGUE
from tests import architecture
from tests.examples.files import FILES

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
API = ROOT / "docs" / "api.md"
WEBHOOKS = ROOT / "docs" / "webhooks.md"
POLICIES = ROOT / "docs" / "policies.md"
TABLE_FILE = ROOT / "app" / "engine" / "transitions" / "table.py"
POLICY_SCHEMA = ROOT / "docs" / "policy.schema.json"


def rendered(readme: str) -> str:
    """The README with its diagram drawn anew; it must hold the two markers, once."""
    return _between("states", readme, f"```mermaid\n{mermaid(TABLE)}\n```\n")


def with_events(page: str) -> str:
    """The page on webhooks with its table of events written anew."""
    rows = "".join(f"| `{row.name}` | {row.description} |\n" for row in CATALOGUE)
    return _between("events", page, f"| event | |\n|---|---|\n{rows}")


def with_terms(page: str) -> str:
    """The page on policies with its table of terms written anew."""
    fields = TermsInput.model_fields.items()
    rows = "".join(f"| `{name}` | {field.description} |\n" for name, field in fields)
    return _between("terms", page, f"| term | |\n|---|---|\n{rows}")


def with_modules(page: str) -> str:
    """The page on the architecture with its floors and its tables of modules written anew."""
    page = _between("floors", page, architecture.floors("floors"))
    page = _between("engine-floors", page, architecture.floors("engine-floors"))
    return _between("modules", _between("rooms", page, architecture.rooms()), architecture.modules())


def with_ways(module: str) -> str:
    """The module of the table with the list of ways in its docstring written anew."""
    before, head, rest = module.partition(f"{_WAYS_HEAD}\n\n")
    if not head:
        raise ValueError(f"the docstring of the table needs the line: {_WAYS_HEAD}")
    return before + head + indent(ways(TABLE), " " * 4) + rest[rest.index('"""') :]


_WAYS_HEAD = "Every way, written by `python -m tests.docs --write`:"


def with_refusals(page: str) -> str:
    """The page on the API with its tables of refusals written anew."""
    page = _between("reports", page, f"| code (409) | detail |\n|---|---|\n{_rows_of_sentences('reports')}")
    return _between("refusals", page, f"| code | detail |\n|---|---|\n{_rows_of_sentences('refusals')}")


def _rows_of_sentences(table: str) -> str:
    rows = []
    for code, sentence in sentences(table, "en").items():
        texts = [sentence] if isinstance(sentence, str) else sentence.values()
        rows.append(f"| `{code}` | {re.sub(r':[a-z_]+}', '}', '<br>'.join(texts))} |\n")
    return "".join(rows)


def _between(name: str, page: str, block: str) -> str:
    pattern = rf"(?<=<!-- {name}:begin -->\n).*?(?=<!-- {name}:end -->)"
    drawn, count = re.subn(pattern, lambda _: block, page, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"the page needs one `{name}:begin` and one `{name}:end`")
    return drawn


def schema_of_terms(_: str) -> str:
    return json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"


def _whole(text: str, _: str) -> str:
    return text


DRAWN: Mapping[Path, Callable[[str], str]] = {
    README: rendered,
    WEBHOOKS: with_events,
    POLICIES: with_terms,
    TABLE_FILE: with_ways,
    API: with_refusals,
    POLICY_SCHEMA: schema_of_terms,
    architecture.ARCHITECTURE: with_modules,
    **{file: partial(_whole, text) for file, text in FILES.items()},
}


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.docs", description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write what is out of date")
    write = arguments.parse_args().write
    stale = {page: draw(text) for page, draw in DRAWN.items() if draw(text := _present(page)) != text}
    for page, drawn in stale.items():
        if write:
            page.write_text(drawn, "utf-8")
        else:
            print(f"{page.name} is out of date: run `python -m tests.docs --write`", file=sys.stderr)
    return 0 if write else len(stale)


def _present(page: Path) -> str:
    return page.read_text("utf-8") if page.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
