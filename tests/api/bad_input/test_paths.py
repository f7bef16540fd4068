"""Path segments that are not a name, and ids that do not exist."""

from tests.api.answers import assert_problem
from tests.api.bad_input.conftest import send
from tests.api.scenes import SCENES
from tests.storefront import Storefront

NO_NAMES = ["%00", "a%00b", "a%0Ab", "a%09b", "%1B%5B2J", "a%7Fb", "x" * 201, "%F0%9F%8D%B5" * 201]
NO_IDS = ["a%2Fb", "..%2F..%2Fetc", "%ED%A0%80", "%FF", "'%20OR%201=1--", "%25s", "-1", "0", "null", "%E2%80%AE"]


async def test_a_path_segment_that_is_no_name_is_refused(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    shop, ids = busy_shop
    for name in (*SCENES, "GET /v1/orders/{order_id}", "GET /v1/claims/{claim_id}/events"):
        method, template = name.split(" ")
        for parameter in (
            *("order_id", "claim_id", "refund_id", "offer_id", "change_id"),
            *("endpoint_id", "delivery_id"),
        ):
            if f"{{{parameter}}}" not in template:
                continue
            for segment in NO_NAMES:
                path = template.replace(f"{{{parameter}}}", segment).format(
                    **{"order_id": "order-1", "offer_id": "none", "change_id": "none", **ids}
                )
                answer = await send(shop, method, path, b"{}")
                assert answer.status_code == 422, (path, answer.text)
                assert f"path.{parameter}" in [error["field"] for error in assert_problem(answer)["errors"]]


async def test_an_unknown_id_is_not_found(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    shop, _ = busy_shop
    for segment in NO_IDS:
        for method, path in (
            ("GET", f"/v1/orders/{segment}"),
            ("POST", f"/v1/orders/{segment}/confirm"),
            ("GET", f"/v1/claims/{segment}"),
            ("GET", f"/v1/claims/{segment}/events"),
            ("POST", f"/v1/claims/{segment}/approve"),
            ("POST", f"/v1/claims/{segment}/offers/{segment}/accept"),
            ("GET", f"/v1/refunds/{segment}"),
            ("POST", f"/v1/refunds/{segment}/succeeded"),
            ("GET", f"/v1/webhook-endpoints/{segment}"),
            ("GET", f"/v1/webhook-endpoints/{segment}/deliveries"),
            ("POST", f"/v1/webhook-endpoints/{segment}/test"),
            ("DELETE", f"/v1/webhook-endpoints/{segment}"),
            ("GET", f"/v1/deliveries/{segment}"),
            ("POST", f"/v1/deliveries/{segment}/resend"),
            ("GET", f"/v1/events/{segment}"),
        ):
            answer = await send(shop, method, path, b"{}")
            assert (answer.status_code, assert_problem(answer)["code"]) == (404, "not_found"), path
