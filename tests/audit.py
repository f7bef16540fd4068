"""The audit finds contradictions between the rows of a database. It reads raw SQL and not the service's store.

`IMPOSSIBLE` maps a sentence to a query. The query returns the rows for which the sentence is true; a sound database
has no such row. The audit also computes the shelves of the ledger again, from the claims alone.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.service.verification import Counts, findings
from app.store.database import Database
from app.store.documents import CLAIMS
from app.store.upcasts import event_data_as_today

IMPOSSIBLE: Mapping[str, str] = {
    "a unit is in two places": """
        SELECT order_id, line_id FROM order_lines
         WHERE open_cancel + open_other + cancelled + returned + exchanged + refunded + changed > quantity
            OR shipped + cancelled + changed > quantity OR delivered > shipped
            OR open_cancel < 0 OR open_other < 0 OR cancelled < 0
            OR returned < 0 OR exchanged < 0 OR refunded < 0""",
    "units of another option are not the units that were changed": """
        SELECT o.order_id, o.line_id FROM order_lines o
         WHERE o.changed <> (SELECT coalesce(sum(n.quantity), 0) FROM order_lines n
                              WHERE (n.merchant_id, n.order_id, n.replaces) = (o.merchant_id, o.order_id, o.line_id)
                                AND n.option_change IS NOT NULL)""",
    "an open change of option is not what its line counts": """
        SELECT o.order_id, o.line_id FROM order_lines o
         WHERE o.changing <> (SELECT coalesce(sum(c.quantity), 0) FROM option_changes c
                               WHERE (c.merchant_id, c.order_id, c.line_id) = (o.merchant_id, o.order_id, o.line_id)
                                 AND c.decided_at IS NULL)""",
    "more is refunded than was captured": """
        SELECT p.order_id, p.payment_id, p.captured, sum(CASE r.status WHEN 'voided' THEN r.paid ELSE r.amount END)
          FROM payments p JOIN refunds r USING (merchant_id, order_id, payment_id)
         GROUP BY p.merchant_id, p.order_id, p.payment_id, p.captured
        HAVING sum(CASE r.status WHEN 'voided' THEN r.paid ELSE r.amount END) > p.captured""",
    "a payment's refunded amount is not the sum of its refunds": """
        SELECT p.order_id, p.payment_id, p.refunded FROM payments p
         WHERE p.refunded <> (SELECT coalesce(sum(CASE r.status WHEN 'voided' THEN r.paid ELSE r.amount END), 0)
                                FROM refunds r
                               WHERE (r.merchant_id, r.order_id, r.payment_id)
                                   = (p.merchant_id, p.order_id, p.payment_id))""",
    "a history has a gap": """
        SELECT claim_id, count(*) FROM claim_events GROUP BY merchant_id, claim_id
        HAVING min(seq) <> 1 OR max(seq) <> count(*)""",
    "a claim's count of events is not the length of its history": """
        SELECT c.claim_id, c.events FROM claims c
         WHERE c.events <> (SELECT count(*) FROM claim_events e
                             WHERE (e.merchant_id, e.claim_id) = (c.merchant_id, c.claim_id))""",
    "a claim has no event": """
        SELECT c.claim_id FROM claims c LEFT JOIN claim_events e USING (merchant_id, claim_id)
         WHERE e.claim_id IS NULL""",
    "a claim has no line": """
        SELECT c.claim_id FROM claims c LEFT JOIN claim_lines l USING (merchant_id, claim_id)
         WHERE l.claim_id IS NULL""",
    "a claim's version is not the number of its steps": """
        SELECT c.claim_id, c.version FROM claims c
         WHERE c.version <> (SELECT count(*) FROM claim_events e
                              WHERE (e.merchant_id, e.claim_id) = (c.merchant_id, c.claim_id)
                                AND e.type LIKE 'claim.%' AND e.type NOT LIKE 'claim.question_%'
                                AND e.type NOT LIKE 'claim.refund_account_%' AND e.type NOT LIKE 'claim.survey_%'
                                AND e.type NOT LIKE 'claim.parcel_%' AND e.type NOT LIKE 'claim.disposition_%'
                                AND e.type NOT LIKE 'claim.%reminded')""",
    "a claim's refunds are not its refund.created events": """
        SELECT c.claim_id FROM claims c
         WHERE (SELECT count(*) FROM refunds r WHERE (r.merchant_id, r.claim_id) = (c.merchant_id, c.claim_id))
            <> (SELECT count(*) FROM claim_events e
                 WHERE (e.merchant_id, e.claim_id) = (c.merchant_id, c.claim_id) AND e.type = 'refund.created')""",
    "a claim has ended twice": """
        SELECT claim_id, type FROM claim_events
         WHERE type IN ('claim.refunded', 'claim.exchanged', 'claim.retracted', 'claim.withdrawn')
         GROUP BY merchant_id, claim_id, type HAVING count(*) > 1""",
    "a claim or a refund has two overdue events": """
        SELECT claim_id, type FROM claim_events WHERE type IN ('claim.response_overdue', 'refund.overdue')
         GROUP BY merchant_id, claim_id, type
        HAVING count(*) > CASE type WHEN 'refund.overdue' THEN (
            SELECT count(*) FROM refunds r
             WHERE (r.merchant_id, r.claim_id) = (claim_events.merchant_id, claim_events.claim_id)) ELSE 1 END""",
    "an order's events are not numbered one by one": """
        SELECT o.order_id, o.version FROM orders o
         WHERE o.version <> (SELECT count(*) FROM notices n WHERE n.subject = 'order'
                                AND (n.merchant_id, n.subject_id) = (o.merchant_id, o.order_id))""",
    "a requested claim has no deadline and no overdue event": """
        SELECT c.claim_id FROM claims c WHERE c.state = 'requested' AND c.wakes_at IS NULL AND NOT c.held
           AND NOT EXISTS (SELECT 1 FROM claim_events e WHERE e.type = 'claim.response_overdue'
                              AND (e.merchant_id, e.claim_id) = (c.merchant_id, c.claim_id))""",
    "a claim is refunded before its refunds have succeeded": """
        SELECT c.claim_id FROM claims c JOIN refunds r USING (merchant_id, claim_id)
         WHERE c.state = 'refunded' AND r.status NOT IN ('succeeded', 'voided')""",
    "a claim's refunds have all succeeded and its state is not refunded": """
        SELECT c.claim_id FROM claims c
         WHERE (c.kind, c.state) IN (('return', 'accepted'), ('cancel', 'approved'), ('refund', 'approved'))
           AND NOT c.held
           AND NOT EXISTS (SELECT 1 FROM refunds r WHERE (r.merchant_id, r.claim_id) = (c.merchant_id, c.claim_id)
                                                     AND r.status NOT IN ('succeeded', 'voided'))""",
}


async def audit(database_url: str) -> list[str]:
    """The findings, one sentence each; none for a sound database."""
    database = Database(database_url)
    try:
        async with database.snapshot() as snapshot:
            differences = [sentence async for sentence in findings(snapshot, Counts()) if sentence]
        async with database.engine.begin() as connection:
            return [*differences, *await _findings(connection)]
    finally:
        await database.close()


def _document(claim: Any) -> dict[str, Any]:
    """A claim's document in the current shape, without the mark of its version."""
    document: dict[str, Any] = json.loads(CLAIMS.unmarked(claim.document))
    return document


