"""Three months of made-up orders and claims for the demo, played through the use cases at past instants.

Each order has a life: a generator that waits for an instant, does something, and waits for the next one. The lives take
turns by time, so that the records are in the order in which a shop would have written them.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from heapq import heapify, heappop, heappush
from itertools import count
from random import Random

from app.engine import SuggestedStep, standing_of, suggestion
from app.engine.model.claim import Actor, Claim, Replacement, Tracking
from app.engine.model.commands import (
    Approve,
    Command,
    Dispatch,
    Inspect,
    InspectedLine,
    Reject,
    Request,
    RequestedLine,
    Reship,
)
from app.engine.model.refund import Report, Reported
from app.engine.model.vocabulary import Kind, Role, State
from app.records.shipment import Shipment
from app.service import claims, orders, refunds, shipments
from app.service.callers import Caller
from app.service.decisions import facts_of
from app.service.demo_orders import AWAY, Plan, Wish, plans
from app.service.errors import NotFoundError
from app.service.ids import new_id
from app.service.orders import OrderPush
from app.store import claims as store
from app.store.database import Tx

_SEED = 2026
_HOUR = timedelta(hours=1)
_FASTER_SINCE = timedelta(days=30)
_FASTER = 0.6
"""How long the seller's answers take since then, beside before."""
_CLERKS = ("민지", "수진")
_CLERK = Actor(role=Role.SELLER, name=_CLERKS[0])
_BUYER = "demo buyer"
_REFUSAL = "상품 상태와 주문 기록을 확인했습니다. 안내드린 사유로 처리가 어렵습니다."

