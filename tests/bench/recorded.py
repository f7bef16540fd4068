"""The SQL of one request, recorded from the service, as a pgbench script and as a bare SQLite loop."""

import re
import sqlite3
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import program
from tests.store.watching import RecordedStatement, record_statements


@dataclass(frozen=True)
class Figures:
    """Requests or transactions a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


async def record(work: Callable[[], Awaitable[Any]]) -> list[RecordedStatement]:
    """What `work` sends to the database, with its parameters."""
    statements: list[RecordedStatement] = []
    with record_statements(statements.append):
        await work()
    return statements


@dataclass
class Script:
    """A pgbench script: values are bound as `-D` variables; `fresh` ones are new in each transaction."""

    lines: list[str]
    variables: dict[str, str]


def pgbench_script(
    statements: list[RecordedStatement], fresh: dict[Any, str], *, setup: list[str], transaction: bool
) -> Script:
    """`fresh` maps recorded values to the pgbench variables that stand for them."""
    script = Script(lines=[*setup], variables={})
    body = [_bound(statement, values, fresh, script.variables) + ";" for statement, values in statements]
    script.lines += ["BEGIN;", *body, "END;"] if transaction else body
    return script


def _bound(statement: str, values: tuple[Any, ...], fresh: dict[Any, str], variables: dict[str, str]) -> str:
    def replaced(match: re.Match[str]) -> str:
        value = values[int(match.group(1)) - 1]
        if value is None:
            return "NULL"
        if value in fresh:
            return f":{fresh[value]}"
        name = f"v{len(variables)}"
        variables[name] = value.isoformat() if hasattr(value, "isoformat") else str(value).replace("\n", " ")
        return f":{name}"

    return re.sub(r"\$(\d+)", replaced, " ".join(statement.split()))


def run_pgbench(script: Script, *, url: str, folder: Path, clients: int, seconds: int) -> Figures:
    for old in folder.glob("pgbench_log*"):
        old.unlink()
    file = folder / "script.sql"
    file.write_text("\n".join(script.lines))
    defines = [part for name, value in script.variables.items() for part in ("-D", f"{name}={value}")]
    log = folder / "pgbench_log"
    command = [
        program("pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(seconds),
        "-l", "--log-prefix", str(log), "-f", str(file), *defines, url,
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    rate = re.search(r"tps = ([\d.]+)", result.stdout)
    if result.returncode or rate is None:
        raise RuntimeError(f"pgbench failed: {result.stderr[-2000:]}")
    times = sorted(int(line.split()[2]) for part in folder.glob("pgbench_log*") for line in part.open())
    return Figures(float(rate[1]), times[len(times) // 2] / 1000, times[int(len(times) * 0.99)] / 1000)


def run_bare_sqlite(path: str, statements: list[RecordedStatement], fresh: set[Any], *, seconds: float) -> Figures:
    """The same statements in one thread with nothing around them; each fresh value gets a number at its end."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=NORMAL")
    times: list[float] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            bound = [f"{began:.9f}{len(times)}" if value in fresh else value for value in values]
            connection.execute(statement, bound).fetchall()
        connection.execute("COMMIT")
        times.append(time.perf_counter() - began)
    connection.close()
    times.sort()
    return Figures(len(times) / seconds, times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000)