async def _findings(tx: AsyncConnection) -> list[str]:
    findings = [
        f"{sentence}: {tuple(row)}" for sentence, sql in IMPOSSIBLE.items() for row in await tx.execute(text(sql))
    ]
    claims = list(await tx.execute(text("SELECT * FROM claims")))
    return [
        *findings,
        *await _misplaced_units(tx, claims),
        *await _diverged_claims(tx, claims),
        *_contradicted_claims(claims),
        *await _misshipped_lines(tx),
        *await _broken_promises(tx, claims),
    ]


async def _misplaced_units(tx: AsyncConnection, claims: Iterable[Any]) -> list[str]:
    """Lines whose shelves differ from the sums of their claims."""
    expected: Counter[tuple[str, ...]] = Counter()
    for claim in claims:
        for line, shelf, quantity in _shelved_units(_document(claim)):
            expected[claim.merchant_id, claim.order_id, line, shelf] += quantity
    lines = await tx.execute(text("SELECT * FROM order_lines"))
    recorded: dict[tuple[str, ...], int] = {
        (line.merchant_id, line.order_id, line.line_id, shelf): getattr(line, shelf)
        for line in lines
        for shelf in ("open_cancel", "open_other", "cancelled", "returned", "exchanged", "refunded")
    }
    return [
        f"{place[1:]} holds {recorded.get(place)} units, its claims say {expected[place]}"
        for place in recorded.keys() | expected.keys()
        if recorded.get(place) != expected[place]
    ]


_OPEN: Mapping[str, tuple[str, ...]] = {
    "cancel": ("requested",),
    "refund": ("requested",),
    "return": ("requested", "approved", "collecting", "received"),
    "exchange": ("requested", "approved", "collecting", "received"),
}
_SETTLED: Mapping[str, tuple[str, ...]] = {
    "cancel": ("approved", "refunded"),
    "refund": ("approved", "refunded"),
    "return": ("accepted", "refunded"),
    "exchange": ("accepted", "reshipping", "exchanged"),
}
_SHELF = {"cancel": "cancelled", "refund": "refunded", "return": "returned", "exchange": "exchanged"}


