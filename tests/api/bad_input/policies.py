"""Bad fields of policies."""

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
)

PERIOD = {"length": 30, "unit": "days", "anchor": "delivered"}
TERMS = {
    "windows": [{"code": "house", "kinds": ["return"], "periods": [PERIOD]}],
    "exceptions": [{"ground": "custom_made", "kinds": ["return"]}],
    "promises": [{"kinds": ["return"], "periods": [PERIOD]}],
    "fees": {"return": 3000},
    "automation": [{"kinds": ["cancel"], "when": "always"}],
}
WRONG_TERMS: dict[str, list[Any]] = {
    "title": NOT_A_NAME,
    "language": ["", "nl", 1, []],
    "windows": NOT_A_LIST,
    "windows.0.code": [*NOT_A_WORD, None],
    "windows.0.kinds": [*NOT_A_LIST, [], ["swap"]],
    "windows.0.periods.0.length": [-1, 3651, 1.5, "1", True, None],
    "windows.0.periods.0.unit": NOT_A_WORD_OF_THE_LIST,
    "windows.0.periods.0.then_months": [-1, 121, 1.5, "1", True, None],
    "exceptions.0.ground": NOT_A_WORD_OF_THE_LIST,
    "promises.0.periods": [*NOT_A_LIST, []],
    "fees.return": [*NOT_AN_AMOUNT, None],
    "fees.restocking_percent": [-1, 101, 1.5, "1", True, None],
    "automation.0.when": NOT_A_WORD_OF_THE_LIST,
    **{
        f"{rules}.0.{scope}": [*NOT_A_LIST, ["other"]]
        for rules in ("windows", "exceptions", "promises", "automation")
        for scope in ("natures", "records", "without_records")
    },
    "late_interest_percent": [-1, 101, "15"],
    "closing_days": [*NOT_A_LIST, ["2026-02-30"]],
    "hold_within": [[], 14, {}, {"length": 1, "unit": "months"}],
    "offer_within": [{"length": 0}, {"length": 61}, {"length": 1.5}, {"length": 1, "anchor": "paid"}],
    "ship_date_within": [{"unit": "days"}, {"length": None}],
    "ask_carrier_after": [{"unit": "days"}, {"length": None}],
    "tell_buyer_after": [{"unit": "days"}, {"length": None}],
    "unanswered": unless_null(NOT_A_WORD_OF_THE_LIST),
}


def policies() -> Iterator[Row]:
    for path, extra_fields in (("/v1/policies/check", {}), ("/v1/policies", {"policy_id": "house"})):
        body = {"base": "kr", "terms": TERMS, **extra_fields}
        for field, values in WRONG_TERMS.items():
            yield from every("POST", path, body, f"terms.{field}", values)
        yield from every("POST", path, body, "base", [*NOT_A_NAME, None])
        yield "POST", path, {**body, "terms": {"discount": 1}}, "terms.discount"
    publish = "POST", "/v1/policies", {"base": "kr", "terms": TERMS, "policy_id": "house"}
    yield from every(*publish, "policy_id", ["", "House", "a/b", "x" * 101, 1, None])
    yield from every(*publish, "effective_at", unless_null(NOT_AN_INSTANT))
