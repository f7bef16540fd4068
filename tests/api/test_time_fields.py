"""Names of public fields say what kind of time they hold: `_at` an instant, `_on` a local day, `_by` a deadline."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.main import create_app
from app.settings import Settings

SUFFIXES = {"date-time": ("_at", "_by", "requested_from", "requested_before"), "date": ("_on",)}
OF_STANDARD_WEBHOOKS = ("timestamp", "date-time")
DEADLINES = {
    *("respond_by", "respond_latest_by", "collect_by", "refund_due_by", "due_by", "ends_by", "turn_ends_by"),
    *("answer_by", "idle_by", "to_answer_by"),
}


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    components: dict[str, Any] = create_app(Settings()).openapi()["components"]["schemas"]
    return components


def _formats(field: dict[str, Any]) -> Iterator[str]:
    """The formats of a field and of each of its alternatives; a list of days is not a day."""
    if "format" in field:
        yield field["format"]
    for alternative in field.get("anyOf", ()):
        yield from _formats(alternative)


def _fields(schemas: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for schema, body in schemas.items():
        for name, field in body.get("properties", {}).items():
            yield from ((schema, name, kind) for kind in _formats(field) if kind in SUFFIXES)


def test_every_instant_and_every_local_day_is_named_by_the_rule(schemas: dict[str, Any]) -> None:
    fields = list(_fields(schemas))
    assert len(fields) > 100
    ours = [field for field in fields if field[1:] != OF_STANDARD_WEBHOOKS]
    assert [field for field in ours if not field[1].endswith(SUFFIXES[field[2]])] == []


def test_only_a_deadline_is_an_instant_that_ends_in_by(schemas: dict[str, Any]) -> None:
    assert {name for _, name, kind in _fields(schemas) if kind == "date-time" and name.endswith("_by")} <= DEADLINES


def test_a_field_that_ends_in_at_or_on_is_a_time(schemas: dict[str, Any]) -> None:
    times = {(schema, name) for schema, name, _ in _fields(schemas)}
    other = {
        (schema, name)
        for schema, body in schemas.items()
        for name in body.get("properties", {})
        if name.endswith(("_at", "_on")) and (schema, name) not in times
    }
    assert {name for _, name in other} <= {"outbound_refunded_at", "outbound_refunded_on"}
