"""`recourse serve` as `make bench` measures it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

HOST = "127.0.0.1"
UNLIMITED = {"RECOURSE_KEY_REQUESTS_PER_MINUTE": "1000000", "RECOURSE_KEY_BURST": "100000"}
"""One key sends more than the default limit. Its requests are counted all the same."""


@contextmanager
def served(url: str, folder: Path, **more: str) -> Iterator[str]:
    """One uvicorn worker as `recourse serve` runs it, with more variables."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    settings = {"RECOURSE_DATABASE_URL": url, "RECOURSE_PORT": str(port), "RECOURSE_LOG_LEVEL": "warning", **more}
    log = (folder / "serve.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "serve"], env={**os.environ, **settings}, stdout=log, stderr=log
    )
    base = f"http://{HOST}:{port}"
    try:
        _until_ready(base, process)
        yield base
    finally:
        process.terminate()
        process.wait(30)


def _until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        if process.poll() is not None:
            sys.exit(f"error: the service ended with {process.returncode}")
        try:
            httpx.get(f"{base}/readyz", timeout=1).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    sys.exit("error: the service did not become ready within 30 s")
