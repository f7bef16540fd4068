"""The rate limit of a key: how many requests a key may send, and what each answer says about it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from app.records.api_key import RateLimit, Scope
from app.service.floods import Floods
from app.service.key_limits import KeyLimits
from app.store.database import Database
from tests.api.for_tests import on_test_side
from tests.api.keys import colleague
from tests.store.watching import RecordedStatement, record_statements
from tests.storefront import Storefront

KEYS = "/v1/api-keys"


class Seconds:
    """A clock of elapsed seconds that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture(autouse=True)
def _as_before(service: FastAPI, shop: Storefront) -> Iterator[None]:
    """The tests of a module have one service."""
    before = service.state.app_state
    yield
    service.state.app_state = before


@pytest.fixture
def limited(service: FastAPI, shop: Storefront, seconds: Seconds) -> Storefront:
    """A service that gives each key 60 requests a minute, and 3 at once."""
    limits = KeyLimits(RateLimit(requests_per_minute=60, burst=3), elapsed=seconds)
    service.state.app_state = replace(service.state.app_state, key_limits=limits)
    return shop


def stands(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.headers["ratelimit"], answer.headers["ratelimit-policy"]


async def test_a_load_above_the_limit_ends_in_429_and_other_keys_go_on(
    limited: Storefront, database: Database, seconds: Seconds
) -> None:
    other = await colleague(limited, database, Scope.CLAIMS_READ)
    policy = '"key";q=3;w=3'
    answers = [await limited.get("/v1/claims") for _ in range(5)]
    assert [stands(answer) for answer in answers] == [
        (200, '"key";r=2;t=2', policy),
        (200, '"key";r=1;t=1', policy),
        (200, '"key";r=0;t=1', policy),
        (429, '"key";r=0;t=1', policy),
        (429, '"key";r=0;t=1', policy),
    ]
    refused = answers[-1]
    assert (refused.headers["retry-after"], refused.json()["code"]) == ("1", "rate_limited")
    assert refused.json()["params"] == {"requests_per_minute": 60, "burst": 3, "seconds": 1}
    assert (await other.get("/v1/claims")).status_code == 200
    seconds.now += 1
    assert [(await limited.get("/v1/claims")).status_code for _ in range(2)] == [200, 429]
    seconds.now += 60
    assert [(await limited.get("/v1/claims")).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_each_answer_about_a_key_tells_where_it_stands(limited: Storefront, seconds: Seconds) -> None:
    for path, limit, status in (("/v1/claims/none", 1, 422), ("/v1/claims", 0, 422), ("/v1/nothing", 1, 404)):
        seconds.now += 60
        assert stands(await limited.get(path, limit=limit))[0::2] == (status, '"key";q=3;w=3')
    answer = await limited.http.get("/v1/claims", headers={"Authorization": "Bearer rk_none"})
    assert (answer.status_code, "ratelimit" in answer.headers) == (401, False)
    assert "ratelimit" not in (await limited.http.get("/healthz")).headers


async def test_a_request_that_is_too_large_or_not_utf8_counts_too(limited: Storefront, seconds: Seconds) -> None:
    assert (await limited.get("/v1/claims")).status_code == 200
    too_large = await limited.post("/v1/claims", {"note": "x" * 2_000_000})
    assert stands(too_large)[:2] == (413, '"key";r=1;t=1')
    not_utf8 = await limited.http.get("/v1/claims/%FF", headers={"Authorization": f"Bearer {limited.token}"})
    assert stands(not_utf8)[:2] == (422, '"key";r=0;t=1')
    assert (await limited.get("/v1/claims")).status_code == 429


async def test_requests_that_come_at_once_before_the_key_is_known_are_counted(
    limited: Storefront, database: Database
) -> None:
    key = await colleague(limited, database, Scope.CLAIMS_READ)
    answers = await asyncio.gather(*(key.get("/v1/claims") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 429, 429]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"key";q=3;w=3'}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert (refused.headers["retry-after"], refused.json()["code"]) == ("1", "rate_limited")


@pytest.mark.parametrize("mode", ["live", "test"])
async def test_a_refusal_asks_the_database_nothing(limited: Storefront, database: Database, mode: str) -> None:
    side = limited if mode == "live" else await on_test_side(limited, database)
    for _ in range(3):
        await side.get("/v1/claims")
    statements: list[RecordedStatement] = []
    with record_statements(statements.append):
        answer = await side.get("/v1/claims")
    assert (answer.status_code, statements) == (429, [])


async def test_a_key_has_a_limit_of_its_own(limited: Storefront, seconds: Seconds) -> None:
    new = {"name": "slow", "scopes": ["claims:read"], "rate_limit": {"requests_per_minute": 1, "burst": 1}}
    key = (await limited.post(KEYS, new)).json()
    slow = Storefront(limited.http, key["secret"], limited.merchant_id, limited.clock)
    assert [stands(await slow.get("/v1/claims")) for _ in range(2)] == [
        (200, '"key";r=0;t=60', '"key";q=1;w=60'),
        (429, '"key";r=0;t=60', '"key";q=1;w=60'),
    ]
    seconds.now += 60
    changed = await limited.patch(f"{KEYS}/{key['key_id']}", {"rate_limit": None})
    assert (changed.status_code, changed.json()["rate_limit"]) == (200, None)
    await slow.get("/v1/claims")
    assert (await slow.get("/v1/claims")).headers["ratelimit-policy"] == '"key";q=3;w=3'
    (entry, *_) = (await limited.get("/v1/audit-entries", action="api_key.limited")).json()["data"]
    assert entry["changes"]["burst"] == {"before": 1, "after": None}


FASTER = ({"requests_per_minute": 61, "burst": 1}, {"requests_per_minute": 1, "burst": 4})


@pytest.mark.parametrize("faster", FASTER)
async def test_no_key_makes_a_key_faster_than_itself(
    limited: Storefront, seconds: Seconds, faster: dict[str, int]
) -> None:
    new = {"name": "n", "scopes": ["admin"]}
    refused = await limited.post(KEYS, {**new, "rate_limit": faster})
    assert (refused.status_code, refused.json()["code"]) == (409, "rate_limit_above_own")
    slow = (await limited.post(KEYS, {**new, "rate_limit": {"requests_per_minute": 6, "burst": 2}})).json()
    seconds.now += 600
    maker = Storefront(limited.http, slow["secret"], limited.merchant_id, limited.clock)
    made = (await maker.post(KEYS, new)).json()
    assert made["rate_limit"] == {"requests_per_minute": 6, "burst": 2}
    seconds.now += 600
    for change in (
        await maker.patch(f"{KEYS}/{made['key_id']}", {"rate_limit": None}),
        await maker.post(f"{KEYS}/{await _key_id(limited)}/rotate"),
    ):
        assert (change.status_code, change.json()["code"]) == (409, "rate_limit_above_own")
        seconds.now += 600


async def _key_id(shop: Storefront) -> str:
    """The key of the shop itself."""
    return str((await shop.get(KEYS, limit=100)).json()["data"][-1]["key_id"])


async def test_without_a_limit_nothing_is_counted(service: FastAPI, shop: Storefront) -> None:
    unlimited = replace(service.state.app_state, key_limits=KeyLimits(None))
    service.state.app_state = unlimited
    answers = [await shop.get("/v1/claims") for _ in range(20)]
    assert {(answer.status_code, "ratelimit" in answer.headers) for answer in answers} == {(200, False)}


async def test_a_network_with_many_invented_keys_is_refused_before_the_database(
    shop: Storefront, service: FastAPI
) -> None:
    service.state.app_state = replace(service.state.app_state, key_floods=Floods(60))
    invented = [f"rk_{shop.token.split('_')[1]}_{number:043}" for number in range(70)]
    assert (await shop.get("/v1/claims")).status_code == 200
    statuses = [await _status(shop, token) for token in invented]
    assert (statuses[0], statuses[-1]) == (401, 429)
    statements: list[RecordedStatement] = []
    with record_statements(statements.append):
        assert await _status(shop, "rk_test" + invented[0][2:]) == 429
    assert statements == []
    assert (await shop.get("/v1/claims")).status_code == 200


async def _status(shop: Storefront, token: str) -> int:
    return (await shop.http.get("/v1/claims", headers={"Authorization": f"Bearer {token}"})).status_code


async def test_no_page_of_another_origin_reads_an_answer_of_v1(shop: Storefront) -> None:
    page = {"Origin": "https://shop.example", "Authorization": f"Bearer {shop.token}"}
    asks = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    answers = [
        await shop.http.get("/v1/claims", headers=page),
        await shop.http.get("/v1/claims", headers={"Origin": "https://shop.example"}),
        await shop.http.options("/v1/claims", headers={**page, **asks}),
        await shop.http.options("/v1/nothing", headers={**page, **asks}),
    ]
    assert [answer.status_code for answer in answers] == [200, 401, 405, 404]
    assert [name for answer in answers for name in answer.headers if name.startswith("access-control-")] == []
