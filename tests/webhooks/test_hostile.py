"""Receivers that mean ill, as real servers on loopback: each attempt is over in time, and ends as an Outcome."""

import asyncio
import gc
import gzip
import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.webhooks.sender import Sender
from tests.webhooks.certificates import Authority
from tests.webhooks.receivers import (
    OK,
    Answer,
    answering,
    dripping,
    flooding,
    listening,
    parcel,
    receiving,
    silent,
    status,
    then_closing,
    then_reset,
)

DEADLINE = 0.5
PATIENCE = 10.0
"""Long enough for a busy machine, and shorter than anybody drips."""

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
        assert not sender._resting._lines


async def test_a_bomb_stays_packed() -> None:
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
    """Answers with a few bytes changed, cut or doubled: whatever they have become, nothing is raised."""
    chance = random.Random(20260302)
    seeds = [OK, HALF, CHUNKED + b"5\r\nabcde\r\n0\r\nx: y\r\n\r\n", b"HTTP/1.1 503 No\r\nretry-after: 5\r\n\r\n"]
    noise = b""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(noise)
        writer.close()

    async with Sender(allow_private=True, deadline=5) as sender, receiving(answer) as receiver:
        for _ in range(300):
            noise = _disturbed(chance, chance.choice(seeds))
            outcome = await sender.send(parcel(receiver.url()))
            assert outcome.error in {None, "reset", "invalid_http", "redirect"}, noise


def _disturbed(chance: random.Random, seed: bytes) -> bytes:
    noise = bytearray(seed)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(noise))
        put = chance.choice([b"", b"\0", b"\r\n", b":", b"9", chance.randbytes(3)])
        noise[at : at + chance.randint(0, 3)] = put
        noise += b" "
    return bytes(noise)


# Addresses

LOOPBACK = [
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "localhost",
    "localhost.",
]


@pytest.mark.parametrize("host", LOOPBACK)
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_loopback_is_refused_and_nothing_is_sent(host: str, scheme: str) -> None:
    async with Sender(allow_private=False) as sender, receiving(answering(OK)) as receiver:
        outcome = await sender.send(parcel(f"{scheme}://{host}:{receiver.port}/"))
        await asyncio.sleep(0.02)
    assert (outcome.status, outcome.error, outcome.verdict) == (None, "refused_address", "failed")
    assert not receiver.connections


@pytest.mark.parametrize("host", [host for host in LOOPBACK if "::" not in host])
async def test_loopback_is_reached_in_development(host: str) -> None:
    async with Sender(allow_private=True) as sender, receiving(answering(OK)) as receiver:
        assert (await sender.send(parcel(receiver.url(host)))).verdict == "delivered"