Life = AsyncIterator[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    tx: Tx
    caller: Caller
    now: datetime
    random: Random


async def play(tx: Tx, caller: Caller, now: datetime) -> None:
    """Play the lives up to `now`. The same instant gives the same lives."""
    shop = Shop(tx=tx, caller=caller, now=now, random=Random(_SEED))  # noqa: S311 made-up lives are no secrets
    numbers = count()
    waiting = [(plan.order.paid_at or now, next(numbers), _life(shop, plan)) for plan in plans(now, shop.random)]
    heapify(waiting)
    while waiting:
        at, _, life = heappop(waiting)
        later = await anext(life, None) if at <= now else None
        if later is not None:
            heappush(waiting, (later, next(numbers), life))


async def _life(shop: Shop, plan: Plan) -> Life:
    order, wish = plan.order, plan.wish
    await orders.put(shop.tx, shop.caller, OrderPush(order=order, buyer=plan.buyer), order.paid_at or shop.now)
    for at, report in ((plan.shipped_at, _ship), (plan.delivered_at, _deliver)):
        if wish is None or at < wish.at:
            yield at
            await report(shop, plan, at)
    if wish is None:
        return
    yield wish.at
    claim, at = await _ask(shop, plan, wish), wish.at
    while (step := await _next_step(shop, claim, at)) is not None:
        at = step.at(shop, at)
        if step.is_of_seller and (wish.is_overlooked or at > shop.now - AWAY):
            return
        yield at
        claim = await step.act(shop, claim, at)


async def _ship(shop: Shop, plan: Plan, at: datetime) -> None:
    await shipments.ship(shop.tx, shop.caller, plan.order.order_id, _parcel(plan, shipped_at=at), at)


async def _deliver(shop: Shop, plan: Plan, at: datetime) -> None:
    await shipments.deliver(shop.tx, shop.caller, plan.order.order_id, _parcel(plan, delivered_at=at), at)


def _parcel(plan: Plan, *, shipped_at: datetime | None = None, delivered_at: datetime | None = None) -> Shipment:
    return Shipment(
        carrier="cj" if plan.order.country == "KR" else "yamato",
        tracking_number=f"DEMO-{plan.order.order_id}",
        lines=(),
        shipped_at=shipped_at,
        delivered_at=delivered_at,
    )


async def _ask(shop: Shop, plan: Plan, wish: Wish) -> Claim:
    line = plan.order.lines[0]
    quantity = shop.random.randint(1, line.quantity)
    replacement = Replacement(sku=line.sku or "", title=line.title) if wish.kind is Kind.EXCHANGE else None
    command = Request(
        by=Actor(role=Role.BUYER, name=plan.buyer.name or _BUYER),
        claim_id=new_id(wish.at),
        kind=wish.kind,
        reason=wish.reason,
        lines=(RequestedLine(line_id=line.line_id, quantity=quantity, replacement=replacement),),
        requested_at=wish.at,
        note=wish.note,
    )
    return (await claims.request(shop.tx, shop.caller, plan.order.order_id, command, wish.at)).claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody does next with a claim, between `least` and `most` hours later."""

    act: Callable[[Shop, Claim, datetime], Awaitable[Claim]]
    least: float
    most: float
    is_of_seller: bool = True

    def at(self, shop: Shop, before: datetime) -> datetime:
        share = _FASTER if self.is_of_seller and before > shop.now - _FASTER_SINCE else 1
        return before + shop.random.uniform(self.least, self.most) * share * _HOUR


async def _next_step(shop: Shop, claim: Claim, now: datetime) -> Step | None:
    """The clerks of the demo follow the suggestions. None: the claim waits for nobody, or has ended."""
    if claim.state is State.APPROVED and claim.deadlines.collect_by is not None:
        return Step(act=_send_back, least=10, most=60, is_of_seller=False)
    stored = await store.load(shop.tx, shop.caller.merchant_id, claim.claim_id)
    if stored is None:
        raise NotFoundError("claim", claim.claim_id)
    facts = await facts_of(shop.tx, shop.caller.merchant_id, stored, now)
    suggested = suggestion(claim, facts, standing_of(claim, facts).assessment)
    if suggested is not None and suggested.step is SuggestedStep.PAY:
        return Step(act=_pay, least=3, most=50)
    if suggested is not None and suggested.command is not None and (hours := _HOURS.get(suggested.step)):
        return Step(act=partial(_give, command=suggested.command), least=hours[0], most=hours[1])
    judged = _JUDGED.get(claim.state)
    return Step(act=partial(_give, command=judged(claim)), least=8, most=60) if judged else None


_HOURS: Mapping[SuggestedStep, tuple[float, float]] = {
    SuggestedStep.APPROVE: (1, 40),
    SuggestedStep.REJECT: (2, 44),
    SuggestedStep.CONVERT: (1, 20),
    SuggestedStep.RECEIVE: (20, 60),
    SuggestedStep.INSPECT: (1, 24),
    SuggestedStep.RESHIP: (4, 30),
    SuggestedStep.CONFIRM_DELIVERY: (20, 48),
}
"""How long the steps take that need no thought."""

_JUDGED: Mapping[State, Callable[[Claim], Command]] = {
    State.REQUESTED: lambda _: Approve(by=_CLERK),
    State.RECEIVED: lambda claim: Inspect(
        by=_CLERK, lines=tuple(InspectedLine(line_id=line.line_id, accepted=line.quantity) for line in claim.lines)
    ),
}
"""What the clerks do after they have looked, where the facts alone do not decide: they are generous."""


async def _give(shop: Shop, claim: Claim, at: datetime, *, command: Command) -> Claim:
    filled = replace(command, by=replace(_CLERK, name=shop.random.choice(_CLERKS)))
    if isinstance(filled, Reject | Inspect) and filled.ground is not None:
        filled = replace(filled, message=_REFUSAL)
    if isinstance(filled, Reship):
        filled = replace(filled, tracking=Tracking(carrier="cj", number=f"DEMO-R-{claim.order_id}"))
    return (await claims.act(shop.tx, shop.caller, claim.claim_id, filled, at)).claim


async def _send_back(shop: Shop, claim: Claim, at: datetime) -> Claim:
    tracking = Tracking(carrier="cj", number=f"DEMO-B-{claim.order_id}")
    command = Dispatch(by=Actor(role=Role.BUYER, name=_BUYER), tracking=tracking)
    return (await claims.act(shop.tx, shop.caller, claim.claim_id, command, at)).claim


async def _pay(shop: Shop, claim: Claim, at: datetime) -> Claim:
    for refund in await claims.refunds_of(shop.tx, shop.caller, claim.claim_id):
        await refunds.report(shop.tx, shop.caller, refund.refund_id, Reported(report=Report.SUCCEEDED, at=at))
    return (await claims.read(shop.tx, shop.caller, claim.claim_id, at)).claim
