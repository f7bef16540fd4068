"""`python -m tests.bench.request`: processor time of a whole request, in process, through ASGI, on SQLite.

`--against FOLDER` measures another checkout too. Each checkout runs in a process of its own, and the checkouts take
turns, so that other load on the box meets all of them.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from app import clock
from app.main import create_app
from app.settings import Settings
from app.store.database import Database
from app.store.migrate import upgrade
from tests.bench.in_process import Shop
from tests.storefront import new_key

ORDERS = 50
UNLIMITED = {"RECOURSE_KEY_REQUESTS_PER_MINUTE": "1000000", "RECOURSE_KEY_BURST": "100000"}
"""Requests are counted and not refused. A checkout without these settings does not read them."""
NAMES = ("POST /v1/claims", "POST /v1/claims/{id}/approve")
Turn = tuple[float, float]
"""Microseconds of processor time of one request of each name."""


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.request", description=__doc__)
    options.add_argument("--against", type=Path, action="append", default=[], help="another checkout, to compare")
    options.add_argument("--rounds", type=int, default=20, help="how often each checkout takes its turn")
    options.add_argument("--requests", type=int, default=100, help="claims that are opened and approved in a turn")
    options.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        with tempfile.TemporaryDirectory(prefix="recourse-bench-") as folder:
            url = f"sqlite+aiosqlite:///{folder}/bench.db"
            upgrade(url)
            asyncio.run(_serve_turns(url, chosen.requests))
        return
    here = Path(__file__).parents[2]
    turns = _measured([here, *chosen.against], chosen.rounds, chosen.requests)
    _print([here, *chosen.against], turns, chosen.rounds, chosen.requests)


def _measured(checkouts: Sequence[Path], rounds: int, requests: int) -> list[list[Turn]]:
    with _children(checkouts, requests) as children:
        turns: list[list[Turn]] = [[] for _ in children]
        for _ in range(rounds):
            for child, child_turns in zip(children, turns, strict=True):
                child_turns.append(_turn(child))
    return turns


@contextmanager
def _children(checkouts: Sequence[Path], requests: int) -> Iterator[list[subprocess.Popen[str]]]:
    command = [sys.executable, "-P", __file__, "--child", "--requests", str(requests)]
    children = [
        subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **UNLIMITED, "PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for folder in checkouts
    ]
    try:
        for child in children:
            _turn(child)  # the first turn warms up
        yield children
    finally:
        for child in children:
            child.communicate()


def _turn(child: subprocess.Popen[str]) -> Turn:
    assert child.stdin
    assert child.stdout
    child.stdin.write("go\n")
    child.stdin.flush()
    opened, approved = json.loads(child.stdout.readline())
    return opened, approved


async def _serve_turns(url: str, requests: int) -> None:
    """One turn for each line on standard input."""
    database = Database(url)
    _, token = await new_key(database, clock.now())
    await database.close()
    app = create_app(Settings(database_url=url, log_level="warning", embedded_worker=False))
    async with app.router.lifespan_context(app):
        shop = Claims(app, token)
        await shop.fill()
        for _ in sys.stdin:
            print(json.dumps(await shop.turn(requests)), flush=True)


class Claims(Shop):
    """A shop that opens and approves claims."""

    async def fill(self) -> None:
        now = clock.now()
        ordered, shipped, arrived = (str(now - timedelta(days=days)).replace(" ", "T") for days in (3, 2, 1))
        for number in range(ORDERS):
            path, parcel = f"/v1/orders/{number}", {"carrier": "cj", "tracking_number": str(number)}
            line = {"line_id": "1", "sku": "MUG", "title": "머그컵", "quantity": 10_000, "unit_price": 12_000}
            paid = {"payment_id": "card", "method": "card", "amount": 120_000_000}
            order = {"currency": "KRW", "policy": "storefront_kr", "paid_at": ordered}
            await self.call("PUT", path, {**order, "lines": [line], "payments": [paid]})
            await self.call("POST", f"{path}/shipments", {**parcel, "shipped_at": shipped})
            await self.call("POST", f"{path}/deliveries", {**parcel, "delivered_at": arrived})

    async def turn(self, requests: int) -> Turn:
        opened = approved = 0.0
        for number in range(requests):
            claim = {"order_id": str(number % ORDERS), "kind": "return", "reason": "defective"}
            began = time.process_time()
            answer = await self.call("POST", "/v1/claims", {**claim, "lines": [{"line_id": "1", "quantity": 1}]})
            between = time.process_time()
            path = f"/v1/claims/{json.loads(answer)['claim_id']}/approve"
            after_reading = time.process_time()
            await self.call("POST", path, {})
            opened += between - began
            approved += time.process_time() - after_reading
        return opened / requests * 1e6, approved / requests * 1e6


def _print(checkouts: Sequence[Path], turns: Sequence[Sequence[Turn]], rounds: int, requests: int) -> None:
    print(f"A whole request, in process, on SQLite: {rounds} rounds of {requests}, processor time")
    for number, name in enumerate(NAMES):
        print(f"  {name}")
        for folder, checkout_turns in zip(checkouts, turns, strict=True):
            costs = [turn[number] for turn in checkout_turns]
            ratios = [turn[number] / first[number] for turn, first in zip(checkout_turns, turns[0], strict=True)]
            costs_of = f"median {median(costs):7.0f} µs   best {min(costs):7.0f} µs"
            print(f"    {folder!s:<40} {costs_of}   of the first {median(ratios):.3f}")


if __name__ == "__main__":
    main()
