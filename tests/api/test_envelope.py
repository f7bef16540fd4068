"""Rules of every request: its id, the limit on its size, unexpected errors, and paths that do not exist."""

import logging
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from app.service.callers import Callers
from tests.api.answers import assert_problem
from tests.api.metrics import metric_of
from tests.storefront import ORDER, Storefront, storefront

# Request ids

SOUND = ("a", "0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b", "req:1/2;x=~!", "x" * 128)
UNSOUND = ("", "two words", "x" * 129, "é", "a\x7f", "\t")


async def test_a_sound_request_id_is_used_and_any_other_is_replaced(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    for path in ("/healthz", "/v1/claims", "/v1/claims/nobody", "/nowhere"):
        for request_id in (*SOUND, *UNSOUND):
            with subtests.test(f"{path} {request_id[:20]!r}"):
                headers = [
                    (b"Authorization", f"Bearer {shop.token}".encode()),
                    (b"X-Request-Id", request_id.encode("latin-1")),
                ]
                answer = await shop.http.get(path, headers=headers)
                assert len(answer.headers.get_list("x-request-id")) == 1
                answered_id = answer.headers["x-request-id"]
                if request_id in SOUND:
                    assert answered_id == request_id
                else:
                    assert UUID(answered_id).version == 4


async def test_without_a_request_id_each_request_gets_its_own(shop: Storefront) -> None:
    request_ids = {(await shop.get("/v1/orders")).headers["x-request-id"] for _ in range(3)}
    assert len(request_ids) == 3


async def test_every_line_logged_for_a_request_carries_its_id(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with storefront(sqlite_url, log_format="json") as shop:
        await shop.http.get("/v1/claims", headers={"X-Request-Id": "look-for-me"})
    lines = [line for line in capsys.readouterr().err.splitlines() if "app.access" in line]
    assert any('"request_id":"look-for-me"' in line and "GET /v1/claims 401" in line for line in lines)


# Unexpected errors


class BrokenCallers(Callers):
    """A bug in the service: no request of a client can cause this error."""

    async def recognise(self, token: str) -> Any:
        raise ZeroDivisionError(f"a bug, at the expense of {token[:2]}")


@pytest.fixture
async def broken(service: FastAPI, sqlite_shop: Storefront) -> AsyncIterator[Storefront]:
    app_state = service.state.app_state
    service.state.app_state = replace(app_state, callers=BrokenCallers(app_state.database, remember_seconds=0))
    sqlite_shop.http.event_hooks = {}
    yield sqlite_shop
    service.state.app_state = app_state


async def test_a_bug_is_a_problem_that_says_its_id_and_nothing_else(
    broken: Storefront, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await broken.http.get(
            "/v1/claims", headers={"Authorization": "Bearer rk_", "X-Request-Id": "look-for-me"}
        )
    assert answer.status_code == 500
    problem = assert_problem(answer)
    assert (problem["code"], problem["request_id"]) == ("internal_error", "look-for-me")
    assert "ZeroDivisionError" not in answer.text
    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


async def test_a_bug_is_counted_and_leaves_the_service_running(broken: Storefront, service: FastAPI) -> None:
    before = await metric_of(broken, service, "recourse_http_requests_total", status="500", route="/v1/claims")
    assert (await broken.get("/v1/claims")).status_code == 500
    after = await metric_of(broken, service, "recourse_http_requests_total", status="500", route="/v1/claims")
    assert after == before + 1


# The limit on bodies


async def chunks(size: int) -> AsyncIterator[bytes]:
    """A body without a Content-Length."""
    for offset in range(0, size, 1000):
        yield b" " * min(1000, size - offset)


async def test_a_body_above_the_limit_is_refused_with_and_without_a_content_length(
    shop: Storefront, subtests: pytest.Subtests
) -> None:
    limit = 512 * 1024
    for name, method, path in (
        ("claims", "POST", "/v1/claims"),
        ("orders", "PUT", "/v1/orders/order-1"),
    ):
        for has_length in (True, False):
            for size, status in ((limit + 1, 413), (10 * limit, 413)):
                with subtests.test(f"{name} {has_length} {size}"):
                    content = b" " * size if has_length else chunks(size)
                    answer = await send(shop, method, path, content)
                    assert (answer.status_code, answer.json()["code"]) == (status, "body_too_large")
                    assert str(limit) in answer.json()["detail"]


async def test_a_body_at_the_limit_is_read(shop: Storefront) -> None:
    filler = b" " * (512 * 1024 - len(as_json(ORDER)))
    for body in (as_json(ORDER) + filler, stream(as_json(ORDER), filler)):
        answer = await send(shop, "PUT", "/v1/orders/order-1", body)
        assert answer.status_code in (200, 201), answer.text


async def test_the_limit_is_a_setting(sqlite_url: str) -> None:
    async with storefront(sqlite_url, max_body_bytes=1024, log_level="warning") as shop:
        for content in (b" " * 1025, chunks(1025)):
            answer = await send(shop, "POST", "/v1/claims", content)
            assert answer.status_code == 413
            assert_problem(answer)


async def send(shop: Storefront, method: str, path: str, content: bytes | AsyncIterator[bytes]) -> httpx.Response:
    headers = {
        "Authorization": f"Bearer {shop.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "k",
    }
    return await shop.http.request(method, path, content=content, headers=headers)


def as_json(body: Any) -> bytes:
    return httpx.Request("POST", "http://shop", json=body).content


async def stream(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


# Paths that do not exist


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/v1", 404, "not_found"),
        ("GET", "/v2/claims", 404, "not_found"),
        ("GET", "/v1/claims/", 404, "not_found"),
        ("POST", "/v1/claims/", 404, "not_found"),
        ("GET", "/v1/orders/a/b", 404, "not_found"),
        ("POST", "/v1/claims/nobody/order_shipped", 404, "not_found"),
        ("DELETE", "/v1/claims", 405, "method_not_allowed"),
        ("DELETE", "/v1/claims/nobody", 405, "method_not_allowed"),
        ("POST", "/v1/orders/order-1", 405, "method_not_allowed"),
        ("PUT", "/v1/claims/quote", 405, "method_not_allowed"),
        ("GET", "/v1/claims/nobody/approve", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/claims", 405, "method_not_allowed"),
        ("BREW", "/v1/claims", 405, "method_not_allowed"),
    ],
)
async def test_an_unknown_path_or_method_is_a_problem_too(
    sqlite_shop: Storefront, method: str, path: str, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {sqlite_shop.token}"}
    answer = await sqlite_shop.http.request(method, path, headers=headers)
    assert (answer.status_code, assert_problem(answer)["code"]) == (status, code)
    assert ("allow" in answer.headers) == (status == 405)


# Headers of every answer

GUARDED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


async def test_every_answer_forbids_caches_frames_and_guesses_of_its_type(sqlite_shop: Storefront) -> None:
    headers = {"Authorization": f"Bearer {sqlite_shop.token}"}
    for method, path, status in (
        ("GET", "/v1/orders", 200),
        ("GET", "/v1/policies/kr/1/page.html", 200),
        ("GET", "/v1/orders/%FF", 422),
        ("GET", "/v1/orders/none", 404),
        ("GET", "/nowhere", 404),
        ("POST", "/v1/claims", 400),
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
    ):
        answer = await sqlite_shop.http.request(method, path, headers=headers)
        assert answer.status_code == status, path
        assert {name: answer.headers.get(name) for name in GUARDED} == GUARDED, path


async def test_the_pages_of_the_api_run_their_own_scripts_and_no_others(sqlite_shop: Storefront) -> None:
    for path in ("/docs", "/redoc"):
        answer = await sqlite_shop.http.get(path)
        policy = answer.headers["content-security-policy"]
        scripts = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
        allowed = [f"'sha256-{b64encode(sha256(each.encode()).digest()).decode()}'" for each in scripts]
        (script_source,) = re.findall(r"script-src ([^;]*)", policy)
        assert script_source.split() == ["'self'", *allowed]
        for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
            assert directive in policy
        assert not re.search(r"\son\w+=|javascript:", answer.text)
        assert answer.headers["x-content-type-options"] == "nosniff"
        for link in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
            file = await sqlite_shop.http.get(link)
            assert (file.status_code, file.headers["cache-control"]) == (200, "no-cache")
            assert "etag" in file.headers
