"""The tables of README and docs/ have what the code has."""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase

from app import telemetry
from app.api import problems
from app.engine.policy.law import TermViolation
from app.engine.policy.rules import Anchor
from app.presets.documents import chain_of, preset_names
from app.presets.law_rules import every_rule
from app.records.api_key import Scope
from app.service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    ServiceError,
    SignInError,
    StaleVersionError,
    TooManyError,
)
from app.settings import Settings, read_settings, variable_name
from app.telemetry import render_metrics
from tests.docs import (
    AGENTS,
    API,
    GENERATED,
    GLOSSARY,
    LAW,
    MESSAGES,
    POLICIES,
    WEBHOOKS,
    with_codes,
    with_events,
    with_tables_of_messages,
    with_tables_of_the_api,
    with_terms,
)
from tests.pages import DOCS, README, ROOT, table_of


def test_the_configuration_table_shows_every_variable_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RECOURSE_")]:
        monkeypatch.delenv(name)
    defaults = read_settings()
    rows = table_of(README, "variable")
    assert [row[0] for row in rows] == [variable_name(field) for field in Settings.model_fields]
    for name, value, _ in rows:
        monkeypatch.setenv(name, value)
    assert read_settings() == defaults


def test_the_table_of_scopes_shows_every_scope() -> None:
    assert [row[0] for row in table_of(README, "scope")] == list(Scope)


def test_readme_names_every_preset() -> None:
    assert all(f"`{name}`" in README.read_text() for name in preset_names())


def test_the_page_on_webhooks_has_every_event_type() -> None:
    page = WEBHOOKS.read_text("utf-8")
    assert with_events(page) == page, "run `make docs`"


def test_the_page_on_policies_is_drawn_from_the_code() -> None:
    page = POLICIES.read_text()
    assert with_terms(page) == page
    assert re.findall(r"^\| `(\w+)` \| [^|]", page.partition("| anchor |")[2].partition("\n\n")[0], re.MULTILINE) == [
        *Anchor
    ]
    assert re.findall(r"^\| `(\w+)` \|", page.partition("| violation |")[2], re.MULTILINE) == [*TermViolation]


def test_the_page_on_the_api_has_every_endpoint_step_refusal_and_report() -> None:
    page = API.read_text("utf-8")
    assert with_tables_of_the_api(page) == page, "run `make docs`"


def test_the_glossary_has_the_names_of_every_code() -> None:
    page = GLOSSARY.read_text("utf-8")
    assert with_codes(page) == page, "run `make docs`"


def test_the_page_on_messages_has_every_event_and_variable() -> None:
    page = MESSAGES.read_text("utf-8")
    assert with_tables_of_messages(page) == page, "run `make docs`"


def test_the_table_of_problems_shows_every_code_with_its_status() -> None:
    shown = {(int(status), code) for status, code, _ in table_of(DOCS / "api.md", "status")}
    rooms = ("api", "buyer", "service")
    modules = [path for room in rooms for path in (ROOT / "app" / room).rglob("*.py") if path.name != _LIMITS]
    assert shown == {*_raised_codes(modules), *_codes_of_errors(), *_codes_of_http()}


_LIMITS = "agent_limits.py"


def test_the_page_on_agents_shows_every_code_that_the_api_has_not() -> None:
    modules = [*(ROOT / "app" / "agents").rglob("*.py"), ROOT / "app" / "service" / _LIMITS]
    own = {code for _, code in _raised_codes(modules)} - {code for _, code, _ in table_of(DOCS / "api.md", "status")}
    assert own == {code for code, _ in table_of(AGENTS, "code")} - {"missing_scope", "invalid_request"}


_RAISED = {error.__name__: error for error in (ConflictError, ForbiddenError, InvalidError, SignInError, TooManyError)}


def _raised_codes(modules: Iterable[Path]) -> Iterator[tuple[int, str]]:
    """Each `ProblemError(status, code, ...)`, `problem(status, code, ...)` and `ConflictError(code, ...)`."""
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            match node.func.id, words:
                case "ProblemError" | "problem", [int() as status, str() as code, *_]:
                    yield status, code
                case name, [str() as code, *_] if name in _RAISED and code.isidentifier():
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
    assert [row[0] for row in table_of(DOCS / "operations.md", "job")] == jobs


def test_the_table_of_metrics_shows_the_labels_of_each() -> None:
    rows = {name: labels for name, labels, _ in table_of(DOCS / "operations.md", "metric")}
    declared = [metric for metric in vars(telemetry).values() if isinstance(metric, MetricWrapperBase)]
    assert rows == {_metric_name(metric): ", ".join(metric._labelnames) or "none" for metric in declared}


def test_the_table_of_gauges_shows_the_label_of_each() -> None:
    rows = {name: label for name, label, _ in table_of(DOCS / "operations.md", "gauge")}
    assert rows == {gauge.name: gauge.label or "none" for gauge in telemetry.ASKED}
    declared = [gauge for gauge in vars(telemetry).values() if isinstance(gauge, telemetry.AskedGauge)]
    assert declared == [*telemetry.ASKED]


def _metric_name(metric: MetricWrapperBase) -> str:
    return f"{metric._name}_total" if isinstance(metric, Counter) else metric._name


def test_the_pages_name_metrics_that_exist() -> None:
    documented = set(re.findall(r"`(recourse_[a-z_]+)`", (DOCS / "operations.md").read_text()))
    counted = set(re.findall(r"^# HELP (recourse_\w+)", render_metrics().decode(), re.MULTILINE))
    assert documented == counted


def test_the_page_on_law_lists_every_rule_of_every_preset() -> None:
    page = LAW.read_text("utf-8")
    assert GENERATED[LAW](page) == page, "run `make docs`"
    for name in preset_names():
        listed = "".join(page.partition(f"### `{each}`\n")[2].partition("\n### ")[0] for each in chain_of(name))
        assert [rule.code for rule in every_rule(name) if f"| `{rule.code}` |" not in listed] == []
