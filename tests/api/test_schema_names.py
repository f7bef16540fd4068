"""The names of the schemas in the OpenAPI document are nouns for readers, and not the names of classes."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

Document = dict[str, Any]

_INTERNAL = ("Alive", "Body", "In", "NothingIn", "Out", "Ready", "Row", "Snapshot", "Told", "View", "Void")
"""Endings that name a part of the code and not a resource of the API. `PolicyPageRow` is a row of a page."""
_BARE = {
    "Data",
    "Ends",
    "Kind",
    "Limit",
    "Nature",
    "Reason",
    "Record",
    "Role",
    "Roll",
    "State",
    "Status",
    "Step",
    "Unit",
}
_WITHOUT_FIELDS = (
    *("confirm_approval", "request_refund_account", "resend_delivery", "revoke_api_key", "rotate_webhook_secret"),
    *("send_test_event", "publish_rules", "erase_order_buyer", "erase_buyer", "reset_refund_breaker"),
)
_SHARED = {
    **dict.fromkeys(("open_claim", "quote_claim"), "ClaimRequest"),
    "quote_edit": "EditClaimRequest",
    "quote_edit_for_buyer": "EditClaimForBuyerRequest",
    **dict.fromkeys(_WITHOUT_FIELDS, "EmptyRequest"),
    "report_refund_processing": "RefundProcessingReport",
    "report_refund_succeeded": "RefundPaidReport",
    **{f"report_refund_{report}": "RefundReport" for report in ("failed", "unknown")},
    "request_address_change": "AddressChangeRequest",
    "request_option_change": "OptionChangeRequest",
    "request_address_change_for_buyer": "AddressChangeRequest",
    "choose_delivery_dates_for_buyer": "ChooseDeliveryDatesRequest",
    "quote_claim_for_buyer": "OpenClaimForBuyerRequest",
    "request_link_by_lookup": "BuyerLookupRequest",
    "add_answer_for_buyer": "AnswerQuestionForBuyerRequest",
    "put_refund_account_for_buyer": "PutRefundAccountRequest",
    "request_option_change_for_buyer": "OptionChangeForBuyerRequest",
}
"""Bodies of several operations, and bodies whose operation already has the verb `request`."""


@pytest.fixture(scope="module")
def document(service: FastAPI) -> Document:
    return service.openapi()


def test_no_schema_has_a_name_of_the_code(document: Document) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"([A-Z][a-z]+)+", name), name
        assert schema["title"] == name
        assert name not in _BARE
        assert name == "PolicyPageRow" or not re.search(rf"({'|'.join(_INTERNAL)})$", name), name


def test_a_body_is_named_for_its_operation(document: Document) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                ((_, content),) = operation["requestBody"]["content"].items()
                verb_noun = operation["operationId"]
                usual = "".join(word.capitalize() for word in verb_noun.split("_")) + "Request"
                name = content["schema"]["$ref"].rpartition("/")[2]
                assert name == _SHARED.get(verb_noun, usual), verb_noun


@pytest.mark.parametrize(
    ("resource", "event"),
    [
        ("Claim", "claim.approved"),
        ("Refund", "refund.created"),
        ("Order", "order.shipped"),
        ("Contact", "claim.question_asked"),
    ],
)
def test_an_event_has_the_resource_of_the_answers(document: Document, resource: str, event: str) -> None:
    schemas = document["components"]["schemas"]
    reference_of_body = document["webhooks"][event]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body = schemas[reference_of_body["$ref"].rpartition("/")[2]]
    data = schemas[body["properties"]["data"]["$ref"].rpartition("/")[2]]
    reference = {"$ref": f"#/components/schemas/{resource}"}
    assert reference.items() <= data["properties"][resource.lower()].items()
    assert data["properties"]["messages"]["items"] == {"$ref": "#/components/schemas/Message"}
    answers = [
        content["schema"]
        for operations in document["paths"].values()
        for operation in operations.values()
        for response in operation["responses"].values()
        for content in response["content"].values()
        if "schema" in content
    ]
    assert reference in answers
