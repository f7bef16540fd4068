"""A storefront backend that talks to the service over HTTP, and a clock that it can turn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from app.main import create_app
from app.records.api_key import NewApiKey, Scope
from app.records.audit_entry import AuditActor, AuditActorKind
from app.service.merchants import create_key, create_merchant
from app.settings import Settings
from app.store.database import Database

MONDAY = datetime.fromisoformat("2026-06-08T12:00:00+09:00")
"""The instant at which tests begin by default: Monday noon in Seoul."""


@dataclass
class TurnableClock:
    instant: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.instant

    def turn(self, **by: float) -> None:
        self.instant += timedelta(**by)


@dataclass
class Storefront:
    """One merchant's key to one service. Every HTTP method returns the httpx response."""

    http: httpx.AsyncClient
    token: str
    merchant_id: str
    clock: TurnableClock = field(default_factory=TurnableClock)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.http.get(path, params=query, headers=self._headers({}))

    async def put(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.http.put(path, json=body, headers=self._headers(headers))

    async def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.http.patch(path, json=body, headers=self._headers(headers))

    async def delete(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.delete(path, headers=self._headers(headers))

    async def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> httpx.Response:
        """`key` is the Idempotency-Key; the default is a new key. A header is an argument: `if_match='"3"'`."""
        all_headers = {"Idempotency-Key": key or str(uuid4()), **headers}
        return await self.http.post(path, json={} if body is None else body, headers=self._headers(all_headers))

    async def push_order(self, order_id: str = "order-1", **changes: Any) -> dict[str, Any]:
        """Push two mugs at 12,000 won and 3,000 won shipping, paid by card; `changes` replace parts of the body."""
        answer = await self.put(f"/v1/orders/{order_id}", {**ORDER, **changes})
        assert answer.status_code in (200, 201), answer.text
        return dict(answer.json())

    async def ship(self, order_id: str = "order-1", *, delivered: bool = True, **changes: Any) -> dict[str, Any]:
        """Report that the whole order leaves now and, if `delivered`, arrives an hour later; the clock turns."""
        number = changes.pop("tracking_number", f"T-{order_id}")
        parcel = {"carrier": "cj", "tracking_number": number}
        shipment = {**parcel, "shipped_at": self.clock().isoformat(), **changes}
        answer = await self.post(f"/v1/orders/{order_id}/shipments", shipment)
        assert answer.status_code == 200, answer.text
        if delivered:
            self.clock.turn(hours=1)
            delivery = {**parcel, "delivered_at": self.clock().isoformat()}
            answer = await self.post(f"/v1/orders/{order_id}/deliveries", delivery)
            assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def claim(self, kind: str, reason: str = "change_of_mind", **changes: Any) -> dict[str, Any]:
        """Request a claim for one unit of line 1 of order-1; the service must accept it. Returns the claim."""
        answer = await self.ask(kind, reason, **changes)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def ask(self, kind: str, reason: str = "change_of_mind", **changes: Any) -> httpx.Response:
        body = {
            "order_id": "order-1",
            "kind": kind,
            "reason": reason,
            "lines": [{"line_id": "1", "quantity": 1}],
            **changes,
        }
        return await self.post("/v1/claims", body)

    async def give(self, claim: dict[str, Any], command: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """Send a command to a claim; the service must accept it. Returns the changed claim."""
        answer = await self.post(f"/v1/claims/{claim['claim_id']}/{command}", body, **headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def refunds_of(self, claim: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.get("/v1/refunds", claim_id=claim["claim_id"])
        return list(answer.json()["data"])

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        headers = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token}", **headers}


UNLIMITED = {"key_requests_per_minute": 1_000_000, "key_burst": 100_000}
"""More requests than a test sends."""
OPERATOR = AuditActor(kind=AuditActorKind.OPERATOR, name="tests")
"""Who makes the keys of tests."""

ORDER: dict[str, Any] = {
    "currency": "KRW",
    "policy": "storefront_kr",
    "paid_at": "2026-06-05T10:00:00+09:00",
    "shipping_charged": 3000,
    "lines": [{"line_id": "1", "sku": "MUG-WHITE", "quantity": 2, "unit_price": 12000}],
    "payments": [{"payment_id": "pay-1", "method": "card", "amount": 27000}],
}


@asynccontextmanager
async def storefront(
    database_url: str, *, scopes: frozenset[Scope] = frozenset({Scope.ADMIN}), **settings: Any
) -> AsyncIterator[Storefront]:
    """A service in this process on a migrated database, and a key of a new merchant. The service has a worker only with
    `embedded_worker`: a worker reads the turned clock at moments that the test does not control."""
    clock = TurnableClock()
    options: dict[str, Any] = {
        "key_cache_seconds": 0,
        "key_requests_per_minute": 1_000_000,
        "key_burst": 100_000,
        "embedded_worker": False,
        **settings,
    }
    chosen_settings = Settings(database_url=database_url, **options)
    app = create_app(chosen_settings, now=clock)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://shop") as http,
    ):
        merchant_id, token = await new_key(app.state.app_state.database, clock(), scopes)
        yield Storefront(http, token, merchant_id, clock)


async def new_key(
    database: Database,
    now: datetime,
    scopes: frozenset[Scope] = frozenset({Scope.ADMIN}),
    merchant_id: str | None = None,
) -> tuple[str, str]:
    """A key of an existing merchant, or of a new one: (merchant id, token)."""
    owner = merchant_id
    if owner is None:
        merchant = await database.write(lambda tx: create_merchant(tx, name="shop", policy="storefront_kr", now=now))
        owner = merchant.merchant_id
    _, token = await database.write(
        lambda tx: create_key(tx, merchant_id=owner, new=NewApiKey(name="test", scopes=scopes), by=OPERATOR, now=now)
    )
    return owner, token
