"""A link opens one session, whoever opens it at the same time."""

import httpx

from tests.api.buyer.visits import Visit, link_to, open_link
from tests.races.conftest import CALLERS, Arena, everywhere, tally
from tests.storefront import Storefront


@everywhere
async def test_of_all_who_open_a_link_one_gets_a_session(arena: Arena) -> None:
    await arena.shop.push_order()
    link = await link_to(arena.shop)
    answers = await arena.rush(lambda shop, _: open_link(shop, link), range(CALLERS))
    assert tally(answers) == {"201": 1, "401 invalid_buyer_link": CALLERS - 1}


async def test_a_link_that_is_revoked_while_it_is_opened_leaves_nobody_in(arena: Arena) -> None:
    await arena.shop.push_order()
    links = [await link_to(arena.shop) for _ in range(CALLERS // 2)]
    opened: list[httpx.Response] = []

    async def act(shop: Storefront, each: tuple[str, int]) -> httpx.Response:
        verb, number = each
        if verb == "revoke":
            return await shop.delete(f"/v1/orders/order-1/buyer-links/{links[number]['access_id']}")
        opened.append(await open_link(shop, links[number]))
        return opened[-1]

    await arena.rush(act, [(verb, number) for number in range(len(links)) for verb in ("open", "revoke")])
    for answer in opened:
        if answer.status_code == 201:
            visit = Visit(arena.shop.http, answer.json()["token"], {})
            assert (await visit.get("/order")).status_code == 401
