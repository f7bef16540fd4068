"""Bad fields of rules."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import (
    NOT_A_LIST,
    NOT_A_NAME,
    NOT_A_WORD,
    NOT_A_WORD_OF_THE_LIST,
    NOT_AN_AMOUNT,
    NOT_AN_INSTANT,
    Row,
    every,
    unless_null,
    with_value,
)

CONDITION = {"field": "value", "at_most": 30000}
RULE = {"rule_id": "r", "name": "규칙", "action": "approve", "currency": "KRW", "conditions": [CONDITION]}
RULES: dict[str, Any] = {"rules": [RULE]}
TRIAL = {**RULES, "requested_from": "2026-06-01T00:00:00Z", "requested_before": "2026-07-01T00:00:00Z"}
WRONG: dict[str, list[Any]] = {
    "rules": [*NOT_A_LIST, None, [RULE, RULE], [{**RULE, "rule_id": f"r{number}"} for number in range(101)]],
    "rules.0.rule_id": [*NOT_A_WORD, None],
    "rules.0.name": [*NOT_A_NAME, None],
    "rules.0.action": NOT_A_WORD_OF_THE_LIST,
    "rules.0.conditions": [*NOT_A_LIST, [CONDITION] * 21],
    "rules.0.conditions.0.field": NOT_A_WORD_OF_THE_LIST,
    "rules.0.conditions.0.at_most": unless_null(NOT_AN_AMOUNT),
    "rules.0.currency": ["", "krw", "XXX", 1],
    "rules.0.amount": unless_null(NOT_AN_AMOUNT),
    "rules.0.percent": [0, 101, 1.5, "1", True],
    "rules.0.open_days": [0, 91, 1.5, "1", True],
    "rules.0.alternative": [value for value in NOT_A_WORD_OF_THE_LIST if value is not None],
    "rules.0.tag": ["", "-", 1, "x" * 41],
}
HALF: list[tuple[str, Any]] = [
    ("rules.0", {**RULE, "currency": None}),
    ("rules.0.conditions.0", {"field": "value", "at_most": None}),
    ("rules.0", {**RULE, "action": "offer"}),
    ("rules.0", {**RULE, "action": "offer", "alternative": "store_credit", "text": "어떠세요?"}),
    ("rules.0", {**RULE, "action": "offer", "alternative": "exchange", "text": "어떠세요?"}),
    ("rules.0", {**RULE, "action": "ask"}),
    ("rules.0", {**RULE, "action": "route"}),
    ("rules.0.conditions.0", {"field": "value", "one_of": ["a"]}),
    ("rules.0.conditions.0", {"field": "reason", "at_most": 1}),
    ("rules.0.conditions.0", {"field": "reason", "one_of": ["mood"]}),
    ("rules.0.conditions.0", {"field": "buyer_claims", "at_most": 1}),
    ("rules.0.conditions.0", {"field": "value", "at_most": 1, "in_days": 3}),
    ("rules.0.conditions.0", {"field": "value", "at_least": 2, "at_most": 1}),
    ("rules.0.conditions.0", {"field": "kind", "one_of": ["cancel"], "none_of": ["cancel", "return"]}),
]


def rules() -> Iterator[Row]:
    for method, path in (("PUT", "/v1/rules"), ("POST", "/v1/rules/check")):
        for field, values in WRONG.items():
            yield from every(method, path, RULES, field, values)
        for field, value in HALF:
            yield method, path, with_value(RULES, field, value), field
    what_if = "POST", "/v1/what-if"
    for field in ("requested_from", "requested_before"):
        yield from every(*what_if, TRIAL, field, [*NOT_AN_INSTANT, None])
    yield from every(*what_if, TRIAL, "limit", [0, 501, 1.5, "1", True, None])
    yield from every(*what_if, TRIAL, "cursor", [1, [], {}, "x" * 401])
    yield from every(*what_if, TRIAL, "rules.0.action", NOT_A_WORD_OF_THE_LIST)
    yield *what_if, {**TRIAL, "policy": {"base": 1, "terms": {}}}, "policy.base"
    yield "POST", "/v1/rules/publish", {"version": 1}, "version"
