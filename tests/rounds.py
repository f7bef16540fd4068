"""How often `make soak` repeats its faults, and what an outside reader of the database finds after each of them."""

import os

from sqlalchemy import text

from app.store.database import Database
from tests.audit import audit
from tests.faults.load import Load

ROUNDS = int(os.environ.get("ROUNDS", "30"))

_DOUBLED = {
    "an order has two claims": "SELECT order_id FROM claims GROUP BY merchant_id, order_id HAVING count(*) > 1",
    "a claim has two refunds": "SELECT claim_id FROM refunds GROUP BY merchant_id, claim_id HAVING count(*) > 1",
    "a claim was approved twice": """
        SELECT claim_id FROM claim_events WHERE type = 'claim.approved'
         GROUP BY merchant_id, claim_id HAVING count(*) > 1""",
}
"""The writers of a load open one claim for each order, and approve it once."""


class Promise:
    """What a load was promised until now. Later promises are not in it."""

    def __init__(self, load: Load) -> None:
        answers = [(sent.path, sent.answer.json()["claim_id"]) for sent in load.promised if sent.answer]
        self.orders = set(load.pushed)
        self.claims = {claim for _, claim in answers}
        self.approved = {claim for path, claim in answers if path.endswith("/approve")}

    async def findings(self, database_url: str) -> list[str]:
        """What the rows lack, what they have twice, and every contradiction of the audit."""
        database = Database(database_url, pool_size=1)
        try:
            async with database.engine.begin() as connection:
                orders = set(await connection.scalars(text("SELECT order_id FROM orders")))
                claims = set(await connection.scalars(text("SELECT claim_id FROM claims")))
                owed = set(await connection.scalars(text("SELECT claim_id FROM refunds")))
                doubled = [
                    f"{what}: {row}" for what, sql in _DOUBLED.items() for row in await connection.scalars(text(sql))
                ]
        finally:
            await database.close()
        lost = (self.orders - orders) | (self.claims - claims) | (self.approved - owed)
        return [*(f"lost: {name}" for name in sorted(lost)), *doubled, *await audit(database_url)]
