"""A push that was delayed does not go back unnoticed: an order has an ETag, and a push takes If-Match."""

from tests.storefront import ORDER, Storefront

PATH = "/v1/orders/order-1"


async def test_a_push_over_another_state_of_the_order_changes_nothing(shop: Storefront) -> None:
    first = await shop.put(PATH, ORDER)
    seen = first.headers["ETag"]
    assert (await shop.get(PATH)).headers["ETag"] == seen
    newer = await shop.put(PATH, {**ORDER, "buyer_id": "buyer-8"}, if_match=seen)
    assert (newer.status_code, newer.headers["ETag"] != seen) == (200, True)
    late = await shop.put(PATH, ORDER, if_match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "stale_version")
    assert (await shop.get(PATH)).json()["buyer_id"] == "buyer-8"


async def test_the_tag_changes_with_a_report_and_a_claim_and_stays_without_a_change(shop: Storefront) -> None:
    tags = [(await shop.put(PATH, ORDER)).headers["ETag"]]
    assert (await shop.put(PATH, ORDER, if_match=tags[0])).headers["ETag"] == tags[0]
    await shop.claim("cancel")
    tags.append((await shop.get(PATH)).headers["ETag"])
    await shop.ship()
    tags.append((await shop.get(PATH)).headers["ETag"])
    assert len(set(tags)) == 3


async def test_a_push_with_a_tag_creates_no_order(shop: Storefront) -> None:
    for tag in ('"0123"', "*"):
        answer = await shop.put(PATH, ORDER, if_match=tag)
        assert (answer.status_code, (await shop.get(PATH)).status_code) == (412, 404), tag


async def test_a_push_over_any_state_takes_a_star_and_a_weak_or_bare_tag_is_the_tag(shop: Storefront) -> None:
    tag = (await shop.put(PATH, ORDER)).headers["ETag"]
    for same in ("*", tag, f"W/{tag}", tag.strip('"')):
        assert (await shop.put(PATH, ORDER, if_match=same)).status_code == 200, same
