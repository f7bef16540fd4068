"""The logging set-up and every metric of the service, declared here and nowhere else.

The middleware sets `request_id`, and each line that is logged for the request carries the id. Label values come from
closed sets (route templates, commands, codes) and never from a client, so that the number of time series is bounded.
"""

import json
import logging
import logging.config
import os
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

disable_created_metrics()  # no `_created` series beside each series

HTTP_REQUESTS = Counter("recourse_http_requests_total", "HTTP requests answered.", ["method", "route", "status"])
HTTP_DURATION = Histogram(
    "recourse_http_request_duration_seconds",
    "Time from a request's first byte to the last byte of its answer.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
HTTP_CONNECTIONS_CLOSED = Counter(
    "recourse_http_connections_closed_total", "Connections closed because of a limit.", ["reason"]
)
DECISIONS = Counter(
    "recourse_decisions_total", "Commands that the engine decided or refused.", ["command", "kind", "outcome", "origin"]
)
REFUSALS = Counter("recourse_refusals_total", "Reasons of refusals.", ["code"])
DB_RETRIES = Counter("recourse_db_retries_total", "Transactions that ran again after a conflict.")
EVENTS = Counter("recourse_events_total", "Events recorded.", ["type"])
DEADLINES_FIRED = Counter("recourse_deadlines_fired_total", "Deadlines that have fired.", ["name"])
DEADLINES_FAILED = Counter("recourse_deadlines_failed_total", "Deadlines postponed after an error.", ["subject"])
WITHDRAWALS_MATCHED = Counter(
    "recourse_withdrawals_matched_total", "Withdrawals that the worker has looked at.", ["outcome"]
)
DEADLINE_LAG = Histogram(
    "recourse_deadline_lag_seconds",
    "Time from a deadline to its firing.",
    buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400),
)
OVERDUE = Gauge(
    "recourse_overdue",
    "Claims and refunds that are overdue.",
    ["subject"],
    multiprocess_mode="mostrecent",
)
FANNED_OUT = Counter("recourse_fanned_out_total", "Events that received their place in the feed.")
DELIVERIES = Counter("recourse_deliveries_total", "Attempts to deliver, by outcome.", ["outcome"])
DELIVERY_DURATION = Histogram(
    "recourse_delivery_duration_seconds",
    "Time until an endpoint answered or the attempt failed.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)
OUTBOX_LAG = Gauge(
    "recourse_outbox_lag_seconds",
    "Age of the oldest event that is not in the feed yet.",
    multiprocess_mode="mostrecent",
)
DUE = Gauge(
    "recourse_deliveries_due",
    "Deliveries that are due and not yet made.",
    multiprocess_mode="mostrecent",
)
CLOCK_JUMP = Gauge(
    "recourse_clock_jump_seconds",
    "How far the system clock has jumped ahead while it is not believed. 0 when it is believed.",
    multiprocess_mode="max",
)
JOB_FAILURES = Counter("recourse_job_failures_total", "Runs of a worker's job that failed.", ["job"])
JOB_SUCCEEDED = Gauge(
    "recourse_job_success_timestamp_seconds",
    "When a worker's job last ran without an error, as seconds since 1970.",
    ["job"],
    multiprocess_mode="mostrecent",
)

METRICS_CONTENT_TYPE = CONTENT_TYPE_LATEST


def render_metrics() -> bytes:
    """Every metric in the Prometheus text format.

    Each process counts for itself. With PROMETHEUS_MULTIPROC_DIR set, the Prometheus client keeps the counts in that
    directory, and the answer is the sum over all processes.
    """
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return generate_latest(registry)


def configure_logging(*, level: str, style: Literal["json", "text"]) -> None:
    """Send every logger, the web server's included, to standard error in one format."""
    formatter = JsonFormatter if style == "json" else TextFormatter
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"default": {"()": formatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "default"}},
            "root": {"level": level.upper(), "handlers": ["stderr"]},
            "loggers": {"aiosqlite": {"level": "INFO"}},  # its debug lines hold every value, and so addresses
        }
    )


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for a log collector.

    The encoder is that of the standard library, which encodes every value. A faster encoder refuses some values that a
    client can send (half a surrogate pair, a huge number), and the line about such a value must not be lost.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _timestamp(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (current := request_id.get()) is not None:
            line["request_id"] = current
        line |= _extras(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class TextFormatter(logging.Formatter):
    """One line that a person reads in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        current = request_id.get()
        subject = f"{record.name} [{current}]" if current else record.name
        extras = "".join(f" {key}={value}" for key, value in _extras(record).items())
        text = f"{_timestamp(record)} {record.levelname:<7} {escaped(subject + ': ' + record.getMessage() + extras)}"
        return f"{text}\n{_indented(self.formatException(record.exc_info))}" if record.exc_info else text


def escaped(text: str) -> str:
    """The text on one line. Control characters could forge a line or steer the terminal, so they are escaped."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def _indented(trace: str) -> str:
    """No line of a traceback looks like a line of the log, whatever the words of the exception are."""
    return "\n".join(f"    {escaped(line)}" for line in trace.split("\n"))


_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def _extras(record: logging.LogRecord) -> dict[str, object]:
    """The values of `extra=`. The web server's `color_message` repeats the message, so it is omitted."""
    return {key: value for key, value in vars(record).items() if key not in _STANDARD_ATTRIBUTES}


def _timestamp(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
