"""The database stops while the service works, and starts again."""

import asyncio
import signal
from pathlib import Path

import httpx
import pytest

from tests.audit import audit
from tests.faults.conftest import RestartableServer
from tests.faults.load import load_on
from tests.serving import serving
from tests.storefront import ORDER


@pytest.fixture(
    params=[
        pytest.param(("over_tcp", signal.SIGINT), id="shut down"),
        pytest.param(("over_tcp", signal.SIGQUIT), id="crashed"),
        pytest.param(("over_socket", signal.SIGINT), id="shut down, reached by its socket"),
    ]
)
def outage(request: pytest.FixtureRequest) -> tuple[RestartableServer, signal.Signals]:
    name, how = request.param
    return request.getfixturevalue(name), how


@pytest.mark.postgres
async def test_while_the_database_is_gone_the_service_says_so_and_recovers_by_itself(
    outage: tuple[RestartableServer, signal.Signals], tmp_path: Path
) -> None:
    server, how = outage
    with serving(server.url, tmp_path / "log") as service:
        async with load_on(service.url, server.url) as load:
            async with load.running():
                await load.promises(40)
                await asyncio.to_thread(server.stop, how)
                await asyncio.sleep(0.5)
                assert await health(service.url) == {"/healthz": 200, "/readyz": 503}
                await asyncio.to_thread(server.start)
                await load.promises(40)
            assert {summary_of(answer) for answer in load.unwell} == {
                (503, "application/problem+json", "database_unavailable", "1")
            }
            assert load.lost == 0
            assert await health(service.url) == {"/healthz": 200, "/readyz": 200}
            assert await load.broken_promises() == []
            assert await load.unsettled() == []
            assert await audit(server.url) == []


@pytest.mark.postgres
async def test_a_restart_between_requests_fails_no_request(over_socket: RestartableServer, tmp_path: Path) -> None:
    """Every pooled connection is broken. The pool discards broken connections before it lends one."""
    with serving(over_socket.url, tmp_path / "log") as service:
        async with load_on(service.url, over_socket.url) as load:

            async def push(number: int) -> int:
                return (await load.shop.put(f"/v1/orders/order-{number}", ORDER)).status_code

            await asyncio.gather(*map(push, range(40)))
            await asyncio.to_thread(over_socket.restart)
            after = [await push(number) for number in range(20)]
    assert after == [200] * 20


async def health(url: str) -> dict[str, int]:
    async with httpx.AsyncClient(base_url=url) as http:
        return {path: (await http.get(path)).status_code for path in ("/healthz", "/readyz")}


def summary_of(answer: httpx.Response) -> tuple[int, str, str, str | None]:
    kind = answer.headers["Content-Type"]
    return answer.status_code, kind, answer.json()["code"], answer.headers.get("Retry-After")
