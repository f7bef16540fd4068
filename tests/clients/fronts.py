"""A little server in front of the service, or without one: it answers, forwards, or breaks connections as told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Literal

import httpx


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)


Step = Reply | Literal["break", "forward", "forward and break", "hang"]
"""`forward and break`: the service does its work, and its answer is lost. `hang`: nothing comes until the end."""


@dataclass(frozen=True)
class Seen:
    """A request that arrived."""

    method: str
    path: str
    key: str | None
    body: bytes
    arrived: float


@dataclass
class Front:
    """`steps` are for the first requests. Every later one is forwarded."""

    upstream: str = ""
    steps: list[Step] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    replayed: list[bool] = field(default_factory=list)
    url: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    def next(self) -> Step:
        return self.steps.pop(0) if self.steps else "forward"


@contextmanager
def fronting(upstream: str = "") -> Iterator[Front]:
    front = Front(upstream)

    class Handler(_Handler):
        told = front

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    front.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield front
    finally:
        front.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    told: Front
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _do(self) -> None:
        body = self._body()
        seen = Seen(self.command, self.path, self.headers.get("Idempotency-Key"), body, monotonic())
        self.told.seen.append(seen)
        step = self.told.next()
        if isinstance(step, Reply):
            return self._answer(step)
        if step == "hang":
            self.told.ended.wait()
        elif step != "break":
            reply = self._forwarded(body)
            if step == "forward":
                return self._answer(reply)
        self.close_connection = True
        return None

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815 # the names that http.server calls

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _forwarded(self, body: bytes) -> Reply:
        own = {"host", "transfer-encoding", "content-length", "connection", "accept-encoding"}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in own}
        answer = httpx.request(self.command, self.told.upstream + self.path, headers=headers, content=body, timeout=60)
        self.told.replayed.append("Idempotent-Replayed" in answer.headers)
        return Reply(answer.status_code, answer.text, {"Content-Type": answer.headers.get("Content-Type", "")})

    def _answer(self, reply: Reply) -> None:
        content = reply.body.encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
