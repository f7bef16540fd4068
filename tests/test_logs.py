import json
import logging
import sys
from collections.abc import Iterator

import pytest

from app.logs import JsonFormatter, TextFormatter, request_id
from app.telemetry import render_metrics


@pytest.fixture
def _in_request() -> Iterator[None]:
    token = request_id.set("req-1")
    yield
    request_id.reset(token)


def record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    logger = logging.getLogger("app.service")
    record = logger.makeRecord(logger.name, logging.INFO, "claims.py", 1, message, arguments, None, extra=extra)
    record.created = 1767225600.25
    return record


@pytest.mark.usefixtures("_in_request")
def test_a_json_line_carries_the_request_and_what_the_caller_added() -> None:
    assert json.loads(JsonFormatter().format(record("claim %s", "c1", merchant="m1"))) == {
        "time": "2026-01-01T00:00:00.250+00:00",
        "level": "info",
        "logger": "app.service",
        "message": "claim c1",
        "request_id": "req-1",
        "merchant": "m1",
    }


@pytest.mark.usefixtures("_in_request")
def test_a_text_line_carries_the_same() -> None:
    line = TextFormatter().format(record("claim %s", "c1", merchant="m1"))
    assert line == "2026-01-01T00:00:00.250+00:00 INFO    app.service [req-1]: claim c1 merchant=m1"


def test_outside_a_request_there_is_no_request_id() -> None:
    assert "request_id" not in json.loads(JsonFormatter().format(record("started")))
    assert TextFormatter().format(record("started")).endswith("app.service: started")


FORGED = "GET /\n2026-01-01 INFO forged \x1b[2J\r\x00\u2028\u202e\x85 머그"
ESCAPED = r"GET /\n2026-01-01 INFO forged \x1b[2J\r\x00\u2028\u202e\x85 머그"


def test_a_text_line_has_no_control_character_of_a_caller() -> None:
    for line in (
        TextFormatter().format(record("%s 404", FORGED)),
        TextFormatter().format(record("404 %s", "/", merchant=FORGED)),
    ):
        assert line.isprintable()
        assert ESCAPED in line


def test_the_words_of_an_exception_forge_no_line() -> None:
    failed = record("failed")
    try:
        raise ValueError(FORGED)
    except ValueError:
        failed.exc_info = sys.exc_info()
    first, *trace = TextFormatter().format(failed).split("\n")
    assert first.endswith("app.service: failed")
    assert all(line.startswith("    ") and line.isprintable() for line in trace)


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()], ids=["json", "text"])
def test_an_exception_is_logged_with_its_traceback(formatter: logging.Formatter) -> None:
    failed = record("failed")
    try:
        raise ZeroDivisionError("by nought")
    except ZeroDivisionError:
        failed.exc_info = sys.exc_info()
    assert "ZeroDivisionError: by nought" in formatter.format(failed)


@pytest.mark.parametrize(
    ("value", "logged"),
    [({1}, "{1}"), (2**70, 2**70), ("\ud800", "\ud800"), (float("inf"), float("inf"))],
    ids=["no JSON type", "more than 64 bits", "half a surrogate pair", "infinite"],
)
def test_no_value_keeps_a_line_from_being_logged(value: object, logged: object) -> None:
    assert json.loads(JsonFormatter().format(record("odd", value=value)))["value"] == logged


def test_metrics_are_rendered_with_their_names() -> None:
    assert b"# TYPE recourse_db_retries_total counter" in render_metrics()
