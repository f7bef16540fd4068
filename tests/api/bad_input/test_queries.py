"""Invalid cursors, query parameters and headers."""

import base64
import json
import re
from typing import Any

from tests.api.answers import ROUTES, method_of, name_of
from tests.api.bad_input.conftest import send
from tests.api.bad_input.values import NOT_AN_INSTANT
from tests.api.staff_scenes import OWN
from tests.storefront import ORDER, Storefront


def cursor(*position: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


INSTANT = "2026-06-08T00:00:00Z"
CURSORS: dict[str, list[str]] = {
    "/v1/claims": [cursor(1), cursor("\0"), cursor("\ud800"), cursor("a", "b"), cursor(), cursor([]), cursor("")],
    "/v1/refunds": [cursor(1), cursor("\0"), cursor("\udfff"), cursor(None), cursor("x" * 201)],
    "/v1/orders": [
        cursor("a"),
        cursor("today", "a"),
        cursor("2026-06-08T00:00:00", "a"),
        cursor("0001-01-01T00:00:00Z", "a"),
        cursor("9999-12-31T23:59:59-12:00", "a"),
        cursor(1780000000, "a"),
        cursor("1780000000", "a"),
        cursor(INSTANT, 1),
        cursor(INSTANT, "\0"),
        cursor(INSTANT, "\ud800"),
    ],
    "/v1/claims/{claim_id}/events": [
        cursor("1"),
        cursor(-1),
        cursor(2**31),
        cursor(10**30),
        cursor(True),
        cursor(1.0),
    ],
    "/v1/audit-entries": [cursor("a"), cursor("today", "a"), cursor(INSTANT, 1), cursor(INSTANT, "\0")],
    "/v1/queue": [
        cursor("a"),
        cursor(INSTANT, 0),
        cursor(INSTANT, "0", "a"),
        cursor(INSTANT, 0, "\0"),
        cursor(1, 0, "a"),
        cursor(INSTANT, 2**63, "a"),
        cursor(INSTANT, -(10**30), "a"),
    ],
    "/v1/order-board": [
        cursor("a"),
        cursor("today", INSTANT, "a"),
        cursor(None, 1, "a"),
        cursor("2026-06-08", INSTANT, "\0"),
    ],
    "/v1/order-imports": [cursor("a"), cursor("today", "a"), cursor(1, "a"), cursor(INSTANT, 1), cursor(INSTANT, "\0")],
    "/v1/root-hashes": [cursor("a"), cursor("today"), cursor(1), cursor("2026-06-08", "a")],
    "/v1/api-keys": [cursor("a"), cursor("today", "a"), cursor(INSTANT, 1)],
    "/v1/unannounced-parcels": [cursor(1), cursor("\0"), cursor("a", "b")],
    "/v1/surveys": [cursor("a"), cursor("today", "a"), cursor(1, "a"), cursor(INSTANT, 1), cursor(INSTANT, "\0")],
    "/v1/webhook-endpoints/{endpoint_id}/deliveries": [cursor(1), cursor("\0"), cursor("a", "b")],
    "/v1/events": [cursor("1"), cursor(-1), cursor(2**63), cursor(True), cursor(1.0)],
}
NO_CURSORS = [
    "",
    "é",
    "%",
    "====",
    "a",
    "null",
    base64.urlsafe_b64encode(b"[" * 3000).decode(),
    "W10",
    "e30",
    "\0",
]


async def test_a_cursor_that_is_not_one_of_ours_is_refused(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    shop, ids = busy_shop
    for path, cursors in CURSORS.items():
        for value in (*NO_CURSORS, *cursors):
            answer = await shop.get(path.format(**ids), cursor=value)
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor"), (path, value)


_CREATED = ("created_from", "created_before")
SORTED = ("/v1/orders", "/v1/claims", "/v1/refunds")
QUERIES: list[tuple[str, dict[str, str]]] = [
    *(
        (path, {"limit": value})
        for path in CURSORS
        for value in ("0", "-1", "1001", "10000", "1.5", "ten", "", "9" * 5000, "1e3", "０", "\0")
    ),
    *((path, {"page": "2"}) for path in CURSORS),
    *((path, {"Limit": "2"}) for path in CURSORS),
    *(("/v1/claims", {"state": value}) for value in ("", "open", "REQUESTED", "requested,approved", "\0")),
    *(("/v1/claims", {"kind": value}) for value in ("", "swap", "1")),
    *(("/v1/claims", {"reason": value}) for value in ("", "just so")),
    *(("/v1/claims", {"held": value}) for value in ("", "maybe", "2", "\0")),
    *(("/v1/queue", {"turn": value}) for value in ("", "nobody", "SELLER")),
    *(("/v1/queue", {"subject": value}) for value in ("", "order")),
    *(("/v1/queue", {"kind": value}) for value in ("", "swap")),
    *(("/v1/queue", {"state": value}) for value in ("", "open")),
    *(("/v1/queue", {name: value}) for name in ("overdue", "answered") for value in ("", "maybe")),
    *(("/v1/queue", {"limit": value}) for value in ("0", "101", "x")),
    *(("/v1/queue", {"q": value}) for value in ("", "--")),
    *(("/v1/queue", {"due_before": str(value)}) for value in NOT_AN_INSTANT),
    *(("/v1/queue/summary", {"due_before": str(value)}) for value in NOT_AN_INSTANT),
    *(("/v1/order-board", {"tab": value}) for value in ("", "late", "SHIP_LATE")),
    *(("/v1/surveys", {"score": value}) for value in ("", "best", "GOOD", "\0")),
    *(("/v1/audit-entries", {"action": value}) for value in ("", "api_key", "API_KEY.CREATED", "\0")),
    *(("/v1/audit-entries", {"actor_kind": value}) for value in ("", "buyer")),
    *(("/v1/audit-entries", {"subject": value}) for value in ("", "claim")),
    *(("/v1/audit-entries", {name: "\0"}) for name in ("actor_id", "subject_id")),
    *(("/v1/audit-entries", {name: str(value)}) for name in _CREATED for value in NOT_AN_INSTANT),
    *(("/v1/unannounced-parcels", {"matched": value}) for value in ("", "maybe")),
    *(("/v1/parcels", query) for query in ({"code": ""}, {"code": "\0"})),
    *(("/v1/surveys", {"rejected": value}) for value in ("", "maybe")),
    *(("/v1/surveys", {name: str(value)}) for name in ("answered_from", "answered_before") for value in NOT_AN_INSTANT),
    *(("/v1/claims", {"overdue": value}) for value in ("", "late")),
    *(
        ("/v1/claims", {name: str(value)})
        for name in ("requested_from", "requested_before")
        for value in NOT_AN_INSTANT
    ),
    *(
        (path, {name: value})
        for path, name in (
            ("/v1/claims", "order_id"),
            ("/v1/claims", "buyer_id"),
            ("/v1/claims", "q"),
            ("/v1/orders", "q"),
            ("/v1/claims", "sku"),
            ("/v1/refunds", "claim_id"),
            ("/v1/refunds", "order_id"),
            ("/v1/orders", "buyer_id"),
        )
        for value in ("", "\0", "a\nb", "x" * 201)
    ),
    *((path, {"q": value}) for path in ("/v1/orders", "/v1/claims") for value in ("?!", " ", "%_", "°")),
    *(("/v1/refunds", {"status": value}) for value in ("", "paid", "PENDING")),
    *((path, {"sort": value}) for path in SORTED for value in ("", "amount", "+created_at", "created_at,-updated_at")),
    *((path, {"total": value}) for path in SORTED for value in ("", "10", "exact", "\0")),
    *((path, {"updated_since": str(value)}) for path in SORTED for value in NOT_AN_INSTANT),
]


async def test_a_bad_query_parameter_is_refused_by_its_name(
    busy_shop: tuple[Storefront, dict[str, str]],
) -> None:
    shop, ids = busy_shop
    for path, query in QUERIES:
        answer = await shop.get(path.format(**ids), **query)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), (path, query)
        (name,) = query
        assert answer.json()["errors"][0]["field"] == f"query.{name}"


async def test_what_has_no_index_together_is_refused(busy_shop: tuple[Storefront, dict[str, str]]) -> None:
    shop, _ = busy_shop
    for path in SORTED:
        for sort in ("created_at", "-created_at"):
            answer = await shop.get(path, sort=sort, updated_since=INSTANT)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), (path, sort)
            assert "updated_since goes with" in answer.json()["errors"][0]["message"]


