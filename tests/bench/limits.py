"""`python -m tests.bench.limits`: the speed that other keys keep while one key floods the API above its limit.

Needs wrk. Prints a ratio for each kind of request, and how the flood is answered. Fails below KEPT, and if the flood
does not end in 429.
"""

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from app import clock
from app.records.api_key import NewApiKey, RateLimit, Scope
from app.service.merchants import create_key
from app.store.database import Database
from app.store.migrate import upgrade
from tests.bench.__main__ import Load, Prepared, prepare
from tests.bench.flood import CONNECTIONS, KEPT
from tests.bench.served import UNLIMITED, served
from tests.postgres import running_postgres
from tests.storefront import OPERATOR

LIMIT = RateLimit(requests_per_minute=600, burst=100)
"""Of the key that floods."""

FLOOD = """
function request()
  return wrk.format("GET", "/v1/claims?limit=1", {["Authorization"] = "Bearer TOKEN"})
end
"""


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.limits", description=__doc__)
    options.add_argument("--seconds", type=int, default=6, help="length of each measurement")
    options.add_argument("--rounds", type=int, default=3, help="how often quiet and flooded measurements take turns")
    options.add_argument("--clients", type=int, default=32, help="clients of the other key")
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("error: wrk is needed; install it with your package manager")
    print("... starting a durable PostgreSQL and loading orders", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="recourse-bench-") as folder,
        running_postgres(shared_buffers="512MB", max_connections=200) as server,
    ):
        server.sql("CREATE DATABASE bench")
        url = server.url_of("bench")
        upgrade(url)
        prepared = asyncio.run(prepare(url))
        token = asyncio.run(_flooding_key(url, prepared))
        with served(url, Path(folder), **UNLIMITED) as base:
            load = Load(Path(folder), base, prepared.token, chosen.clients)
            load.post(3)
            load.ids = server.sql("SELECT claim_id FROM claims LIMIT 2000", "VACUUM ANALYZE", database="bench").split()
            faults = list(_compare(load, token, chosen.seconds, chosen.rounds))
    sys.exit("\n".join(f"error: {fault}" for fault in faults) or 0)


async def _flooding_key(url: str, prepared: Prepared) -> str:
    database = Database(url)
    new = NewApiKey(name="flood", scopes=frozenset({Scope.CLAIMS_READ}), rate_limit=LIMIT)
    _, token = await database.write(
        lambda tx: create_key(tx, merchant_id=prepared.merchant_id, new=new, by=OPERATOR, now=clock.now())
    )
    await database.close()
    return token


def _compare(load: Load, token: str, seconds: int, rounds: int) -> Iterator[str]:
    """Measure each kind of request beside the flood, and alone before and after. What is wrong with the results."""
    requests = {"open a claim": load.post, "read a claim": load.get}
    for name, run in requests.items():
        ratios = []
        before = run(seconds).rate
        for number in range(1, rounds + 1):
            print(f"... {name}: round {number} of {rounds}", flush=True)
            with _flooded(load, token, seconds + 2) as flood:
                flooded = run(seconds).rate
            after = run(seconds).rate
            ratios.append(flooded / ((before + after) / 2))
            before = after
            if not flood.refused:
                yield "the flood did not end in 429"
        spread = ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
        print(
            f"  {name} beside a flood of another key: {median(ratios):.2f} of its speed (rounds: {spread})", flush=True
        )
        if median(ratios) < KEPT:
            yield f"{name} beside a flood is below {KEPT}"


@dataclass
class Flood:
    refused: int = 0


@contextmanager
def _flooded(load: Load, token: str, seconds: int) -> Iterator[Flood]:
    """A flood of one key, over CONNECTIONS connections that send as fast as they are answered."""
    script = load.folder / "flood.lua"
    script.write_text(FLOOD.replace("TOKEN", token))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), load.base]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    flood = Flood()
    try:
        time.sleep(1)  # the stock of the key is empty
        yield flood
    finally:
        out, _ = process.communicate()
        total = re.search(r"(\d+) requests in", out)
        refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        flood.refused = int(refused[1]) if refused else 0
        print(f"      of {total[1] if total else '?'} requests of the flood {flood.refused} got 429", flush=True)


if __name__ == "__main__":
    main()
