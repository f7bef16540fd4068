"""What the service holds about the buyer of an order, until when, and under which article.

The years of a rule count from the last fact of the order: its payment, a dispatch or delivery, a change of option, a
withdrawal, a refund, or the end of a claim. Data that came after an erasure is held again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from app.engine.model.claim import Claim
from app.engine.policy.policy import Policy
from app.presets.retention import retention_rule
from app.records.order import StoredOrder
from app.records.privacy import BuyerErasure, DataGroup, HeldData, KeptGroup, LatestFacts, RetentionRule
from app.service.callers import Caller
from app.service.errors import NotFoundError
from app.service.policies import policy_of
from app.store import buyer_erasures, buyer_facts, claims, legal_holds, orders
from app.store.database import Tx

FEWEST_YEARS = 3
"""Of all rules. Nothing of a younger order has reached its end."""


async def read(tx: Tx, caller: Caller, order_id: str, now: datetime) -> HeldData:
    """Raises NotFoundError."""
    return await held_of(tx, caller.merchant_id, order_id, now)


async def held_of(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> HeldData:
    """Raises NotFoundError."""
    stored = await orders.load(tx, merchant_id, order_id)
    if stored is None:
        raise NotFoundError("order", order_id)
    erasure = await buyer_erasures.load(tx, merchant_id, order_id)
    its_claims = await claims.all_of_order(tx, merchant_id, order_id)
    policy = await policy_of(tx, merchant_id, stored.order.policy)
    facts = await buyer_facts.latest(tx, merchant_id, order_id)
    return HeldData(
        order_id=order_id,
        groups=tuple(_groups(stored, its_claims, policy, facts, erasure, now)),
        hold=await legal_holds.load(tx, merchant_id, order_id),
        erasure=erasure,
    )


def _groups(
    stored: StoredOrder,
    its_claims: Sequence[Claim],
    policy: Policy,
    facts: LatestFacts,
    erasure: BuyerErasure | None,
    now: datetime,
) -> Iterator[KeptGroup]:
    is_open = any(not claim.is_final for claim in its_claims)
    ends = [claim.closed_at for claim in its_claims if claim.closed_at]
    last = max([stored.order.paid_at or stored.created_at, *_journeys(stored), *facts.count_from, *ends])
    asked_at = erasure.asked_at if erasure else now
    dispute = retention_rule(policy.country, DataGroup.DISPUTE) if its_claims else None
    contract = retention_rule(policy.country, DataGroup.CONTRACT)
    for group, since, rule in (
        (DataGroup.UNNEEDED, asked_at, None),
        (DataGroup.DISPUTE, max(ends, default=asked_at), dispute),
        (DataGroup.CONTRACT, last, contract),
    ):
        until_at = None if is_open else _years_after(since, rule)
        erased_at = _erased_at(group, erasure, facts)
        yield KeptGroup(group=group, until_at=until_at, rule=rule, erased_at=erased_at)


def _erased_at(group: DataGroup, erasure: BuyerErasure | None, facts: LatestFacts) -> datetime | None:
    """None if data of the group came after its erasure, such as the buyer of an order that is pushed again."""
    erased_at = erasure.erased_at(group) if erasure else None
    grew_at = facts.last_of(group)
    return None if erased_at and grew_at and grew_at > erased_at else erased_at


def _journeys(stored: StoredOrder) -> Iterator[datetime]:
    for line in stored.order.lines:
        yield from filter(None, (line.shipped_at, line.delivered_at))


def _years_after(since: datetime, rule: RetentionRule | None) -> datetime:
    """A day after the same instant of a later year: a time of years ends with its last day, in whatever zone the day of
    the fact was. From 29 February: 2 March."""
    if rule is None:
        return since
    year = since.year + rule.years
    try:
        return since.replace(year=year) + timedelta(days=1)
    except ValueError:
        return since.replace(year=year, month=3, day=2)
