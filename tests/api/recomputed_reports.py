"""The reports of a shop computed a second time, from the answers of the API alone."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.storefront import Storefront

DECIDED = {"claim.approved", "claim.rejected", "claim.partly_rejected"}
ANSWERED = DECIDED | {"claim.offer_made", "claim.held"}
FEES = ("return_fee", "exchange_fee", "replacement_fee", "restocking_fee")
SHIPPING = ("shipping", "standard_shipping", "outbound_returned")
CREDIT = ("store_credit", "discount_coupon", "extra_compensation")
Json = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """What the API says of a claim."""

    claim: Json
    order: Json
    refunds: list[Json]
    events: list[Json]

    def first(self, types: Iterable[str]) -> datetime | None:
        return min((_at(event["occurred_at"]) for event in self.events if event["type"] in set(types)), default=None)


async def stories(shop: Storefront) -> tuple[list[Story], list[Json]]:
    orders = {order["order_id"]: order for order in (await shop.get("/v1/orders", limit=1000)).json()["data"]}
    told = []
    for claim in (await shop.get("/v1/claims", limit=1000)).json()["data"]:
        events = (await shop.get(f"/v1/claims/{claim['claim_id']}/events", limit=1000)).json()["data"]
        told.append(Story(claim, orders[claim["order_id"]], await shop.refunds_of(claim), events))
    return told, list(orders.values())


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(text: str, zone: str) -> date:
    return _at(text).astimezone(ZoneInfo(zone)).date()


def _minutes(since: datetime | None, until: datetime | None) -> int | None:
    if since is None or until is None:
        return None
    minutes = max(0, math.floor((until - since) / timedelta(minutes=1)))
    for limit, digits in ((1_000, 0), (10_000, 1), (100_000, 2)):
        if minutes < limit:
            size = int(math.pow(10, digits))
            return minutes // size * size
    return minutes // 1_000 * 1_000


def _percentile(values: list[int], percent: int) -> int:
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


@dataclass(frozen=True)
class Recomputed:
    """The figures of days, computed from all claims and orders."""

    told: list[Story]
    orders: list[Json]
    zone: str
    from_on: date
    to_on: date

    def _is_in(self, text: str | None) -> bool:
        return text is not None and self.from_on <= _day(text, self.zone) <= self.to_on

    @property
    def claims(self) -> list[Story]:
        return [story for story in self.told if self._is_in(story.claim["requested_at"])]

    def _sku(self, story: Story, line: Json) -> str:
        return str({each["line_id"]: each["sku"] for each in story.order["lines"]}[line["line_id"]] or "")

    def _lines(self, story: Story) -> list[Json]:
        return [*story.claim["lines"], *(rejected["line"] for rejected in story.claim["rejected_lines"])]

    def sold(self) -> tuple[int, Counter[str]]:
        paid = [order for order in self.orders if self._is_in(order["paid_at"])]
        units = Counter[str]()
        for order in paid:
            for line in order["lines"]:
                if line["replaces"] is None:
                    units[line["sku"]] += line["quantity"]
        return len(paid), units

    def reasons(self) -> Counter[tuple[str, str, str]]:
        return Counter((s.claim["kind"], s.claim["reason"], s.claim["fault"]) for s in self.claims)

    def products(self) -> dict[str, tuple[int, int, int]]:
        """Claims, units and cancelled units by SKU."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for story in self.claims:
            for sku in {self._sku(story, line) for line in self._lines(story)}:
                found[sku][0] += 1
            for line in self._lines(story):
                found[self._sku(story, line)][1] += line["quantity"]
                found[self._sku(story, line)][2] += line["quantity"] * (story.claim["kind"] == "cancel")
        return {sku: (counts[0], counts[1], counts[2]) for sku, counts in found.items()}

    def times(self) -> dict[str, tuple[int, int, int]]:
        values: dict[str, list[int]] = defaultdict(list)
        for story in self.claims:
            for step, since, until in _steps(story):
                if (minutes := _minutes(since, until)) is not None:
                    values[step].append(minutes)
        return {step: (len(each), _percentile(each, 50), _percentile(each, 90)) for step, each in values.items()}

    def overdue(self) -> dict[str, tuple[int, int]]:
        found: dict[str, list[bool]] = defaultdict(list)
        for story in self.claims:
            late = story.first({"claim.response_overdue"}) is not None
            if late or story.first(DECIDED):
                found["answer"].append(late)
            late = any(_is_late(refund) for refund in story.refunds)
            if late or _paid_at(story):
                found["money"].append(late)
        return {subject: (len(each), sum(each)) for subject, each in found.items()}

    def costs(self) -> dict[str, tuple[int, int]]:
        """How many claims have a part of the cost, and how much of it."""
        found: dict[str, list[int]] = defaultdict(list)
        for story in self.claims:
            for cost, amount in _costs(story).items():
                if amount:
                    found[cost].append(amount)
        return {cost: (len(amounts), sum(amounts)) for cost, amounts in found.items()}

    def kept(self) -> Counter[str]:
        """What was kept by the last accepted offer of each claim, by alternative. No order has a discount."""
        found = Counter[str]()
        for story in self.claims:
            accepted = _accepted(story)
            if accepted and story.claim["state"] != "rejected":
                prices = {line["line_id"]: line["unit_price"] for line in story.order["lines"]}
                worth = sum(prices[line["line_id"]] * line["quantity"] for line in story.claim["lines"])
                kept = max(0, worth - sum(refund["amount"] for refund in story.refunds))
                found[accepted[-1]["alternative"]] += kept
        return +found

    def offers(self) -> Counter[tuple[str, str]]:
        return Counter((offer["alternative"], offer["status"]) for s in self.claims for offer in s.claim["offers"])

    def repeats(self) -> Counter[int]:
        found = Counter[int]()
        for story in self.claims:
            buyer, at = story.order["buyer_id"], (_at(story.claim["requested_at"]), story.claim["claim_id"])
            others = [
                (_at(o.claim["requested_at"]), o.claim["claim_id"]) for o in self.told if o.order["buyer_id"] == buyer
            ]
            earlier = [other for other in others if other < at and at[0] - other[0] < timedelta(days=60)]
            found[min(9, len(earlier)) if buyer else 0] += 1
        return found

    def policies(self) -> dict[str, tuple[int, int | None, int | None, int | None, int | None]]:
        """Claims, the medians of the answer, the decision and the money, and the p90 of the decision, by policy."""
        told: dict[str, list[Story]] = defaultdict(list)
        for story in self.claims:
            told[story.order["policy"]].append(story)
        return {
            policy: (
                len(each),
                *(_median(each, step) for step in ("first_answer", "decision", "money")),
                _median(each, "decision", 90),
            )  # type: ignore[misc] # five figures
            for policy, each in told.items()
        }


