"""Rebuilds claims, refunds and ledgers from the histories, and compares them with the rows, and withdrawals and
surveys with their hashes: the whole database in one snapshot, a page at a time."""

from collections.abc import AsyncIterator, Sequence

from app.records.checkpoint import Checkpoint
from app.records.root_hash import PublishedRoot
from app.service.verification.feed import of_feed, of_notices
from app.service.verification.files import of_bytes
from app.service.verification.orders import Counts, of_orders
from app.service.verification.receipts import of_receipts
from app.service.verification.roots import of_roots
from app.service.verification.surveys import of_surveys
from app.service.verification.withdrawals import of_withdrawals
from app.store.database import Tx

__all__ = ["Counts", "findings", "of_bytes"]


async def findings(
    tx: Tx, counts: Counts, checkpoints: Sequence[Checkpoint] = (), roots: Sequence[PublishedRoot] = ()
) -> AsyncIterator[str | None]:
    """One sentence for each row that is not what the histories tell. `counts` grows meanwhile, and None comes between
    the sentences, so that a caller can show the progress."""
    of_buyers = (of_withdrawals(tx), of_receipts(tx), of_surveys(tx))
    of_events = (of_feed(tx, counts, checkpoints), of_notices(tx), of_roots(tx, roots))
    for source in (of_orders(tx, counts), *of_buyers, *of_events):
        async for sentence in source:
            yield sentence
