"""`recourse serve` in a process of its own: started, killed, ended and started again.

The service picks its port by itself; where it listens is read from its log.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
_LISTENING = re.compile(r"running on (http://\S+)")
_PATIENCE = 60.0
_LIFELINE = os.pipe()
"""Child processes read from this pipe, and nothing is written to it. It closes with this process, and then they end."""


@dataclass
class Service:
    """One `recourse serve`. `url` is where it listens, and where it will listen again after a restart."""

    database_url: str
    log: Path
    settings: dict[str, str]
    url: str = ""
    command: str = "serve"
    _process: subprocess.Popen[bytes] | None = None
    _began: int = 0

    def start(self) -> None:
        self.launch()
        self.until_alive()

    def launch(self) -> None:
        port = self.url.rpartition(":")[2] or "0"
        self._began = self.log.stat().st_size if self.log.exists() else 0
        self._process = recourse(self.command, self.database_url, self.log, RECOURSE_PORT=port, **self.settings)

    def until_alive(self) -> None:
        self.url = self._patiently(self._address)
        self._patiently(self._alive)

    def kill(self) -> None:
        """Kill the process, without a shutdown."""
        self._signal(signal.SIGKILL)
        self.wait()

    def terminate(self) -> None:
        """Ask the process to end, as an orchestrator does, and do not wait."""
        self._signal(signal.SIGTERM)

    def wait(self) -> int:
        """The exit status, once the process has ended."""
        return self._running.wait(_PATIENCE)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.terminate()
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the service has not been started"
        return self._process

    def _signal(self, number: signal.Signals) -> None:
        self._running.send_signal(number)

    def _address(self) -> str | None:
        match = _LISTENING.search(self.log.read_bytes()[self._began :].decode())
        return match[1] if match else None

    def _alive(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def _patiently(self, look: Callable[[], T | None]) -> T:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._running.poll() is None:
            if value := look():
                return value
            time.sleep(0.02)
        raise AssertionError(f"the service did not start:\n{self.log.read_text()}")


@contextmanager
def serving(database_url: str, log: Path, **settings: Any) -> Iterator[Service]:
    """A service on a migrated database; `settings` as in `pool_size=4`."""
    with services(database_url, log, **settings) as (service,):
        yield service


@contextmanager
def services(database_url: str, *logs: Path, **settings: Any) -> Iterator[list[Service]]:
    """One service for each log, on one database. They start at the same time."""
    variables = {f"RECOURSE_{name.upper()}": str(value) for name, value in settings.items()}
    services = [Service(database_url, log, variables) for log in logs]
    try:
        for service in services:
            service.launch()
        for service in services:
            service.until_alive()
        yield services
    finally:
        for service in services:
            service.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def recourse(command: str, database_url: str, log: Path, **environment: str) -> subprocess.Popen[bytes]:
    """The command line in a process of its own, with no variable of the caller's; it writes to `log`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RECOURSE_")}
    with log.open("ab") as target:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.tied", *command.split()],
            stdin=_LIFELINE[0],
            stdout=target,
            stderr=target,
            cwd=ROOT,
            env={**clean, "RECOURSE_DATABASE_URL": database_url, **environment},
            start_new_session=True,  # an interrupt at the terminal is for the test run, which stops the service
        )
