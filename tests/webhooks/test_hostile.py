"""Hostile receivers, as real servers on loopback: each attempt ends in time, as an Outcome."""

import asyncio
import gzip
import random
import time

import pytest

from app.webhooks.sender import Sender
from tests.webhooks.receivers import (
    OK,
    Answer,
    answering,
    dripping,
    flooding,
    parcel,
    receiving,
    silent,
    status,
    then_closing,
    then_reset,
)

DEADLINE = 0.5
PATIENCE = 10.0
"""Long enough for a busy machine, and shorter than any slow answer of these tests."""

HEAD = b"HTTP/1.1 200 OK\r\n"
HALF = HEAD + b"content-length: 20\r\n\r\nhalf of it"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "code", "error", "verdict"),
    [
        pytest.param(silent, None, "timeout", "failed", id="says nothing"),
        pytest.param(dripping(b"", b"H"), None, "timeout", "failed", id="drips nonsense"),
        pytest.param(dripping(HEAD, b"x: y\r\n"), None, "timeout", "failed", id="drips headers"),
        pytest.param(dripping(HEAD + b"\r\n", b"."), 200, "timeout", "failed", id="drips its body"),
        pytest.param(dripping(CHUNKED, b"1\r\n.\r\n"), 200, "timeout", "failed", id="drips chunks"),
        pytest.param(dripping(b"", CONTINUE), None, "timeout", "failed", id="drips 100"),
        pytest.param(flooding(HEAD, b"x: y\r\n" * 999), None, "invalid_http", "failed", id="headers without end"),
        pytest.param(flooding(HEAD + b"x: ", b"y" * 9_999), None, "invalid_http", "failed", id="endless header"),
        pytest.param(flooding(b"", CONTINUE * 99), None, "invalid_http", "failed", id="100 without end"),
        pytest.param(flooding(HEAD + b"\r\n", b"." * 9_999), 200, None, "delivered", id="endless body"),
        pytest.param(flooding(CHUNKED + b"1;", b"x" * 9_999), 200, "invalid_http", "failed", id="endless chunk"),
        pytest.param(then_reset(b""), None, "reset", "failed", id="reset before the headers"),
        pytest.param(then_reset(HEAD), None, "reset", "failed", id="reset within the headers"),
        pytest.param(then_reset(HALF), 200, "reset", "failed", id="reset within the body"),
        pytest.param(then_closing(answering(b"")), None, "reset", "failed", id="closed before the headers"),
        pytest.param(then_closing(answering(HALF)), 200, "reset", "failed", id="closed within the body"),
        pytest.param(answering(b"SSH-2.0-OpenSSH\r\n\r\n"), None, "invalid_http", "failed", id="not HTTP"),
        pytest.param(answering(b"HTTP/1.1 999999 No\r\n\r\n"), None, "invalid_http", "failed", id="no status"),
        pytest.param(
            answering(b"HTTP/1.1 101 Switch\r\nupgrade: x\r\n\r\n"), None, "invalid_http", "failed", id="upgrade"
        ),
        pytest.param(
            answering(HEAD + b"content-length: -1\r\n\r\n"), None, "invalid_http", "failed", id="negative length"
        ),
        pytest.param(
            answering(HEAD + b"content-length: 1\r\ncontent-length: 2\r\n\r\n"),
            None,
            "invalid_http",
            "failed",
            id="two lengths",
        ),
    ],
)
async def test_it_is_over_in_time(answer: Answer, code: int | None, error: str | None, verdict: str) -> None:
    deadline = DEADLINE if error == "timeout" else PATIENCE
    async with Sender(allow_private=True, deadline=deadline) as sender, receiving(answer) as receiver:
        began = time.perf_counter()
        outcome = await sender.send(parcel(receiver.url()))
        assert time.perf_counter() - began < PATIENCE
        assert (outcome.status, outcome.error, outcome.verdict) == (code, error, verdict)
        assert len(outcome.answer) <= 1_000
        assert not sender._idle._connections


async def test_a_compressed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    head = f"content-encoding: gzip\r\ncontent-length: {len(bomb)}\r\n\r\n".encode()
    async with Sender(allow_private=True) as sender, receiving(answering(HEAD + head + bomb)) as receiver:
        outcome = await sender.send(parcel(receiver.url()))
    assert outcome.verdict == "delivered"
    assert outcome.answer == bomb[:1_000].decode(errors="replace").replace("\0", "�")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(code: int) -> None:
    async with Sender(allow_private=True) as sender, receiving(answering(OK)) as other:
        for location in (other.url(), "http://169.254.169.254/latest/meta-data/"):
            async with receiving(status(code, f"Location: {location}")) as receiver:
                outcome = await sender.send(parcel(receiver.url()))
            assert (outcome.status, outcome.error, outcome.verdict) == (code, "redirect", "failed")
    assert not other.connections


async def test_noise_is_an_outcome() -> None:
    """Answers with a few bytes changed, cut or doubled raise nothing."""
    chance = random.Random(20260302)
    seeds = [OK, HALF, CHUNKED + b"5\r\nabcde\r\n0\r\nx: y\r\n\r\n", b"HTTP/1.1 503 No\r\nretry-after: 5\r\n\r\n"]
    noise = b""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(noise)
        writer.close()

    async with Sender(allow_private=True, deadline=5) as sender, receiving(answer) as receiver:
        for _ in range(300):
            noise = _disturb(chance, chance.choice(seeds))
            outcome = await sender.send(parcel(receiver.url()))
            assert outcome.error in {None, "reset", "invalid_http", "redirect"}, noise


def _disturb(chance: random.Random, seed: bytes) -> bytes:
    noise = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(noise))
        put = chance.choice([b"", b"\0", b"\r\n", b":", b"9", chance.randbytes(3)])
        noise[at : at + chance.randint(0, 3)] = put
        noise += b" "
    return bytes(noise)
