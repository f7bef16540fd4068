"""`recourse demo`: one shop, however often the demo is started, with what the demo prints."""

import re
from pathlib import Path
from typing import Any

import httpx

from tests.serving import Service, free_port
from tests.test_cli import run


def test_the_demo_may_be_started_again_and_is_still_one_shop(blank_sqlite_url: str, tmp_path: Path) -> None:
    demo = Service(blank_sqlite_url, tmp_path / "log", {}, f"http://127.0.0.1:{free_port()}", command="demo")
    try:
        demo.start()
        first = printed_key(demo)
        there_is = what_there_is(demo, first)
        assert there_is["claims"]
        assert "/v1/orders/KR-1001/buyer-links" in demo.log.read_text()
        assert page_of_buyer(demo, first).startswith("<!DOCTYPE html>")
        assert (sign_in(demo), sign_in(demo)) == (("/desk", 200), None)
        demo.stop()
        demo.start()
        second = printed_key(demo)
        assert what_there_is(demo, second) == there_is
        assert sign_in(demo) == ("/desk", 200)
        assert status(demo, first) == 401

        rival = run(blank_sqlite_url, "demo", RECOURSE_PORT=demo.url.rpartition(":")[2])
        assert (rival.exit_code, rival.stdout) == (1, "")
        assert "is in use" in rival.stderr
        assert status(demo, second) == 200
    finally:
        demo.stop()


def printed_key(demo: Service) -> str:
    """The API key that was printed last."""
    shown: list[str] = re.findall(r"API key\s+(rk_\S+)", demo.log.read_text())
    return shown[-1]


def sign_in(demo: Service) -> tuple[str, int] | None:
    """The page that the printed words open, and its status. None if they do not work."""
    shown = dict(re.findall(r"^  (desk|mail|password|code) +(\S+)", demo.log.read_text(), re.MULTILINE))
    address = httpx.URL(shown["desk"])
    with httpx.Client(base_url=demo.url, headers={"Origin": demo.url}, trust_env=False) as browser:
        words = {"shop": address.params["shop"], "email": shown["mail"]}
        answer = browser.post(address.path, data={**words, "password": shown["password"], "code": shown["code"]})
        page = answer.headers.get("location")
        return (page, browser.get(page).status_code) if page else None


def what_there_is(demo: Service, token: str) -> dict[str, Any]:
    """The newest orders and claims. The claims of the demo wait for days, so that no deadline changes one here."""
    return {what: get(demo, token, what).json()["data"] for what in ("orders", "claims")}


def page_of_buyer(demo: Service, token: str) -> str:
    """The page behind a new link to an order of the demo."""
    headers = {"Authorization": f"Bearer {token}"}
    link = httpx.post(f"{demo.url}/v1/orders/KR-1001/buyer-links", headers=headers).raise_for_status().json()
    assert link["url"].startswith(f"{demo.url}/c?link=")
    return httpx.get(link["url"]).raise_for_status().text


def status(demo: Service, token: str) -> int:
    return get(demo, token, "orders").status_code


def get(demo: Service, token: str, what: str) -> httpx.Response:
    return httpx.get(f"{demo.url}/v1/{what}", headers={"Authorization": f"Bearer {token}"})
