"""Databases for tests: `database_url` for both kinds, `postgres_url` or `sqlite_url` for one kind.

All are migrated and empty, and a test has its database to itself. The process that controls the run makes a
directory; the first test that needs a server starts it there, whichever worker it runs in, and the
server stops with the run, even if the run is killed (see `tests.postgres`).
"""

import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.postgres import Server, server_home
from tests.storefront import Storefront, storefront

HOME = pytest.StashKey[Path]()
WORKER = pytest.StashKey[str]()
ON_POSTGRES = {"postgres_url", "blank_postgres_url", "postgres_server"}


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process makes the home of the server, and sends its path to the workers."""
    worker_input: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker_input is not None:
        config.stash[HOME] = Path(worker_input["recourse_home"])
        config.stash[WORKER] = worker_input["workerid"]
        return
    stack = ExitStack()
    config.add_cleanup(stack.close)
    config.stash[HOME] = home = stack.enter_context(server_home())
    config.stash[WORKER] = "alone"
    stack.callback(partial(databases.drop_external, home))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Called by pytest-xdist, in the controlling process, before it starts a worker."""
    node.workerinput["recourse_home"] = str(node.config.stash[HOME])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if ON_POSTGRES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.postgres)


def pytest_collection_finish() -> None:
    """Thousands of tests and their modules are no garbage. The collector need not look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def home(pytestconfig: pytest.Config) -> Path:
    return pytestconfig.stash[HOME]


@pytest.fixture(scope="session")
def worker(pytestconfig: pytest.Config) -> str:
    return pytestconfig.stash[WORKER]


@pytest.fixture(scope="session")
def postgres_server(home: Path) -> Server:
    """The server of the run; for tests about the server itself."""
    return databases.postgres_server(home)


@pytest.fixture(scope="session")
def worker_database(postgres_server: Server, home: Path, worker: str) -> str:
    return databases.create_migrated(postgres_server, home, worker)


@pytest.fixture
def postgres_url(postgres_server: Server, worker_database: str) -> Iterator[str]:
    """A migrated, empty PostgreSQL database. Its URL is the same for every test of a worker.

    Only rows are deleted. A test that changes the schema takes `blank_postgres_url`.
    """
    yield worker_database
    databases.wipe(postgres_server, worker_database)


@pytest.fixture
def blank_postgres_url(postgres_server: Server, home: Path, worker: str) -> Iterator[str]:
    """A PostgreSQL database without a table, for tests of the migrations; dropped afterwards."""
    url = databases.create(postgres_server, home, f"{worker}_blank")
    yield url
    databases.drop(postgres_server, url)


@pytest.fixture
def sqlite_url(home: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite file."""
    return databases.copy_sqlite(home, tmp_path / "recourse.db")


@pytest.fixture
def blank_sqlite_url(tmp_path: Path) -> str:
    """An SQLite file yet to be made, for tests of the migrations."""
    return databases.sqlite_url_of(tmp_path / "blank.db")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database, first of one kind and then of the other."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Storefront]:
    """A storefront with an admin key, on each kind of database in turn."""
    async with storefront(database_url) as opened:
        yield opened
