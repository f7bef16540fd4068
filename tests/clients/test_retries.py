"""A failed request is sent again if it may succeed then, and nothing is done twice."""

import json
from typing import Any

import pytest

from tests.clients.driving import Client
from tests.clients.fronts import Front, Reply, Step, fronting
from tests.clients.shop import new_order, wish
from tests.files import photo

PROBLEM = {"type": "urn:recourse:problem:some_code", "title": "Some", "detail": "A sentence.", "code": "some_code"}
QUOTE = {"action": "quote_claim", "body": wish("order-1")}
OPEN = {"action": "open_claim", "body": wish("order-1")}
TOKEN = {"action": "create_buyer_token", "order_id": "order-1"}
ORDER = {"action": "get_order", "order_id": "order-1"}


def problem(status: int, code: str = "some_code", **headers: str) -> Reply:
    body = json.dumps({**PROBLEM, "status": status, "code": code})
    return Reply(status, body, {"Content-Type": "application/problem+json", **headers})


def test_what_was_done_before_the_answer_was_lost_is_not_done_twice(served: Client) -> None:
    order_id = new_order(served)
    with fronting(served.url) as front:
        front.steps = ["forward and break"]
        service, served.url = served.url, front.url
        claim = served.call("open_claim", body=wish(order_id))
        served.url = service
    first, second = front.seen
    assert first.key == second.key is not None
    assert (first.method, first.path, first.body) == (second.method, second.path, second.body)
    assert front.replayed == [False, True]
    listed = served.call("list_claims", limit=20, order_id=order_id)
    assert [each["claim_id"] for each in listed] == [claim["claim_id"]]


def test_a_file_is_sent_again_whole(served: Client) -> None:
    order_id = new_order(served)
    claim = served.call("open_claim", body=wish(order_id))
    content = photo("PNG")
    with fronting(served.url) as front:
        front.steps = ["break", "forward and break"]
        service, served.url = served.url, front.url
        added = served.call("add_claim_file", claim_id=claim["claim_id"], content=content.hex())
        served.url = service
    assert added["media_type"] == "image/png"
    assert len({seen.body for seen in front.seen}) == 1
    assert front.replayed == [False, True]


def test_each_call_has_a_key_of_its_own_unless_one_is_given(client: Client, front: Front) -> None:
    front.steps = [problem(404), problem(404), problem(404)]
    for given in ({}, {}, {"key": "order-1-cancel"}):
        client.attempt("open_claim", body=wish("order-1"), **given)
    first, second, third = (seen.key for seen in front.seen)
    assert first
    assert second
    assert first != second
    assert third == "order-1-cancel"


@pytest.mark.parametrize(
    ("step", "call", "requests"),
    [
        ("break", OPEN, 2),
        ("break", QUOTE, 2),
        ("break", ORDER, 2),
        ("break", TOKEN, 1),
        (problem(408), OPEN, 2),
        (problem(429), OPEN, 2),
        (problem(429), TOKEN, 2),
        (problem(500), OPEN, 2),
        (problem(502), ORDER, 2),
        (problem(503), TOKEN, 1),
        (problem(409, "idempotency_key_in_flight"), OPEN, 2),
        (problem(400), OPEN, 1),
        (problem(401), ORDER, 1),
        (problem(404), ORDER, 1),
        (problem(409), OPEN, 1),
        (problem(412), OPEN, 1),
        (problem(422), OPEN, 1),
        (problem(429, **{"Retry-After": "61"}), OPEN, 1),
    ],
    ids=lambda value: value["action"] if isinstance(value, dict) else str(getattr(value, "status", value)),
)
def test_what_is_sent_again(client: Client, front: Front, step: Step, call: dict[str, Any], requests: int) -> None:
    front.steps = [step] * 4
    assert "error" in client.attempt(**call, max_retries=1)
    assert len(front.seen) == requests
    assert len({seen.key for seen in front.seen}) == 1


@pytest.mark.parametrize("repetitions", [0, 2])
def test_the_last_error_is_raised_after_the_last_repetition(client: Client, front: Front, repetitions: int) -> None:
    front.steps = [*[problem(500)] * repetitions, problem(503, "database_unavailable")]
    outcome = client.attempt(**ORDER, max_retries=repetitions)
    assert (outcome["error"], outcome["code"]) == ("ServerError", "database_unavailable")
    assert len(front.seen) == repetitions + 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "1"},
        {"RateLimit": '"minute";r=40;t=30, "second";r=0;t=1'},
    ],
    ids=str,
)
def test_a_client_waits_as_long_as_the_service_asks(client: Client, front: Front, headers: dict[str, str]) -> None:
    front.steps = [problem(429, **headers), problem(404)]
    client.attempt(**ORDER)
    first, second = front.seen
    assert second.arrived - first.arrived >= 1.0


def test_a_service_that_does_not_listen_is_tried_again_whatever_the_request(process: Client) -> None:
    with fronting() as closed:
        process.url = closed.url
    outcome = process.attempt(**TOKEN, max_retries=1)
    assert (outcome["error"], outcome["status"], outcome["was_sent"]) == ("ConnectionFailedError", 0, False)
    assert outcome["has_cause"]


def test_no_answer_in_time_is_no_answer(client: Client, front: Front) -> None:
    front.steps = ["hang"]
    outcome = client.attempt(**ORDER, timeout=0.05, max_retries=0)
    assert (outcome["error"], outcome["was_sent"]) == ("ConnectionFailedError", True)
