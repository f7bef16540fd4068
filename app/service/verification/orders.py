"""Orders with their claims and refunds: each is compared with what the histories tell."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from app import json_text
from app.service.verification.claim_history import ClaimHistory
from app.service.verification.ledger import Ledger
from app.store import verification
from app.store.database import Tx
from app.store.order_snapshot import stored_order
from app.store.statements import Row

_Key = tuple[str, str]


@dataclass(slots=True)
class Counts:
    """How many rows were read so far."""

    orders: int = 0
    claims: int = 0
    events: int = 0
    published: int = 0


async def of_orders(tx: Tx, counts: Counts) -> AsyncIterator[str | None]:
    """One sentence for each difference, and None after each claim and each page."""
    async for page in verification.pages(tx):
        ledgers: defaultdict[_Key, Ledger] = defaultdict(Ledger)
        broken: set[_Key] = set()
        refunds = _by_claim(page.refunds, "refund_id")
        for notice in page.ledger_notices:
            ledgers[notice.merchant_id, notice.subject_id].add_notice(notice.type, json_text.load(notice.data))
        async for sentence in _of_claims(tx, page, ledgers, broken, refunds, counts):
            yield sentence
        for sentence in _of_rows(page, ledgers, broken, refunds):
            yield sentence
        counts.orders += len(page.orders)
        yield None


async def _of_claims(
    tx: Tx,
    page: verification.Page,
    ledgers: defaultdict[_Key, Ledger],
    broken: set[_Key],
    refunds: dict[_Key, dict[str, Row]],
    counts: Counts,
) -> AsyncIterator[str | None]:
    """About the claims of a page. Their effects go into `ledgers`, orders with a broken history into `broken`, and
    their refunds are taken out of `refunds`."""
    lines: defaultdict[_Key, set[str]] = defaultdict(set)
    for row in page.lines:
        lines[row.merchant_id, row.claim_id].add(row.line_id)
    files = _by_claim(page.files, "file_id")
    for claim in page.claims:
        key, order = (claim.merchant_id, claim.claim_id), (claim.merchant_id, claim.order_id)
        history = ClaimHistory(ledgers[order])
        async for event in verification.history(tx, *key):
            history.add(event)
            counts.events += 1
        for difference in history.differences(claim, lines[key], refunds.pop(key, {}), files.get(key, {})):
            yield f"claim {claim.claim_id}: {difference}"
        if history.problem is not None:
            broken.add(order)
        counts.claims += 1
        yield None


def _by_claim(rows: list[Row], its_id: str) -> dict[_Key, dict[str, Row]]:
    by_claim: defaultdict[_Key, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        by_claim[row.merchant_id, row.claim_id][getattr(row, its_id)] = row
    return dict(by_claim)


def _of_rows(
    page: verification.Page,
    ledgers: Mapping[_Key, Ledger],
    broken: set[_Key],
    refunds: Mapping[_Key, Mapping[str, Row]],
) -> list[str]:
    """About the orders of a page, and about rows that belong to nothing. `refunds` are those without a claim. The
    ledger of an order with a broken history is not compared."""
    sentences = [
        f"refund {refund_id}: its claim {claim_id} is missing"
        for (_, claim_id), rows in refunds.items()
        for refund_id in rows
    ]
    numbers = {(row.merchant_id, row.subject_id): row.number for row in page.notices}
    for row in page.orders:
        key = row.merchant_id, row.order_id
        stored = stored_order(row)
        number, ledger = numbers.pop(key, 0), ledgers.get(key) or Ledger()
        if stored.version != number:
            sentences.append(f"order {row.order_id}: {stored.version} events are counted, and {number} are there")
        if key not in broken:
            sentences += (f"order {row.order_id}: {difference}" for difference in ledger.differences(stored.order))
    there = {(row.merchant_id, row.order_id) for row in page.orders}
    gone = (numbers.keys() | {(claim.merchant_id, claim.order_id) for claim in page.claims}) - there
    return [*sentences, *(f"order {order_id} is missing" for _, order_id in sorted(gone))]