def _median(told: list[Story], wanted: str, percent: int = 50) -> int | None:
    steps = [(since, until) for story in told for step, since, until in _steps(story) if step == wanted]
    values = [minutes for since, until in steps if (minutes := _minutes(since, until)) is not None]
    return _percentile(values, percent) if values else None


def _costs(story: Story) -> dict[str, int]:
    claim, amounts = story.claim, Counter[str]()
    if story.first({"claim.approved"}) and claim["state"] != "rejected":
        for step in claim["amounts"]["steps"]:
            amounts[step["code"]] += step["amount"]
    fees = -sum(amounts[code] for code in FEES)
    unpaid = min(fees, claim["amounts"]["buyer_owes"]) if fees and claim["still_owed"] else 0
    return {
        "refunded": sum(part["amount"] for refund in story.refunds for part in refund["parts"]),
        "interest": sum(refund["late_interest"] for refund in story.refunds if _is_ended(refund)),
        "credit": sum(offer["amount"] or 0 for offer in _accepted(story) if offer["alternative"] in CREDIT),
        "shipping": sum(amounts[code] for code in SHIPPING),
        "fees": fees - unpaid - amounts["fees_returned"],
    }


def _accepted(story: Story) -> list[Json]:
    return [offer for offer in story.claim["offers"] if offer["status"] == "accepted"]


def _steps(story: Story) -> list[tuple[str, datetime | None, datetime | None]]:
    requested_at = _at(story.claim["requested_at"])
    decided_at, received_at = story.first(DECIDED), _or_none(story.claim["received_at"])
    owed_at = min((_at(refund["created_at"]) for refund in story.refunds), default=None)
    return [
        ("first_answer", requested_at, story.first(ANSWERED)),
        ("decision", requested_at, decided_at),
        ("goods", decided_at, received_at),
        ("inspection", received_at, _or_none(story.claim["inspected_at"])),
        ("money", owed_at, _paid_at(story)),
    ]


def _or_none(text: str | None) -> datetime | None:
    return _at(text) if text else None


def _is_ended(refund: Json) -> bool:
    return refund["status"] in ("succeeded", "voided")


def _paid_at(story: Story) -> datetime | None:
    if not all(map(_is_ended, story.refunds)):
        return None
    return max((_at(part["paid_at"]) for refund in story.refunds for part in refund["parts"]), default=None)


def _is_late(refund: Json) -> bool:
    late = [part for part in refund["parts"] if refund["due_by"] and _at(part["paid_at"]) >= _at(refund["due_by"])]
    return bool(late) or refund["overdue_at"] is not None
