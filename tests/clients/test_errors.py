"""Every answer that is no success is an error of a class, with what the problem says."""

import json

import pytest

from app.api.examples import FOLDER
from tests.clients.driving import Client
from tests.clients.fronts import Front, Reply
from tests.clients.shop import new_order, wish

CLASSES = {
    400: "RecourseError",
    401: "AuthenticationError",
    403: "ForbiddenError",
    404: "NotFoundError",
    409: "ConflictError",
    410: "RecourseError",
    412: "StaleVersionError",
    418: "RecourseError",
    422: "InvalidRequestError",
    429: "RateLimitedError",
    500: "ServerError",
    507: "ServerError",
}
UNKNOWN = {"type": "urn:recourse:problem:new_code", "title": "New", "detail": "A new sentence.", "code": "new_code"}
REFUSAL = {"code": "new_refusal", "detail": "Why.", "params": {"days": 7}, "citation": "An Act 1", "field": "reason"}


@pytest.mark.parametrize(("status", "name"), CLASSES.items())
def test_the_class_is_that_of_the_status_whatever_the_code(
    client: Client, front: Front, status: int, name: str
) -> None:
    front.steps = [Reply(status, json.dumps({**UNKNOWN, "status": status}))]
    outcome = client.attempt("get_order", order_id="order-1", max_retries=0)
    assert (outcome["error"], outcome["status"], outcome["code"]) == (name, status, "new_code")
    assert (outcome["title"], outcome["detail"]) == ("New", "A new sentence.")
    assert "RecourseError" in outcome["kinds"]


def test_refusals_make_a_refused_error_with_their_articles(client: Client, front: Front) -> None:
    refusals = [REFUSAL, {**REFUSAL, "citation": None}, REFUSAL]
    front.steps = [Reply(409, json.dumps({**UNKNOWN, "status": 409, "refusals": refusals}))]
    outcome = client.attempt("get_order", order_id="order-1")
    assert outcome["error"] == "RefusedError"
    assert "ConflictError" in outcome["kinds"]
    assert outcome["refusals"] == refusals
    assert outcome["articles"] == ["An Act 1"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3600"}, 3600),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({"RateLimit": '"requests";r=0;t=30'}, 30),
        ({"RateLimit": '"requests";r=5;t=30'}, None),
        ({}, None),
    ],
    ids=str,
)
def test_a_limited_request_says_when_to_try_again(
    client: Client, front: Front, headers: dict[str, str], seconds: float | None
) -> None:
    front.steps = [Reply(429, json.dumps(UNKNOWN), headers)]
    outcome = client.attempt("get_order", order_id="order-1", max_retries=0)
    assert (outcome["error"], outcome["retry_after"]) == ("RateLimitedError", seconds)


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "", "[]", "null", '"text"'])
def test_the_answer_of_a_proxy_is_an_error_too(client: Client, front: Front, body: str) -> None:
    front.steps = [Reply(502, body, {"Content-Type": "text/html", "X-Request-Id": "req-1"})]
    outcome = client.attempt("get_order", order_id="order-1", max_retries=0)
    assert (outcome["error"], outcome["status"], outcome["code"]) == ("ServerError", 502, "http_error")
    assert outcome["request_id"] == "req-1"


@pytest.mark.parametrize("body", ["<html>Welcome to the hotel</html>", "{}x", ""])
def test_a_success_that_is_none_of_the_service_is_an_error(client: Client, front: Front, body: str) -> None:
    front.steps = [Reply(200, body, {"Content-Type": "text/html"})]
    outcome = client.attempt("get_order", order_id="order-1")
    assert (outcome["error"], outcome["status"], outcome["code"]) == ("RecourseError", 200, "unreadable_answer")


def test_a_redirect_is_not_followed(client: Client, front: Front) -> None:
    front.steps = [Reply(302, "", {"Location": f"{front.url}/elsewhere"})]
    outcome = client.attempt("open_claim", body=wish("order-1"))
    assert (outcome["error"], outcome["status"]) == ("RecourseError", 302)
    assert len(front.seen) == 1


def test_the_errors_of_the_service(served: Client) -> None:
    missing = served.attempt("get_order", order_id="nobody's")
    assert (missing["error"], missing["code"]) == ("NotFoundError", "not_found")
    assert missing["request_id"]
    order_id = new_order(served)
    invalid = served.attempt("open_claim", body={**wish(order_id), "lines": [{"line_id": "1", "quantity": 0}]})
    assert (invalid["error"], invalid["code"]) == ("InvalidRequestError", "invalid_request")
    assert [each["field"] for each in invalid["errors"]] == ["lines.0.quantity"]
    claim_id = served.call("open_claim", body=wish(order_id))["claim_id"]
    stale = served.attempt("approve_claim", claim_id=claim_id, if_match='"7"')
    assert (stale["error"], stale["code"]) == ("StaleVersionError", "stale_version")
    refused = served.attempt("reject_claim", claim_id=claim_id, body={"ground": "window_closed", "message": "No."})
    assert (refused["error"], refused["code"]) == ("RefusedError", "no_ground_for_rejection")
    assert refused["params"] == {}
    assert [each["field"] for each in refused["refusals"]] == ["ground"]
    assert refused["articles"]
    served.key = "rk_unknown"
    assert served.attempt("get_order", order_id=order_id)["error"] == "AuthenticationError"


def test_a_value_that_a_later_service_has_added_is_no_error(client: Client, front: Front) -> None:
    claim = {**json.loads((FOLDER / "claim.json").read_text()), "state": "teleported", "new_field": 1}
    front.steps = [Reply(200, json.dumps(claim))]
    read = client.call("get_claim", claim_id=claim["claim_id"])
    assert (read["state"], read["new_field"]) == ("teleported", 1)