class Names:
    """A resolver that gives one answer after the other, and the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, *_: object) -> Sequence[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["2606:4700::1111", "fe80::1%eth0"],
        ["169.254.169.254"],
        ["64:ff9b::7f00:1"],
    ],
)
async def test_a_name_with_one_bad_address_is_refused(addresses: list[str]) -> None:
    names = Names(addresses)
    async with Sender(allow_private=False, resolve=names) as sender, receiving(answering(OK)) as receiver:
        outcome = await sender.send(parcel(f"https://rebind.example:{receiver.port}/"))
        await asyncio.sleep(0.02)
    assert (outcome.error, names.asked) == ("refused_address", 1)
    assert not receiver.connections


async def test_a_name_that_leads_elsewhere_the_second_time() -> None:
    """Looked up once for each connection, and connected to what was checked: there is no second time."""
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    async with Sender(allow_private=True, resolve=names) as sender, receiving(answering(OK)) as receiver:
        url = receiver.url("rebind.example")
        outcomes = [await sender.send(parcel(url)) for _ in range(3)]
        assert ([outcome.verdict for outcome in outcomes], names.asked) == (["delivered"] * 3, 1)
        sender._resting.abort()
        assert (await sender.send(parcel(url))).error == "refused_address"
    assert (receiver.connections, names.asked) == (1, 2)
    assert receiver.received[0].by_name["host"] == f"rebind.example:{receiver.port}"


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])
    async with Sender(allow_private=True, resolve=names) as sender, receiving(answering(OK)) as receiver:
        assert (await sender.send(parcel(receiver.url("shop.example")))).verdict == "delivered"


async def test_nobody_there_is_an_outcome() -> None:
    async with receiving(answering(OK)) as receiver:
        url = receiver.url()
    async with Sender(allow_private=True) as sender:
        assert (await sender.send(parcel(url))).error == "unreachable"


async def test_a_name_without_addresses_is_an_outcome() -> None:
    async with Sender(allow_private=True, resolve=Names([])) as sender:
        assert (await sender.send(parcel("http://shop.example/"))).error == "unresolvable"
    async with Sender(allow_private=True) as sender:
        assert (await sender.send(parcel("http://shop.invalid/"))).error == "unresolvable"


async def test_a_look_up_that_takes_too_long_is_an_outcome() -> None:
    async def never(*_: object) -> Sequence[str]:
        await asyncio.sleep(30)
        return []

    async with Sender(allow_private=True, deadline=0.1, resolve=never) as sender:
        assert (await sender.send(parcel("http://shop.example/"))).error == "timeout"


async def test_a_name_is_looked_up_once_for_all_who_wait_for_it() -> None:
    asked: list[str] = []

    async def slow(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        await asyncio.sleep(30 if host == "slow.example" else 0.01)
        return ["127.0.0.1"]

    async with (
        Sender(allow_private=True, deadline=0.3, resolve=slow) as sender,
        receiving(answering(OK)) as receiver,
    ):
        slow_ones = [sender.send(parcel("http://slow.example/")) for _ in range(20)]
        quick_ones = [sender.send(parcel(receiver.url("quick.example"))) for _ in range(20)]
        outcomes = await asyncio.gather(*slow_ones, *quick_ones)
    assert [outcome.error for outcome in outcomes] == ["timeout"] * 20 + [None] * 20
    assert sorted(asked) == ["quick.example", "slow.example"]


async def test_a_look_up_that_fails_too_late_is_nobodys_news(caplog: pytest.LogCaptureFixture) -> None:
    async def late(*_: object) -> Sequence[str]:
        await asyncio.sleep(0.05)
        raise OSError("no such name")

    async with Sender(allow_private=True, deadline=0.02, resolve=late) as sender:
        assert (await sender.send(parcel("http://shop.example/"))).error == "timeout"
        await asyncio.sleep(0.1)
        gc.collect()
    assert not caplog.records


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


async def test_the_certificate_is_checked_against_the_name(authority: Authority) -> None:
    asked: list[str | None] = []
    server = authority.server("shop.example")
    server.sni_callback = lambda _socket, name, _context: asked.append(name)
    here = Names(["127.0.0.1"])
    async with (
        Sender(allow_private=True, resolve=here, context=authority.trusted()) as sender,
        receiving(answering(OK), tls=server) as receiver,
    ):
        for _ in range(2):
            assert (await sender.send(parcel(receiver.url("Shop.Example")))).verdict == "delivered"
        assert (receiver.connections, asked) == (1, ["shop.example"])
        for other in ("other.example", "sub.shop.example", "127.0.0.1"):
            outcome = await sender.send(parcel(receiver.url(other)))
            assert (outcome.status, outcome.error) == (None, "tls")
    assert len(receiver.received) == 2


async def test_an_authority_nobody_knows_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path)
    async with (
        Sender(allow_private=True, resolve=Names(["127.0.0.1"]), context=authority.trusted()) as sender,
        Sender(allow_private=True, resolve=Names(["127.0.0.1"])) as usual,
        receiving(answering(OK), tls=stranger.server("shop.example")) as receiver,
    ):
        assert (await sender.send(parcel(receiver.url("shop.example")))).error == "tls"
        assert (await usual.send(parcel(receiver.url("shop.example")))).error == "tls"
    assert not receiver.received


async def test_a_server_without_tls_is_an_outcome(authority: Authority) -> None:
    async with Sender(allow_private=True, deadline=DEADLINE, context=authority.trusted()) as sender:
        async with receiving(answering(OK)) as receiver:
            outcome = await sender.send(parcel(f"https://127.0.0.1:{receiver.port}/"))
        assert outcome.verdict == "failed"
        assert outcome.error in {"tls", "timeout", "reset"}
        async with listening(_talk_of_mail) as other:
            assert (await sender.send(parcel(f"https://127.0.0.1:{other.port}/"))).error == "tls"


async def _talk_of_mail(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()
    await asyncio.sleep(30)


async def test_a_handshake_without_end_is_over_in_time(authority: Authority) -> None:
    async with (
        listening(lambda _reader, _writer: asyncio.sleep(30)) as receiver,
        Sender(allow_private=True, deadline=0.3, context=authority.trusted()) as sender,
    ):
        assert (await sender.send(parcel(f"https://127.0.0.1:{receiver.port}/"))).error == "timeout"
