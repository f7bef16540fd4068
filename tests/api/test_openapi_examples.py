"""Every answer and every body of the OpenAPI document has an example, and the service accepts the examples."""

from typing import Any

import httpx
from pydantic import TypeAdapter

from tests.api.answers import ROUTES, assert_matches, method_of, name_of
from tests.api.buyer.scenes import BUYER_BODILESS, BUYER_SCENES
from tests.api.claim_commands import COMMANDS
from tests.api.claims import begin, history
from tests.api.for_tests import MOVE
from tests.api.openapi import Document, bodies, request_objects
from tests.api.scenes import BODILESS, SCENES
from tests.api.staff_scenes import OWN_BODIES
from tests.api.walks import WALKS
from tests.storefront import Storefront


def test_every_answer_is_shown_by_an_example_that_is_one(document: Document) -> None:
    for route in ROUTES:
        operation = document["paths"][route.path][method_of(route).lower()]
        successes = {status: response for status, response in operation["responses"].items() if status < "400"}
        assert set(successes) <= {"200", "201", "202", "206"}, name_of(route)
        for response in successes.values():
            for media_type, content in response["content"].items():
                assert "example" in content, (name_of(route), media_type)
                if media_type == "application/json":
                    assert route.response_model is not None
                    sent = httpx.Request("POST", "http://x", json=content["example"]).content
                    assert_matches(route.response_model, sent)


def test_every_body_is_shown_by_an_example_that_is_taken(document: Document) -> None:
    models = dict(bodies())
    assert models.keys() == (SCENES.keys() | BUYER_SCENES.keys()) - BODILESS - BUYER_BODILESS | {MOVE} | OWN_BODIES
    for name, model in models.items():
        examples = document["components"]["schemas"][model.__name__].get("examples", [])
        assert examples, name
        for example in examples:
            TypeAdapter(model).validate_python(example)


async def test_the_examples_work_as_a_story(sqlite_shop: Storefront, document: Document) -> None:
    """A reader who sends the examples one after the other gets the answers that the document shows."""
    shop = sqlite_shop
    shop.clock.turn(days=3)
    examples = {
        name: schema["examples"][0] for name, schema in request_objects(document).items() if "examples" in schema
    }
    order_id = examples["ClaimRequest"]["order_id"]
    story: list[tuple[str, str, str]] = [
        ("put", f"/v1/orders/{order_id}", "PutOrderRequest"),
        ("post", f"/v1/orders/{order_id}/confirm", "ConfirmOrderRequest"),
        ("post", f"/v1/orders/{order_id}/shipments", "ReportShipmentRequest"),
        ("post", f"/v1/orders/{order_id}/deliveries", "ReportDeliveryRequest"),
        ("post", f"/v1/orders/{order_id}/payments", "ReportPaymentRequest"),
        ("post", "/v1/claims/quote", "ClaimRequest"),
        ("post", "/v1/claims", "ClaimRequest"),
        ("post", "{claim}/hold", "HoldClaimRequest"),
        ("post", "{claim}/release", "ReleaseClaimRequest"),
        ("post", "{claim}/offers", "MakeOfferRequest"),
        ("post", "{claim}/offers/{offer}/decline", "DeclineOfferRequest"),
        ("post", "{claim}/approve", "ApproveClaimRequest"),
        ("post", "{claim}/dispatch", "DispatchGoodsRequest"),
        ("post", "{claim}/receive", "ReceiveGoodsRequest"),
        ("post", "{claim}/inspect", "InspectGoodsRequest"),
    ]
    claim = offer = ""
    for method, template, name in story:
        path = template.format(claim=claim, offer=offer)
        answer = await (shop.put if method == "put" else shop.post)(path, examples[name])
        assert answer.status_code in (200, 201), (path, answer.text)
        claim = answer.headers.get("location", claim)
        offers = answer.json().get("offers", [])
        offer = offers[0]["offer_id"] if offers else offer
    (refund,) = (await shop.get("/v1/refunds")).json()["data"]
    assert (
        refund["amount"]
        == document["paths"]["/v1/refunds/{refund_id}"]["get"]["responses"]["200"]["content"]["application/json"][
            "example"
        ]["amount"]
    )


def test_every_command_shows_where_it_leads(document: Document) -> None:
    contents = {
        path.removeprefix("/v1/claims/{claim_id}/"): operation["post"]["responses"]["200"]["content"]
        for path, operation in document["paths"].items()
        if path.removeprefix("/v1/claims/{claim_id}/") in COMMANDS
    }
    assert contents.keys() == COMMANDS.keys()
    for command, content in contents.items():
        claim = content["application/json"]["example"]
        assert claim["state"] == LEADS_TO[command], command
        assert claim["version"] > 1


LEADS_TO = {
    "approve": "approved",
    "reject": "rejected",
    "retract": "retracted",
    **dict.fromkeys(("edit", "hold", "release", "reclassify", "offers", "offers/{offer_id}/decline"), "requested"),
    "offers/{offer_id}/accept": "approved",
    "dispatch": "collecting",
    "receive": "received",
    **dict.fromkeys(("inspect", "confirm-payment", "convert"), "accepted"),
    "complete-repair": "repaired",
    "reship": "reshipping",
    "confirm-delivery": "exchanged",
    "expire": "expired",
}


def test_every_report_shows_the_refund_that_it_leaves(document: Document) -> None:
    for report in ("processing", "succeeded", "failed", "unknown"):
        operation = document["paths"][f"/v1/refunds/{{refund_id}}/{report}"]["post"]
        assert operation["responses"]["200"]["content"]["application/json"]["example"]["status"] == report


async def test_the_examples_of_a_claim_and_its_history_are_those_of_a_real_one(
    sqlite_shop: Storefront, document: Document
) -> None:
    claim = await begin(sqlite_shop, WALKS["a return at the buyer's cost"])
    (real,) = await history(sqlite_shop, claim)

    def example_of(path: str) -> Any:
        return document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"]

    (example,) = example_of("/v1/claims/{claim_id}/events")["data"]
    assert shape(example["data"]) == shape(real["data"])
    assert shape(example_of("/v1/claims/{claim_id}")["actions"]) == shape(claim["actions"])


def shape(value: Any) -> Any:
    """The fields and the nesting of a value, without the values that differ between claims."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else None
