"""Commands, and tools that a lock file pins: installed once for each state of that file."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

NPM_INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


class BuildError(Exception):
    """Says in a sentence what is missing, or what a command has printed before it failed."""


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """What a command prints. It must succeed. It gets no variable of the service's and none of Python's."""
    ours = ("RECOURSE_", "PYTHON")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    result = subprocess.run(  # noqa: S603 # commands of our own
        [str(part) for part in command],
        cwd=cwd,
        env={**environment, **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if result.returncode != 0:
        raise BuildError(f"{Path(command[0]).name} has failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def installed(home: Path, lock: Path, *commands: tuple[str | Path, ...]) -> Path:
    """A folder of `home` where the commands have installed what the lock file names."""
    target = home / f"{lock.parent.name}-{digest([lock])}"
    with exclusively(home):
        if not (target / "complete").exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            for path in {lock, lock.with_name("package.json")}:
                if path.exists():
                    shutil.copy(path, target)
            for command in commands:
                run(*command, cwd=target)
            (target / "complete").touch()
    return target


@contextmanager
def exclusively(home: Path) -> Iterator[None]:
    """Only one process at a time works in a folder."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(paths: Iterable[Path], *texts: str) -> str:
    """A name for a state of files and texts."""
    state = hashlib.sha256()
    for path in sorted(paths):
        state.update(f"{path.name}\n".encode() + path.read_bytes())
    for text in texts:
        state.update(text.encode())
    return state.hexdigest()[:16]


def files_under(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def need_npm() -> None:
    if shutil.which("npm") is None:
        raise BuildError(
            "the TypeScript client needs Node.js 20.3 or later with npm; install both, then run this again"
        )
