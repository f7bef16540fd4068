"""A database is restored from a backup: readers of the feed are told, and miss nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from tests import databases
from tests.delivery.conftest import Desk, open_desk
from tests.postgres import Server
from tests.storefront import Storefront


class Backups:
    """Copies of a database in which nobody works."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    def restore(self) -> str:
        """Take a backup, and return the address of a database that is restored from it."""
        copy = self.folder / "restored.db"
        with (
            closing(sqlite3.connect(make_url(self.url).database or "")) as source,
            closing(sqlite3.connect(copy)) as to,
        ):
            source.backup(to)
        return databases.sqlite_url_of(copy)

    def drop(self) -> None:
        """The folder is the test's own."""


class ServerBackups(Backups):
    def __init__(self, url: str, folder: Path, server: Server) -> None:
        super().__init__(url, folder)
        self.server = server
        self.name = f"{make_url(url).database}_restored"

    def restore(self) -> str:
        self.server.sql(f"CREATE DATABASE {self.name} TEMPLATE {make_url(self.url).database} STRATEGY file_copy")
        return self.server.url_of(self.name)

    def drop(self) -> None:
        self.server.sql(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


@pytest.fixture
def backups(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Backups]:
    if database_url.startswith("sqlite"):
        yield Backups(database_url, tmp_path)
        return
    taken = ServerBackups(database_url, tmp_path, request.getfixturevalue("postgres_server"))
    yield taken
    taken.drop()


async def test_a_reader_of_lost_events_is_told_and_goes_on_without_a_loss(database_url: str, backups: Backups) -> None:
    async with open_desk(database_url) as desk:
        token, merchant_id = desk.shop.token, desk.shop.merchant_id
        await happen(desk, 3)
        at_the_backup = await read(desk.shop)
    restored = backups.restore()
    async with open_desk(database_url) as desk:
        desk.shop = Storefront(desk.shop.http, token, merchant_id, desk.shop.clock)
        desk.shop.clock.turn(hours=1)
        await happen(desk, 4)
        seen = await read(desk.shop)
        assert [event["position"] for event in seen["data"]] == [1, 2, 3, 4, 5, 6, 7]
    async with open_desk(restored) as desk:
        desk.shop = Storefront(desk.shop.http, token, merchant_id, desk.shop.clock)
        desk.shop.clock.turn(hours=2)
        lost = await desk.shop.get("/v1/events", cursor=seen["next_cursor"])
        assert (lost.status_code, lost.json()["code"]) == (410, "feed_restored")
        assert (await read(desk.shop, lost.json()["params"]["cursor"]))["data"] == []
        await happen(desk, 5)
        lost = await desk.shop.get("/v1/events", cursor=seen["next_cursor"])
        assert (lost.status_code, lost.json()["code"]) == (410, "feed_restored")
        new = (await read(desk.shop, lost.json()["params"]["cursor"]))["data"]
        assert [event["position"] for event in new] == [4, 5, 6, 7, 8]
        assert not {event["event_id"] for event in new} & {event["event_id"] for event in seen["data"]}
        assert (await read(desk.shop, at_the_backup["next_cursor"]))["data"] == new


async def test_a_cursor_of_an_earlier_release_goes_on_and_is_refused_beyond_the_end(database_url: str) -> None:
    async with open_desk(database_url) as desk:
        await happen(desk, 2)
        assert [event["position"] for event in (await read(desk.shop, "WzFd"))["data"]] == [2]  # [1]
        lost = await desk.shop.get("/v1/events", cursor="WzNd")  # [3]
        assert (lost.status_code, lost.json()["code"], lost.json().get("params")) == (410, "feed_restored", None)


async def happen(desk: Desk, times: int) -> None:
    await desk.happen(times)
    await desk.fan_out()


async def read(shop: Storefront, cursor: str | None = None) -> dict[str, Any]:
    answer = await shop.get("/v1/events", **({"cursor": cursor} if cursor else {}))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
