"""The rows of records are kept as they are: triggers refuse to delete them, and to change what must not change."""

from collections.abc import Mapping

import pytest
from sqlalchemy.exc import DBAPIError

from tests.store.rows import fill, run

KEPT = (
    *("audit_entries", "claim_files", "claims", "feed", "notices", "order_consents", "refunds", "root_hashes"),
    *("rule_runs", "rule_sets", "surveys", "withdrawal_claims", "withdrawal_receipts", "withdrawals"),
)
CHANGES: Mapping[str, str] = {
    "audit_entries": "actor_name = 'x'",
    "feed": "body = '{}'",
    "order_consents": "text = 'x'",
    "root_hashes": "root = 'x'",
    "rule_runs": "decided_by = 'x'",
    "rule_sets": "rules = '[]'",
    "surveys": "score = 'bad'",
    "withdrawal_claims": "kind = 'x'",
    "withdrawal_receipts": "digest = 'x'",
    "withdrawals": "order_number = 'x'",
}


@pytest.fixture
async def filled_url(database_url: str) -> str:
    """A sound row in each table."""
    await run(database_url, fill)
    return database_url


async def attempt(url: str, sql: str) -> None:
    await run(url, lambda connection: connection.exec_driver_sql(sql))


@pytest.mark.parametrize("table", [*KEPT, "refund_parts", "reversals"])
async def test_the_rows_of_a_record_are_not_deleted(filled_url: str, table: str) -> None:
    with pytest.raises(DBAPIError, match=f"the rows of {table} are kept as they are"):
        await attempt(filled_url, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", CHANGES)
async def test_what_was_told_published_or_declared_does_not_change(filled_url: str, table: str) -> None:
    with pytest.raises(DBAPIError, match="are kept as they are"):
        await attempt(filled_url, f"UPDATE {table} SET {CHANGES[table]}")


@pytest.mark.parametrize("table", [*KEPT, "orders", "payments", "policies", "merchants", "message_templates"])
async def test_no_table_of_records_is_emptied(postgres_url: str, table: str) -> None:
    await run(postgres_url, fill)
    with pytest.raises(DBAPIError, match=r"are kept as they are|append-only"):
        await attempt(postgres_url, f"TRUNCATE {table} CASCADE")
