"""Claims that go on by themselves when something has happened to their order."""

from datetime import datetime

from app.engine.advance import advance_by_itself
from app.engine.model.order import Order
from app.engine.model.vocabulary import Kind, State
from app.service.persistence import record, record_split
from app.service.policies import load_facts
from app.store import claims
from app.store.database import Tx


async def let_cancellations_follow(tx: Tx, merchant_id: str, order_id: str, now: datetime) -> None:
    """The newest request first: each sees the ledger as the one before left it."""
    waiting = await claims.of_order(tx, merchant_id, order_id, Kind.CANCEL, State.REQUESTED)
    await _let_follow(tx, merchant_id, [stored.claim.claim_id for stored in waiting], now)


async def let_exchanges_follow(tx: Tx, merchant_id: str, order: Order, now: datetime) -> None:
    """What arrives may be what was sent in exchange."""
    if any(line.replaces is not None for line in order.lines):
        waiting = await claims.of_order(tx, merchant_id, order.order_id, Kind.EXCHANGE, State.RESHIPPING)
        await _let_follow(tx, merchant_id, [stored.claim.claim_id for stored in waiting], now)


async def _let_follow(tx: Tx, merchant_id: str, claim_ids: list[str], now: datetime) -> None:
    for claim_id in claim_ids:
        stored = await claims.load(tx, merchant_id, claim_id)
        if stored is None:
            continue
        facts = await load_facts(tx, merchant_id, stored.order, now)
        progress = advance_by_itself(stored.claim, facts)
        if progress:
            await record(tx, merchant_id, stored, progress)
            await record_split(tx, merchant_id, stored.claim, progress)
