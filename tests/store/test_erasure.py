"""The rows of an erased test merchant go, from every table, and no row of another merchant does."""

from collections.abc import Iterable

from sqlalchemy import Connection

from app.service.erasure import delete_erased
from app.store.database import Database
from app.store.tables import metadata
from tests.store.refund_rows import MOMENT
from tests.store.rows import SOUND, insert, run
from tests.storefront import MONDAY

OF_LIVE_MERCHANTS = {"merchants", "api_keys", "merchant_clocks"}
OF_NO_MERCHANT = {"worker_turns"}
LEFT = {"file_leftovers": 2}
"""The bytes that a worker deletes next: of the file that was left over, and of the file of the claim."""


def _fill(connection: Connection) -> None:
    """A row in every table, of an erased test merchant and of a live one."""
    connection.exec_driver_sql(insert("merchants", merchant_id="t", mode="test", erased_at=MOMENT))
    connection.exec_driver_sql(insert("merchants", test_merchant_id="t"))
    connection.exec_driver_sql(insert("api_keys"))
    connection.exec_driver_sql(insert("merchant_clocks", merchant_id="t"))
    for merchant_id in ("t", "m"):
        for table in _tables():
            own = {"file_id": "left"} if table == "file_leftovers" else {}
            connection.exec_driver_sql(insert(table, merchant_id=merchant_id, **own))


def _tables() -> Iterable[str]:
    return (table for table in SOUND if table not in OF_LIVE_MERCHANTS | OF_NO_MERCHANT)


def _counts(connection: Connection, merchant_id: str) -> dict[str, int]:
    sql = "SELECT count(*) FROM {} WHERE merchant_id = '{}'"
    names = metadata.tables.keys() - OF_NO_MERCHANT
    counted = {name: connection.exec_driver_sql(sql.format(name, merchant_id)).scalar() for name in names}
    return {name: int(count) for name, count in counted.items() if count}


async def test_every_row_of_an_erased_merchant_goes_and_no_other(database_url: str) -> None:
    await run(database_url, _fill)
    live = await run(database_url, lambda connection: _counts(connection, "m"))
    assert live.keys() == metadata.tables.keys() - {"merchant_clocks"} - OF_NO_MERCHANT
    database = Database(database_url, pool_size=1)
    while await delete_erased(database, MONDAY):
        pass
    await database.close()
    assert await run(database_url, lambda connection: _counts(connection, "t")) == LEFT
    assert await run(database_url, lambda connection: _counts(connection, "m")) == live