async def test_an_unknown_parameter_is_refused_by_its_name(
    busy_shop: tuple[Storefront, dict[str, str]],
) -> None:
    """Every route refuses: a service that ignores `lang` would answer in a language that the caller did not choose.
    The routes of a person's own session want the session first."""
    shop, _ = busy_shop
    for route in ROUTES:
        if route.path.startswith("/v1/") and name_of(route) not in OWN:
            path = re.sub(r"{\w+}", "none", route.path) + "?lang=ja"
            answer = await send(shop, method_of(route), path, b"{}", idempotency_key="k")
            assert answer.status_code == 422, (path, answer.text)
            assert "query.lang" in [error["field"] for error in answer.json()["errors"]], path


REPEATED = [
    ("/v1/claims", "state=requested&state=approved"),
    ("/v1/claims", "kind=cancel&kind=return"),
    ("/v1/claims", "limit=1&order_id=order-1&limit=2"),
    ("/v1/claims", "metadata_key=a&metadata_value=b&metadata_key=c"),
    ("/v1/refunds", "status=pending&%73tatus=failed"),
    ("/v1/orders", "buyer_id=a&buyer_id=a"),
    ("/v1/events", "types=claim.approved&types=refund.created&limit=1&limit=1"),
    ("/v1/message-templates", "language=ko&language=ja"),
    ("/v1/faq-entries", "language=ko&language=ja"),
    ("/v1/faq-entries/search", "language=ko&q=a&q=b"),
    ("/v1/policies/house/1/diff", "against=1&against=2"),
    ("/v1/policies/kr/1/page", "language=ko&language=ja"),
    ("/v1/claims/{claim_id}/messages", "cursor=a&cursor=b"),
    ("/v1/orders/order-1/messages", "cursor=a&cursor=b"),
    ("/v1/claims/{claim_id}/contacts", "cursor=a&cursor=b"),
    ("/v1/claims/{claim_id}/timeline", "cursor=a&cursor=b"),
    ("/v1/claims/{claim_id}/events", "limit=1&limit=2"),
    ("/v1/claims/{claim_id}/replies", "language=ko&language=ja"),
    ("/v1/claims/{claim_id}/case-file", "language=ko&language=ja"),
    ("/v1/claims/{claim_id}/case-file/archive", "language=ko&language=ja"),
    ("/v1/webhook-endpoints/{endpoint_id}/deliveries", "limit=1&limit=2"),
]


