"""A Korean shop in test mode: orders on the eves of holidays, and what the law lets happen to them, and when."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.api.walks import APPROVE, HOLD, INSPECT, ONE, RECEIVE
from tests.engine.oracle.days import DAY, Days
from tests.engine.oracle.interest import interest
from tests.storefront import ORDER, Storefront

SEOUL = ZoneInfo("Asia/Seoul")
KOREA = Days("Asia/Seoul", "KR", None)
MORNING = time(10)
FIFTEEN_PERCENT = ((date(2016, 9, 30), 1500),)
APART = timedelta(days=25)
"""From one eve to the next at least, so that what begins on an eve has ended before the next."""
Claim = dict[str, Any]


def after(day: date) -> datetime:
    """The midnight at the end of a local day: what must happen by the day is late from then on."""
    return datetime.combine(day + DAY, time(), SEOUL)


def eves(first: date, last: date) -> list[date]:
    """Working days before a public holiday that makes days of rest of more than a weekend."""
    chosen: list[date] = []
    for number in range((last - first).days):
        day = first + number * DAY
        rests = 0
        while KOREA.rests(day + (rests + 1) * DAY):
            rests += 1
        is_eve = not KOREA.rests(day) and rests > 2 and day + (rests + 20) * DAY < last
        if is_eve and (not chosen or day - chosen[-1] >= APART):
            chosen.append(day)
    return chosen


@dataclass
class Year:
    """`expected` are the instants of events by order and type, as the law counts them. `absent` are events that must
    not come. `unpaid` are refunds, each with the last day on which it is paid in time."""

    shop: Storefront
    expected: dict[tuple[str, str], datetime] = field(default_factory=dict)
    absent: set[tuple[str, str]] = field(default_factory=set)
    unpaid: list[tuple[Claim, date]] = field(default_factory=list)

    async def go(self, to: datetime) -> None:
        """Move the clock, and wait until the worker has turned it."""
        answer = await self.shop.post("/v1/test/clock", {"to_at": to.isoformat()})
        assert answer.status_code == 202, answer.text
        for _ in range(3000):
            if (await self.shop.get("/v1/test/clock")).json()["status"] == "ready":
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"the clock has not arrived at {to}")

    async def begin_on(self, eve: date) -> None:
        """One order for each kind of deadline, all on one morning. What was late from before is paid now."""
        await self.go(datetime.combine(eve, MORNING, SEOUL))
        await self.pay_late(eve)
        for kind in (missing, unanswered, unpaid, paid, never_sent, held, offered, silent):
            await kind(self, f"{eve}-{kind.__name__}", eve)
        await self.try_last_day(f"{eve}-{never_sent.__name__}", KOREA.moved(eve + 7 * DAY))

    async def push(self, order_id: str, eve: date, **changes: Any) -> None:
        paid_at = datetime.combine(eve, MORNING, SEOUL).isoformat()
        ships_on = {"expected_ship_on": (eve + 60 * DAY).isoformat()}
        await self.shop.push_order(order_id, **{**ORDER, "paid_at": paid_at, **ships_on, **changes})

    async def arrive(self, order_id: str, eve: date, *, is_delivered: bool = True) -> None:
        await self.push(order_id, eve)
        parcel = {"carrier": "cj", "tracking_number": order_id}
        for path, name in (("shipments", "shipped_at"), ("deliveries", "delivered_at"))[: 1 + is_delivered]:
            at = datetime.combine(eve, MORNING, SEOUL).isoformat()
            answer = await self.shop.post(f"/v1/orders/{order_id}/{path}", {**parcel, name: at})
            assert answer.status_code == 200, answer.text

    async def give_back(self, order_id: str, eve: date) -> Claim:
        """A return that is received and accepted on the morning on which the order arrived."""
        await self.arrive(order_id, eve)
        claim = await self.shop.claim("return", order_id=order_id)
        for step in (APPROVE, RECEIVE, INSPECT):
            claim = await self.shop.give(claim, *step)
        return claim

    async def try_last_day(self, order_id: str, day: date) -> None:
        """Article 17(1): the buyer may withdraw for seven days, and a last day of rest moves (Civil Act 161)."""
        body = {"order_id": order_id, "kind": "return", "reason": "change_of_mind", "lines": [ONE]}
        for at, verdict in ((after(day) - timedelta(minutes=1), "eligible"), (after(day), "ineligible")):
            await self.go(at)
            quote = (await self.shop.post("/v1/claims/quote", body)).json()
            assert quote["assessment"]["verdict"] == verdict, (order_id, at, quote)

    async def pay_late(self, day: date) -> None:
        """Article 18(2): interest of 15 % a year for each day after the third business day."""
        for claim, due_on in self.unpaid:
            (refund,) = await self.shop.refunds_of(claim)
            owed = interest(refund["amount"], due_on, (day - due_on).days, FIFTEEN_PERCENT)
            assert refund["late_interest"] == owed > 0, (claim["order_id"], refund)
            answer = await self.shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded")
            assert (answer.status_code, answer.json()["late_interest"]) == (200, owed)
        self.unpaid.clear()


async def missing(year: Year, order_id: str, eve: date) -> None:
    """Article 15(1): the measures that the supply needs are taken within three business days after the prepayment."""
    await year.push(order_id, eve, expected_ship_on=None)
    year.expected[order_id, "order.ship_date_missing"] = after(KOREA.working_days(eve, 3))


async def unanswered(year: Year, order_id: str, eve: date) -> None:
    await year.push(order_id, eve)
    await year.shop.claim("cancel", order_id=order_id)
    late_from = after(KOREA.working_days(eve, 3))
    year.expected[order_id, "claim.response_reminded"] = late_from - DAY
    year.expected[order_id, "claim.response_overdue"] = late_from


async def unpaid(year: Year, order_id: str, eve: date) -> None:
    """Article 18(2)1: three business days after the goods are back."""
    claim = await year.give_back(order_id, eve)
    due_on = KOREA.working_days(eve, 3)
    year.expected[order_id, "refund.reminded"] = after(due_on) - DAY
    year.expected[order_id, "refund.overdue"] = after(due_on)
    year.unpaid.append((claim, due_on))


async def paid(year: Year, order_id: str, eve: date) -> None:
    (refund,) = await year.shop.refunds_of(await year.give_back(order_id, eve))
    await year.shop.post(f"/v1/refunds/{refund['refund_id']}/succeeded")
    year.absent.add((order_id, "refund.overdue"))


async def never_sent(year: Year, order_id: str, eve: date) -> None:
    """Goods that never come back: fourteen days, and a last day of rest moves."""
    await year.arrive(order_id, eve)
    await year.shop.give(await year.shop.claim("return", order_id=order_id), *APPROVE)
    ends_at = after(KOREA.moved(eve + 14 * DAY))
    year.expected[order_id, "claim.goods_reminded"] = ends_at - 3 * DAY
    year.expected[order_id, "claim.expired"] = ends_at


async def held(year: Year, order_id: str, eve: date) -> None:
    await year.push(order_id, eve)
    await year.shop.give(await year.shop.claim("cancel", order_id=order_id), *HOLD)
    year.expected[order_id, "claim.released"] = after(eve + 14 * DAY)


async def offered(year: Year, order_id: str, eve: date) -> None:
    await year.push(order_id, eve)
    claim = await year.shop.claim("cancel", order_id=order_id)
    await year.shop.give(claim, "offers", {"alternative": "store_credit", "message": "어떠세요?", "amount": 13000})
    year.expected[order_id, "claim.offer_lapsed"] = after(eve + 7 * DAY)


async def silent(year: Year, order_id: str, eve: date) -> None:
    await year.arrive(order_id, eve, is_delivered=False)
    year.expected[order_id, "order.carrier_silent"] = after(eve + 4 * DAY)
    year.expected[order_id, "order.transit_delayed"] = after(eve + 6 * DAY)
