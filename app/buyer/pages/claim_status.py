"""The state of a claim for the script of its page, which asks for it every half minute while somebody looks."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.buyer.claims import ClaimId
from app.buyer.pages.claim import claim_values, state_of
from app.buyer.pages.html import part_of_page
from app.buyer.pages.route import PageRoute
from app.buyer.pages.visit import Watching

router = APIRouter(prefix="/order/claims/{claim_id}", route_class=PageRoute, include_in_schema=False)


@router.get("/status")
async def show_status(seen: Watching, claim_id: ClaimId, state: Annotated[str, Query(max_length=64)] = "") -> Response:
    """204 while the page shows this state. Otherwise the parts of the page without fields, and a link to the rest: what
    somebody types stays."""
    values = await claim_values(seen, claim_id)
    present = state_of(seen, values)
    if present == state:
        return Response(status_code=204)
    return part_of_page("claim_changed.html", seen.language, **values, state=present, is_changed=True)
