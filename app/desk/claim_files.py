"""The form with which somebody of the shop adds photos of goods to a claim, on the page of a claim or of a parcel."""

from typing import Any

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from app.api.claims import ClaimId
from app.api.problems import ProblemError
from app.api.schemas.claim_files import FileNoteForBuyer
from app.api.uploads import Upload, after_upload, keep_upload, uploads_of
from app.desk.claim import address_of, claim_page
from app.desk.html import PAGES
from app.desk.receiving import address_of_receipt
from app.desk.route import DeskRoute
from app.desk.visit import PATH, Arrived, DecidesClaims, SignedOutError
from app.engine.model.vocabulary import Role
from app.pages.failures import sentence_of
from app.pages.forms import is_form_word
from app.service import files
from app.service.errors import NotFoundError, ServiceError
from app.service.idempotency import Answer

router = APIRouter(prefix=f"{PATH}/claims/{{claim_id}}/files", route_class=DeskRoute, include_in_schema=False)

MOST_AT_ONCE = 10


class PhotoForm(FileNoteForBuyer):
    """The fields of the form beside its files. `parcel` and `page` say where the form is."""

    form_word: str = Field(max_length=100)
    key: str = Field(min_length=1, max_length=100)
    page: str = Field(default="", max_length=20)
    parcel: str = Field(default="", max_length=200)


@router.post("")
async def add_photos(seen: DecidesClaims, claim_id: ClaimId) -> Response:
    """A file that cannot be kept is a sentence on the page of the claim. Those before it are kept."""
    await seen.read(lambda tx: files.require_claim(tx, seen.caller, claim_id))
    try:
        async with uploads_of(seen.request, PhotoForm, most=MOST_AT_ONCE) as uploads:
            note = uploads[0].note
            if not is_form_word(note.form_word, seen.form_word):
                raise SignedOutError
            for place, upload in enumerate(uploads):
                await _keep(seen, claim_id, upload, f"{note.key}:{place}")
    except (HTTPException, RequestValidationError):
        sentence = PAGES.text("claim.wrong_files", seen.language, count=MOST_AT_ONCE)
        return await claim_page(seen, claim_id, errors={"file": sentence}, status=422)
    except NotFoundError:
        raise
    except (ProblemError, ServiceError) as error:
        status = error.status if isinstance(error, ProblemError) else 409
        return await claim_page(
            seen, claim_id, errors={"file": await sentence_of(seen.request, error)}, status=status
        )  # fmt: skip
    if note.page == "receipt":
        return RedirectResponse(address_of_receipt(claim_id, note.parcel, done="photographed"), 303)
    return RedirectResponse(f"{address_of(claim_id)}?done=photographed", 303)


async def _keep(seen: Arrived, claim_id: str, upload: Upload[Any], key: str) -> None:
    """Once for the key of the form, which no key of the API meets."""
    kept = await keep_upload(seen, upload.file)
    note, limits = upload.note.note(seen.actor(Role.SELLER, None)), seen.app_state.files.limits
    await after_upload(seen, upload).once(
        f"desk file {seen.caller.staff_id} {key}",
        lambda tx: files.add(tx, seen.caller, claim_id, kept, note, seen.now, limits=limits),
        lambda _: Answer(status=201, body="{}"),
    )