def _shelved_units(claim: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """(line, shelf, units) for each line of a claim; the kind and the state of the claim decide the shelf."""
    kind, state = claim["kind"], claim["state"]
    for line in claim["lines"]:
        if state in _OPEN[kind]:
            yield line["line_id"], "open_cancel" if kind == "cancel" else "open_other", line["quantity"]
        elif state in _SETTLED[kind] and claim["submission"]["amount"] is None:
            accepted = line["quantity"] if line["accepted"] is None else line["accepted"]
            yield line["line_id"], _SHELF[kind], accepted


_STEPS = """
    SELECT * FROM claim_events
     WHERE type LIKE 'claim.%' AND type NOT LIKE 'claim.question_%' AND type NOT LIKE 'claim.refund_account_%'
       AND type NOT LIKE 'claim.%reminded' AND type NOT LIKE 'claim.survey_%'
       AND type NOT LIKE 'claim.parcel_%' AND type NOT LIKE 'claim.disposition_%'
     ORDER BY claim_id, seq"""


async def _diverged_claims(tx: AsyncConnection, claims: Iterable[Any]) -> list[str]:
    """Claims that differ from the claim in their last step, and steps whose source is not the state before them."""
    rows = await tx.execute(text(_STEPS))
    steps: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        steps.setdefault(row.claim_id, []).append(event_data_as_today(row.type, json.loads(row.data)))
    findings: list[str] = []
    for claim in claims:
        claim_steps = steps.get(claim.claim_id, [])
        told = claim_steps[-1]["claim"] if claim_steps else None
        if told is None or {**told, "turn": None} != {**_document(claim), "turn": None}:  # reports pass the turn too
            findings.append(f"claim {claim.claim_id} is not what its last event says")
        states = [None, *(step["to"] for step in claim_steps)]
        if [step["from"] for step in claim_steps] != states[:-1]:
            findings.append(f"claim {claim.claim_id} took a step from where it was not")
    return findings


def _contradicted_claims(claims: Iterable[Any]) -> list[str]:
    return [
        f"claim {claim.claim_id}: the columns are not what the document says"
        for claim in claims
        if any(_document(claim)[name] != getattr(claim, name) for name in ("state", "kind", "version"))
    ]


async def _misshipped_lines(tx: AsyncConnection) -> list[str]:
    """Lines whose shipped units differ from the units in the parcels. Replacements have no parcels."""
    parcels: Counter[tuple[str, str, str]] = Counter()
    for parcel in await tx.execute(text("SELECT * FROM shipments WHERE shipped_at IS NOT NULL")):
        for line_id, quantity in json.loads(parcel.lines):
            parcels[parcel.merchant_id, parcel.order_id, line_id] += quantity
    lines = await tx.execute(text("SELECT * FROM order_lines WHERE replaces IS NULL"))
    return [
        f"{line.order_id}, line {line.line_id}: {line.shipped} units shipped, the parcels hold {in_parcels}"
        for line in lines
        if line.shipped != (in_parcels := parcels[line.merchant_id, line.order_id, line.line_id])
    ]


def _waits_for_payment(claim: Any) -> bool:
    """The service pays the refund after the buyer has paid the fee."""
    return claim.held and bool((_document(claim)["amounts"] or {}).get("buyer_owes"))


async def _broken_promises(tx: AsyncConnection, claims: Iterable[Any]) -> list[str]:
    """Claims whose refunds differ from their amounts, and stored answers that name a claim that does not exist."""
    refund_totals: Counter[str] = Counter()
    for refund in await tx.execute(text("SELECT claim_id, amount, paid, status FROM refunds")):
        refund_totals[refund.claim_id] += refund.paid if refund.status == "voided" else refund.amount
    findings = [
        f"claim {claim.claim_id} owes {total}, its refunds are {refund_totals[claim.claim_id]}"
        for claim in claims
        if not _waits_for_payment(claim)
        and refund_totals[claim.claim_id] != (total := (_document(claim)["amounts"] or {"total": 0})["total"])
    ]
    claim_ids = {claim.claim_id for claim in claims}
    answers = await tx.execute(text("SELECT key, body FROM idempotency_keys"))
    answered_claims = [(answer.key, json.loads(answer.body).get("claim_id")) for answer in answers]
    return findings + [
        f"the answer under {key} names {claim}" for key, claim in answered_claims if claim not in (None, *claim_ids)
    ]
