"""What README and docs/ say is what the code does: the walk is run, tables are compared, links are followed.

In the walk every `sh` block is run as it stands, in one bash, against a service of its own. The `json` block
behind it is a part of the answer: each key shown must be there with the value shown. `…` stands for any value
but null, and as the last item of a list for the rest of it.
"""

import ast
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase
from typer.main import get_command
from typer.testing import CliRunner

from app import telemetry
from app.api import problems
from app.cli import app as command_line
from app.engine.model.breakdown import RULES
from app.engine.policy.law import TermViolation
from app.engine.policy.rules import Anchor
from app.main import create_app
from app.presets.loader import preset_names
from app.service.callers import Scope
from app.service.errors import ConflictError, InvalidError, NotFoundError, ServiceError, StaleVersionError
from app.settings import Settings, read_settings, variable_name
from app.telemetry import render_metrics
from tests.docs import API, POLICIES, WEBHOOKS, with_events, with_refusals, with_terms
from tests.serving import recourse, serving
from tests.store.watching import Heard, listen
from tests.storefront import Storefront, storefront

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = (README, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))
BETWEEN_STEPS = "\x1e"


# The walk


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
    """What each step prints. No variable and no file of the caller's gets in the way."""
    between = f"printf '{BETWEEN_STEPS}'\n"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", between.join(step.script for step in steps)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **variables},
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split(BETWEEN_STEPS)


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
    done = CliRunner().invoke(command_line, arguments, env={"RECOURSE_DATABASE_URL": database_url})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the walk takes bash and curl")
def test_the_walk_answers_what_readme_shows(database_url: str, tmp_path: Path) -> None:
    created = _recourse(database_url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    key = created.split()[-1]
    steps = _walk()
    with serving(database_url, tmp_path / "log") as service:
        printed = _run(steps, BASE=service.url, KEY=key)
    _compare(steps, printed)
    assert "every history is as it was written" in _recourse(database_url, "verify")


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the walk takes bash and curl")
def test_the_walk_of_policies_answers_what_the_page_shows(database_url: str, tmp_path: Path) -> None:
    created = _recourse(database_url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    steps = [_walk()[0], *_walk(page=POLICIES)]
    with serving(database_url, tmp_path / "log") as service:
        printed = _run(steps, BASE=service.url, KEY=created.split()[-1])
    _compare(steps, printed)


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("curl")), reason="the walk takes bash and curl")
def test_the_walk_of_webhooks_answers_what_readme_shows(database_url: str, tmp_path: Path) -> None:
    """On SQLite the service sends them, and on PostgreSQL a worker of its own."""
    created = _recourse(database_url, "keys", "create", "demo", "--policy", "storefront_kr", "--scope", "admin")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    steps = [_walk()[0], *_walk("webhooks")]
    with ExitStack() as stack:
        service = stack.enter_context(serving(database_url, tmp_path / "log", webhook_allow_private="true"))
        if "postgresql" in database_url:
            private = {"RECOURSE_WEBHOOK_ALLOW_PRIVATE": "true"}
            worker = recourse("worker", database_url, tmp_path / "worker.log", **private)
            stack.callback(worker.wait, 30)
            stack.callback(worker.terminate)
        printed = _run(steps, BASE=service.url, KEY=created.split()[-1], PORT=port)
    _compare(steps, printed)


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
    done = CliRunner().invoke(command_line, ["policy", "check", str(terms)])
    assert done.stdout == _block_after("<!-- violations -->", page)
    assert done.exit_code == 1


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
def test_what_differs_from_an_answer_is_noticed(shown: Any, real: Any) -> None:
    assert list(_differences(shown, real))


# Tables


def _table(page: Path, heading: str) -> list[list[str]]:
    """The cells of the first table whose first column has this heading, code marks off the first two columns."""
    lines = page.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().strip("`") for cell in line.strip("|").split(" | ")])
    return rows


def test_the_configuration_table_shows_every_variable_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RECOURSE_")]:
        monkeypatch.delenv(name)
    defaults = read_settings()
    rows = _table(README, "variable")
    assert [row[0] for row in rows] == [variable_name(field) for field in Settings.model_fields]
    for name, value, _ in rows:
        monkeypatch.setenv(name, value)
    assert read_settings() == defaults


def test_the_table_of_scopes_shows_every_scope() -> None:
    assert [row[0] for row in _table(README, "scope")] == list(Scope)


def test_readme_names_every_preset() -> None:
    assert all(f"`{name}`" in README.read_text() for name in preset_names())


def test_the_table_of_endpoints_shows_every_endpoint_with_its_scope() -> None:
    described = create_app(Settings(database_url="sqlite:///unused.db")).openapi()["paths"]
    endpoints = [
        f"| `{method.upper()} {path}` | {_scope(operation)} | {operation['summary']} |"
        for path, operations in described.items()
        for method, operation in operations.items()
    ]
    assert sorted(_rows(DOCS / "api.md", "endpoints")) == sorted(endpoints)


def _scope(operation: dict[str, Any]) -> str:
    needed = [scope for way in operation.get("security", []) for scopes in way.values() for scope in scopes]
    return " ".join(f"`{scope}`" for scope in needed) or "none"


def test_the_table_of_events_shows_every_type() -> None:
    page = WEBHOOKS.read_text("utf-8")
    assert with_events(page) == page, "run `make docs`"


def test_the_page_on_policies_is_drawn_from_the_code() -> None:
    page = POLICIES.read_text()
    assert with_terms(page) == page
    assert re.findall(r"^\| `(\w+)` \| [^|]", page.partition("| anchor |")[2].partition("\n\n")[0], re.MULTILINE) == [
        *Anchor
    ]
    assert re.findall(r"^\| `(\w+)` \|", page.partition("| violation |")[2], re.MULTILINE) == [*TermViolation]


