"""The alert rules of docs/monitoring, and what they say about the answer of /metrics."""

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import promql_parser as promql
import yaml
from prometheus_client.parser import text_string_to_metric_families

FOLDER = Path(__file__).parents[2] / "docs" / "monitoring"
Labels = Mapping[str, str]
_COMPARE = {">": operator.gt, "<=": operator.le, "==": operator.eq}
_AGGREGATE = {"min": min, "max": max}


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    expr: str
    seconds: float
    """From the moment when the expression has a value to the alert: the wait of the rule, and one evaluation."""
    annotations: Mapping[str, str]
    severity: str


def rules() -> dict[str, Rule]:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return {
        rule["alert"]: Rule(
            name=rule["alert"],
            expr=rule["expr"],
            seconds=sum(_seconds(each) for each in (rule.get("for"), group["interval"]) if each),
            annotations=rule["annotations"],
            severity=rule["labels"]["severity"],
        )
        for group in groups
        for rule in group["rules"]
    }


def scrape_seconds() -> float:
    configured = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    return _seconds(configured["global"]["scrape_interval"])


def _seconds(duration: str) -> float:
    return promql.parse_duration(duration).total_seconds()


def samples(exposition: str) -> list[tuple[str, Labels, float]]:
    families = text_string_to_metric_families(exposition)
    return [(each.name, each.labels, each.value) for family in families for each in family.samples]


def selectors(expr: str) -> Iterator[promql.VectorSelector]:
    """Every metric that an expression names."""
    found: list[promql.VectorSelector] = []

    def visit(node: Any) -> bool:
        if isinstance(node, promql.VectorSelector):
            found.append(node)
        return True

    promql.walk(promql.parse(expr), visit)
    yield from found


def groupings(expr: str) -> list[str]:
    """The labels by which an expression aggregates, and on which it matches."""
    found: list[str] = []

    def visit(node: Any) -> bool:
        if isinstance(node, promql.AggregateExpr) and node.modifier:
            found.extend(node.modifier.labels)
        if isinstance(node, promql.BinaryExpr) and node.modifier and node.modifier.matching:
            found.extend(node.modifier.matching.labels)
        return True

    promql.walk(promql.parse(expr), visit)
    return found


def fires(expr: str, exposition: str) -> bool:
    """Whether an expression of `or`, comparisons with a number, `min`, `max` and `absent` has a value at one scrape."""
    return _has_value(promql.parse(expr), samples(exposition))


def threshold(expr: str) -> float:
    """The first number of an expression."""
    numbers: list[float] = []

    def visit(node: Any) -> bool:
        if isinstance(node, promql.NumberLiteral):
            numbers.append(node.val)
        return True

    promql.walk(promql.parse(expr), visit)
    return numbers[0]


def _has_value(node: Any, found: list[tuple[str, Labels, float]]) -> bool:
    match node:
        case promql.BinaryExpr(op=op, lhs=left, rhs=right) if str(op) == "or":
            return _has_value(left, found) or _has_value(right, found)
        case promql.BinaryExpr(op=op, lhs=promql.AggregateExpr() as left, rhs=promql.NumberLiteral(val=number)):
            values = _values(left.expr, found)
            return bool(values) and _COMPARE[str(op)](_AGGREGATE[str(left.op)](values), number)
        case promql.Call(func=func, args=[argument]) if func.name == "absent":
            return not _values(argument, found)
        case _:
            raise AssertionError(f"not understood: {node}")


def _values(selector: Any, found: list[tuple[str, Labels, float]]) -> list[float]:
    wanted = {matcher.name: matcher.value for matcher in selector.matchers.matchers}
    return [value for name, labels, value in found if name == selector.name and wanted.items() <= labels.items()]
