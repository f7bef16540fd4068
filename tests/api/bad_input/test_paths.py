"""Path segments that are not a name, and ids that do not exist."""

from tests.api.answers import assert_problem
from tests.api.bad_input.conftest import as_json, send
from tests.api.scenes import SCENES
from tests.storefront import ORDER, Storefront

NO_NAMES = ["%00", "a%00b", "a%0Ab", "a%09b", "%1B%5B2J", "a%7Fb", "x" * 201, "%F0%9F%8D%B5" * 201]
NO_IDS = ["a%2Fb", "..%2F..%2Fetc", "'%20OR%201=1--", "%25s", "-1", "0", "null", "%E2%80%AE"]


MONEY = {"payment_id": "pay-1", "reversal_id": "dp_1"}


async def test_a_path_segment_that_is_no_name_is_refused(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    shop, ids = busy_shop
    for name in (*SCENES, "GET /v1/orders/{order_id}", "GET /v1/claims/{claim_id}/events"):
        method, template = name.split(" ")
        for parameter in (
            *("order_id", "claim_id", "refund_id", "offer_id", "change_id", "payment_id", "reversal_id"),
            *("endpoint_id", "delivery_id", "file_id", "link_id", "withdrawal_id", "import_id"),
            *("parcel_id", "location_id"),
            *("staff_id", "invitation_id", "session_id", "limit_id", "approval_id", "buyer_id"),
        ):
            if f"{{{parameter}}}" not in template:
                continue
            for segment in NO_NAMES:
                path = template.replace(f"{{{parameter}}}", segment).format(
                    **{
                        "order_id": "order-1",
                        "offer_id": "none",
                        "change_id": "none",
                        "file_id": "none",
                        "import_id": "none",
                        "link_id": "none",
                        "buyer_id": "none",
                        "withdrawal_id": "none",
                        **dict.fromkeys(("parcel_id", "location_id"), "none"),
                        **dict.fromkeys(("staff_id", "invitation_id", "session_id", "limit_id", "approval_id"), "none"),
                        **MONEY,
                        **ids,
                    }
                )
                answer = await send(shop, method, path, b"{}")
                assert answer.status_code == 422, (path, answer.text)
                assert f"path.{parameter}" in [error["field"] for error in assert_problem(answer)["errors"]]


NOT_UTF8 = ["%FF", "%ff%fe", "%fe%ff", "%ED%A0%80", "%C0%AF", "order-1%80", "%F5%80%80%80", "%ec%a0"]


async def test_a_path_or_a_query_that_is_not_utf8_is_refused(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    """The server would read each of these bytes as the same character, and two ids as one."""
    shop, ids = busy_shop
    for segment in NOT_UTF8:
        for method, path in (
            ("PUT", f"/v1/orders/{segment}"),
            ("GET", f"/v1/orders/{segment}"),
            ("POST", f"/v1/claims/{ids['claim_id']}/offers/{segment}/accept"),
            ("DELETE", f"/v1/webhook-endpoints/{segment}"),
            ("GET", f"/v1/claims?order_id={segment}"),
            ("GET", f"/v1/orders?buyer_id=a&limit={segment}"),
            ("GET", f"/{segment}"),
        ):
            answer = await send(shop, method, path, as_json(ORDER))
            assert (answer.status_code, assert_problem(answer)["code"]) == (422, "not_utf8"), path


async def test_an_id_in_any_script_is_found_by_its_own_bytes_alone(shop: Storefront) -> None:
    await shop.push_order("%EC%A3%BC%EB%AC%B8-1")
    assert (await shop.get("/v1/orders/주문-1")).status_code == 200
    assert (await shop.get("/v1/orders/%EF%BF%BD%EF%BF%BD-1")).status_code == 404


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
            ("GET", f"/v1/api-keys/{segment}"),
            ("POST", f"/v1/api-keys/{segment}/rotate"),
            ("GET", f"/v1/events/{segment}"),
            ("GET", f"/v1/staff/{segment}"),
            ("DELETE", f"/v1/staff-invitations/{segment}"),
            ("DELETE", f"/v1/staff-sessions/{segment}"),
            ("DELETE", f"/v1/authority-limits/{segment}"),
            ("POST", f"/v1/approvals/{segment}/grant"),
        ):
            answer = await send(shop, method, path, b"{}")
            assert (answer.status_code, assert_problem(answer)["code"]) == (404, "not_found"), path
