"""Tools that a lock file pins, installed once for each state of that file, in pytest's cache."""

import hashlib
import os
import shutil
import subprocess
import venv
from pathlib import Path

import pytest


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    """What a command prints. It must succeed. It gets no variable of the service's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RECOURSE_")}
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**environment, **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def installed(config: pytest.Config, lock: Path, *commands: tuple[str, ...]) -> Path:
    """A directory with the installed tools of a lock file: made by the commands unless the cache has it."""
    key = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    home = config.cache.mkdir(f"{lock.parent.name}-{key}")
    if (home / "complete").exists():
        return home
    for name in ("requirements.txt", "package.json", "package-lock.json"):
        if (lock.parent / name).exists():
            shutil.copy(lock.parent / name, home)
    if lock.name == "requirements.txt":
        venv.create(home / "venv", with_pip=True, clear=True)
    for command in commands:
        run(*command, cwd=home)
    (home / "complete").touch()
    return home