def test_the_tables_of_refusals_and_reports_show_every_code_with_its_sentence() -> None:
    page = API.read_text("utf-8")
    assert with_refusals(page) == page, "run `make docs`"


def test_the_table_of_steps_shows_every_step_with_its_rule() -> None:
    assert _rows(DOCS / "api.md", "steps") == [f"| `{code}` | {rule} |" for code, rule in RULES.items()]


def _rows(page: Path, name: str) -> list[str]:
    """The rows of a table between `<!-- name:begin -->` and `<!-- name:end -->`."""
    found = re.search(rf"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", page.read_text(), re.DOTALL)
    assert found, f"{page.name} has no {name}"
    return found[1].splitlines()[2:]


def test_the_table_of_problems_shows_every_code_with_its_status() -> None:
    shown = {(int(status), code) for status, code, _ in _table(DOCS / "api.md", "status")}
    assert shown == {*_raised_codes(), *_codes_of_errors(), *_codes_of_http()}


_RAISED = {"ConflictError": ConflictError, "InvalidError": InvalidError}


def _raised_codes() -> Iterator[tuple[int, str]]:
    """Each `ProblemError(status, code, ...)`, `problem(status, code, ...)` and `ConflictError(code, ...)`."""
    for path in [*(ROOT / "app" / "api").rglob("*.py"), *(ROOT / "app" / "service").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            match node.func.id, words:
                case "ProblemError" | "problem", [int() as status, str() as code, *_]:
                    yield status, code
                case "ConflictError" | "InvalidError" as name, [str() as code, *_] if code.isidentifier():
                    yield problems._STATUS[_RAISED[name]], code
                case _:
                    pass


def _codes_of_errors() -> Iterator[tuple[int, str]]:
    errors: tuple[type[ServiceError], ...] = (NotFoundError, StaleVersionError)
    return ((problems._STATUS[error], error.code) for error in errors)


def _codes_of_http() -> Iterator[tuple[int, str]]:
    return iter(problems._HTTP_CODES.items())


def test_the_table_of_jobs_shows_every_job_of_the_worker() -> None:
    jobs = re.findall(r'Job\(name="(\w+)"', (ROOT / "app" / "worker.py").read_text())
    assert [row[0] for row in _table(DOCS / "operations.md", "job")] == jobs


def test_the_table_of_metrics_shows_the_labels_of_each() -> None:
    rows = {name: labels for name, labels, _ in _table(DOCS / "operations.md", "metric")}
    declared = [metric for metric in vars(telemetry).values() if isinstance(metric, MetricWrapperBase)]
    assert rows == {_metric_name(metric): ", ".join(metric._labelnames) or "none" for metric in declared}


def _metric_name(metric: MetricWrapperBase) -> str:
    return f"{metric._name}_total" if isinstance(metric, Counter) else metric._name


def test_the_pages_name_metrics_that_are_there() -> None:
    named = set(re.findall(r"`(recourse_[a-z_]+)`", (DOCS / "operations.md").read_text()))
    counted = set(re.findall(r"^# HELP (recourse_\w+)", render_metrics().decode(), re.MULTILINE))
    assert named == counted


@pytest.fixture
async def postgres_shop(postgres_url: str) -> Any:
    async with storefront(postgres_url) as opened:
        yield opened


async def test_a_request_takes_the_statements_that_the_page_lists(postgres_shop: Storefront) -> None:
    shop = postgres_shop
    await shop.push_order()
    await shop.get("/v1/orders/order-1")
    executed: list[Heard] = []
    with listen(executed.append):
        await shop.claim("cancel")
    looked_up, *transaction = (sql for sql, _ in executed)
    assert "FROM api_keys" in looked_up
    rows = _rows(DOCS / "architecture.md", "statements")
    for row, statement in zip(rows, transaction, strict=True):
        verb, table = re.findall(r"`([^`]+)`", row)[:2]
        assert statement.startswith(verb), row
        assert table in statement, row


# Links and commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)]+)\)", _without_code(page)):
        if re.match(r"https?:", target):
            continue
        name, _, anchor = target.partition("#")
        led_to = (page.parent / name).resolve() if name else page
        if not led_to.exists() or (anchor and anchor not in _anchors(led_to)):
            broken.append(target)
    assert not broken


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _without_code(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _without_code(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def test_every_decision_has_its_five_parts_and_is_listed() -> None:
    index = (DOCS / "decisions" / "README.md").read_text()
    for page in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        parts = re.findall(r"^\*\*(.+?)\.?\*\*", page.read_text(), re.MULTILINE)
        assert parts == ["Context", "Decision", "Why", "Cost", "Revisit when"], page.name
        assert f"]({page.name})" in index, page.name


def test_every_make_target_that_the_pages_name_is_there() -> None:
    said = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    targets = set(re.findall(r"^  make (\w+)", said, re.MULTILINE))
    assert _named("make") <= targets


def test_every_command_that_the_pages_name_is_there() -> None:
    group: Any = get_command(command_line)
    commands = set(group.commands) | {f"keys {name}" for name in group.commands["keys"].commands}
    named = {words if words.startswith("keys ") else words.split()[0] for words in _named("recourse")}
    assert named <= commands
    assert commands - {"keys"} <= named, "a command that no page names"


def _named(program: str) -> set[str]:
    """What follows the name of a program at the start of a command, in code spans and blocks."""
    texts = [page.read_text() for page in PAGES]
    pattern = rf"(?:^    |`|recourse )(?:\.venv/bin/)?{program} ((?:keys )?[a-z]+)"
    return {found for text in texts for found in re.findall(pattern, text, re.MULTILINE)}