async def test_a_parameter_that_is_sent_twice_is_refused_by_its_name(
    busy_shop: tuple[Storefront, dict[str, str]],
) -> None:
    """The service would otherwise use the last value and ignore the others."""
    shop, ids = busy_shop
    for path, query in REPEATED:
        answer = await send(shop, "GET", f"{path.format(**ids)}?{query}", b"")
        assert (answer.status_code, answer.json()["code"]) == (422, "repeated_parameter"), (path, answer.text)
        repeated = query.rpartition("&")[2].partition("=")[0].replace("%73", "s")
        assert [error["field"] for error in answer.json()["errors"]] == [f"query.{repeated}"]


async def test_an_if_match_that_is_no_etag_of_a_claim_is_refused(
    busy_shop: tuple[Storefront, dict[str, str]],
) -> None:
    shop, ids = busy_shop
    for value in ("", '""', "x", '"x"', '"1", "2"', "1.0", "-1", '"1e0"', "²", "0x1", "1234567890", "W/", " "):
        answer = await shop.http.post(
            f"/v1/claims/{ids['claim_id']}/approve",
            json={},
            headers=[
                (b"Authorization", f"Bearer {shop.token}".encode()),
                (b"Idempotency-Key", b"k"),
                (b"If-Match", value.encode("latin-1")),
            ],
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_if_match"), value
    answer = await send(shop, "POST", f"/v1/claims/{ids['claim_id']}/approve", b"{}", if_match='"' + "1" * 40)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "header.If-Match")


NO_TAGS = ("", '""', '"a", "b"', "a b", '"a', 'a"', "W/", 'W/""', " ", "**", '"*"', "²", "0x1\x0b")


async def test_an_if_match_that_is_no_etag_of_an_order_is_refused(
    busy_shop: tuple[Storefront, dict[str, str]],
) -> None:
    shop, _ = busy_shop
    for value in NO_TAGS:
        headers = [(b"Authorization", f"Bearer {shop.token}".encode()), (b"If-Match", value.encode("latin-1"))]
        answer = await shop.http.put("/v1/orders/order-1", json=ORDER, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_if_match"), value
    answer = await send(shop, "PUT", "/v1/orders/order-1", b"{}", if_match='"' + "1" * 40)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "header.If-Match")


async def test_a_list_may_be_sent_twice_and_its_next_page_has_all_values(
    busy_shop: tuple[Storefront, dict[str, str]],
) -> None:
    shop, _ = busy_shop
    query = f"types=claim.approved&types=refund.created&cursor={cursor(0)}"
    answer = await send(shop, "GET", f"/v1/events?{query}", b"")
    assert answer.status_code == 200, answer.text
    assert answer.headers["link"] == f'</v1/events?{query}>; rel="next"'
