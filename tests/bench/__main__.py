"""`make bench`: opening a claim and reading one, over HTTP, next to the database running the same SQL.

Needs wrk. Prints a table, and the ratios that docs/performance.md records.
"""

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

from app import clock
from app.api.serializers import claim_body
from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Kind, Reason, Role
from app.json_text import dump
from app.service import claims
from app.service.callers import Caller
from app.service.idempotency import Answer, once
from app.service.ids import new_id
from app.service.transactions import Tx
from app.store import orders
from app.store.database import Database
from app.store.migrate import upgrade
from tests.bench.recorded import Figures, pgbench_script, record, run_bare_sqlite, run_pgbench
from tests.bench.served import UNLIMITED, served
from tests.postgres import running_postgres
from tests.store.watching import RecordedStatement
from tests.storefront import new_key

ORDERS = 5000
RECORDED = "4999"  # the order of the recorded request; no other value of it reads like this

POST = """
local n = 0
local id = 0
function setup(thread) thread:set("id", counter) counter = (counter or 0) + 1 end
function request()
  n = n + 1
  wrk.headers["Authorization"] = "Bearer {token}"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Idempotency-Key"] = "{run}-" .. tostring(id) .. "-" .. n
  local body = '{{"order_id":"' .. math.random(1, {orders}) .. '","kind":"return","reason":"defective",' ..
    '"lines":[{{"line_id":"1","quantity":1}}]}}'
  return wrk.format("POST", "/v1/claims", nil, body)
end
function done(summary) if summary.errors.status > 0 then print("STATUS ERRORS " .. summary.errors.status) end end
"""
GET = """
local ids = {{ {ids} }}
function request()
  wrk.headers["Authorization"] = "Bearer {token}"
  return wrk.format("GET", "/v1/claims/" .. ids[math.random(1, #ids)])
end
function done(summary) if summary.errors.status > 0 then print("STATUS ERRORS " .. summary.errors.status) end end
"""


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--seconds", type=int, default=8, help="length of each measurement")
    options.add_argument("--rounds", type=int, default=3, help="how often service and database take turns")
    options.add_argument("--clients", type=int, default=32)
    options.add_argument("--only", choices=["request", "read", "sqlite"], help="measure this alone")
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("error: wrk is needed; install it with your package manager")
    bench = Bench(clients=chosen.clients, seconds=chosen.seconds, rounds=chosen.rounds)
    with tempfile.TemporaryDirectory(prefix="recourse-bench-") as folder:
        if chosen.only != "sqlite":
            _on_postgres(bench, Path(folder), chosen.only)
        if chosen.only in (None, "sqlite"):
            _on_sqlite(bench, Path(folder))


@dataclass(frozen=True)
class Bench:
    clients: int
    seconds: int
    rounds: int

    def compare(self, name: str, service: Callable[[], Figures], against: str, bare: Callable[[], Figures]) -> None:
        """Run both in turn, so that other work on the machine slows both alike; print the medians."""
        pairs = []
        for number in range(1, self.rounds + 1):
            print(f"... {name}: round {number} of {self.rounds}", flush=True)
            pairs.append((service(), bare()))
        print(f"\n{name}, {self.clients} clients")
        for who, figures in zip(("service", against), zip(*pairs, strict=True), strict=True):
            rate, p50, p99 = (median(getattr(f, part) for f in figures) for part in ("rate", "p50", "p99"))
            print(f"  {who:<10} {rate:8.0f}/s   p50 {p50:7.2f} ms   p99 {p99:7.2f} ms   p99/p50 {p99 / p50:.1f}")
        ratios = sorted(ours.rate / theirs.rate for ours, theirs in pairs)
        spread = ", ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"  ratio      {median(ratios):8.2f}     (rounds: {spread})\n", flush=True)


def _on_postgres(bench: Bench, folder: Path, only: str | None) -> None:
    print(f"... starting a durable PostgreSQL and loading {ORDERS} orders", flush=True)
    with running_postgres(shared_buffers="512MB", max_connections=200) as server:
        server.sql("CREATE DATABASE bench")
        url, libpq = server.url_of("bench"), server.libpq_url_of("bench")
        upgrade(url)
        prepared = asyncio.run(prepare(url))
        fresh = {RECORDED: "order", prepared.claim_id: "claim", prepared.key: "claim", prepared.event_id: "claim"}
        setup = [rf"\set order random(1, {ORDERS})", r"\set claim random(1, 9000000000000000)"]
        opening = pgbench_script(prepared.request, fresh, setup=setup, transaction=True)
        reading = pgbench_script(prepared.read, {}, setup=[], transaction=False)
        with served(url, folder, **UNLIMITED) as base:
            load = Load(folder, base, prepared.token, bench.clients)
            load.post(3)
            server.sql("VACUUM ANALYZE", database="bench")  # as autovacuum would in a minute
            run = partial(run_pgbench, url=libpq, folder=folder, clients=bench.clients, seconds=bench.seconds)
            if only in (None, "request"):
                bench.compare(
                    "open a claim, PostgreSQL", lambda: load.post(bench.seconds), "pgbench", lambda: run(opening)
                )
            if only in (None, "read"):
                claims_sql = "SELECT claim_id FROM claims WHERE length(claim_id) = 36 LIMIT 2000"
                load.ids = server.sql(claims_sql, "VACUUM ANALYZE", database="bench").split()
                bench.compare(
                    "read a claim, PostgreSQL", lambda: load.get(bench.seconds), "pgbench", lambda: run(reading)
                )


