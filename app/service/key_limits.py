"""How many requests each API key may send: counted in the memory of a process, so a refusal costs no database work.

A key has a stock of `burst` requests that fills up again at `requests_per_minute`. The count is the generic cell rate
algorithm: one number for each key, the time at which its stock is full again. A key is counted by the digest of its
token, before the token is looked up. Each process counts for itself.
"""

from dataclasses import dataclass
from math import ceil, floor

from app.clock import Elapsed, elapsed
from app.records.api_key import RateLimit
from app.service.callers import Caller
from app.store.memo import Memo

MOST_KEYS = 10_000
"""How many keys are counted at once. Above, the one that was used the longest ago begins with a full stock again."""
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a key stands after a request. `left` is how many further requests are served now, and `next_in` the seconds
    until one is."""

    limit: RateLimit
    left: int
    next_in: float
    is_refused: bool

    @property
    def retry_after(self) -> int:
        return max(ceil(self.next_in), 1)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The fields of draft-ietf-httpapi-ratelimit-headers-11. The quota is the stock, and its window the time in
        which an empty stock fills up. The available quota over its window is never above the rate of the limit."""
        rate, burst = self.limit.requests_per_minute, self.limit.burst
        within = ceil(self.left * _MINUTE / rate) if self.left else self.retry_after
        return [
            (b"ratelimit-policy", b'"key";q=%d;w=%d' % (burst, ceil(burst * _MINUTE / rate))),
            (b"ratelimit", b'"key";r=%d;t=%d' % (self.left, within)),
        ]


@dataclass(slots=True)
class Stock:
    """`caller` is the key as it was recognised last."""

    caller: Caller
    limit: RateLimit
    full_at: float


def rate_limit(requests_per_minute: int, burst: int) -> RateLimit | None:
    """The limit of a setting. 0 requests a minute are no limit."""
    return RateLimit(requests_per_minute=requests_per_minute, burst=burst) if requests_per_minute else None


class KeyLimits:
    """`default` is the limit of a key without a limit of its own. None is no limit."""

    def __init__(self, default: RateLimit | None, *, elapsed: Elapsed = elapsed) -> None:
        self.default = default
        self._elapsed = elapsed
        self._stocks = Memo(MOST_KEYS)

    def limit_of(self, caller: Caller) -> RateLimit | None:
        return caller.rate_limit or self.default

    def stock_of(self, digest: str) -> Stock | None:
        """None for a token that was not recognised before, and for a key without a limit."""
        stock: Stock | None = self._stocks.get(digest)
        return stock

    def take(self, stock: Stock) -> Standing:
        """Count a request of a key, if its stock is not empty."""
        limit, now = stock.limit, self._elapsed()
        interval = _MINUTE / limit.requests_per_minute
        full_at = max(stock.full_at, now) + interval
        spare = now + limit.burst * interval - full_at
        if spare < -_ROUNDING:
            return Standing(limit, 0, -spare, is_refused=True)
        stock.full_at = full_at
        return Standing(limit, floor(spare / interval + _ROUNDING), max(interval - spare, 0), is_refused=False)

    def know(self, digest: str, caller: Caller, *, is_counted: bool) -> Standing | None:
        """The key of a token, as it was recognised just now. A request that came before the process knew the key is
        counted here: the first one, and those beside it."""
        limit = self.limit_of(caller)
        stock = self.stock_of(digest)
        if limit is None:
            if stock is not None:
                self._stocks.drop(digest)
            return None
        if stock is None:
            stock = Stock(caller, limit, self._elapsed())
            self._stocks.put(digest, stock)
        else:
            stock.caller, stock.limit = caller, limit
        return None if is_counted else self.take(stock)


_ROUNDING = 1e-6
"""Times are binary fractions, and sums of them are a little off."""
