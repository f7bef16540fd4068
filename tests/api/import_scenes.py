"""The scenes of imports: a file that waits for its start."""

from tests.api.walks import Body
from tests.sheets import plain_rows, text_of, upload
from tests.storefront import Storefront

COLUMNS: Body = {
    "columns": {
        "order_id": "order no",
        "paid_at": "paid at",
        "quantity": "qty",
        "unit_price": "price",
        "title": "title",
    }
}


async def match_import(shop: Storefront, _: str) -> tuple[str, Body]:
    made = await upload(shop, text_of(plain_rows(1)))
    return f"/v1/order-imports/{made['import_id']}/matching", COLUMNS


async def start_import(shop: Storefront, _: str) -> tuple[str, Body]:
    made = await upload(shop, text_of(plain_rows(1)))
    return f"/v1/order-imports/{made['import_id']}/start", {"notify_buyers": False}


IMPORTS = {
    "PUT /v1/order-imports/{import_id}/matching": match_import,
    "POST /v1/order-imports/{import_id}/start": start_import,
}
