"""The generated parts of README, docs/ and the examples: `python -m tests.docs` checks them, `--write` writes them."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from textwrap import indent

from app import __version__
from app.agents.buyer_tools import BUYER_TOOLS
from app.agents.seller_tools import SELLER_TOOLS
from app.api.schemas.policies import TermsInput, policy_schema
from app.engine.diagram import mermaid, ways
from app.engine.model.breakdown import RULES
from app.engine.transitions.table import TABLE
from app.main import create_app
from app.messages.message_rules import MESSAGE_RULES, Audience
from app.messages.samples import VARIABLES
from app.messages.sentences import names, sentences
from app.messages.without_message import reason
from app.service.events.types import CATALOGUE, EventType
from app.settings import Settings
from tests import architecture, problem_codes
from tests.engine import walked_rows
from tests.examples.files import FILES
from tests.law_tables import law_tables

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
API = ROOT / "docs" / "api.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
MESSAGES = ROOT / "docs" / "messages.md"
WEBHOOKS = ROOT / "docs" / "webhooks.md"
POLICIES = ROOT / "docs" / "policies.md"
TABLE_FILE = ROOT / "app" / "engine" / "transitions" / "table.py"
TRANSITIONS = ROOT / "docs" / "transitions.md"
LAW = ROOT / "docs" / "law.md"
AGENTS = ROOT / "docs" / "mcp.md"
POLICY_SCHEMA = ROOT / "docs" / "policy.schema.json"
PROBLEM_CODES = ROOT / "app" / "api" / "problem_codes.json"


def with_states(readme: str) -> str:
    """README with the diagram of states."""
    return _between("states", readme, f"```mermaid\n{mermaid(TABLE)}\n```\n")


def with_events(page: str) -> str:
    """The page on webhooks with the table of events, and with this version in the example of a request."""
    page = re.sub(r"(?<=^user-agent: Recourse/).+$", __version__, page, flags=re.MULTILINE)
    rows = "".join(f"| `{row.name}` | {row.description} |\n" for row in CATALOGUE)
    return _between("events", page, f"| event | |\n|---|---|\n{rows}")


def with_terms(page: str) -> str:
    """The page on policies with the table of terms."""
    fields = TermsInput.model_fields.items()
    rows = "".join(f"| `{name}` | {field.description} |\n" for name, field in fields)
    return _between("terms", page, f"| term | |\n|---|---|\n{rows}")


def with_modules(page: str) -> str:
    """The page on the architecture with the floors and the tables of modules."""
    page = _between("floors", page, architecture.floors("floors"))
    page = _between("engine-floors", page, architecture.floors("engine-floors"))
    return _between("modules", _between("rooms", page, architecture.rooms()), architecture.modules())


def with_ways(module: str) -> str:
    """The module of the table with the list of ways in its docstring."""
    before, head, rest = module.partition(f"{_WAYS_HEAD}\n\n")
    if not head:
        raise ValueError(f"the docstring of the table needs the line: {_WAYS_HEAD}")
    return before + head + indent(ways(TABLE), " " * 4) + rest[rest.index('"""') :]


_WAYS_HEAD = "Every way, written by `python -m tests.docs --write`:"


def with_tables_of_the_api(page: str) -> str:
    """The page on the API with the tables of endpoints, steps, refusals and reports."""
    steps = "".join(f"| `{code}` | {rule} |\n" for code, rule in RULES.items())
    page = _between("steps", page, f"| step | rule |\n|---|---|\n{steps}")
    page = _between("endpoints", page, f"| endpoint | scope | |\n|---|---|---|\n{''.join(_rows_of_endpoints())}")
    page = _between("reports", page, f"| code (409) | detail |\n|---|---|\n{_rows_of_sentences('reports')}")
    return _between("refusals", page, f"| code | detail |\n|---|---|\n{_rows_of_sentences('refusals')}")


def _rows_of_endpoints() -> Iterator[str]:
    paths = create_app(Settings(database_url="sqlite:///unused.db")).openapi()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            needed = [scope for way in operation.get("security", []) for scopes in way.values() for scope in scopes]
            way_in = "session" if path.startswith("/buyer/") and "security" in operation else "none"
            scopes = " ".join(f"`{scope}`" for scope in needed) or way_in
            yield f"| `{method.upper()} {path}` | {scopes} | {operation['summary']} |\n"


