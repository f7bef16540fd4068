"""The worker deletes the rows of erased test merchants, a batch in a transaction, until nothing is left."""

from datetime import datetime

from app.store import erased_merchants
from app.store.database import Database


async def delete_erased(database: Database, now: datetime) -> int:
    """Delete a batch of rows. Returns how many. `now` is of the system clock."""
    async with database.read() as tx:
        merchant_id = await erased_merchants.next_merchant(tx)
    if merchant_id is None:
        return 0
    return await database.write(lambda tx: erased_merchants.delete_some(tx, merchant_id, now))
