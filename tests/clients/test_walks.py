"""The programs of docs/clients.md walk from order to refund, as they stand, with the installed packages."""

from pathlib import Path

from docs.clients.builder.tools import run
from tests.clients.conftest import NEEDS_NPM

WALKED = "claim.requested claim.approved claim.received claim.accepted refund.created refund.succeeded claim.refunded"
ARTICLE = "KR E-Commerce Act 17(1)1; KR Civil Act 157, 159, 161"


def test_the_python_client_walks_from_order_to_refund(python_client_folder: Path, service: tuple[str, str]) -> None:
    assert _walked(service, python_client_folder, "venv/bin/python", "-W", "error", "walk.py") == [
        "quoted 9000",
        f"no_ground_for_rejection ['{ARTICLE}']",
        WALKED,
    ]


@NEEDS_NPM
def test_the_typescript_client_walks_from_order_to_refund(
    typescript_client_folder: Path, service: tuple[str, str]
) -> None:
    assert _walked(service, typescript_client_folder, "node", "walk.js") == [
        "quoted 9000",
        f"no_ground_for_rejection [ '{ARTICLE}' ]",
        WALKED,
    ]


def _walked(service: tuple[str, str], folder: Path, *command: str) -> list[str]:
    """A user gives the address and the key in the environment."""
    url, key = service
    program = ("env", f"RECOURSE_URL={url}", f"RECOURSE_KEY={key}", *command)
    return run(*program, cwd=folder).splitlines()
