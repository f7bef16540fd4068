"""The receivers in docs/webhooks.md run unchanged, against webhooks that the Sender delivers."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import WebhookVerificationError

from app.webhooks import signature
from app.webhooks.payload import _PARTS, body
from app.webhooks.schedule import BACKOFF
from app.webhooks.sender import ERRORS, Outcome, Sender, WebhookRequest
from app.webhooks.signature import Secret, new_secret, new_signing_key
from tests.docs import WEBHOOKS
from tests.pages import sample

PAGE = WEBHOOKS.read_text()
NODE = shutil.which("node")
BOTH = [
    pytest.param("receiver.py", sys.executable, id="python"),
    pytest.param(
        "receiver.mjs", NODE, id="node", marks=pytest.mark.skipif(NODE is None, reason="node is not installed")
    ),
]


class Running:
    """A receiver in a process of its own, and a Sender that delivers to it."""

    def __init__(self, process: asyncio.subprocess.Process, sender: Sender, port: int, secret: Secret) -> None:
        self.url = f"http://127.0.0.1:{port}/"
        self._process, self._sender, self._secret = process, sender, secret

    async def send(self, webhook_id: str, version: int, **changes: Any) -> int | None:
        outcome = await self._deliver(webhook_id, version, **changes)
        return outcome.status

    async def _deliver(self, webhook_id: str, version: int, **changes: Any) -> Outcome:
        body_bytes = _signed_body(version)
        usual = {"url": self.url, "headers": {}, "secrets": [self._secret], "body": body_bytes, "at": datetime.now(UTC)}
        return await self._sender.send(WebhookRequest(webhook_id=webhook_id, **{**usual, **changes}))

    async def handled(self) -> list[str]:
        self._process.terminate()
        output, _ = await self._process.communicate()
        return output.decode().splitlines()


def _signed_body(version: int) -> bytes:
    data = {"claim_id": "claim-1", "order_id": "주문-1", "version": version}
    return body(type="claim.approved", at=datetime.now(UTC), mode="live", data=data)


@asynccontextmanager
async def run_receiver(
    folder: Path, name: str, program: str, *, secret: Secret, verifying_key: str
) -> AsyncIterator[Running]:
    (folder / name).write_text(sample(WEBHOOKS, name))
    process = await asyncio.create_subprocess_exec(
        program,
        str(folder / name),
        env={**os.environ, "WEBHOOK_SECRET": verifying_key, "PORT": "0"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        listening = await asyncio.wait_for(process.stdout.readline(), 30)
        async with Sender(allow_private=True) as sender:
            yield Running(process, sender, int(listening.split()[-1]), secret)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize(("name", "program"), BOTH)
async def test_a_sample_takes_what_is_genuine_new_and_not_stale(tmp_path: Path, name: str, program: str) -> None:
    secret = new_secret()
    async with run_receiver(tmp_path, name, program, secret=secret, verifying_key=secret.text) as receiver:
        assert await receiver.send("evt-1", 1) == 200
        assert await receiver.send("evt-1", 1) == 200, "a duplicate"
        assert await receiver.send("evt-3", 3) == 200
        assert await receiver.send("evt-2", 2) == 200, "overtaken, and stale by now"
        assert await receiver.send("evt-4", 3) == 200, "another event of the same version"
        assert await receiver.send("evt-5", 4, secrets=[new_secret(), secret]) == 200, "while a secret is replaced"
        handled = [f"handled claim.approved claim-1 {version}" for version in (1, 3, 3, 4)]
        assert await receiver.handled() == handled


@pytest.mark.parametrize(("name", "program"), BOTH)
async def test_a_sample_refuses_what_is_not_genuine(tmp_path: Path, name: str, program: str) -> None:
    secret = new_secret()
    now = datetime.now(UTC)
    async with run_receiver(tmp_path, name, program, secret=secret, verifying_key=secret.text) as receiver:
        assert await receiver.send("evt-1", 1, secrets=[new_secret()]) == 401
        assert await receiver.send("evt-1", 1, at=now - timedelta(minutes=6)) == 401, "kept, and sent again"
        assert await receiver.send("evt-1", 1, at=now + timedelta(minutes=6)) == 401
        for changed in _tampered_requests(secret, now):
            assert await _post(receiver.url, *changed) == 401, changed
        assert await receiver.send("evt-1", 1) == 200
        assert await receiver.handled() == ["handled claim.approved claim-1 1"]


def _tampered_requests(secret: Secret, now: datetime) -> list[tuple[dict[str, str], bytes]]:
    body_bytes = _signed_body(1)
    genuine = signature.headers([secret], webhook_id="evt-1", at=now, body=body_bytes)
    return [
        (genuine, body_bytes.replace(b'"version":1', b'"version":9')),
        (genuine, b""),
        ({**genuine, "webhook-id": "evt-2"}, body_bytes),
        ({**genuine, "webhook-timestamp": str(int(now.timestamp()) + 1)}, body_bytes),
        ({**genuine, "webhook-timestamp": "yesterday"}, body_bytes),
        ({**genuine, "webhook-signature": genuine["webhook-signature"].replace("v1,", "v1a,")}, body_bytes),
        ({**genuine, "webhook-signature": "v1"}, body_bytes),
        ({**genuine, "webhook-signature": "v1,é"}, body_bytes),
        ({}, body_bytes),
    ]


async def _post(url: str, headers: dict[str, str], body_bytes: bytes) -> int:
    async with httpx.AsyncClient() as client:
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        return (await client.post(url, headers=raw, content=body_bytes)).status_code


@pytest.mark.skipif(NODE is None, reason="node is not installed")
async def test_the_node_sample_verifies_with_a_public_key(tmp_path: Path) -> None:
    key = new_signing_key()
    assert key.public
    assert NODE
    async with run_receiver(tmp_path, "receiver.mjs", NODE, secret=key, verifying_key=key.public) as receiver:
        assert await receiver.send("evt-1", 1, secrets=[new_secret(), key]) == 200
        assert await receiver.send("evt-2", 2, secrets=[new_signing_key()]) == 401
        assert await receiver.send("evt-3", 3, secrets=[new_secret()]) == 401
        assert await receiver.handled() == ["handled claim.approved claim-1 1"]


def test_the_library_sample_takes_what_is_genuine(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, body_bytes = new_secret(), _signed_body(1)
    monkeypatch.setenv("WEBHOOK_SECRET", secret.text)
    program: dict[str, Any] = {}
    exec(sample(WEBHOOKS, "library.py"), program)  # noqa: S102 # the page's own code
    headers = signature.headers([secret], webhook_id="evt-1", at=datetime.now(UTC), body=body_bytes)
    assert program["receive"](headers, body_bytes)["data"]["order_id"] == "주문-1"
    with pytest.raises(WebhookVerificationError):
        program["receive"](headers, body_bytes + b" ")


def test_the_public_key_sample_takes_what_is_genuine() -> None:
    key, body_bytes = new_signing_key(), _signed_body(1)
    program: dict[str, Any] = {}
    exec(sample(WEBHOOKS, "public_key.py"), program)  # noqa: S102 # the page's own code
    headers = signature.headers([new_secret(), key], webhook_id="evt-1", at=datetime.now(UTC), body=body_bytes)
    assert program["is_genuine"](key.public, headers, body_bytes)
    assert not program["is_genuine"](key.public, headers, body_bytes + b" ")
    assert not program["is_genuine"](new_signing_key().public, headers, body_bytes)
    assert not program["is_genuine"](key.public, {**headers, "webhook-signature": "v1a,? v1a"}, body_bytes)


def _between(name: str) -> str:
    match = re.search(rf"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", PAGE, re.DOTALL)
    assert match, f"the page has no {name}"
    return match[1]


def test_the_page_shows_the_schedule() -> None:
    units = {"s": 1, "min": 60, "h": 3600}
    rows = re.findall(r"^\| (\d+) \| (\d+) (\w+) \|$", _between("schedule"), re.MULTILINE)
    assert [(int(attempt), int(n) * units[unit]) for attempt, n, unit in rows] == list(
        enumerate(BACKOFF.delays, start=2)
    )


def test_the_page_shows_every_error() -> None:
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", _between("errors"), re.MULTILINE)) == ERRORS


def test_the_page_shows_what_is_lost_first() -> None:
    assert tuple(re.findall(r"`([^`]+)`", _between("parts"))) == tuple(_PARTS)
