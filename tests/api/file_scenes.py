"""The scenes of files on a claim, without the form that brings a file."""

from collections.abc import Mapping

from app.records.api_key import Scope
from tests.api.walks import Body
from tests.storefront import Storefront

FORMS = {"POST /v1/claims/{claim_id}/files", "POST /v1/order-imports"}
"""Routes that take a form with a file. They have no scene: `test_claim_files.py` and `test_order_imports.py` send the
forms."""
FORMS_OF_BUYERS = {"POST /buyer/v1/claims/{claim_id}/files"}
FILE_SCOPES: Mapping[str, Scope] = {
    "POST /v1/claims/{claim_id}/files": Scope.CLAIMS_WRITE,
    "POST /v1/claims/{claim_id}/files/url": Scope.CLAIMS_WRITE,
    "GET /v1/claims/{claim_id}/files": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}/files/{file_id}": Scope.CLAIMS_READ,
    "DELETE /v1/claims/{claim_id}/files/{file_id}": Scope.CLAIMS_DECIDE,
    "GET /v1/claims/{claim_id}/case-file": Scope.CLAIMS_READ,
    "GET /v1/claims/{claim_id}/case-file/archive": Scope.CLAIMS_READ,
}
AT_MARKETPLACE: Body = {"url": "https://images.marketplace.example/claims/118/1.jpg"}


async def add_file_url(shop: Storefront, order_id: str) -> tuple[str, Body]:
    await shop.push_order(order_id)
    claim = await shop.claim("cancel", order_id=order_id)
    return f"/v1/claims/{claim['claim_id']}/files/url", AT_MARKETPLACE


async def delete_file(shop: Storefront, order_id: str) -> tuple[str, Body]:
    path, body = await add_file_url(shop, order_id)
    file = (await shop.post(path, body)).json()
    return path.removesuffix("url") + file["file_id"], {}
