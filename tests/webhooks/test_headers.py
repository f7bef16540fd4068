"""The headers that a consumer asks for: allowed ones and refused ones."""

import pytest

from app.webhooks.headers import HEADERS_MAX, VALUE_LENGTH_MAX, check_headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer abc.def-ghi"},
        {"X-Shop": "mug shop", "x-empty": "", "X_Old.Name~": "!"},
        {"x-long": "a" * VALUE_LENGTH_MAX},
        {f"x-{i}": str(i) for i in range(HEADERS_MAX)},
    ],
)
def test_these_headers_are_allowed(headers: dict[str, str]) -> None:
    assert check_headers(headers) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-id": "x"},
        {"Webhook-Signature": "v1,x"},
        {"WEBHOOK-anything": "x"},
        {"Host": "other.example"},
        {"Content-Length": "0"},
        {"content-type": "text/plain"},
        {"Content-Encoding": "gzip"},
        {"Transfer-Encoding": "chunked"},
        {"Connection": "close"},
        {"Keep-Alive": "x"},
        {"Upgrade": "h2c"},
        {"Expect": "100-continue"},
        {"TE": "trailers"},
        {"Trailer": "x"},
        {"Proxy-Authorization": "x"},
        {"User-Agent": "somebody"},
        {"Accept-Encoding": "gzip"},
        {"": "x"},
        {"x y": "x"},
        {"x:": "x"},
        {"x\r\ny": "x"},
        {"헤더": "x"},
        {"x": "a\r\nwebhook-id: b"},
        {"x": "a\nb"},
        {"x": "a\rb"},
        {"x": "a\0b"},
        {"x": "a\tb"},
        {"x": " a"},
        {"x": "a "},
        {"x": " "},
        {"x": "값"},
        {"x": "a" * (VALUE_LENGTH_MAX + 1)},
        {"x" * 101: "a"},
        {"X-One": "a", "x-one": "b"},
        {f"x-{i}": str(i) for i in range(HEADERS_MAX + 1)},
    ],
)
def test_these_headers_are_refused(headers: dict[str, str]) -> None:
    assert check_headers(headers)
