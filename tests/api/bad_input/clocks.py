"""Bad fields of the clock of test mode."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import NOT_AN_INSTANT, Row, every

NOT_A_DURATION: list[Any] = ["", "P", "PT", "P1DT", "P1Y", "P1M", "P1W", "1D", "-P1D", "P1.5D", "P99999D", "p1d", 7, []]


def clocks() -> Iterator[Row]:
    post = "POST", "/v1/test/clock"
    yield from every(*post, {}, "advance", NOT_A_DURATION)
    yield from every(*post, {}, "to_at", NOT_AN_INSTANT)
    for body in ({}, {"advance": None}, {"advance": "P1D", "to_at": "2026-06-09T00:00:00Z"}):
        yield *post, body, "body"
    yield *post, {"advance": "P1D", "why": "because"}, "why"
