"""A real HTTP server that speaks S3, in a process of its own, with one empty bucket."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

NAME = "evidence"
_RUNNING = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")


@contextmanager
def s3_server(log: Path) -> Iterator[tuple[dict[str, str], subprocess.Popen[bytes]]]:
    """The variables of the environment that lead to the server, and its process."""
    with log.open("wb") as target:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], stdout=target, stderr=target
        )
    try:
        url = _until_running(log, process)
        assert httpx.put(f"{url}/{NAME}").status_code == 200
        yield (
            {
                "AWS_ENDPOINT_URL": url,
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "key",
                "AWS_SECRET_ACCESS_KEY": "secret",
            },
            process,
        )
    finally:
        process.kill()
        process.wait()


def _until_running(log: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if match := _RUNNING.search(log.read_text()):
            return match[1]
        time.sleep(0.05)
    raise AssertionError(f"the server of the bucket did not start:\n{log.read_text()}")


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
