"""The alert rules and the dashboard name only metrics, labels and values that /metrics of a service has. Each alert has
a runbook."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import promql_parser as promql
import pytest
from prometheus_client.metrics import MetricWrapperBase

from app import clock, telemetry
from tests import databases
from tests.delivery.receiver import open_receiver
from tests.monitoring.rules import FOLDER, Rule, groupings, rules, samples, selectors
from tests.serving import serving
from tests.storefront import Storefront, storefront

RULES = rules()
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
OF_A_TARGET = {"job", "instance"}
"""Labels that Prometheus adds to everything that it scrapes."""
OF_PROMETHEUS = {"up"}
ONLY_IN_TROUBLE = ("DEADLINES_FAILED", "JOB_FAILURES")
"""Counters that have no value before something goes wrong."""

Exposed = dict[str, dict[str, set[str]]]
"""The values of each label, by the names of samples."""


def expressions() -> dict[str, str]:
    """Every expression, with values in place of the variables of Grafana."""
    found = {rule.name: rule.expr for rule in RULES.values()}
    for panel in PANELS:
        for target in panel["targets"]:
            expr = target["expr"].replace("$__rate_interval", "1m").replace("$job", "recourse")
            found[f"{panel['title']}, {target['refId']}"] = expr
    return found


EXPRESSIONS = expressions()


@pytest.fixture(scope="module")
def folder(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a migrated database."""
    folder = tmp_path_factory.mktemp("walked")
    databases.copy_sqlite(home, folder / "recourse.db")
    return folder


@pytest.fixture(scope="module")
async def exposed(folder: Path) -> AsyncIterator[Exposed]:
    """What /metrics of a service shows that has walked, with a worker inside."""
    url = databases.sqlite_url_of(folder / "recourse.db")
    async with storefront(url) as shop, open_receiver() as receiver:
        with serving(url, folder / "log", webhook_allow_private="true", worker_poll_seconds="0.05") as service:
            async with httpx.AsyncClient(base_url=service.url) as http:
                walker = replace(shop, http=http)
                assert (await walker.post("/v1/webhook-endpoints", {"url": receiver.url})).status_code == 201
                await _walk(walker)
                await _send_a_head_that_is_too_large(service.url)
                yield await _once_the_worker_has_walked_too(walker)


async def _walk(shop: Storefront) -> None:
    now = clock.now()
    late = (now + timedelta(days=2)).date().isoformat()
    await shop.push_order(paid_at=(now - timedelta(days=1)).isoformat(), expected_ship_on=late)
    assert (await shop.ask("return")).status_code == 409
    await shop.give(await shop.claim("cancel"), "approve")
    passed = (now - timedelta(days=5)).date().isoformat()
    await shop.push_order("order-2", paid_at=(now - timedelta(days=9)).isoformat(), expected_ship_on=passed)


async def _send_a_head_that_is_too_large(url: str) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nx: " + b"a" * 200_000 + b"\r\n\r\n")
    assert b"431" in await reader.readline()
    writer.close()


async def _once_the_worker_has_walked_too(shop: Storefront) -> Exposed:
    async with asyncio.timeout(60):
        while True:
            found = _by_name((await shop.get("/metrics")).text)
            if {"recourse_deadlines_fired_total", "recourse_deliveries_total", "recourse_workers"} <= found.keys():
                return found
            await asyncio.sleep(0.2)


def _by_name(exposition: str) -> Exposed:
    found: Exposed = {}
    for name, labels, _ in samples(exposition):
        values = found.setdefault(name, {})
        for label, value in labels.items():
            values.setdefault(label, set()).add(value)
    for name in ONLY_IN_TROUBLE:
        counter: MetricWrapperBase = getattr(telemetry, name)
        found.setdefault(f"{counter._name}_total", {label: set() for label in counter._labelnames})
    return found


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_parses(name: str) -> None:
    assert isinstance(promql.parse(EXPRESSIONS[name]), promql.Expr)
    assert list(selectors(EXPRESSIONS[name]))


def test_every_metric_is_one_that_the_service_has(exposed: Exposed, subtests: pytest.Subtests) -> None:
    for name, expr in EXPRESSIONS.items():
        with subtests.test(name):
            assert {selector.name for selector in selectors(expr)} - OF_PROMETHEUS <= exposed.keys()


def test_every_label_is_one_that_its_metric_has(exposed: Exposed, subtests: pytest.Subtests) -> None:
    for name, expr in EXPRESSIONS.items():
        with subtests.test(name):
            of_all = set(OF_A_TARGET)
            for selector in selectors(expr):
                labels = exposed.get(str(selector.name), {}).keys() | OF_A_TARGET
                of_all |= labels
                assert {matcher.name for matcher in selector.matchers.matchers} <= labels
            assert set(groupings(expr)) <= of_all


def test_every_value_of_a_closed_list_is_one_that_the_service_has(
    exposed: Exposed, subtests: pytest.Subtests
) -> None:  # fmt: skip
    for name, expr in EXPRESSIONS.items():
        for selector in selectors(expr):
            for matcher in selector.matchers.matchers:
                if matcher.name in ("state", "subject") and matcher.op == promql.MatchOp.Equal:
                    with subtests.test(f"{name} {matcher.name}"):
                        assert matcher.value in exposed[str(selector.name)][matcher.name]


def test_the_dashboard_shows_each_metric_of_the_service() -> None:
    shown = {
        str(selector.name) for name, expr in EXPRESSIONS.items() if name not in RULES for selector in selectors(expr)
    }
    declared = {each._name for each in vars(telemetry).values() if isinstance(each, MetricWrapperBase)}
    declared |= {gauge.name for gauge in telemetry.ASKED}
    families = {re.sub("_(total|bucket|count|sum)$", "", name) for name in shown}
    assert declared - families == {"recourse_worker_turn_max_seconds", "recourse_withdrawals_matched"}


def test_a_legend_names_labels_that_its_expression_keeps() -> None:
    wrong = [
        f"{panel['title']}: {label}"
        for panel in PANELS
        for target in panel["targets"]
        for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])
        if label not in groupings(target["expr"].replace("$__rate_interval", "1m"))
    ]
    assert wrong == []


def test_panels_take_the_source_and_the_job_from_variables() -> None:
    variables = {each["name"] for each in DASHBOARD["templating"]["list"]}
    assert variables == {"datasource", "job"}
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${datasource}", panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        for target in panel["targets"]:
            assert target["datasource"]["uid"] == "${datasource}"
            chosen = [m.value for s in selectors(target["expr"].replace("$__rate_interval", "1m")) for m in _jobs(s)]
            assert set(chosen) == {"$job"}, panel["title"]


def _jobs(selector: promql.VectorSelector) -> Iterator[promql.Matcher]:
    return (matcher for matcher in selector.matchers.matchers if matcher.name == "job")


def test_no_two_panels_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_an_alert_says_what_happens_and_has_a_runbook(rule: Rule) -> None:
    assert {"summary", "description", "runbook"} <= rule.annotations.keys()
    assert rule.severity in ("critical", "warning")
    page, _, anchor = rule.annotations["runbook"].partition("#")
    headings = re.findall(r"^### (\w+)$", (FOLDER.parents[1] / page).read_text(), re.MULTILINE)
    assert anchor == rule.name.lower()
    assert rule.name in headings


def test_every_runbook_is_of_an_alert() -> None:
    headings = re.findall(r"^### (\w+)$", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert headings == list(RULES)
