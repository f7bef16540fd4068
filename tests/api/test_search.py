"""A clerk finds orders and their claims by what is at hand: an id, a name, a product, a parcel, a phone."""

from typing import Any

from app.store.database import Database
from tests.api.claims import begin, take
from tests.api.walks import WALKS
from tests.storefront import Storefront, new_key

MINA = {"name": "김민아", "email": "Mina.Kim@example.com", "phone_ending": "5678"}
HANAKO = {"name": "山田 花子", "email": "hanako@example.jp", "phone_ending": "4321"}
JURGEN = {"name": "Jürgen Groß", "email": "jg@example.de"}
MUG = {"line_id": "1", "sku": "MUG-WHITE", "title": "머그컵 (화이트) 350ml", "quantity": 2, "unit_price": 12000}
CASE = {"line_id": "1", "sku": "CS_15/PRO", "title": "アイフォン15ケース 透明", "quantity": 2, "unit_price": 12000}


async def three_orders(shop: Storefront) -> str:
    """Returns the id of the claim of order ORD-2026-17."""
    await shop.push_order("ORD-2026-17", buyer=MINA, buyer_id="m-1", lines=[MUG])
    await shop.push_order("ORD-2026-18", buyer=HANAKO, buyer_id="h-1", lines=[CASE])
    await shop.push_order("99-B", buyer=JURGEN, buyer_id="m-1", lines=[{**MUG, "sku": None, "title": None}])
    await shop.ship("ORD-2026-17", tracking_number="6789-1234-00AB", delivered=False)
    return str((await shop.claim("cancel", order_id="ORD-2026-18"))["claim_id"])


async def found(shop: Storefront, path: str, **query: Any) -> list[str]:
    answer = await shop.get(path, **query)
    assert answer.status_code == 200, answer.text
    return sorted(row["order_id"] for row in answer.json()["data"])


FOUND_BY = {
    "ORD-2026-17": (
        *("ord-2026-17", "2026-17", "202617", "17", "김민아", "민아", "mina.kim@EXAMPLE.com", "kim@", "mug-w", "white"),
        *("머그", "화이트", "350ML", "ＭＵＧ", "5678", "010-1234-5678", "+82 10 1234 5678", "6789-1234-00AB"),
        *("6789-1234-00ab 김민아", "머그컵 민아 5678"),
    ),
    "ORD-2026-18": (
        *("山田", "花子", "アイフォン", "15ケース", "ケース", "透明", "cs_15", "pro", "ｱｲﾌｫﾝ", "hanako", "09012344321"),
    ),
    "99-B": ("99-b", "jurgen", "JÜRGEN", "gross", "Groß jg@example.de"),
}
FINDS_NOTHING = (
    *("hite", "김민수", "mina hanako", "678", "17 18", "5679", "01056780000", "6789-1234", "%ug", "5678901"),
)


async def test_an_order_is_found_by_each_of_its_words_and_by_no_others(shop: Storefront) -> None:
    await three_orders(shop)
    for order_id, searches in FOUND_BY.items():
        for search in searches:
            assert await found(shop, "/v1/orders", q=search) == [order_id], search
    for search in FINDS_NOTHING:
        assert await found(shop, "/v1/orders", q=search) == [], search
    assert await found(shop, "/v1/orders", q="ord 2026") == ["ORD-2026-17", "ORD-2026-18"]


async def test_claims_are_found_by_their_orders_and_beside_every_other_filter(shop: Storefront) -> None:
    claim_id = await three_orders(shop)
    await shop.claim("return", order_id="ORD-2026-17")
    for search in ("山田", "ケース", "ord-2026-18", claim_id, claim_id.upper()):
        assert await found(shop, "/v1/claims", q=search) == ["ORD-2026-18"], search
    assert await found(shop, "/v1/orders", q=claim_id) == ["ORD-2026-18"]
    assert await found(shop, "/v1/claims", q="2026") == ["ORD-2026-17", "ORD-2026-18"]
    for narrower in ({"kind": "cancel"}, {"buyer_id": "h-1"}, {"sort": "updated_at", "kind": "cancel"}):
        assert await found(shop, "/v1/claims", q="2026", **narrower) == ["ORD-2026-18"]
    assert await found(shop, "/v1/claims", q="jurgen") == []
    first = await shop.get("/v1/claims", q="2026", limit=1, total=True)
    assert first.json()["total"] == {"count": 2, "exact": True}
    second = await shop.http.get(first.links["next"]["url"], headers=first.request.headers)
    rows = [*first.json()["data"], *second.json()["data"]]
    assert [row["order_id"] for row in rows] == ["ORD-2026-17", "ORD-2026-18"]


async def test_claims_and_orders_of_a_buyer_are_listed_by_the_id_of_the_buyer(shop: Storefront) -> None:
    await three_orders(shop)
    await shop.claim("return", order_id="ORD-2026-17")
    assert await found(shop, "/v1/orders", buyer_id="m-1") == ["99-B", "ORD-2026-17"]
    assert await found(shop, "/v1/claims", buyer_id="m-1") == ["ORD-2026-17"]
    assert await found(shop, "/v1/claims", buyer_id="h-1", kind="return") == []


async def test_what_an_order_says_no_more_finds_it_no_more(shop: Storefront) -> None:
    await three_orders(shop)
    other = {**MUG, "sku": "CUP-1", "title": "유리컵"}
    await shop.push_order("ORD-2026-17", buyer={"name": "이서준"}, lines=[other])
    for search in ("민아", "kim@", "5678", "화이트", "mug"):
        assert await found(shop, "/v1/orders", q=search) == [], search
    for search in ("서준", "유리컵", "cup", "2026-17"):
        assert await found(shop, "/v1/orders", q=search) == ["ORD-2026-17"], search
    await shop.push_order("ORD-2026-17", buyer={}, lines=[other])
    assert await found(shop, "/v1/orders", q="서준") == []


async def test_the_goods_that_were_sent_in_exchange_find_their_order(shop: Storefront) -> None:
    walk = WALKS["an exchange"]
    claim = await begin(shop, walk)
    assert await found(shop, "/v1/orders", q="mug-blue") == []
    for step in walk.steps:
        claim = await take(shop, claim, step)
    assert await found(shop, "/v1/orders", q="mug-blue") == [claim["order_id"]]


async def test_nobody_finds_the_orders_of_another_merchant(shop: Storefront, database_url: str) -> None:
    await three_orders(shop)
    claim_id = (await shop.claim("return", order_id="ORD-2026-17"))["claim_id"]
    database = Database(database_url)
    other_shop = Storefront(shop.http, (await new_key(database, shop.clock()))[1], "other", shop.clock)
    await other_shop.push_order("ORD-2026-17")
    for search in ("민아", "6789-1234-00AB", "5678", "화이트", claim_id):
        assert await found(other_shop, "/v1/orders", q=search) == []
    await database.close()
