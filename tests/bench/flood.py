"""`python -m tests.bench.flood`: the speed that the shop's API keeps while one address floods the doors for buyers.

Needs wrk. Prints a ratio for each kind of request beside each flood. Fails below KEPT, and if look-ups do not end in
429.
"""

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from uuid import UUID

import httpx

from app.store.migrate import upgrade
from tests.bench.__main__ import Load, Prepared, prepare
from tests.bench.served import UNLIMITED, served
from tests.postgres import running_postgres

CONNECTIONS = 40
LOOK_UPS = 200
KEPT = 0.9
"""The part of its speed that the API must keep."""

INVENTED_LINKS = """
local form = {["Content-Type"] = "application/x-www-form-urlencoded"}
math.randomseed(os.time())
function request()
  return wrk.format("POST", "/c", form, string.format("link=rbl_MERCHANT_%043d", math.random(1, 999999999)))
end
"""
INVENTED_LOOK_UPS = """
local json = {["Content-Type"] = "application/json"}
math.randomseed(os.time())
function request()
  local body = string.format('{"order_id":"%d","phone_ending":"%04d"}', math.random(1, 99999), math.random(0, 9999))
  return wrk.format("POST", "/buyer/v1/shops/MERCHANT_ID/lookups", json, body)
end
"""
FLOODS = {"invented links": INVENTED_LINKS, "look-ups": INVENTED_LOOK_UPS}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.flood", description=__doc__)
    options.add_argument("--seconds", type=int, default=6, help="length of each measurement")
    options.add_argument("--rounds", type=int, default=3, help="how often quiet and flooded measurements take turns")
    options.add_argument("--clients", type=int, default=32, help="clients of the shop's API")
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
        with served(url, Path(folder), RECOURSE_PUBLIC_URL="https://recourse.example", **UNLIMITED) as base:
            load = Load(Path(folder), base, prepared.token, chosen.clients)
            load.post(3)
            load.ids = server.sql("SELECT claim_id FROM claims LIMIT 2000", "VACUUM ANALYZE", database="bench").split()
            faults = [*_look_up(base, prepared), *_compare(load, prepared, chosen.seconds, chosen.rounds)]
    sys.exit("\n".join(f"error: {fault}" for fault in faults) or 0)


def _look_up(base: str, prepared: Prepared) -> Iterator[str]:
    """What is wrong with the answers to LOOK_UPS look-ups of one address in a minute."""
    path = f"{base}/buyer/v1/shops/{prepared.merchant_id}/lookups"
    began = time.perf_counter()
    with httpx.Client() as http:
        answers = [
            http.post(path, json={"order_id": str(number), "phone_ending": "0142"}) for number in range(LOOK_UPS)
        ]
    refused = [answer for answer in answers if answer.status_code == 429 and int(answer.headers["retry-after"]) > 0]
    spent = time.perf_counter() - began
    print(f"{LOOK_UPS} look-ups of one address in {spent:.1f} s: {len(refused)} got 429 with Retry-After\n", flush=True)
    if spent > 60 or answers[-1] not in refused:
        yield "the look-ups did not end in 429 within a minute"


def _compare(load: Load, prepared: Prepared, seconds: int, rounds: int) -> Iterator[str]:
    """Measure each kind of request beside each flood, and alone before and after. What is wrong with the results."""
    requests = {"open a claim": load.post, "read a claim": load.get}
    for name, run in requests.items():
        ratios: dict[str, list[float]] = {flood: [] for flood in FLOODS}
        before = run(seconds).rate
        for number in range(1, rounds + 1):
            print(f"... {name}: round {number} of {rounds}", flush=True)
            for flood in FLOODS:
                with _flooded(load, prepared, flood, seconds + 2):
                    flooded = run(seconds).rate
                after = run(seconds).rate
                ratios[flood].append(flooded / ((before + after) / 2))
                before = after
        for flood, measured in ratios.items():
            spread = ", ".join(f"{ratio:.2f}" for ratio in sorted(measured))
            print(
                f"  {name} beside a flood of {flood}: {median(measured):.2f} of its speed (rounds: {spread})",
                flush=True,
            )
            if median(measured) < KEPT:
                yield f"{name} beside a flood of {flood} is below {KEPT}"


@contextmanager
def _flooded(load: Load, prepared: Prepared, flood: str, seconds: int) -> Iterator[None]:
    """A flood of one address, over CONNECTIONS connections that send as fast as they are answered."""
    script = load.folder / "flood.lua"
    in_token = UUID(prepared.merchant_id).hex
    text = FLOODS[flood].replace("MERCHANT_ID", prepared.merchant_id).replace("MERCHANT", in_token)
    script.write_text(text)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), load.base]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(1)  # the first failures are over
        yield
    finally:
        out, _ = process.communicate()
        rate = next((line.split()[-1] for line in out.splitlines() if line.startswith("Requests/sec")), "?")
        print(f"      {flood}: {rate}/s answered", flush=True)


if __name__ == "__main__":
    main()
