"""The case file of a claim, for a browser with a session."""

from fastapi import APIRouter, Response

from app.api.claims import ClaimId
from app.api.dossiers import case_archive_answer, case_file_answer
from app.desk.route import DeskRoute
from app.desk.visit import PATH, ReadsClaims

router = APIRouter(prefix=f"{PATH}/claims/{{claim_id}}/case-file", route_class=DeskRoute, include_in_schema=False)


@router.get("")
async def get_case_file(seen: ReadsClaims, claim_id: ClaimId) -> Response:
    """In the language of the page."""
    async with seen.turn():
        return await case_file_answer(seen, claim_id, seen.language)


@router.get("/archive")
async def get_case_archive(seen: ReadsClaims, claim_id: ClaimId) -> Response:
    """In the language of the page."""
    async with seen.turn():
        return await case_archive_answer(seen, claim_id, seen.language)
