"""The body of a webhook."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.webhooks.payload import _PARTS, BODY_SIZE_MAX, KEPT, body
from tests.webhooks.receivers import AT

IDS = {"claim_id": "claim-1", "order_id": "order-1", "version": 7, "seq": 9}
LINKS = {
    "order": "/v1/orders/order-1",
    "claim": "/v1/claims/claim-1",
    "history": "/v1/claims/claim-1/events",
    "messages": "/v1/claims/claim-1/messages",
}
LONG = "가" * 4_000  # 12,000 bytes

words = st.text(max_size=30)
large = st.builds(lambda text, times: text * times, st.text(min_size=1, max_size=20), st.integers(1, 4_000))
scalars = st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | words
anything = st.recursive(
    scalars | large,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(words, inner, max_size=5),
    max_leaves=8,
)
names = [*sorted({part.split(".")[0] for part in _PARTS}), "by", "order", "words", "a.b", ""]
parts = sorted({part.split(".")[1] for part in _PARTS if "." in part})
documents = st.dictionaries(st.sampled_from(parts) | words, anything, max_size=5)
fields = st.dictionaries(
    st.sampled_from(names) | words, anything | documents | st.lists(documents, max_size=3), max_size=8
)


def payload_of(data: dict[str, Any], at: datetime = AT) -> Any:
    return json.loads(body(type="claim.approved", at=at, mode="live", data=data))


def test_the_body_is_compact_json_in_utf8() -> None:
    assert body(type="claim.approved", at=AT, mode="live", data={"order_id": "주문", "version": 1}) == (
        '{"type":"claim.approved","timestamp":"2026-03-02T09:30:00Z","mode":"live","data":{"order_id":"주문","version":1}}'.encode()
    )


@pytest.mark.parametrize(
    ("at", "timestamp"),
    [
        (AT, "2026-03-02T09:30:00Z"),
        (datetime(2026, 3, 2, 18, 30, tzinfo=timezone(timedelta(hours=9))), "2026-03-02T09:30:00Z"),
        (AT.replace(microsecond=1200), "2026-03-02T09:30:00.001200Z"),
    ],
)
def test_the_timestamp_is_in_utc(at: datetime, timestamp: str) -> None:
    assert payload_of({}, at)["timestamp"] == timestamp


def test_an_instant_without_a_time_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        body(type="claim.approved", at=datetime(2026, 3, 2), mode="live", data={})  # noqa: DTZ001 # what is refused


def test_what_fits_loses_nothing() -> None:
    data = {**IDS, "effects": [{"effect": "move_units"}], "claim": {"lines": []}, "messages": []}
    assert payload_of(data)["data"] == data


@pytest.mark.parametrize(
    ("data", "gone", "left"),
    [
        (
            {"effects": [LONG], "command": {"message": "words"}},
            ["effects"],
            {"effects": [], "command": {"message": "words"}},
        ),
        (
            {"effects": [LONG], "messages": [{"message_id": "m", "text": LONG}]},
            ["effects"],
            {"effects": [], "messages": [{"message_id": "m", "text": LONG}]},
        ),
        (
            {"effects": [1], "messages": [{"message_id": "m", "text": LONG}, {"message_id": "n", "text": LONG}]},
            ["effects", "messages.text"],
            {"effects": [], "messages": [{"message_id": "m", "text": ""}, {"message_id": "n", "text": ""}]},
        ),
        (
            {"claim": {"state": "approved", "lines": [LONG, LONG], "offers": []}, "refund": {"amount": 1}},
            ["claim.lines"],
            {"claim": {"state": "approved", "lines": [], "offers": []}, "refund": {"amount": 1}},
        ),
        ({"claim": {"note": LONG * 2, "state": "held"}}, ["claim.note"], {"claim": {"note": None, "state": "held"}}),
        ({"box": [LONG], "parcel": [LONG, 1], "by": "x"}, ["parcel"], {"box": [LONG], "parcel": [], "by": "x"}),
        ({"box": LONG, "parcel": LONG * 2}, ["parcel"], {"box": LONG, "parcel": ""}),
        ({"claim": {"state": LONG * 2}}, ["*"], {}),
        ({f"field {i}": i for i in range(2_000)}, ["*"], {}),
    ],
)
def test_what_does_not_fit_loses_parts_in_their_order(
    data: dict[str, Any], gone: list[str], left: dict[str, Any]
) -> None:
    twice = {**IDS, **data, "padding": "-" * 900}
    padding = {} if gone == ["*"] else {"padding": "-" * 900}
    if len(json.dumps(twice, ensure_ascii=False).encode()) < BODY_SIZE_MAX:
        twice["padding"] = padding["padding"] = "-" * 7_900
    assert payload_of(twice)["data"] == {**IDS, **left, **padding, "truncated": gone, "links": LINKS}


@settings(max_examples=60)  # each writes some hundred kilobytes
@given(fields)
def test_any_data_fits_and_what_is_left_is_as_it_was(data: dict[str, Any]) -> None:
    data = {name: value for name, value in data.items() if name not in ("truncated", "links")}  # ours alone
    data |= IDS
    text = body(type="claim.approved", at=AT, mode="live", data=data)
    content = json.loads(text)
    assert len(text) < BODY_SIZE_MAX
    assert content.keys() == {"type", "timestamp", "mode", "data"}
    assert {name: content["data"][name] for name in KEPT} == IDS
    touched = {name.partition(".")[0] for name in content["data"].get("truncated", ())} | {"truncated", "links"}
    assert all(content["data"][name] == data[name] for name in content["data"] if name in data and name not in touched)


def test_the_data_that_was_given_stays_as_it_is() -> None:
    data = {**IDS, "messages": [{"text": LONG}, {"text": LONG}], "claim": {"lines": [LONG]}}
    before = json.dumps(data)
    payload_of(data)
    assert json.dumps(data) == before


def test_ids_that_do_not_fit_by_themselves_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        body(type="claim.approved", at=datetime.now(UTC), mode="live", data={"claim_id": "x" * BODY_SIZE_MAX})
