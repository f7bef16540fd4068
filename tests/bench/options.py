"""`python -m tests.bench.options`: the options of an order of three lines, next to one quote of its lines, in processor
time, in process, through ASGI, on SQLite."""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from app import clock
from app.engine.model.vocabulary import Reason
from app.main import create_app
from app.settings import Settings
from app.store.database import Database
from app.store.migrate import upgrade
from tests.bench.in_process import Shop
from tests.storefront import new_key

POLICIES = ("storefront_kr", "kr", "eu", "jp")
CURRENCIES = {"eu": "EUR", "jp": "JPY"}
LINES = ("1", "2", "3")


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.options", description=__doc__)
    options.add_argument("--rounds", type=int, default=100, help="how often each request is sent")
    options.add_argument("--policy", action="append", default=[], help="a preset; the default is four of them")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="recourse-bench-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        upgrade(url)
        asyncio.run(_measure(url, chosen.policy or POLICIES, chosen.rounds))


async def _measure(url: str, policies: Sequence[str], rounds: int) -> None:
    now = clock.now()
    database = Database(url)
    _, token = await new_key(database, now)
    await database.close()
    settings = Settings(database_url=url, log_level="warning", embedded_worker=False, key_requests_per_minute=0)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        shop = Shop(app, token)
        print(f"The options of three lines next to a quote of them: median of {rounds}, processor time")
        for policy in policies:
            for when, shipped in (("delivered", True), ("not shipped", False)):
                order_id = f"{policy}-{when.replace(' ', '-')}"
                await _push(shop, order_id, policy, now, shipped=shipped)
                await _compare(shop, order_id, f"{policy}, {when}", "return" if shipped else "cancel", rounds)


async def _push(shop: Shop, order_id: str, policy: str, now: datetime, *, shipped: bool) -> None:
    """The lines differ in their price and in their parcel, so that no line is judged as another."""
    ordered, sent = _written(now - timedelta(days=3)), _written(now - timedelta(days=2))
    lines = [
        {
            "line_id": line_id,
            "sku": f"MUG-{line_id}",
            "title": "머그컵",
            "quantity": 2,
            "unit_price": 12_000 + int(line_id),
        }
        for line_id in LINES
    ]
    order = {"currency": CURRENCIES.get(policy, "KRW"), "policy": policy, "paid_at": ordered, "lines": lines}
    paid = {"payment_id": "card", "method": "card", "amount": sum(2 * (12_000 + int(line_id)) for line_id in LINES)}
    await shop.call("PUT", f"/v1/orders/{order_id}", {**order, "payments": [paid]})
    for line_id in LINES if shipped else ():
        parcel = {"carrier": "cj", "tracking_number": f"{order_id}-{line_id}"}
        lines_of_parcel = [{"line_id": line_id, "quantity": 2}]
        shipment = {**parcel, "shipped_at": sent, "lines": lines_of_parcel}
        await shop.call("POST", f"/v1/orders/{order_id}/shipments", shipment)
        arrived = _written(now - timedelta(days=1, hours=int(line_id)))
        await shop.call("POST", f"/v1/orders/{order_id}/deliveries", {**parcel, "delivered_at": arrived})


async def _compare(shop: Shop, order_id: str, name: str, kind: str, rounds: int) -> None:
    path = f"/v1/orders/{order_id}/options"
    lines = [{"line_id": line_id, "quantity": 2} for line_id in LINES]
    every = "&".join(f"reason={reason}" for reason in Reason)
    quote = {"order_id": order_id, "kind": kind, "reason": "change_of_mind", "lines": lines}
    requests = (
        ("a quote of three lines", "POST", "/v1/claims/quote", quote),
        ("options for one reason", "GET", f"{path}?reason=change_of_mind", None),
        ("options", "GET", path, None),
        ("options for every reason", "GET", f"{path}?{every}", None),
    )
    times: list[list[float]] = [[] for _ in requests]
    sizes = [0 for _ in requests]
    for number in range(-10, rounds):  # the first ten warm up
        for place, (_, method, target, body) in enumerate(requests):
            began = time.process_time()
            answer = await shop.call(method, target, body)
            if number >= 0:
                times[place].append(time.process_time() - began)
            sizes[place] = len(answer)
    print(f"  {name}")
    first = median(times[0])
    for (what, *_), each, size in zip(requests, times, sizes, strict=True):
        print(f"    {what:<28} {median(each) * 1e6:7.0f} µs   {median(each) / first:5.2f} quotes   {size:7,} bytes")


def _written(instant: datetime) -> str:
    return instant.isoformat()


if __name__ == "__main__":
    main()
