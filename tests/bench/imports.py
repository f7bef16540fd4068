"""`make bench-imports`: how long the service and its command line take to import, next to four libraries that any such
service imports.

All programs take turns, so that other work on the machine meets all of them. The times are processor time of the whole
process, with the start of the interpreter. The byte code is there, as it is in an installed service.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Program:
    name: str
    arguments: tuple[str, ...]


PROGRAMS = (
    Program("fastapi, pydantic, sqlalchemy, alembic", ("-c", "import fastapi, pydantic, sqlalchemy, alembic")),
    Program("recourse --help", ("-m", "app", "--help")),
    Program("import app.main", ("-c", "import app.main")),
    Program("app.main.create_app()", ("-c", "from app.main import create_app; create_app()")),
)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.bench.imports", description=__doc__)
    options.add_argument("--rounds", type=int, default=9, help="how often all programs take turns")
    chosen = options.parse_args()
    seconds: list[list[float]] = [[] for _ in PROGRAMS]
    for program in PROGRAMS:
        processor_seconds(program)  # writes the byte code
    for _ in range(chosen.rounds):
        for program, spent in zip(PROGRAMS, seconds, strict=True):
            spent.append(processor_seconds(program))
    _print(seconds, chosen.rounds)


def processor_seconds(program: Program) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([sys.executable, *program.arguments], stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{program.name} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def _print(seconds: Sequence[Sequence[float]], rounds: int) -> None:
    print(f"Imports: medians of {rounds} rounds, processor time")
    for program, spent in zip(PROGRAMS, seconds, strict=True):
        ratios = [one / libraries for one, libraries in zip(spent, seconds[0], strict=True)]
        print(f"  {program.name:<40} {median(spent):6.2f} s {median(ratios):8.2f} of the first")


if __name__ == "__main__":
    main()
