"""Consents of the buyer at the checkout: kept for good, and evidence of the records that they prove.

A later push adds consents and takes none away. The records that a consent proves stay with the order, even if a later
push does not repeat them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from app import json_text
from app.engine.model.consent import Consent
from app.engine.model.order import Order
from app.engine.model.vocabulary import Record
from app.records.order_consent import OrderConsent
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.store import order_consents, orders
from app.store.database import Tx

MOST_CONSENTS = 100
"""How many consents an order can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConsent:
    """A consent, what it proves, and for which lines. Without lines: for the whole order."""

    consent: Consent
    records: frozenset[Record] = frozenset()
    line_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """The consents of an order that are stored, and those that this push adds."""

    stored: Sequence[OrderConsent] = ()
    added: Sequence[OrderConsent] = ()

    def on_record(self, order: Order) -> Order:
        """The order with the records that its consents prove."""
        of_all: set[Record] = set()
        of_line: dict[str, set[Record]] = {}
        for consent in (*self.stored, *self.added):
            of_all.update(() if consent.line_ids else consent.records)
            for line_id in consent.line_ids:
                of_line.setdefault(line_id, set()).update(consent.records)
        if not (of_all or of_line):
            return order
        lines = tuple(
            replace(line, records=line.records | of_line[line.line_id]) if line.line_id in of_line else line
            for line in order.lines
        )
        return replace(order, records=order.records | of_all, lines=lines)


async def of_push(
    tx: Tx, caller: Caller, before: Order | None, pushed: Order, shown: Sequence[ShownConsent], now: datetime
) -> Consents:
    """The consents of the order after a push. A repeated consent is not added again.

    Raises InvalidError for an unknown line, and ConflictError above MOST_CONSENTS.
    """
    if not shown and (before is None or not _lacks_records(before, pushed)):
        return Consents()
    stored = [] if before is None else await order_consents.of_order(tx, caller.merchant_id, pushed.order_id)
    digests = {consent.digest for consent in stored}
    named = {consent.digest: consent for consent in (_record(each, pushed.order_id, now) for each in shown)}
    added = [consent for digest, consent in named.items() if digest not in digests]
    for consent in added:
        unknown = tuple(line_id for line_id in consent.line_ids if pushed.line(line_id) is None)
        if unknown:
            raise InvalidError("unknown_line", line_ids=unknown, field="consents")
    if added and len(stored) + len(added) > MOST_CONSENTS:
        raise ConflictError("too_many_consents", limit=MOST_CONSENTS, field="consents")
    return Consents(stored=stored, added=added)


async def add(tx: Tx, caller: Caller, consents: Consents) -> None:
    if consents.added:
        await order_consents.add(tx, caller.merchant_id, consents.added)


async def of_order(tx: Tx, caller: Caller, order_id: str) -> list[OrderConsent]:
    """In the order in which the buyer agreed. Raises NotFoundError."""
    consents = await order_consents.of_order(tx, caller.merchant_id, order_id)
    if not consents and await orders.load(tx, caller.merchant_id, order_id) is None:
        raise NotFoundError("order", order_id)
    return consents


def _lacks_records(before: Order, pushed: Order) -> bool:
    """True if the push does not repeat a record of the stored order, which a consent may have proved."""
    if before.records - pushed.records:
        return True
    lines = ((line, pushed.line(line.line_id)) for line in before.lines if line.records)
    return any(again is not None and line.records - again.records for line, again in lines)


def _record(shown: ShownConsent, order_id: str, now: datetime) -> OrderConsent:
    consent = shown.consent
    content = {
        "text": consent.text,
        "version": consent.version,
        "option": consent.option,
        "agreed_at": consent.agreed_at,
        "records": sorted(shown.records),
        "line_ids": sorted(shown.line_ids),
    }
    return OrderConsent(
        order_id=order_id,
        digest=sha256(json_text.dump(content).encode()).hexdigest(),
        text=consent.text,
        version=consent.version,
        option=consent.option,
        agreed_at=consent.agreed_at,
        records=shown.records,
        line_ids=tuple(sorted(shown.line_ids)),
        recorded_at=now,
    )
