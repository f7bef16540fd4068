"""The worker counts what has changed: it takes away what a claim or an order had added, and adds what it adds now.

All of it is one transaction under the merchant's head, so a sum is always the sum of the stored entries.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.engine.model.refund import Refund
from app.records.report import Added, BuyersClaim, Cell, Entry, ReportHead, Subject
from app.service.reports.entries import ClaimFacts, entry_of_claim, entry_of_order
from app.store import buyers_claims, claims, events, orders, refunds, report_changes, report_sums
from app.store.database import Database, Tx

BATCH = 200
REPEATS_WITHIN = timedelta(days=60)
_AFTER = {Subject.CLAIM: Subject.ORDER, Subject.ORDER: None}
"""What is counted next when everything is counted again."""


async def count_changes(database: Database, now: datetime, *, limit: int = BATCH) -> int:
    """Count the next changes of one merchant, at most `limit`. Returns how many. Merchants take turns."""
    return await database.write(lambda tx: _turn(tx, now, limit))


async def _turn(tx: Tx, now: datetime, limit: int) -> int:
    head = await report_changes.take_head(tx)
    if head is None:
        return 0
    changes = await report_changes.following(tx, head.merchant_id, limit=limit)
    changed = {subject: {each.subject_id for each in changes if each.subject is subject} for subject in Subject}
    if changed[Subject.ORDER]:
        changed[Subject.CLAIM] |= await report_changes.claims_of_orders(tx, head.merchant_id, changed[Subject.ORDER])
    for subject in Subject:
        await _count(tx, head, subject, changed[subject], now)
    await report_changes.remove(tx, head.merchant_id, changes)
    after, recounted = await _recount(tx, head, now, limit)
    await report_changes.advance(tx, after, now)
    return max(1, len(changes) + recounted)


async def _recount(tx: Tx, head: ReportHead, now: datetime, limit: int) -> tuple[ReportHead, int]:
    """The next claims or orders, changed or not, if everything is counted again. An end of the claims leads to the
    orders."""
    if head.recounting is None:
        return head, 0
    ids = await report_changes.ids_after(tx, head.merchant_id, head.recounting, head.recounted_to, limit=limit)
    if not ids:
        return replace(head, recounting=_AFTER[head.recounting], recounted_to=""), 1
    await _count(tx, head, head.recounting, ids, now)
    return replace(head, recounted_to=max(ids)), len(ids)


async def _count(tx: Tx, head: ReportHead, subject: Subject, ids: Collection[str], now: datetime) -> None:
    if not ids:
        return
    before = await report_sums.entries(tx, head.merchant_id, subject, ids)
    if subject is Subject.CLAIM:
        after = await _entries_of_claims(tx, head, ids, before, now)
    else:
        after = await _entries_of_orders(tx, head, ids)
    changed = {each: entry for each, entry in after.items() if entry != before.get(each)}
    differences: dict[Cell, Added] = defaultdict(lambda: Added(0, 0))
    for each, entry in changed.items():
        for sign, added_by in ((-1, before.get(each, {})), (1, entry)):
            for cell, added in added_by.items():
                known = differences[cell]
                differences[cell] = Added(known.number + sign * added.number, known.amount + sign * added.amount)
    await report_sums.put_entries(tx, head.merchant_id, subject, changed)
    await report_sums.add(tx, head.merchant_id, differences)


async def _entries_of_claims(
    tx: Tx, head: ReportHead, ids: Collection[str], before: Mapping[str, Entry], now: datetime
) -> dict[str, Entry]:
    merchant_id, zone = head.merchant_id, ZoneInfo(head.time_zone)
    of_buyers = await buyers_claims.of_same_buyers(tx, merchant_id, ids)
    first = await events.first_instants(tx, merchant_id, ids)
    owed: dict[str, list[Refund]] = defaultdict(list)
    for refund in await refunds.of_claims(tx, merchant_id, ids):
        owed[refund.claim_id].append(refund)
    earlier = _earlier(of_buyers, ids)
    entries = {}
    for claim_id, stored in (await claims.load_many(tx, merchant_id, ids)).items():
        facts = ClaimFacts(
            claim=stored.claim,
            order=stored.order,
            refunds=owed[claim_id],
            first=first[claim_id],
            earlier=earlier.get(claim_id, 0),
        )
        entries[claim_id] = entry_of_claim(facts, zone)
    fresh = [claim for claim in of_buyers if claim.claim_id in ids and claim.claim_id not in before]
    await report_changes.add_claims(tx, merchant_id, _later(of_buyers, fresh).difference(ids), now)
    return entries


def _earlier(of_buyers: Collection[BuyersClaim], ids: Collection[str]) -> dict[str, int]:
    """How many claims the buyer of each claim had requested before it. Of two at one instant, the id decides."""
    by_buyer: dict[str, list[BuyersClaim]] = defaultdict(list)
    for claim in of_buyers:
        by_buyer[claim.buyer_id].append(claim)
    return {
        claim.claim_id: sum(_precedes(other, claim) for other in by_buyer[claim.buyer_id])
        for claim in of_buyers
        if claim.claim_id in ids
    }


def _precedes(one: BuyersClaim, other: BuyersClaim) -> bool:
    is_near = other.requested_at - one.requested_at < REPEATS_WITHIN
    return is_near and (one.requested_at, one.claim_id) < (other.requested_at, other.claim_id)


def _later(of_buyers: Collection[BuyersClaim], fresh: Collection[BuyersClaim]) -> set[str]:
    """The claims that a claim which was not counted before makes repeated ones."""
    return {
        other.claim_id
        for claim in fresh
        for other in of_buyers
        if other.buyer_id == claim.buyer_id and _precedes(claim, other)
    }


async def _entries_of_orders(tx: Tx, head: ReportHead, ids: Collection[str]) -> dict[str, Entry]:
    zone = ZoneInfo(head.time_zone)
    stored = await orders.load_many(tx, head.merchant_id, ids)
    return {order_id: entry_of_order(each.order, zone) for order_id, each in stored.items()}
