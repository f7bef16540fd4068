"""The request that is sent, the outcome of the answer, and the reuse of connections."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from app import __version__
from app.webhooks.connection_pool import IDLE_SECONDS_MAX
from app.webhooks.http_client import Answer as Read
from app.webhooks.sender import Sender, _retry_after
from app.webhooks.signature import new_secret
from tests.webhooks.receivers import (
    AT,
    OK,
    SECRET,
    answering,
    listening,
    parcel,
    receiving,
    silent,
    status,
    then_closing,
)


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    async with Sender(allow_private=True, deadline=20) as opened:
        yield opened


async def test_a_webhook_arrives_as_it_was_signed(sender: Sender) -> None:
    async with receiving(answering(OK)) as receiver:
        webhook = parcel(receiver.url(path="/hook?shop=1"), at=datetime.now(UTC), secrets=[new_secret(), SECRET])
        outcome = await sender.send(webhook)
    [received] = receiver.received
    assert received.line == "POST /hook?shop=1 HTTP/1.1"
    assert received.body == webhook.body
    verified = standardwebhooks.Webhook(SECRET.text).verify(received.body, received.by_name)
    assert verified["type"] == "claim.requested"
    assert received.by_name | {"webhook-timestamp": "", "webhook-signature": ""} == {
        "host": f"127.0.0.1:{receiver.port}",
        "user-agent": f"Recourse/{__version__}",
        "content-type": "application/json",
        "accept": "*/*",
        "accept-encoding": "identity",
        "content-length": str(len(webhook.body)),
        "webhook-id": "evt-1",
        "webhook-timestamp": "",
        "webhook-signature": "",
    }
    assert (outcome.status, outcome.answer, outcome.error, outcome.retry_after) == (200, "ok", None, None)
    assert outcome.verdict == "delivered"


async def test_the_endpoints_own_headers_arrive_and_never_replace_ours(sender: Sender) -> None:
    theirs = {
        "Authorization": "Bearer abc",
        "Webhook-Id": "forged",
        "WEBHOOK-SIGNATURE": "v1,forged",
        "Host": "other.example",
        "Content-Length": "1",
        "Transfer-Encoding": "chunked",
        "Accept-Encoding": "gzip",
    }
    async with receiving(answering(OK)) as receiver:
        outcome = await sender.send(parcel(receiver.url(), headers=theirs))
    [received] = receiver.received
    names = [name for name, _ in received.headers]
    assert outcome.verdict == "delivered"
    assert len(names) == len(set(names))
    assert received.by_name["authorization"] == "Bearer abc"
    assert received.by_name["webhook-id"] == "evt-1"
    assert received.by_name["host"] == f"127.0.0.1:{receiver.port}"
    assert received.by_name["accept-encoding"] == "identity"


@pytest.mark.parametrize("headers", [{"x": "a\r\nwebhook-id: b"}, {"x y": "a"}, {"x": "값"}, {"값": "x"}])
async def test_headers_that_cannot_be_sent_are_an_outcome(sender: Sender, headers: dict[str, str]) -> None:
    async with receiving(answering(OK)) as receiver:
        outcome = await sender.send(parcel(receiver.url(), headers=headers))
    assert (outcome.error, outcome.verdict) == ("invalid_headers", "failed")
    assert not receiver.received


@pytest.mark.parametrize(
    ("code", "error", "verdict"),
    [
        (200, None, "delivered"),
        (202, None, "delivered"),
        (204, None, "delivered"),
        (299, None, "delivered"),
        (300, "redirect", "failed"),
        (304, "redirect", "failed"),
        (308, "redirect", "failed"),
        (400, None, "failed"),
        (401, None, "failed"),
        (404, None, "failed"),
        (410, None, "gone"),
        (429, None, "failed"),
        (500, None, "failed"),
        (503, None, "failed"),
        (599, None, "failed"),
    ],
)
async def test_the_status_decides(sender: Sender, code: int, error: str | None, verdict: str) -> None:
    async with receiving(status(code)) as receiver:
        outcome = await sender.send(parcel(receiver.url()))
    assert (outcome.status, outcome.error, outcome.verdict) == (code, error, verdict)


async def test_what_comes_before_the_answer_is_not_the_answer(sender: Sender) -> None:
    async with receiving(answering(b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK)) as receiver:
        outcome = await sender.send(parcel(receiver.url()))
    assert (outcome.status, outcome.verdict) == (200, "delivered")


@pytest.mark.parametrize(
    ("code", "retry_after", "seconds"),
    [
        (429, "120", 120.0),
        (503, "120", 120.0),
        (503, "0", 0.0),
        (503, format_datetime(AT.replace(minute=32), usegmt=True), 120.0),
        (503, "Mon, 02 Mar 2026 09:32:00 -0000", 120.0),
        (503, "Sun, 01 Mar 2026 09:30:00 GMT", 0.0),
        (503, "soon", None),
        (503, "-5", None),
        (503, "1.5", None),
        (503, "٣", None),
        (503, "", None),
        (500, "120", None),
        (200, "120", None),
    ],
)
async def test_a_receiver_can_say_when_to_try_again(
    sender: Sender, code: int, retry_after: str, seconds: float | None
) -> None:
    async with receiving(status(code, f"Retry-After: {retry_after}")) as receiver:
        outcome = await sender.send(parcel(receiver.url()))
    assert (outcome.status, outcome.retry_after) == (code, seconds)


@given(st.text(max_size=60) | st.integers().map(str) | st.datetimes().map(format_datetime))
def test_whatever_it_says_is_seconds_or_nothing(retry_after: str) -> None:
    seconds = _retry_after(Read(status=503, retry_after=retry_after), AT)
    assert seconds is None or seconds >= 0


async def test_text_that_a_database_does_not_take_is_replaced(sender: Sender) -> None:
    async with receiving(answering(b"HTTP/1.1 400 No\r\ncontent-length: 7\r\n\r\na\0b\xffc\xea\xb0")) as receiver:
        outcome = await sender.send(parcel(receiver.url()))
    assert outcome.answer == "a�b�c�"


# Connections


async def test_a_connection_is_used_again(sender: Sender) -> None:
    async with receiving(answering(OK)) as receiver:
        for _ in range(3):
            assert (await sender.send(parcel(receiver.url()))).verdict == "delivered"
    assert (receiver.connections, len(receiver.received)) == (1, 3)


@pytest.mark.parametrize(
    "answer",
    [
        status(200, "Connection: close"),
        then_closing(answering(b"HTTP/1.0 200 OK\r\n\r\nok")),
        answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n" + b"x" * 2000),
        answering(OK + b"HTTP/1.1 500 Not asked for\r\ncontent-length: 0\r\n\r\n"),
    ],
    ids=["said to be closed", "old", "not read to its end", "followed by more"],
)
async def test_a_connection_that_cannot_be_used_again_is_closed(sender: Sender, answer: object) -> None:
    async with receiving(answer) as receiver:  # type: ignore[arg-type]
        for _ in range(2):
            assert (await sender.send(parcel(receiver.url()))).verdict == "delivered"
        await asyncio.sleep(0.05)
        assert (receiver.connections, receiver.closed) == (2, 2)


async def test_a_connection_that_was_closed_meanwhile_is_not_used(sender: Sender) -> None:
    async with receiving(then_closing(answering(OK))) as receiver:
        for _ in range(3):
            assert (await sender.send(parcel(receiver.url()))).verdict == "delivered"
            await asyncio.sleep(0.02)
    assert receiver.connections == 3


async def test_connections_at_rest_are_limited_and_do_not_rest_for_long() -> None:
    async with (
        Sender(allow_private=True, connections=1) as sender,
        receiving(answering(OK)) as one,
        receiving(answering(OK)) as other,
    ):
        for receiver in (one, other, one, one):
            assert (await sender.send(parcel(receiver.url()))).verdict == "delivered"
        await asyncio.sleep(0.05)
        assert (one.connections, one.closed, other.connections, other.closed) == (2, 1, 1, 1)
        much_later = asyncio.get_running_loop().time() + IDLE_SECONDS_MAX + 1
        assert sender._idle.take(("http", "127.0.0.1", one.port), much_later) is None
        await asyncio.sleep(0.05)
        assert one.closed == 2


async def test_many_at_once_do_not_wait_for_each_other(sender: Sender) -> None:
    async with receiving(silent) as slow, receiving(answering(OK)) as quick:
        waiting = [asyncio.create_task(sender.send(parcel(slow.url()))) for _ in range(150)]
        began = time.perf_counter()
        outcomes = await asyncio.gather(*(sender.send(parcel(quick.url())) for _ in range(150)))
        assert time.perf_counter() - began < 15
        assert {outcome.verdict for outcome in outcomes} == {"delivered"}
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_cancelled_attempt_closes_its_connection(sender: Sender) -> None:
    called, hung_up = asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        called.set()
        await reader.read()
        hung_up.set()

    async with listening(talk) as receiver:
        attempt = asyncio.create_task(sender.send(parcel(receiver.url())))
        await called.wait()
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt
        await asyncio.wait_for(hung_up.wait(), 2)


async def test_a_proxy_in_the_environment_is_not_asked(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving(answering(OK)) as proxy, receiving(answering(OK)) as receiver:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert (await sender.send(parcel(receiver.url()))).verdict == "delivered"
    assert (proxy.connections, receiver.connections) == (0, 1)
