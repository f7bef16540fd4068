"""The style and the scripts of the desk."""

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from app.desk.html import PAGES
from app.desk.route import DeskRoute
from app.desk.scripts import OWN
from app.desk.visit import PATH
from app.pages.scripts import KEPT, script_answer

router = APIRouter(prefix=PATH, route_class=DeskRoute, include_in_schema=False)


@router.get("/style.css")
async def show_style() -> Response:
    return Response(PAGES.style, media_type="text/css", headers=KEPT)


@router.get("/scripts/{name}")
async def show_script(request: Request, name: str) -> Response:
    if name != OWN.name:
        raise HTTPException(404)
    return script_answer(request, OWN)