def _on_sqlite(bench: Bench, folder: Path) -> None:
    path = folder / "bench.db"
    url = f"sqlite+aiosqlite:///{path}"
    upgrade(url)
    prepared = asyncio.run(prepare(url))
    fresh = {prepared.claim_id, prepared.key, prepared.event_id}
    with served(url, folder, **UNLIMITED) as base:
        load = Load(folder, base, prepared.token, bench.clients)
        load.post(1)
        bare = partial(run_bare_sqlite, str(path), prepared.request, fresh, seconds=bench.seconds)
        bench.compare("open a claim, SQLite", lambda: load.post(bench.seconds), "bare loop", bare)


@dataclass
class Load:
    """wrk against one service; `ids` are the claims to read."""

    folder: Path
    base: str
    token: str
    clients: int
    ids: Sequence[str] = ()

    def post(self, seconds: int) -> Figures:
        return self._wrk(POST, seconds)

    def get(self, seconds: int) -> Figures:
        return self._wrk(GET, seconds)

    def _wrk(self, script: str, seconds: int) -> Figures:
        quoted = ",".join(f'"{claim_id}"' for claim_id in self.ids)
        file = self.folder / "wrk.lua"
        file.write_text(script.format(token=self.token, run=uuid4().hex, orders=ORDERS, ids=quoted))
        command = ["wrk", "-t1", f"-c{self.clients}", f"-d{seconds}s", "--latency", "-s", str(file), self.base]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "STATUS ERRORS" in out or "Non-2xx" in out:
            sys.exit(f"error: not every request succeeded\n{out}")
        rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
        return Figures(float(rate[1]) if rate else 0.0, _milliseconds(out, "50%"), _milliseconds(out, "99%"))


class Prepared:
    """A merchant with orders, its key, and the SQL of one request and one read as the service sent it."""

    def __init__(
        self,
        merchant_id: str,
        token: str,
        request: list[RecordedStatement],
        read: list[RecordedStatement],
        names: tuple[str, str, str],
    ) -> None:
        self.merchant_id = merchant_id
        self.token = token
        self.request = request
        self.read = read
        self.claim_id, self.key, self.event_id = names


async def prepare(url: str) -> Prepared:
    database = Database(url)
    now = clock.now()
    merchant_id, token = await new_key(database, now)
    caller = Caller(merchant_id=merchant_id, key_id="", name="bench", scopes=frozenset())

    async def load(tx: Tx) -> None:
        for number in range(1, ORDERS + 1):
            await orders.add(tx, merchant_id, _order(str(number), now), now)

    await database.write(load)
    claim_id, key = new_id(now), str(uuid4())
    command = _request(claim_id, now)

    async def work(tx: Tx) -> Answer:
        view = await claims.request(tx, caller, RECORDED, command, now)
        return Answer(
            status=201,
            body=dump(claim_body(view)),
            headers={"ETag": '"1"', "Location": f"/v1/claims/{claim_id}"},
        )

    request = await record(
        lambda: once(database, merchant_id=merchant_id, key=key, fingerprint="f" * 64, now=now, work=work),
    )

    async def read_claim() -> None:
        async with database.read() as tx:
            await claims.read(tx, caller, claim_id, now)

    read = await record(read_claim)
    async with database.read() as tx:
        (event_row,) = await claims.history(tx, caller, claim_id, limit=1, after=0)
    await database.close()
    return Prepared(merchant_id, token, request, read, (claim_id, key, event_row.event_id))


def _request(claim_id: str, now: datetime) -> Request:
    return Request(
        by=Actor(role=Role.BUYER, name="bench"),
        claim_id=claim_id,
        kind=Kind.RETURN,
        reason=Reason.DEFECTIVE,
        lines=(RequestedLine(line_id="1", quantity=1),),
        requested_at=now,
    )


def _order(order_id: str, now: Any) -> Order:
    line = OrderLine(
        line_id="1", sku="MUG-WHITE", title="머그컵", quantity=100_000, unit_price=12_000,
        shipped=100_000, delivered=100_000, shipped_at=now, delivered_at=now,
    )  # fmt: skip
    return Order(
        order_id=order_id,
        country="KR",
        currency="KRW",
        policy="storefront_kr@1",
        paid_at=now,
        lines=(line,),
        payments=(Payment(payment_id="pay", method="card", captured=1_200_000_000),),
    )


def _milliseconds(out: str, percent: str) -> float:
    latency = re.search(rf"{percent}\s+([\d.]+)(us|ms|s)", out)
    return float(latency[1]) * {"us": 0.001, "ms": 1, "s": 1000}[latency[2]] if latency else 0.0


if __name__ == "__main__":
    main()
