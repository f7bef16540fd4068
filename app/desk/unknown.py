"""The page of an address under `/desk` that is no page. Its router comes last."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from app.desk.route import DeskRoute
from app.desk.visit import PATH

router = APIRouter(prefix=PATH, route_class=DeskRoute, include_in_schema=False)


@router.api_route("/{path:path}", methods=["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
async def show_unknown() -> Response:
    raise HTTPException(404)
