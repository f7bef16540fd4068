"""A shop to try the service with: orders for the examples of the documentation, and three months of claims."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.engine.model.claim import Actor
from app.engine.model.commands import Request, RequestedLine
from app.engine.model.order import Order, OrderLine, Payment
from app.engine.model.vocabulary import Kind, Nature, Reason, Record, Role
from app.records.api_key import NewApiKey, Scope
from app.records.audit_entry import AuditActor, AuditActorKind
from app.records.buyer import Buyer
from app.records.merchant import Mode
from app.records.shipment import Shipment
from app.records.shop import Shop
from app.records.staff import Staff
from app.service import claims, demo_claims, orders, second_factors, shipments, shops
from app.service.callers import Caller
from app.service.ids import new_id
from app.service.merchants import create_key, create_merchant, revoke_key
from app.service.passwords import Passwords
from app.service.staff_roles import OWNER
from app.store import api_keys, staff, staff_sessions
from app.store.database import Tx

MERCHANT = "Recourse demo"
OWNER_EMAIL = "owner@shop.example"
_PASSWORD_BYTES = 12
ORDERS = ("KR-1001", "KR-1002", "KR-1003", "JP-2001", "JP-2002")
_DEMO = AuditActor(kind=AuditActorKind.SYSTEM, name="demo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """How the owner of the demo shop signs in to the desk. `code` works once."""

    email: str
    password: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """`token` is a new admin key. Keys of earlier demos are revoked."""

    merchant_id: str
    token: str
    owner: Owner


async def load_demo(tx: Tx, now: datetime) -> Demo:
    """Create a key and a password for the demo merchant, and the merchant with its orders if there is none."""
    present = next((m for m in await api_keys.all_merchants(tx) if m.name == MERCHANT and m.mode is Mode.LIVE), None)
    merchant = present or await create_merchant(tx, name=MERCHANT, policy="storefront_kr", now=now)
    for key in await api_keys.all_keys(tx):
        if key.merchant_id == merchant.merchant_id and key.name == "demo" and key.revoked_at is None:
            await revoke_key(tx, key_id=key.key_id, by=_DEMO, now=now)
    key, token = await create_key(
        tx,
        merchant_id=merchant.merchant_id,
        new=NewApiKey(name="demo", scopes=frozenset({Scope.ADMIN})),
        by=_DEMO,
        now=now,
    )
    if present is None:
        caller = Caller(
            merchant_id=merchant.merchant_id,
            key_id=key.key_id,
            name=key.name,
            scopes=key.scopes,
        )
        await _fill(tx, caller, now)
    return Demo(merchant_id=merchant.merchant_id, token=token, owner=await _let_in(tx, merchant.merchant_id, now))


async def _let_in(tx: Tx, merchant_id: str, now: datetime) -> Owner:
    """A new password and a new code for the owner. Those of earlier demos end."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    hashed = await Passwords().hash(password)
    person = await staff.by_email(tx, merchant_id, OWNER_EMAIL)
    if person is None:
        person = Staff(
            merchant_id=merchant_id,
            staff_id=new_id(now),
            email=OWNER_EMAIL,
            name="수진",
            role=OWNER,
            language="ko",
            created_at=now,
            password_hash=hashed,
            totp_secret=second_factors.new_secret(),
            totp_confirmed_at=now,
        )
        await staff.add(tx, person)
    else:
        await staff.change(tx, replace(person, password_hash=hashed))
        await staff_sessions.end_all(tx, merchant_id, person.staff_id, now)
    codes = await second_factors.give_recovery_codes(tx, person, now)
    return Owner(email=OWNER_EMAIL, password=password, code=codes[0])


async def _fill(tx: Tx, caller: Caller, now: datetime) -> None:
    await shops.put(tx, caller, Shop(name="머그 가게"), now)
    await demo_claims.play(tx, caller, now)
    for order in _orders(now):
        await orders.put(tx, caller, orders.OrderPush(order=order, buyer=_BUYERS[order.currency]), now)
    for order_id in ("KR-1001", "JP-2001"):
        await shipments.ship(tx, caller, order_id, _parcel(order_id, now - timedelta(days=3)), now)
        await shipments.deliver(tx, caller, order_id, _parcel(order_id, None, now - timedelta(days=1)), now)
    for order_id, kind, reason in (
        ("KR-1003", Kind.CANCEL, Reason.CHANGE_OF_MIND),
        ("JP-2001", Kind.RETURN, Reason.DEFECTIVE),
    ):
        command = Request(
            by=Actor(role=Role.BUYER, name="demo buyer"),
            claim_id=new_id(now),
            kind=kind,
            reason=reason,
            lines=(RequestedLine(line_id="1", quantity=1),),
            requested_at=now - timedelta(hours=2),
        )
        await claims.request(tx, caller, order_id, command, now)


_BUYERS = {"KRW": Buyer(name="김민지", language="ko"), "JPY": Buyer(name="佐藤 花", language="ja")}
"""The buyers have no address, so that no mail is sent."""


def _parcel(order_id: str, shipped_at: datetime | None, delivered_at: datetime | None = None) -> Shipment:
    return Shipment(
        carrier="cj",
        tracking_number=f"DEMO-{order_id}",
        lines=(),
        shipped_at=shipped_at,
        delivered_at=delivered_at,
    )


def _orders(now: datetime) -> tuple[Order, ...]:
    return (
        _order(
            "KR-1001", "KRW", "KR", "storefront_kr", now - timedelta(days=4),
            OrderLine(line_id="1", sku="MUG-WHITE", title="머그컵", quantity=2, unit_price=12000),
            OrderLine(line_id="2", sku="TEA-50", title="보리차 50입", quantity=1, unit_price=8000),
        ),
        _order(
            "KR-1002", "KRW", "KR", "naver", now - timedelta(hours=5),
            OrderLine(line_id="1", sku="SHIRT-M", title="리넨 셔츠 M", quantity=1, unit_price=39000),
        ),
        _order(
            "KR-1003", "KRW", "KR", "storefront_kr", now - timedelta(hours=20),
            OrderLine(
                line_id="1", sku="RING-CUSTOM", title="각인 반지", quantity=1, unit_price=89000,
                nature=Nature.CUSTOM_MADE, records=frozenset({Record.NOTICE, Record.CONSENT}),
            ),
        ),
        _order(
            "JP-2001", "JPY", "JP", "jp", now - timedelta(days=5),
            OrderLine(line_id="1", sku="CREAM-30", title="ハンドクリーム", quantity=3, unit_price=980),
        ),
        _order(
            "JP-2002", "JPY", "JP", "qoo10_jp", now - timedelta(hours=3),
            OrderLine(line_id="1", sku="BAG-NAVY", title="トートバッグ", quantity=1, unit_price=4200),
        ),
    )  # fmt: skip


def _order(order_id: str, currency: str, country: str, policy: str, paid_at: datetime, *lines: OrderLine) -> Order:
    shipping = 3000 if currency == "KRW" else 500
    total = sum(line.gross for line in lines) + shipping
    return Order(
        order_id=order_id,
        currency=currency,
        country=country,
        policy=policy,
        paid_at=paid_at,
        buyer_id="demo-buyer",
        shipping_charged=shipping,
        lines=lines,
        payments=(Payment(payment_id=f"pay-{order_id}", method="card", captured=total),),
    )
