"""`python -m tests.bench.seller_queue`: the queue of one merchant with 10,000 open claims, over HTTP and on the desk.

The time of one request at a time: the median and the longest of some. PostgreSQL is durable and has a server of its
own."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import httpx
import pyotp

from app.store.migrate import upgrade
from tests.api.staff import PASSWORD
from tests.bench.search import FIRST, _copy_model, _headers, _make_model, _new_merchant
from tests.bench.served import served
from tests.postgres import running_postgres

READ: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "the first page of 25": ("/v1/queue", {}),
    "overdue": ("/v1/queue", {"overdue": "true"}),
    "a product, one in 500": ("/v1/queue", {"q": "mug-77"}),
    "the summary": ("/v1/queue/summary", {}),
    "25 claims of the list": ("/v1/claims", {"limit": "25", "turn": "seller"}),
    "the desk, a page of 25": ("/desk", {}),
}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.seller_queue", description=__doc__)
    options.add_argument("--claims", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=15, help="how often each page is read")
    chosen = options.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recourse-bench-")))
        server = stack.enter_context(running_postgres(shared_buffers="512MB"))
        server.sql("CREATE DATABASE bench")
        url = server.url_of("bench")
        upgrade(url)
        merchant, token = asyncio.run(_new_merchant(url))
        with served(url, folder) as base:
            claim_id = _make_model(base, token)
        asyncio.run(_copy_model(url, merchant, claim_id, range(FIRST, FIRST + chosen.claims)))
        with served(url, folder) as base:
            _read(base, token, chosen.rounds)


def _read(base: str, token: str, rounds: int) -> None:
    cookie = {"Cookie": f"recourse_desk={_sign_in(base, token)}"}
    with httpx.Client(base_url=base, headers=_headers(token) | cookie, timeout=60) as http:
        for name, (path, query) in READ.items():
            times = []
            for _ in range(rounds + 1):  # the first compiles the statement
                began = time.perf_counter()
                http.get(path, params=query).raise_for_status()
                times.append(1000 * (time.perf_counter() - began))
            print(f"{name:<28} {median(times[1:]):>7.1f} ms, longest {max(times[1:]):>7.1f} ms", flush=True)


def _sign_in(base: str, token: str) -> str:
    """The token of a clerk with a second factor."""
    with httpx.Client(base_url=base, headers=_headers(token), timeout=60) as http:

        def sent(path: str, body: Mapping[str, str], **headers: str) -> dict[str, Any]:
            answer = http.post(path, json=body, headers={"Idempotency-Key": path, **headers})
            return dict(answer.raise_for_status().json())

        person = {"email": "minji@mug.example", "role": "clerk", "delivery": "answer"}
        invitation = sent("/v1/staff-invitations", person)
        shown = {"token": invitation["token"], "name": "Minji", "password": PASSWORD}
        merchant_id = str(UUID(hex=invitation["token"].split("_")[1]))
        sent("/v1/staff-invitations/accept", shown)
        session = sent(
            "/v1/staff-session", {"merchant_id": merchant_id, "email": person["email"], "password": PASSWORD}
        )["token"]
        bearer = {"Authorization": f"Bearer {session}"}
        secret = sent("/v1/staff-session/totp", {}, **bearer)["secret"]
        sent("/v1/staff-session/totp/confirm", {"code": pyotp.TOTP(secret).now()}, **bearer)
        return str(session)


if __name__ == "__main__":
    main()
