"""A PostgreSQL server that a test may stop and start again."""

import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.store.migrate import upgrade
from tests import postgres
from tests.postgres import RACE_BUT_DO_NOT_LAST, server_home, start


@dataclass
class RestartableServer:
    """`url` leads to a migrated database."""

    home: Path
    url: str

    def stop(self, how: signal.Signals) -> None:
        """SIGINT ends every session in order. SIGQUIT ends the server without a shutdown, as a crash does."""
        pid_file = self.home / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), how)
        assert postgres._vanishes(pid_file, seconds=10)

    def start(self) -> None:
        account = postgres._service_account()
        pg_ctl = str(postgres._reachable_binaries(self.home, account) / "pg_ctl")
        data = ["-D", str(self.home / "data"), f"--log={self.home / 'log'}"]
        postgres._run_as(account, [pg_ctl, *data, "--silent", "--wait", "start"], self.home)

    def restart(self) -> None:
        self.stop(signal.SIGINT)
        self.start()


@pytest.fixture
def over_socket() -> Iterator[RestartableServer]:
    yield from _server()


@pytest.fixture
def over_tcp() -> Iterator[RestartableServer]:
    """As in production, where the address of a server that is down refuses connections instead of missing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    yield from _server(listen_addresses="127.0.0.1", port=port)


def _server(**settings: str) -> Iterator[RestartableServer]:
    with server_home() as home:
        server = start(home, {**RACE_BUT_DO_NOT_LAST, "synchronous_commit": "on", **settings})  # outlives a crash
        url = server.url.set(database="postgres")
        if "port" in settings:
            url = url.set(host="127.0.0.1", port=int(settings["port"]), query={})
        rendered = url.render_as_string(hide_password=False)
        upgrade(rendered)
        yield RestartableServer(home, rendered)
