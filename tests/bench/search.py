"""`python -m tests.bench.search`: searches of one merchant with 100,000 orders, a claim each, over HTTP.

The time of one request at a time: the median and the longest of some. PostgreSQL is durable and has a server of its
own. `--sqlite` searches an SQLite file."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app import clock
from app.records.buyer import Buyer
from app.records.order_words import words_of_buyer, words_of_order
from app.store.database import Database
from app.store.migrate import upgrade
from app.store.tables import metadata
from tests.bench.served import served
from tests.postgres import running_postgres
from tests.storefront import ORDER, new_key

FIRST = 1_000_001
TITLE = "머그컵 (화이트) 350ml"
FAMILIES = "김이박최정강조윤장임"
GIVEN = ("민아", "서준", "지우", "하은", "도윤", "수빈", "예린", "현우", "유나", "준호")
SEARCHES: Mapping[str, Mapping[str, str]] = {
    "an order id": {"q": "ORD-1050000"},
    "a parcel number": {"q": "P1050000"},
    "a mail address": {"q": "buyer1050000@example.com"},
    "the end of a phone": {"q": "5678"},
    "a product, one in 500": {"q": "mug-77"},
    "a name, one in 100": {"q": "김민아"},
    "a name and a product": {"q": "민아 mug-7"},
    "a word of every order": {"q": "머그컵"},
    "a word of every order, and a name": {"q": "머그컵 김민아"},
    "a word of every order, by update": {"q": "머그컵", "sort": "-updated_at"},
    "a word of every order, counted": {"q": "머그컵", "total": "true"},
    "no order": {"q": "유리컵"},
    "a buyer's id": {"buyer_id": "b-500"},
    "metadata, one in 1,000": {"metadata_key": "ticket", "metadata_value": "CS-500"},
    "no search": {},
}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.search", description=__doc__)
    options.add_argument("--orders", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=15, help="how often each search is sent")
    options.add_argument("--sqlite", action="store_true")
    chosen = options.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="recourse-bench-")))
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        if not chosen.sqlite:
            server = stack.enter_context(running_postgres(shared_buffers="512MB"))
            server.sql("CREATE DATABASE bench")
            url = server.url_of("bench")
        upgrade(url)
        merchant, token = asyncio.run(_new_merchant(url))
        with served(url, folder) as base:
            claim_id = _make_model(base, token)
        asyncio.run(_copy_model(url, merchant, claim_id, range(FIRST, FIRST + chosen.orders)))
        with served(url, folder) as base:
            _search(base, token, chosen.rounds)


async def _new_merchant(url: str) -> tuple[str, str]:
    database = Database(url)
    try:
        return await new_key(database, clock.now())
    finally:
        await database.close()


def _make_model(base: str, token: str) -> str:
    """An order with its claim, made through the API. Returns the id of the claim."""
    line = {**ORDER["lines"][0], "sku": "MODEL", "title": TITLE}
    claimed = {"kind": "cancel", "reason": "change_of_mind", "lines": [{"line_id": "1", "quantity": 1}]}
    with httpx.Client(base_url=base, headers=_headers(token)) as http:
        http.put("/v1/orders/MODEL", json={**ORDER, "lines": [line]}).raise_for_status()
        once = {"Idempotency-Key": "model"}
        claim = http.post("/v1/claims", json={"order_id": "MODEL", **claimed}, headers=once)
    return str(claim.raise_for_status().json()["claim_id"])


async def _copy_model(url: str, merchant: str, claim_id: str, numbers: range) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE numbers (n INTEGER PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO numbers VALUES (:n)"), [{"n": n} for n in numbers])
        for sql in _copies(claim_id):
            await connection.execute(text(sql))
        for start in range(0, len(numbers), 5_000):
            await connection.execute(_INSERT, list(_words(merchant, numbers[start : start + 5_000])))
    async with engine.connect() as connection:
        plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await plain.execute(text("ANALYZE" if "sqlite" in url else "VACUUM ANALYZE"))
    await engine.dispose()


_INSERT = text(
    "INSERT INTO order_words (merchant_id, order_id, word, source) VALUES (:merchant, :order, :word, :source)"
)
_TICKET = """'{"ticket":"CS-' || (n % 1000) || '"}'"""
_COPIED: Mapping[str, Mapping[str, str]] = {
    "orders": {"order_id": "'ORD-' || n", "buyer_id": "'b-' || (n % 1000)", "metadata": _TICKET},
    "order_lines": {"order_id": "'ORD-' || n", "sku": "'MUG-' || (n % 500)"},
    "payments": {"order_id": "'ORD-' || n"},
    "claims": {
        "order_id": "'ORD-' || n",
        "claim_id": "'C-' || n",
        "document": "replace(replace(document, 'MODEL', 'ORD-' || n), '{claim}', 'C-' || n)",
        "metadata": _TICKET,
    },
    "claim_lines": {"order_id": "'ORD-' || n", "claim_id": "'C-' || n", "sku": "'MUG-' || (n % 500)"},
}


def _copies(claim_id: str) -> Iterator[str]:
    """SQL that copies each row of the model for each number, and that gives each order a parcel."""
    for table, changes in _COPIED.items():
        columns = [column.name for column in metadata.tables[table].columns]
        values = [changes.get(column, column).replace("{claim}", claim_id) for column in columns]
        copied = f"SELECT {', '.join(values)} FROM {table}, numbers WHERE order_id = 'MODEL'"
        yield f"INSERT INTO {table} ({', '.join(columns)}) {copied}"
    parcel = "merchant_id, order_id, 'cj', 'P' || substr(order_id, 5), '[]', created_at"
    columns_of_parcel = "merchant_id, order_id, carrier, tracking_number, lines, shipped_at"
    yield f"INSERT INTO shipments ({columns_of_parcel}) SELECT {parcel} FROM orders WHERE order_id <> 'MODEL'"


def _words(merchant: str, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    for n in numbers:
        name, ending = FAMILIES[n % 10] + GIVEN[n // 10 % 10], f"{n * 7 % 10_000:04}"
        buyer = Buyer(name=name, email=f"buyer{n}@example.com", phone_ending=ending)
        order_id = f"ORD-{n}"
        key = {"merchant": merchant, "order": order_id}
        for word in words_of_order(order_id, [(f"MUG-{n % 500}", TITLE)]):
            yield {**key, "word": word, "source": "order"}
        for word in words_of_buyer(buyer):
            yield {**key, "word": word, "source": "buyer"}


def _search(base: str, token: str, rounds: int) -> None:
    print(f"{'':<36}{'orders: median':>16}{'longest':>10}{'rows':>6}{'claims: median':>18}{'longest':>10}{'rows':>6}")
    with httpx.Client(base_url=base, headers=_headers(token), timeout=60) as http:
        for name, query in SEARCHES.items():
            cells = ""
            for path, width in (("/v1/orders", 16), ("/v1/claims", 18)):
                rows, times = 0, []
                for _ in range(rounds):
                    began = time.perf_counter()
                    answer = http.get(path, params=query)
                    times.append((time.perf_counter() - began) * 1e3)
                    rows = len(answer.raise_for_status().json()["data"])
                cells += f"{median(times):{width - 3}.1f} ms{max(times):7.1f} ms{rows:6}"
            print(f"{name:<36}{cells}", flush=True)


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


if __name__ == "__main__":
    main()
