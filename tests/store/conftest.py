"""A database of release 0.1.0, as it was and as the migrations leave it. The second is made once and then copied."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app.store.migrate import upgrade
from tests import databases
from tests.postgres import Server
from tests.store.filled import load
from tests.store.rows import run

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def fill_as_0_1_0(url: str) -> str:
    upgrade(url, "0009")
    asyncio.run(run(url, load))
    return url


@pytest.fixture(params=KINDS)
def url_of_0_1_0(request: pytest.FixtureRequest) -> str:
    """The database of 0.1.0, first of one kind and then of the other."""
    return fill_as_0_1_0(request.getfixturevalue(f"blank_{request.param}_url"))


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("upgraded") / "recourse.db"
    upgrade(fill_as_0_1_0(databases.sqlite_url_of(file)))
    databases.make_one_file(file)
    return file


@pytest.fixture(scope="session")
def upgraded_database(postgres_server: Server, home: Path, worker: str) -> Iterator[str]:
    url = databases.create(postgres_server, home, f"{worker}_upgraded")
    upgrade(fill_as_0_1_0(url))
    yield url
    databases.drop(postgres_server, url)


@pytest.fixture
def sqlite_copy(upgraded_file: Path, tmp_path: Path) -> str:
    return databases.sqlite_url_of(Path(shutil.copyfile(upgraded_file, tmp_path / "recourse.db")))


@pytest.fixture
def postgres_copy(upgraded_database: str, postgres_server: Server, home: Path, worker: str) -> Iterator[str]:
    options = f"TEMPLATE {make_url(upgraded_database).database} STRATEGY file_copy"
    url = databases.create(postgres_server, home, f"{worker}_copy", options)
    yield url
    databases.drop(postgres_server, url)


@pytest.fixture(params=KINDS)
def upgraded_url(request: pytest.FixtureRequest) -> str:
    """A copy of the database of 0.1.0 that was migrated to the newest version."""
    url: str = request.getfixturevalue(f"{request.param}_copy")
    return url
