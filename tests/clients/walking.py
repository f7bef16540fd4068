"""The programs of docs/clients.md that walk from order to refund, as they stand, with the installed packages."""

from pathlib import Path

from docs.clients.builder.tools import run
from tests.clients.installing import python_folder, typescript_folder

WALKED = "claim.requested claim.approved claim.received claim.accepted refund.created refund.succeeded claim.refunded"


def python_walk(url: str, key: str) -> list[str]:
    """The lines that the program prints."""
    return _printed(url, key, python_folder(), "venv/bin/python", "-W", "error", "walk.py")


def typescript_walk(url: str, key: str) -> list[str]:
    return _printed(url, key, typescript_folder(), "node", "walk.js")


def _printed(url: str, key: str, folder: Path, *program: str) -> list[str]:
    return run("env", f"RECOURSE_URL={url}", f"RECOURSE_KEY={key}", *program, cwd=folder).splitlines()
