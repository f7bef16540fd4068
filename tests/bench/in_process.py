"""The application in this process, called as a server calls it, without a network between them."""

import json
from typing import Any
from uuid import uuid4


class Shop:
    """A key, and the application that it opens."""

    def __init__(self, app: Any, token: str) -> None:
        self._app = app
        self._token = token.encode()

    async def call(self, method: str, path: str, body: object) -> bytes:
        parts: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            sent = b"" if body is None else json.dumps(body).encode()
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            parts.append(message)

        await self._app(self._scope(method, path), receive, send)
        answer = b"".join(part.get("body", b"") for part in parts)
        if parts[0]["status"] >= 400:
            raise ValueError(f"{method} {path}: {answer.decode()}")
        return answer

    def _scope(self, method: str, target: str) -> dict[str, Any]:
        path, _, query = target.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (b"authorization", b"Bearer " + self._token),
                (b"content-type", b"application/json"),
                (b"idempotency-key", uuid4().hex.encode()),
            ],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
