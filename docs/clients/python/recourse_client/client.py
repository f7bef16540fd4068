"""The clients: one that waits, and one for an event loop. Both have the same operations."""

from types import TracebackType
from typing import Self

from recourse_client.generated.api import AsyncResources, Resources
from recourse_client.sending import AsyncSender, Sender


class Recourse(Resources):
    """A client of one merchant: `Recourse("https://recourse.example", "rk_...")`.

    `timeout` is the longest wait for a connection, and for each part of an answer, in seconds. A request that failed is
    sent again up to `max_retries` times, always with the same `Idempotency-Key`. Close the client, or use it in `with`.
    """

    def __init__(self, base_url: str, api_key: str, *, timeout: float = 30.0, max_retries: int = 3) -> None:
        self._sender = Sender(base_url, api_key, timeout=timeout, max_retries=max_retries)
        super().__init__(self._sender)

    def close(self) -> None:
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class AsyncRecourse(AsyncResources):
    """`Recourse` for an event loop: the same operations, each to be awaited."""

    def __init__(self, base_url: str, api_key: str, *, timeout: float = 30.0, max_retries: int = 3) -> None:
        self._sender = AsyncSender(base_url, api_key, timeout=timeout, max_retries=max_retries)
        super().__init__(self._sender)

    async def close(self) -> None:
        await self._sender.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()
