"""Sends the requests that the generated operations describe, and raises an error for each answer that is no success."""

import asyncio
import random
import time
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Protocol, TypeVar

import httpx

from recourse_client.errors import ConnectionFailedError, RecourseError, error_of
from recourse_client.generated.client import AuthenticatedClient, Client
from recourse_client.generated.errors import UnexpectedStatus
from recourse_client.retries import is_repeatable, pause_before_retry

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class Parse(Protocol[T_co]):
    """Makes a model of an answer. The generator writes one for each operation."""

    def __call__(self, *, client: AuthenticatedClient | Client, response: httpx.Response) -> T_co | None: ...


class Sender:
    """Sends one request after the other, in threads that wait."""

    def __init__(self, base_url: str, api_key: str, *, timeout: float, max_retries: int) -> None:
        self._http = httpx.Client(base_url=base_url, headers=_headers(api_key), timeout=timeout)
        self._max_retries = max_retries
        self._parser = Client(base_url=base_url, raise_on_unexpected_status=True)

    def send(self, request: Mapping[str, Any], parse: Parse[T]) -> T:
        return _parsed(parse, self._parser, self._answer(self._http.build_request(**request)))

    def close(self) -> None:
        self._http.close()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()  # what was read from a file is sent again
        attempt = 0
        while True:
            outcome = self._attempt(request)
            if isinstance(outcome, httpx.Response):
                return outcome
            pause = _pause(request, outcome, attempt) if attempt < self._max_retries else None
            if pause is None:
                raise outcome
            time.sleep(pause)
            attempt += 1

    def _attempt(self, request: httpx.Request) -> httpx.Response | RecourseError:
        try:
            return _checked(self._http.send(request))
        except httpx.TransportError as failure:
            return _failed_connection(failure)


class AsyncSender:
    """Sends many requests at once, in an event loop."""

    def __init__(self, base_url: str, api_key: str, *, timeout: float, max_retries: int) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, headers=_headers(api_key), timeout=timeout)
        self._max_retries = max_retries
        self._parser = Client(base_url=base_url, raise_on_unexpected_status=True)

    async def send(self, request: Mapping[str, Any], parse: Parse[T]) -> T:
        return _parsed(parse, self._parser, await self._answer(self._http.build_request(**request)))

    async def close(self) -> None:
        await self._http.aclose()

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        await request.aread()  # what was read from a file is sent again
        attempt = 0
        while True:
            outcome = await self._attempt(request)
            if isinstance(outcome, httpx.Response):
                return outcome
            pause = _pause(request, outcome, attempt) if attempt < self._max_retries else None
            if pause is None:
                raise outcome
            await asyncio.sleep(pause)
            attempt += 1

    async def _attempt(self, request: httpx.Request) -> httpx.Response | RecourseError:
        try:
            return _checked(await self._http.send(request))
        except httpx.TransportError as failure:
            return _failed_connection(failure)


def _headers(api_key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {api_key}", "User-Agent": f"recourse-client-python/{version('recourse-client')}"}


def _checked(response: httpx.Response) -> httpx.Response | RecourseError:
    if response.is_success:
        return response
    return error_of(response.status_code, response.headers, response.content)


def _failed_connection(failure: httpx.TransportError) -> RecourseError:
    detail = f"{type(failure).__name__}: {failure}"
    was_sent = not isinstance(failure, _NOT_SENT)
    error = ConnectionFailedError(status=0, code="connection_failed", detail=detail, was_sent=was_sent)
    error.__cause__ = failure
    return error


def _pause(request: httpx.Request, error: RecourseError, attempt: int) -> float | None:
    repeatable = is_repeatable(request.method, request.url.path, has_key="Idempotency-Key" in request.headers)
    chance = random.random()  # noqa: S311 # spreads clients, and hides nothing
    return pause_before_retry(error, repeatable=repeatable, attempt=attempt, chance=chance)


def _parsed(parse: Parse[T], parser: Client, response: httpx.Response) -> T:
    try:
        parsed = parse(client=parser, response=response)
    except (UnexpectedStatus, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(response, f"{type(error).__name__}: {error}") from error
    if parsed is None:
        raise _unreadable(response, "the answer has no content")
    return parsed


def _unreadable(response: httpx.Response, detail: str) -> RecourseError:
    """A success that is not what the service sends: a proxy may have answered in its place."""
    request_id = response.headers.get("X-Request-Id")
    return RecourseError(status=response.status_code, code="unreadable_answer", detail=detail, request_id=request_id)
