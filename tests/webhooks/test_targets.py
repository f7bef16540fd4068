"""Connections go only to checked addresses, and to servers whose certificate is valid."""

import asyncio
import gc
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.webhooks.sender import Sender
from tests.webhooks.certificates import Authority
from tests.webhooks.receivers import OK, answering, listening, parcel, receiving

DEADLINE = 0.5
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


async def test_a_port_that_is_not_allowed_is_refused_and_nothing_is_sent() -> None:
    """An endpoint that was stored before has such a port."""
    async with Sender(allow_private=True, ports=frozenset({443})) as sender, receiving(answering(OK)) as receiver:
        outcome = await sender.send(parcel(receiver.url()))
        await asyncio.sleep(0.02)
    assert (outcome.status, outcome.error) == (None, "refused_address")
    assert not receiver.connections


class Names:
    """A resolver that returns its answers in turn, and then the last answer again."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.lookups = 0

    async def __call__(self, *_: object) -> Sequence[str]:
        self.lookups += 1
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
    assert (outcome.error, names.lookups) == ("refused_address", 1)
    assert not receiver.connections


async def test_each_connection_goes_to_the_address_that_it_has_checked() -> None:
    """A name is looked up once for each connection, and the connection goes to the checked address."""
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    async with Sender(allow_private=True, resolve=names) as sender, receiving(answering(OK)) as receiver:
        url = receiver.url("rebind.example")
        outcomes = [await sender.send(parcel(url)) for _ in range(3)]
        assert ([outcome.verdict for outcome in outcomes], names.lookups) == (["delivered"] * 3, 1)
        sender._idle.abort()
        assert (await sender.send(parcel(url))).error == "refused_address"
    assert (receiver.connections, names.lookups) == (1, 2)
    assert receiver.received[0].by_name["host"] == f"rebind.example:{receiver.port}"


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])
    async with Sender(allow_private=True, resolve=names) as sender, receiving(answering(OK)) as receiver:
        assert (await sender.send(parcel(receiver.url("shop.example")))).verdict == "delivered"


async def test_a_refused_connection_is_an_outcome() -> None:
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
    hosts: list[str] = []

    async def slow(host: str, _: int) -> Sequence[str]:
        hosts.append(host)
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
    assert sorted(hosts) == ["quick.example", "slow.example"]


async def test_a_look_up_that_fails_after_the_deadline_is_ignored(caplog: pytest.LogCaptureFixture) -> None:
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
    sni_names: list[str | None] = []
    server = authority.server("shop.example")
    server.sni_callback = lambda _socket, name, _context: sni_names.append(name)
    here = Names(["127.0.0.1"])
    async with (
        Sender(allow_private=True, resolve=here, context=authority.trusted()) as sender,
        receiving(answering(OK), tls=server) as receiver,
    ):
        for _ in range(2):
            assert (await sender.send(parcel(receiver.url("Shop.Example")))).verdict == "delivered"
        assert (receiver.connections, sni_names) == (1, ["shop.example"])
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
