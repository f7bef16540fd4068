"""The logging set-up: every line of a process in one format, and the line of a request.

The middleware sets `request_id`, and each line that is logged for the request carries the id.
"""

import json
import logging
import logging.config
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

import orjson

from app import tracing

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


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


ACCESS = "app.access"
"""The logger of the lines of requests. Their values are numbers, and words and ids of the service."""


class JsonFormatter(logging.Formatter):
    """One JSON object a line, for a log collector.

    The encoder is that of the standard library, which encodes every value. The faster encoder, for the lines of
    requests, refuses some values that a client can send (half a surrogate pair, a huge number), and the line about such
    a value must not be lost.
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
        if (ids := tracing.ids()) is not None:
            line["trace_id"], line["span_id"] = ids
        line |= _extras(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode() if record.name == ACCESS else json.dumps(line, default=str)


_IN_THE_MESSAGE = frozenset({"method", "route", "status", "duration_ms"})
"""What the message of a request's line has already."""


class TextFormatter(logging.Formatter):
    """One line that a person reads in a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        current = request_id.get()
        subject = f"{record.name} [{current}]" if current else record.name
        extras = "".join(f" {key}={value}" for key, value in _extras(record).items() if key not in _IN_THE_MESSAGE)
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
