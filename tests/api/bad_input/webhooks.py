"""Bad fields of webhook endpoints, replays and recoveries."""

from collections.abc import Iterator
from typing import Any

from tests.api.bad_input.values import NOT_A_FLAG, NOT_A_LIST, NOT_A_NAME, NOT_AN_INSTANT, Row, every, with_value

HOOK: dict[str, Any] = {"url": "https://shop.example/hook", "types": ["claim.approved"], "headers": {"X-A": "a"}}
NOT_A_URL: list[Any] = [
    *("", "shop.example", "ftp://shop.example/", "http://shop.example/", "https://", "https://shop.example/#top"),
    *("https://u:p@shop.example/", "https://127.0.0.1/", "https://2130706433/", "https://0177.0.0.1/"),
    *("https://[::ffff:127.0.0.1]/", "https://169.254.169.254/", "https://10.0.0.1/", "https://localhost/"),
    *("https://shop.example:22/", "https://168.63.129.16/", "https://8.8.8.8:6379/"),
    *("https://shop.example:0/", "https://shop.example:x/", "https://shop example/", "https://x/" + "x" * 2000),
    *("https://shop.example/\0", "\ud800", 1, True, None, [], {}),
]
WRONG_IN_AN_ENDPOINT: dict[str, list[Any]] = {
    "url": NOT_A_URL,
    "description": NOT_A_NAME,
    "types": [*NOT_A_LIST, ["claim.none"], ["Claim"], [1], ["claim.approved"] * 101],
    "headers": [
        *[1, "x", None, []],
        {"Host": "x"},
        {"webhook-id": "x"},
        {"X": "a\r\nB: c"},
        {"X Y": "a"},
        {"X": 1},
    ],
    "rate_limit": [0, -1, 1001, 1.5, "1", True],
    "paused": NOT_A_FLAG,
    "secret": ["whsec_mine"],
}
NOT_A_POSITION: list[Any] = [0, -1, 1.5, "1", True, 2**53, 10**30]


def webhooks() -> Iterator[Row]:
    endpoint_path = "/v1/webhook-endpoints/{endpoint_id}"
    for method, path, extra_fields in (
        ("POST", "/v1/webhook-endpoints", {"ed25519": NOT_A_FLAG}),
        ("PATCH", endpoint_path, {"disabled": [True, *NOT_A_FLAG]}),
    ):
        for field, values in (WRONG_IN_AN_ENDPOINT | extra_fields).items():
            for value in values:
                yield method, path, with_value(HOOK, field, value), field
    for path in (f"{endpoint_path}/rotate-secret", f"{endpoint_path}/test", "/v1/deliveries/{delivery_id}/resend"):
        yield "POST", path, {"why": "because"}, "why"
    yield from every("POST", f"{endpoint_path}/recover", {}, "from_at", NOT_AN_INSTANT)
    yield "POST", f"{endpoint_path}/recover", {}, "from_at"
    for field, values in (
        *(("from_position", NOT_A_POSITION), ("to_position", NOT_A_POSITION)),
        *(("from_at", NOT_AN_INSTANT), ("before_at", NOT_AN_INSTANT)),
    ):
        yield from every("POST", f"{endpoint_path}/replay", {"from_position": 1}, field, values)
    yield "POST", f"{endpoint_path}/replay", {"to_position": 1}, "body"
