import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from app.engine.model.late_interest import constant_interest
from app.service.schema import revision
from app.store import documents
from app.store.database import Database
from app.store.migrate import config, downgrade, head, upgrade
from app.store.tables import metadata
from tests.serving import recourse
from tests.store.rows import CHECKS, SOUND, fill, insert, run

SCRIPTS = ScriptDirectory.from_config(config("sqlite://"))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
STARTS = {*REVISIONS[::8], *REVISIONS[-8:]}
"""The versions from which every run migrates rows. `make soak` begins at each version."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def blank_url(request: pytest.FixtureRequest) -> str:
    """A database without a table, first of one kind and then of the other."""
    url: str = request.getfixturevalue(f"blank_{request.param}_url")
    return url


def on(url: str, work: Any) -> Any:
    return asyncio.run(run(url, work))


def tables(url: str) -> set[str]:
    return set(on(url, lambda connection: inspect(connection).get_table_names()))


def counts(url: str) -> dict[str, int]:
    """How many rows each of our tables has. Triggers add to the outbox and to the changes of reports, and a migration
    has the reports counted again."""

    def count(connection: Connection) -> dict[str, int]:
        there = inspect(connection).get_table_names()
        rows = {table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in there}
        return {
            table: int(number or 0)
            for table, number in rows.items()
            if table in SOUND.keys() - {"outbox", "report_changes", "report_entries", "report_sums"}
        }

    counts: dict[str, int] = on(url, count)
    return counts


def test_there_is_one_newest_version() -> None:
    assert SCRIPTS.get_heads() == [head()]


def test_every_table_has_a_sound_row_to_migrate() -> None:
    assert set(SOUND) == set(metadata.tables)


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrations_make_what_the_code_describes(blank_url: str) -> None:
    upgrade(blank_url)

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    assert on(blank_url, differences) == []


def test_the_migrations_make_every_check_that_the_code_describes(blank_url: str) -> None:
    """Autogeneration does not compare checks."""
    upgrade(blank_url)

    def checks(connection: Connection) -> dict[str, set[str | None]]:
        there = inspect(connection)
        return {table: {check["name"] for check in there.get_check_constraints(table)} for table in CHECKS}

    assert on(blank_url, checks) == CHECKS


def test_the_migrations_make_every_index_that_the_code_describes(blank_url: str) -> None:
    """SQLAlchemy does not reflect an index of an expression on SQLite, so the names are compared."""
    upgrade(blank_url)

    def names(connection: Connection) -> set[str]:
        on_sqlite = connection.dialect.name == "sqlite"
        query = "SELECT name FROM sqlite_master" if on_sqlite else "SELECT indexname FROM pg_indexes"
        return set(connection.exec_driver_sql(query).scalars())

    described = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    assert described <= on(blank_url, names)


@pytest.mark.parametrize(
    "revision",
    [revision if revision in STARTS else pytest.param(revision, marks=pytest.mark.soak) for revision in REVISIONS],
)
def test_from_every_version_rows_come_up_to_the_newest_and_back(blank_url: str, revision: str) -> None:
    upgrade(blank_url, revision)
    on(blank_url, fill)
    before = counts(blank_url)
    assert set(before.values()) == {1}
    upgrade(blank_url)
    assert {table: number for table, number in counts(blank_url).items() if table in before} == before
    downgrade(blank_url, revision)
    assert counts(blank_url) == before


def test_a_payment_that_was_confirmed_for_two_claims_settles_the_first(blank_url: str) -> None:
    paid = '{"claim_id": "c", "buyer_payment":{"payment_id": "p", "amount": 500}}'

    def confirm_twice(connection: Connection) -> None:
        fill(connection)
        connection.exec_driver_sql(f"UPDATE claims SET document = '{paid}'")
        connection.exec_driver_sql(insert("claims", claim_id="b", document=paid))
        connection.exec_driver_sql(insert("payments", payment_id="p2", position=2))

    upgrade(blank_url, "0008")
    on(blank_url, confirm_twice)
    upgrade(blank_url)
    settles = "SELECT payment_id, settles FROM payments ORDER BY payment_id"
    rows = on(blank_url, lambda connection: [tuple(row) for row in connection.exec_driver_sql(settles)])
    assert rows == [("p", "b"), ("p2", None)]


def test_a_template_names_the_note_of_a_retraction_by_the_name_of_its_version(blank_url: str) -> None:
    def template(connection: Connection) -> Any:
        return connection.exec_driver_sql("SELECT event, text FROM message_templates WHERE version = 2").one()

    def insert_template(connection: Connection) -> None:
        fill(connection)
        text = "{{ order_id }} {{ withdrawal_note }}"
        connection.exec_driver_sql(insert("message_templates", event="claim.withdrawn", version=2, text=text))

    upgrade(blank_url, "0009")
    on(blank_url, insert_template)
    upgrade(blank_url)
    assert tuple(on(blank_url, template)) == ("claim.retracted", "{{ order_id }} {{ retraction_note }}")
    downgrade(blank_url, "0009")
    assert tuple(on(blank_url, template)) == ("claim.withdrawn", "{{ order_id }} {{ withdrawal_note }}")


def test_a_refund_keeps_its_interest_for_a_year_as_a_rule(blank_url: str) -> None:
    def refund_of(percent: int) -> str:
        names = {name: f"{name}-{percent}" for name in ("refund_id", "payment_id", "idempotency_key")}
        return insert("refunds", late_interest_percent=percent, **names)

    def owe(connection: Connection) -> None:
        fill(connection)
        connection.exec_driver_sql("DELETE FROM refunds")
        for position, percent in enumerate((0, 15, 20), start=2):
            connection.exec_driver_sql(insert("payments", payment_id=f"payment_id-{percent}", position=position))
            connection.exec_driver_sql(refund_of(percent))

    def column(name: str) -> list[Any]:
        query = f"SELECT {name} FROM refunds ORDER BY refund_id"
        return list(on(blank_url, lambda connection: connection.exec_driver_sql(query).scalars().all()))

    upgrade(blank_url, "0011")
    on(blank_url, owe)
    upgrade(blank_url)
    rules = [documents.late_interest(rule) for rule in column("late_interest_rule")]
    assert rules == [None, constant_interest(15, ""), constant_interest(20, "")]
    downgrade(blank_url, "0011")
    assert column("late_interest_percent") == [0, 15, 20]


def test_orders_that_are_there_get_the_words_that_find_them(blank_url: str) -> None:
    def name_goods_and_buyer(connection: Connection) -> None:
        fill(connection)
        connection.exec_driver_sql("UPDATE order_lines SET sku = 'CUP-7', title = '유리컵'")
        connection.exec_driver_sql("UPDATE buyers SET name = 'Mina', email = 'mk@example.com', phone_ending = '5678'")

    upgrade(blank_url, "0038")
    on(blank_url, name_goods_and_buyer)
    upgrade(blank_url)
    words = "SELECT source, word FROM order_words WHERE merchant_id = 'm' AND order_id = 'o' ORDER BY source, word"
    rows = on(blank_url, lambda connection: [tuple(row) for row in connection.exec_driver_sql(words)])
    of_buyer = [("buyer", word) for word in ("5678", "mina", "mkexamplecom")]
    assert rows == [*of_buyer, *(("order", word) for word in ("cup7", "o", "유리컵"))]


def test_orders_that_are_there_get_their_place_on_the_board(blank_url: str) -> None:
    def want(connection: Connection) -> None:
        fill(connection)
        connection.exec_driver_sql("UPDATE orders SET wanted_on = '2026-06-20'")
        connection.exec_driver_sql("UPDATE order_lines SET deliver_on = '2026-06-15'")

    def board(connection: Connection) -> list[tuple[bool, str]]:
        rows = connection.exec_driver_sql("SELECT to_ship, wanted_first_on FROM orders")
        return [(bool(row[0]), str(row[1])) for row in rows]

    upgrade(blank_url, "0063")
    on(blank_url, want)
    upgrade(blank_url)
    assert on(blank_url, board) == [(True, "2026-06-15")]
    downgrade(blank_url, "0063")
    on(
        blank_url,
        lambda connection: connection.exec_driver_sql("UPDATE order_lines SET shipped = quantity - cancelled"),
    )
    upgrade(blank_url)
    assert on(blank_url, board) == [(False, "None")]


def test_a_full_downgrade_leaves_no_table(blank_url: str) -> None:
    upgrade(blank_url)
    on(blank_url, fill)
    downgrade(blank_url, "base")
    assert tables(blank_url) == {"alembic_version"}
    upgrade(blank_url)
    on(blank_url, fill)


def test_a_migration_that_fails_leaves_nothing(blank_url: str) -> None:
    on(blank_url, lambda connection: connection.exec_driver_sql("CREATE TABLE refunds (in_the_way INTEGER)"))
    with pytest.raises(DBAPIError):
        upgrade(blank_url)
    assert tables(blank_url) == {"refunds"}


@pytest.mark.parametrize(
    "kind",
    [
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
    ],
)
def test_a_second_migration_at_the_same_moment_waits_for_the_first(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> None:
    url: str = request.getfixturevalue(f"blank_{kind}_url")
    started = [recourse("migrate", url, tmp_path / f"log-{number}") for number in range(4)]
    ends = [process.wait(60) for process in started]
    assert (ends, on(url, versions)) == ([0, 0, 0, 0], [head()])


def versions(connection: Connection) -> list[str]:
    return list(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())


async def test_before_the_first_migration_there_is_no_version(blank_url: str) -> None:
    database = Database(blank_url)
    assert await revision(database) is None
    await asyncio.to_thread(upgrade, blank_url)
    assert await revision(database) == head()
    await database.close()


def test_reports_of_fewer_spans_are_counted_again(blank_url: str) -> None:
    upgrade(blank_url, "0068")
    on(blank_url, fill)
    upgrade(blank_url)
    heads = "SELECT recounting, recounted_to FROM report_heads"
    assert on(blank_url, lambda connection: [tuple(row) for row in connection.exec_driver_sql(heads)]) == [
        ("claim", "")
    ]
    sums = "SELECT count(*) FROM report_sums"
    assert on(blank_url, lambda connection: connection.exec_driver_sql(sums).scalar()) == 0
