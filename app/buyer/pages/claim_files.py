"""The form with which a buyer shows the shop a photo, a document or a short video, on the page of a claim."""

import hmac

from fastapi import APIRouter, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pydantic import Field

from app.api.problems import ProblemError
from app.api.schemas.claim_files import FileNoteForBuyer
from app.api.uploads import Upload, after_upload, keep_upload, upload_of
from app.buyer.claims import ClaimId
from app.buyer.pages.claim import claim_address, claim_page
from app.buyer.pages.failures import sentence_of
from app.buyer.pages.route import PageRoute
from app.buyer.pages.texts import text
from app.buyer.pages.visit import OnPage, SessionOverError, Visit
from app.json_text import dump
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
    """A file that cannot be kept is a sentence beside the field. The file itself is chosen again."""
    await seen.read(lambda tx: files.require_claim(tx, seen.caller, claim_id))
    try:
        async with upload_of(seen.request, PhotoForm) as upload:
            if not hmac.compare_digest(upload.note.form_word.encode(), seen.form_word.encode()):
                raise SessionOverError
            await _keep(seen, claim_id, upload)
    except RequestValidationError:
        errors = {"file": text("wrong_value", seen.language)}
        return await claim_page(seen, claim_id, errors=errors, status=422)
    except NotFoundError:
        raise
    except (ProblemError, ServiceError) as error:
        status = error.status if isinstance(error, ProblemError) else 409
        return await claim_page(seen, claim_id, errors={"file": await sentence_of(seen, error)}, status=status)
    return RedirectResponse(claim_address(claim_id, seen), 303)


async def _keep(seen: Visit, claim_id: str, upload: Upload[PhotoForm]) -> None:
    kept = await keep_upload(seen, upload.file)
    note, limits = upload.note.note(seen.buyer), seen.app_state.files.limits
    await after_upload(seen, upload).once(
        upload.note.key,
        lambda tx: files.add(tx, seen.caller, claim_id, kept, note, seen.now, limits=limits),
        lambda _: Answer(status=201, body=dump({})),
    )
