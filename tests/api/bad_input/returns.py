"""Bad fields of parcels with goods on their way back, and of return locations."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import (
    NOT_A_COUNT,
    NOT_A_FLAG,
    NOT_A_LIST,
    NOT_A_MESSAGE,
    NOT_A_NAME,
    NOT_A_WORD,
    NOT_A_WORD_OF_THE_LIST,
    NOT_AN_INSTANT,
    NOT_TO_A_BUYER,
    Row,
    every,
)
from tests.api.walks import ONE

_PARCEL: dict[str, Any] = {"way": "own_post", "carrier": "cj", "tracking_number": "1", "lines": [ONE]}
_LOCATION: dict[str, Any] = {"name": "a", "address": "b", "rule": {}}


def returns() -> Iterator[Row]:
    yield from _parcels()
    yield from _nobodys_parcels()
    yield from _locations()
    yield from _dispositions()
    yield from _privacy()


def _privacy() -> Iterator[Row]:
    """The data of buyers: erased on request, and kept by a legal hold."""
    for path in ("/v1/buyers/member-7/erase", "/v1/orders/none/erase"):
        yield from every("POST", path, {}, "unknown", ["x"])
    yield from every("PUT", "/v1/orders/none/legal-hold", {"reason": "a"}, "reason", [*NOT_TO_A_BUYER, None])


def _parcels() -> Iterator[Row]:
    path = "/v1/claims/{claim_id}/parcels"
    row = ("POST", path, _PARCEL)
    yield from every(*row, "way", NOT_A_WORD_OF_THE_LIST)
    yield from every(*row, "carrier", NOT_A_WORD)
    yield from every(*row, "tracking_number", [*NOT_A_NAME, "-"])
    yield from every(*row, "lines.0.line_id", [*NOT_A_NAME, None])
    yield from every(*row, "lines.0.quantity", NOT_A_COUNT)
    yield from every(*row, "lines", [*NOT_A_LIST, None, [ONE, ONE]])
    yield from every(*row, "actor", NOT_A_NAME)
    yield "POST", path, {**_PARCEL, "state": "received"}, "state"
    patch = ("PATCH", f"{path}/none", {"state": "booked"})
    yield from every(*patch, "state", ["", "received", "announced", "gone", 1])
    yield from every(*patch, "happened_at", NOT_AN_INSTANT)
    yield from every(*patch, "carrier", NOT_A_WORD)
    yield from every(*patch, "tracking_number", [*NOT_A_NAME, "-"])
    receive = ("POST", f"{path}/none/receive", {"lines": [ONE]})
    yield from every(*receive, "lines.0.quantity", NOT_A_COUNT)
    yield from every(*receive, "lines", [*NOT_A_LIST, None])
    yield from every(*receive, "close", [*NOT_A_FLAG, None])
    yield from every(*receive, "received_at", NOT_AN_INSTANT)


def _nobodys_parcels() -> Iterator[Row]:
    row = ("POST", "/v1/unannounced-parcels", {"carrier": "cj", "tracking_number": "1"})
    yield from every(*row, "carrier", NOT_A_WORD)
    yield from every(*row, "tracking_number", [*NOT_A_NAME, "-"])
    yield from every(*row, "note", ["", *NOT_A_MESSAGE])
    yield from every(*row, "received_at", NOT_AN_INSTANT)
    match = ("POST", "/v1/unannounced-parcels/none/match", {"claim_id": "c", "lines": [ONE]})
    yield from every(*match, "claim_id", [*NOT_A_NAME, None])
    yield from every(*match, "lines", [*NOT_A_LIST, None, []])
    yield from every(*match, "close", [*NOT_A_FLAG, None])


def _dispositions() -> Iterator[Row]:
    units = [{"disposition": "later", "quantity": 1}]
    row = ("POST", "/v1/claims/{claim_id}/dispositions", {"line_id": "1", "units": units, "reason": "why"})
    yield from every(*row, "line_id", [*NOT_A_NAME, None])
    yield from every(*row, "units.0.disposition", NOT_A_WORD_OF_THE_LIST)
    yield from every(*row, "units.0.quantity", NOT_A_COUNT)
    yield from every(*row, "units", [*NOT_A_LIST, None, [], units * 2])
    yield from every(*row, "reason", [*NOT_TO_A_BUYER, "", None])


def _locations() -> Iterator[Row]:
    row = ("PUT", "/v1/return-locations/seoul", _LOCATION)
    yield from every(*row, "name", [*NOT_A_NAME, None])
    yield from every(*row, "address", ["", "x" * 301, "a\nb", 1, None])
    yield from every(*row, "postal_code", ["", "x" * 21, 1])
    yield from every(*row, "phone", ["", "call", 1])
    yield from every(*row, "position", [-1, 1.5, "1", True, None])
    yield from every(*row, "is_default", [*NOT_A_FLAG, None])
    yield from every(*row, "rule.countries", [*NOT_A_LIST, None])
    yield from every(*row, "rule.reasons", [*NOT_A_LIST, None])
    yield from every(*row, "rule.faults", [*NOT_A_LIST, None])
    yield from every(*row, "rule.skus", [*NOT_A_LIST, None])
