"""Root hashes: each is what the histories and the audit trail give, and those that were published are among them."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import date

from app.records.root_hash import FIRST, PublishedRoot, RootHash, root_of
from app.store import root_hashes
from app.store.database import Tx
from app.store.erased_merchants import erased_merchants

_Days = Mapping[tuple[str, date], RootHash]


async def of_roots(tx: Tx, published: Sequence[PublishedRoot]) -> AsyncIterator[str | None]:
    """One sentence for each root that does not fit or is gone, and None after each."""
    days: dict[tuple[str, date], RootHash] = {}
    before: RootHash | None = None
    erased = await erased_merchants(tx)
    async for root in root_hashes.every(tx):
        if root.merchant_id in erased:
            continue
        if before is None or before.merchant_id != root.merchant_id:
            before = None
        its = f"root hash of {root.merchant_id} on {root.day_on}:"
        if root.previous != (before.root if before else FIRST):
            yield f"{its} it does not follow the root before"
        leaves = await root_hashes.leaves(tx, root.merchant_id, before, root.position, root.entries_until_at)
        if root_of(root.previous, leaves) != root.root:
            yield f"{its} the histories and the audit trail up to that day are not what it tells"
        days[root.merchant_id, root.day_on] = before = root
        yield None
    for sentence in _of_published(published, days):
        yield sentence


def _of_published(published: Sequence[PublishedRoot], days: _Days) -> Iterator[str]:
    roots = {root.root for root in days.values()}
    for each in published:
        if each.merchant_id is None or each.day_on is None:
            if each.root not in roots:
                yield f"no day of this database has the root hash {each.root}"
            continue
        stored = days.get((each.merchant_id, each.day_on))
        its = f"root hash of {each.merchant_id} on {each.day_on}:"
        if stored is None:
            yield f"{its} {each.root} was published, and it is gone"
        elif stored.root != each.root:
            yield f"{its} {each.root} was published, and the database has {stored.root}"