def with_tables_of_messages(page: str) -> str:
    """The page on messages with the tables of audiences, variables and events."""
    rules = MESSAGE_RULES.items()
    moments = "".join(_moment(row) for row in CATALOGUE)
    page = _between("audiences", page, f"| event | when | buyer | seller |\n|---|---|---|---|\n{moments}")
    variables = "".join(f"| `{name}` | {variable.means} |\n" for name, variable in VARIABLES.items())
    page = _between("variables", page, f"| variable | |\n|---|---|\n{variables}")
    events = "".join(f"| `{event}` | {_code(rule.always)} | {_code(rule.sometimes)} |\n" for event, rule in rules)
    return _between("events", page, f"| event | always | sometimes |\n|---|---|---|\n{events}")


def _moment(row: EventType) -> str:
    sides = " | ".join(_side(row.name, audience) for audience in Audience)
    return f"| `{row.name}` | {row.description} | {sides} |\n"


def _side(event: str, audience: Audience) -> str:
    rule = MESSAGE_RULES.get(event)
    return "yes" if rule and audience in rule.to else f"no: {reason(event, audience)}"


def _code(names: tuple[str, ...]) -> str:
    return " ".join(f"`{name}`" for name in names)


def with_codes(page: str) -> str:
    """The glossary with the names of each code in three languages."""
    return _between("codes", page, "\n".join(_table_of_codes(table) for table in TABLES_OF_CODES))


TABLES_OF_CODES = (
    "command",
    "state",
    "kind",
    "reason",
    "fault",
    "ground",
    "alternative",
    "hold_reason",
    "delay_reason",
)


def with_tools(page: str) -> str:
    """The page on agents with the tools of both sides."""
    buyers = "".join(f"| `{tool.name}` | {tool.title} |\n" for tool in BUYER_TOOLS)
    sellers = "".join(f"| `{tool.name}` | `{tool.scope}` | {tool.title} |\n" for tool in SELLER_TOOLS)
    tables = f"| buyer's tool | |\n|---|---|\n{buyers}", f"| seller's tool | scope | |\n|---|---|---|\n{sellers}"
    return _between("tools", page, "\n".join(tables))


def _table_of_codes(table: str) -> str:
    english, korean, japanese = (names(language)[table] for language in ("en", "ko", "ja"))
    rows = "".join(f"| `{code}` | {english[code]} | {korean[code]} | {japanese[code]} |\n" for code in english)
    return f"| {table.replace('_', ' ')} | English | 한국어 | 日本語 |\n|---|---|---|---|\n{rows}"


def _rows_of_sentences(table: str) -> str:
    rows = []
    for code, sentence in sentences(table, "en").items():
        texts = [sentence] if isinstance(sentence, str) else sentence.values()
        rows.append(f"| `{code}` | {re.sub(r':[a-z_]+}', '}', '<br>'.join(texts))} |\n")
    return "".join(rows)


def _between(name: str, page: str, block: str) -> str:
    pattern = rf"(?<=<!-- {name}:begin -->\n).*?(?=<!-- {name}:end -->)"
    generated, count = re.subn(pattern, lambda _: block, page, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"the page needs one `{name}:begin` and one `{name}:end`")
    return generated


def schema_of_terms(_: str) -> str:
    """The JSON Schema of terms, for an editor or a form."""
    return json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"


def _whole(text: str, _: str) -> str:
    return text


GENERATED: Mapping[Path, Callable[[str], str]] = {
    README: with_states,
    WEBHOOKS: with_events,
    POLICIES: with_terms,
    TABLE_FILE: with_ways,
    TRANSITIONS: lambda _: walked_rows.page(),
    API: with_tables_of_the_api,
    MESSAGES: with_tables_of_messages,
    GLOSSARY: with_codes,
    AGENTS: with_tools,
    LAW: lambda page: _between("rules", page, law_tables()),
    POLICY_SCHEMA: schema_of_terms,
    PROBLEM_CODES: lambda _: problem_codes.text(),
    architecture.ARCHITECTURE: with_modules,
    **{file: partial(_whole, text) for file, text in FILES.items()},
}


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.docs", description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write what is out of date")
    write = arguments.parse_args().write
    stale = {page: new for page, generate in GENERATED.items() if (new := generate(text := _present(page))) != text}
    for page, generated in stale.items():
        if write:
            page.write_text(generated, "utf-8")
        else:
            print(f"{page.name} is out of date: run `python -m tests.docs --write`", file=sys.stderr)
    return 0 if write else len(stale)


def _present(page: Path) -> str:
    return page.read_text("utf-8") if page.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
