"""The form with which a buyer shows the shop photos, documents and short videos, on the page of a claim."""

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from app.api.problems import ProblemError
from app.api.schemas.claim_files import FileNoteForBuyer
from app.api.uploads import Upload, after_upload, keep_upload, uploads_of
from app.buyer.claims import ClaimId
from app.buyer.pages.claim import claim_address, claim_page
from app.buyer.pages.failures import sentence_of
from app.buyer.pages.file_limits import MOST_AT_ONCE
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import text
from app.buyer.pages.visit import OnPage, SessionOverError, Visit
from app.json_text import dump
from app.pages.forms import is_form_word
from app.service import files
from app.service.errors import NotFoundError, ServiceError
from app.service.idempotency import Answer

router = APIRouter(prefix="/order/claims/{claim_id}/files", route_class=PageRoute, include_in_schema=False)


class PhotoForm(FileNoteForBuyer):
    """The fields of the form beside its file."""

    form_word: str = Field(max_length=100)
    key: str = Field(min_length=1, max_length=100)


@router.post("")
async def add_photo(seen: OnPage, claim_id: ClaimId) -> Response:
    """A file that cannot be kept is a sentence beside the field. The file and those after it are chosen again."""
    name = ""
    await seen.read(lambda tx: files.require_claim(tx, seen.caller, claim_id))
    try:
        async with uploads_of(seen.request, PhotoForm, most=MOST_AT_ONCE) as uploads:
            if not is_form_word(uploads[0].note.form_word, seen.form_word):
                raise SessionOverError
            for place, upload in enumerate(uploads):
                name = upload.name if len(uploads) > 1 else ""
                await _keep(seen, claim_id, upload, f"{upload.note.key}:{place}" if place else upload.note.key)
    except HTTPException:
        errors = {"file": text("photo_too_many", seen.language, count=MOST_AT_ONCE)}
        return await claim_page(seen, claim_id, errors=errors, status=422)
    except RequestValidationError:
        errors = {"file": text("wrong_value", seen.language)}
        return await claim_page(seen, claim_id, errors=errors, status=422)
    except NotFoundError:
        raise
    except (ProblemError, ServiceError) as error:
        status = error.status if isinstance(error, ProblemError) else 409
        sentence = await sentence_of(seen, error)
        errors = {"file": f"{name}: {sentence}" if name else sentence}
        return await claim_page(seen, claim_id, errors=errors, status=status)
    return RedirectResponse(claim_address(claim_id, seen), 303)


async def _keep(seen: Visit, claim_id: str, upload: Upload[PhotoForm], key: str) -> None:
    kept = await keep_upload(seen, upload.file)
    note, limits = upload.note.note(seen.buyer), seen.app_state.files.limits
    await after_upload(seen, upload).once(
        key,
        lambda tx: files.add(tx, seen.caller, claim_id, kept, note, seen.now, limits=limits),
        lambda _: Answer(status=201, body=dump({})),
    )
