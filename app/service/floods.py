"""Networks that fail too often at the doors for buyers: counted in the memory of a process, so that a refusal costs no
database work.

Only failures count, such as an invented link. A network has a stock of failures that fills up again over a minute, and
is refused while the stock is empty. Whoever the process has served before is not refused with its network.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

MOST_NETWORKS = 10_000
"""How many networks are counted at once. Above, the one that has not failed for longest is forgotten."""
MOST_SERVED = 10_000
"""How many of those who were served are remembered, the latest."""
APART = 0.025
"""Seconds between two refusals of a network that wait at the same time: refusals have a cost too."""
HELD_BACK_AT_MOST = 2.0
_MINUTE = 60


@dataclass(slots=True)
class _Stock:
    """How many failures are left, as of a time in seconds."""

    left: float
    at: float


class Floods:
    def __init__(self, failures_per_minute: int) -> None:
        self._most = failures_per_minute
        self._stocks: OrderedDict[str, _Stock] = OrderedDict()
        self._served: OrderedDict[bytes, None] = OrderedDict()
        self._waiting: Counter[str] = Counter()

    def seconds_to_wait(self, network: str, now: float) -> int:
        """0 for a network that may try. `now` is in seconds, and may be set back."""
        if network not in self._stocks:
            return 0
        left = self._filled(network, now).left
        return 0 if left >= 1 else ceil((1 - left) * _MINUTE / self._most)

    def count(self, network: str, now: float) -> None:
        """Count a failure."""
        stock = self._filled(network, now)
        stock.left = max(stock.left - 1, 0)
        self._stocks[network] = stock
        self._stocks.move_to_end(network)
        if len(self._stocks) > MOST_NETWORKS:
            self._stocks.popitem(last=False)

    def has_served(self, proof: str) -> bool:
        """Whether the holder of a token, or the reader of an address, was served before. False for an empty proof."""
        return _digest(proof) in self._served

    def remember(self, proof: str) -> None:
        if not proof:
            return
        digest = _digest(proof)
        self._served[digest] = None
        self._served.move_to_end(digest)
        if len(self._served) > MOST_SERVED:
            self._served.popitem(last=False)

    def forget(self, proof: str) -> None:
        self._served.pop(_digest(proof), None)

    @asynccontextmanager
    async def held_back(self, network: str) -> AsyncIterator[None]:
        """A refusal of a network waits for those of the same network that wait already."""
        self._waiting[network] += 1
        try:
            await asyncio.sleep(min((self._waiting[network] - 1) * APART, HELD_BACK_AT_MOST))
            yield
        finally:
            self._waiting[network] -= 1
            if not self._waiting[network]:
                del self._waiting[network]

    def _filled(self, network: str, now: float) -> _Stock:
        stock = self._stocks.get(network) or _Stock(left=self._most, at=now)
        stock.left = min(stock.left + max(now - stock.at, 0) * self._most / _MINUTE, self._most)
        stock.at = now
        return stock


def _digest(proof: str) -> bytes:
    return sha256(proof.encode()).digest()
