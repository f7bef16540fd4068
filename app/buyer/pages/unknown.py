"""The page of an address under `/order` that is no page. Its router comes last."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from app.buyer.pages.route import PageRoute

router = APIRouter(prefix="/order", route_class=PageRoute, include_in_schema=False)


@router.api_route("/{path:path}", methods=["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
async def show_unknown() -> Response:
    raise HTTPException(404)
