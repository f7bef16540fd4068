"""Withdrawals: the hash of each is the hash of its declaration, and its event tells the same hash. No withdrawal is
gone."""

from collections.abc import AsyncIterator

from app import json_text
from app.store import withdrawals
from app.store.database import Tx


async def of_withdrawals(tx: Tx) -> AsyncIterator[str | None]:
    """One sentence for each withdrawal that does not fit or is gone, and None after each."""
    async for withdrawal, told, is_erased in withdrawals.every(tx):
        if withdrawal.declaration.hash != withdrawal.hash and not is_erased:
            yield f"withdrawal {withdrawal.withdrawal_id}: the declaration is not what its hash tells"
        elif told is None or json_text.load(told)["withdrawal"]["hash"] != withdrawal.hash:
            yield f"withdrawal {withdrawal.withdrawal_id}: the hash is not what its event tells"
        yield None
    for withdrawal_id in await withdrawals.lost(tx):
        yield f"withdrawal {withdrawal_id} is missing"
