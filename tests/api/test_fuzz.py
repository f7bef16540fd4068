"""Hundreds of unusual bodies, drawn from the OpenAPI document, for every route that writes."""

import json
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.answers import describe
from tests.api.api_key_scenes import NEW_KEY
from tests.api.bodies import Bodies
from tests.api.return_scenes import parcel_of_new_claim, unannounced
from tests.api.scenes import BODILESS, ELSEWHERE, ENDPOINT, SCENES
from tests.api.staff import accept, invite
from tests.api.walks import Body
from tests.sheets import plain_rows, text_of, upload
from tests.storefront import Storefront
from tests.withdrawals import DECLARATION

NAMES: dict[str, list[Any]] = {
    "order_id": ["order-1", "order-2"],
    "line_id": ["1"],
    "quantity": [1, 2],
    "policy": ["kr", "jp", "naver", "qoo10_jp", None],
    "currency": ["KRW", "JPY", "KWD"],
    "payment_id": ["pay-1"],
    "amount": [12000, 4000, 0],
    "url": ["https://shop.example/hook", "https://127.0.0.1/", "http://shop.example/"],
    "types": [["claim.approved"], ["claim.none"]],
    "headers": [{"X-Shop": "mugs"}, {"Host": "x"}, {"X": "\ud800"}, {"": ""}],
}


async def open_cases(shop: Storefront) -> list[Body]:
    """The ids of claims in states that take most commands, with a pending refund and an open offer."""
    await shop.push_order("order-1", buyer_id="member-7")
    await shop.push_order("order-2")
    await shop.ship("order-2")
    ids: list[Body] = []
    for kind, order_id in (("cancel", "order-1"), ("return", "order-2"), ("exchange", "order-2")):
        claim = await shop.claim(kind, "defective", order_id=order_id)
        if kind == "return":
            claim = await shop.give(
                claim, "offers", {"alternative": "store_credit", "message": "어떠세요?", "amount": 1000}
            )
        offers = [offer["offer_id"] for offer in claim["offers"]]
        ids.append({"claim_id": claim["claim_id"], "order_id": order_id, "offer_id": (offers or ["none"])[0]})
    claim = await shop.give(await shop.claim("cancel", order_id="order-1"), "approve")
    (refund,) = await shop.refunds_of(claim)
    change = (await shop.post("/v1/orders/order-1/address-changes", ELSEWHERE)).json()
    endpoint = (await shop.post("/v1/webhook-endpoints", ENDPOINT)).json()
    declared = (await shop.post("/v1/withdrawals", DECLARATION)).json()
    taken = {"reversal_id": "dp_1", "amount": 1, "kind": "dispute"}
    assert (await shop.post("/v1/orders/order-1/payments/pay-1/reversals", taken)).status_code == 200
    shared_ids = {
        "payment_id": "pay-1",
        "reversal_id": "dp_1",
        "refund_id": refund["refund_id"],
        "change_id": change["change_id"],
        "endpoint_id": endpoint["endpoint_id"],
        "delivery_id": "none",
        "withdrawal_id": declared["withdrawal_id"],
    }
    return [{**case, **shared_ids} for case in ids]


@pytest.fixture
async def cases(sqlite_shop: Storefront, name: str) -> list[Body]:
    """The ids in the path of a route. `name` is the route of the test."""
    cases = await open_cases(sqlite_shop)
    more: Body = {"role": "reader", "approval_id": "none", "report_name": "times", "buyer_id": "member-7"}
    more["currency"] = "KRW"
    if "{staff_id}" in name:
        person = await accept(sqlite_shop, (await invite(sqlite_shop, "kim@shop.example"))["token"])
        more["staff_id"] = person.json()["staff_id"]
    if "{key_id}" in name:
        more["key_id"] = (await sqlite_shop.post("/v1/api-keys", NEW_KEY)).json()["key_id"]
    if "{import_id}" in name:
        more["import_id"] = (await upload(sqlite_shop, text_of(plain_rows(1))))["import_id"]
    if "{parcel_id}" in name:
        parcel = await (unannounced(sqlite_shop) if "unannounced" in name else parcel_of_new_claim(sqlite_shop))
        more |= {"parcel_id": parcel["parcel_id"], "claim_id": parcel["claim_id"] or cases[0]["claim_id"]}
    if "{location_id}" in name:
        more["location_id"] = "seoul"
    return [{**case, **more} for case in cases]


@pytest.fixture(scope="session")
def bodies(service: FastAPI) -> Bodies:
    return Bodies(service.openapi(), NAMES)


# All examples of a route share one shop: an example can find the rows of the examples before.
@pytest.mark.parametrize("name", [name for name in SCENES if name not in BODILESS])
@settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_no_body_breaks_the_service(
    sqlite_shop: Storefront, bodies: Bodies, cases: list[Body], name: str, data: st.DataObject
) -> None:
    method, template = name.split(" ")
    schema = bodies.body_of(method, template)
    ids, body = data.draw(st.sampled_from(cases)), data.draw(bodies.sound(schema) | bodies.mutations(schema))
    answer = await sqlite_shop.http.request(
        method,
        template.format(**ids),
        content=json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {sqlite_shop.token}",
            "Idempotency-Key": str(uuid4()),
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code < 500, describe(answer)
