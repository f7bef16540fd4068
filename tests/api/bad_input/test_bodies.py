"""Bodies that are not a JSON object."""

from tests.api.bad_input.claims import CLAIM
from tests.api.bad_input.conftest import as_json, send
from tests.storefront import Storefront

DEEP = 20_000
BODIES: list[tuple[bytes, int, str]] = [
    (b"", 422, "invalid_request"),
    (b"null", 422, "invalid_request"),
    (b"[]", 422, "invalid_request"),
    (b'"text"', 422, "invalid_request"),
    (b"7", 422, "invalid_request"),
    (b"true", 422, "invalid_request"),
    (b"NaN", 422, "invalid_request"),
    (b"{", 400, "malformed_json"),
    (b"{]", 400, "malformed_json"),
    (b"{'order_id': 'order-1'}", 400, "malformed_json"),
    (b'{"order_id": "order-1",}', 400, "malformed_json"),
    (b'{"order_id": "a\nb"}', 400, "malformed_json"),
    (b"order_id=order-1", 400, "malformed_json"),
    (b"{} {}", 400, "malformed_json"),
    (b"\x00", 400, "malformed_json"),
    (b'{"order_id": "\xff"}', 400, "malformed_request"),
    (b"\xff\xfe{\x00", 400, "malformed_json"),
    (b'{"amount": ' + b"9" * 5000 + b"}", 400, "malformed_request"),
    (b"[" * DEEP + b"]" * DEEP, 400, "malformed_request"),
    (b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400, "malformed_request"),
    (b'{"\\ud800": 1}', 422, "invalid_request"),
    (b'{"lines": ' + b"[" * 100 + b"]" * 100 + b"}", 422, "invalid_request"),
]


async def test_a_body_that_is_no_json_object_is_refused(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    shop, ids = busy_shop
    for template in (
        "PUT /v1/orders/order-2",
        "POST /v1/claims",
        "POST /v1/claims/quote",
        "POST /v1/claims/{claim_id}/reject",
        "POST /v1/orders/order-1/shipments",
    ):
        method, path = template.format(**ids).split(" ")
        for content, status, code in BODIES:
            answer = await send(shop, method, path, content)
            actual = answer.status_code, answer.json()["code"]
            assert actual == (status, code), (template, content[:50], answer.text)


async def test_a_body_of_another_type_is_refused(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    shop, _ = busy_shop
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "*"):
        answer = await send(shop, "POST", "/v1/claims", as_json(CLAIM), content_type=content_type)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type"), content_type
    headers = {"Authorization": f"Bearer {shop.token}", "Idempotency-Key": "k"}
    answer = await shop.http.post("/v1/claims", content=as_json(CLAIM), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
