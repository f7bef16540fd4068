"""Clients without a key that send too much, too slowly or nothing. Sockets to a real `recourse serve`."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path

import httpx
import pytest

from tests import databases
from tests.serving import Service, serving

PATIENCE = 30.0
MEGABYTE = b"x" * 2**20
POST = b"POST /v1/claims HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def service(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("connections")
    url = databases.copy_sqlite(home, folder / "recourse.db")
    limits = {"request_seconds": 1, "keep_alive_seconds": 1}
    with serving(url, folder / "log", **limits) as service:
        yield service


def connect(service: Service, stack: ExitStack) -> socket.socket:
    host, _, port = service.url.removeprefix("http://").partition(":")
    return stack.enter_context(socket.create_connection((host, int(port)), timeout=PATIENCE))


def rest(client: socket.socket) -> bytes:
    """What the service sends until it closes the connection."""
    received = b""
    try:
        while piece := client.recv(65536):
            received += piece
    except ConnectionError:
        pass  # it closed the connection with unread bytes of ours
    return received


def assert_alive(service: Service) -> None:
    assert httpx.get(f"{service.url}/healthz", timeout=PATIENCE).status_code == 200


ENDLESS = {
    "headers": (b"GET /healthz HTTP/1.1\r\n", b"A: b\r\n" * 10_000),
    "one value": (b"GET /healthz HTTP/1.1\r\nA: ", MEGABYTE),
    "one name": (b"GET /healthz HTTP/1.1\r\n", MEGABYTE),
    "the path": (b"GET /", MEGABYTE),
    "blank lines": (b"", b"\r\n" * 100_000),
    "the size of a chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 100_000),
    "the extension of a chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n5;", MEGABYTE),
    "chunks of one byte": (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 10_000),
    "trailers": (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"A: b\r\n" * 10_000),
    "a trailer": (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nA: ", MEGABYTE),
    "a second head": (b"GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\nGET /healthz HTTP/1.1\r\nA: ", MEGABYTE),
}


@pytest.mark.parametrize(("begin", "more"), ENDLESS.values(), ids=ENDLESS.keys())
def test_a_request_without_an_end_is_cut_off(service: Service, begin: bytes, more: bytes) -> None:
    """It is never stored: 200 MiB were, and took a gigabyte."""
    with ExitStack() as stack:
        client = connect(service, stack)
        client.sendall(begin)
        sent = 0
        try:
            for piece in repeat(more, 200):
                client.sendall(piece)
                sent += len(piece)
        except ConnectionError:
            pass
        assert sent < 50 * 2**20, "the service reads on and on"
        answer = rest(client)
    assert b" 200 " not in answer.rpartition(b"HTTP/1.1")[2]
    assert_alive(service)


def test_a_head_that_is_too_large_is_answered_with_its_status(service: Service) -> None:
    with ExitStack() as stack:
        client = connect(service, stack)
        client.sendall(b"GET /healthz HTTP/1.1\r\nA: " + b"x" * 33_000)
        assert rest(client).startswith(b"HTTP/1.1 431 ")


def test_a_large_head_and_a_large_body_within_their_limits_are_read(service: Service) -> None:
    assert httpx.get(f"{service.url}/healthz", headers={"A": "x" * 30_000}).status_code == 200
    for content in (b" " * 250_000, (b" " * 1000 for _ in range(250))):
        answer = httpx.post(f"{service.url}/v1/claims", content=content, headers={"Idempotency-Key": "k"})
        assert answer.status_code in (400, 401, 415, 422), answer.text


SLOW = {
    "nothing": (b"", b""),
    "half a head": (b"GET /healthz HTTP/1.1\r\nHost", b"HTTP/1.1 408 "),
    "half a body": (POST + b"Content-Length: 100\r\n\r\n{", b"HTTP/1.1 408 "),
    "a chunk and no more": (POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"HTTP/1.1 408 "),
    "half a second request": (b"GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\nGET /", b"HTTP/1.1 200 "),
    "a body for a page without one": (
        b"GET /healthz HTTP/1.1\r\nHost: s\r\nContent-Length: 9\r\n\r\n1",
        b"HTTP/1.1 200 ",
    ),
    "a whole request": (b"GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n", b"HTTP/1.1 200 "),
}


@pytest.mark.parametrize(("sent", "answer"), SLOW.values(), ids=SLOW.keys())
def test_a_connection_on_which_nothing_more_comes_is_closed(service: Service, sent: bytes, answer: bytes) -> None:
    with ExitStack() as stack:
        client = connect(service, stack)
        client.sendall(sent)
        received = rest(client)
    assert received.startswith(answer)
    assert received or not answer


DRIPS = {
    "of a head": (b"GET / HTTP/1.1\r\nA: ", b"x"),
    "of a body": (POST + b"Content-Length: 100000\r\n\r\n", b" "),
    "of blank lines": (b"GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n", b"\r\n"),
    "of a body that nobody reads": (b"GET /healthz HTTP/1.1\r\nHost: s\r\nContent-Length: 100000\r\n\r\n", b"x"),
}


@pytest.mark.parametrize(("begin", "drip"), DRIPS.values(), ids=DRIPS.keys())
def test_a_drip_keeps_no_connection_open(service: Service, begin: bytes, drip: bytes) -> None:
    with ExitStack() as stack:
        client = connect(service, stack)
        client.sendall(begin)
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                client.sendall(drip)
                time.sleep(0.05)
        except ConnectionError:
            return
    pytest.fail("the connection is still open")


def test_a_client_that_takes_no_answer_is_cut_off(service: Service) -> None:
    with ExitStack() as stack:
        client = connect(service, stack)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        request = b"GET /openapi.json HTTP/1.1\r\nHost: shop\r\n\r\n"
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                client.sendall(request)
                time.sleep(0.1)
        except ConnectionError:
            return
    pytest.fail("the connection is still open")


@pytest.fixture
def patient(home: Path, tmp_path: Path) -> Iterator[Service]:
    """A service that waits for slow clients, and has room for few."""
    url = databases.copy_sqlite(home, tmp_path / "recourse.db")
    limits = {"request_seconds": 600, "max_connections": 5, "shutdown_seconds": 1}
    with serving(url, tmp_path / "log", **limits) as service:
        yield service


def test_the_connections_that_have_waited_longest_make_room_and_half_a_body_does_not_keep_the_process(
    patient: Service,
) -> None:
    with ExitStack() as stack:
        clients = []
        for sent in (b"", b"", b"GET /", POST + b"Content-Length: 9\r\n\r\n1"):
            clients += [connect(patient, stack) for _ in range(3)]
            for client in clients[-3:]:
                client.sendall(sent)
            assert_alive(patient)
        assert [rest(client) for client in clients[:6]] == [b""] * 6
        last = clients[-1]
        last.setblocking(False)
        with pytest.raises(BlockingIOError):  # open, and without an answer
            last.recv(1)
        patient.terminate()
        patient.wait()
