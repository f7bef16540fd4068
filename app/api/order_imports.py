"""The routes of imports of orders and parcels from files."""

from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.api.context import IdempotencyKey, ImportsOrders, ReadsOrders, RequestContext
from app.api.examples import ok
from app.api.language import language, language_headers
from app.api.messages import MessageListing
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.problems import ProblemError
from app.api.schemas.claim_files import form_of
from app.api.schemas.common import Instant, Name
from app.api.schemas.order_imports import (
    ImportEntryPage,
    ImportOptionsInput,
    MatchOrderImportRequest,
    OrderImportPage,
    StartOrderImportRequest,
)
from app.api.uploads import Upload, after_upload, refuse_store, upload_of
from app.files.sandbox import BusyError
from app.files.store import BytesMissingError, StoreUnavailableError, as_store_error
from app.files.tables import FILE_BYTES_MAX, TableError, TableFault
from app.json_text import dump
from app.records.order_import import ImportedRow, ImportResult, OrderImport
from app.service.idempotency import Answer
from app.service.order_imports import imports
from app.service.order_imports.imports import ReceivedFile
from app.service.order_imports.preview import preview
from app.service.resources.order_import import (
    ImportPreviewBody,
    OrderImportBody,
    import_body,
    import_row_body,
    preview_body,
)

router = APIRouter(prefix="/v1/order-imports", tags=["imports"], responses=responses(401, 403, 413, 422, 429, 503))

ImportId = Annotated[Name, Path(description="The import's id.")]
_IMPORT = ok("order_import")
_BY_CREATION = TypeAdapter(tuple[Instant, Name])
_BY_SEQ = TypeAdapter(tuple[Annotated[int, Field(strict=True, ge=0, lt=2**31)]])
_NAME_LENGTH = 200


class ImportRowListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    result: ImportResult | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


@router.post(
    "",
    status_code=201,
    summary="Send a file of orders or parcels",
    response_model=OrderImportBody,
    responses={**ok("order_import", 201), **responses(400, 409, 415, 507)},
    openapi_extra=form_of("CreateOrderImportRequest"),
)
async def create_order_import(ctx: ImportsOrders, key: IdempotencyKey) -> Response:
    """Send a form with an export of your marketplace or a sheet of parcel numbers. Nothing is imported yet: look at
    the columns and the preview, and start the import."""
    async with upload_of(ctx.request, ImportOptionsInput) as upload:
        file = await _receive(ctx, upload)
    made = upload.note.options()
    return await after_upload(ctx, upload).once(
        key,
        lambda tx: imports.create(tx, ctx.caller, file, made, ctx.system_now),
        lambda created: _answer(created, 201),
    )


@router.get(
    "",
    summary="List imports of orders",
    response_model=OrderImportPage,
    responses={**ok("order_imports"), **responses(400)},
)
async def list_order_imports(ctx: ReadsOrders, listing: Annotated[MessageListing, Query()]) -> Response:
    """The newest import comes first. The columns have no samples."""
    return await page(
        ctx,
        listing,
        _BY_CREATION,
        lambda tx, limit, after: imports.page(tx, ctx.caller, limit=limit, after=after),
        place=lambda made: (made.created_at, made.import_id),
        body=lambda made: import_body(made, {}),
    )


@router.get(
    "/{import_id}",
    summary="Read an import of orders",
    response_model=OrderImportBody,
    responses={**_IMPORT, **responses(404)},
)
async def get_order_import(import_id: ImportId, ctx: ReadsOrders) -> Response:
    """Return the columns with samples, their matching, and the progress."""
    made = await ctx.read(lambda tx: imports.read(tx, ctx.caller, import_id))
    try:
        samples = await imports.samples(ctx.app_state.files.store, made)
    except StoreUnavailableError as error:
        refuse_store(error)
    return Response(dump(import_body(made, samples)), media_type="application/json")


@router.put(
    "/{import_id}/matching",
    summary="Match the columns of an import",
    response_model=OrderImportBody,
    responses={**_IMPORT, **responses(400, 404, 409, 415)},
)
async def match_order_import(import_id: ImportId, body: MatchOrderImportRequest, ctx: ImportsOrders) -> Response:
    """Say which column has which field. The next file with the same headings is matched alike. The columns of the
    answer have no samples."""
    made = await ctx.read(lambda tx: imports.read(tx, ctx.caller, import_id))
    return await ctx.write(
        lambda tx: imports.match(tx, ctx.caller, import_id, body.matching(made), ctx.system_now), _answer
    )


@router.get(
    "/{import_id}/preview",
    summary="Preview an import of orders",
    response_model=ImportPreviewBody,
    responses={**ok("order_import_preview"), **responses(404, 409)},
)
async def preview_order_import(import_id: ImportId, ctx: ReadsOrders) -> Response:
    """Say for each of the first twenty rows what would come of it, by the same rules as the import. Nothing is
    stored."""
    made = await ctx.read(lambda tx: imports.ready(tx, ctx.caller, import_id, ctx.system_now))
    written_in, state = language.get(), ctx.app_state
    try:
        async with ctx.turn():
            shown = await preview(state.database, state.files.store, ctx.caller, made, ctx.now)
    except BytesMissingError:
        raise ProblemError(409, "import_rows_gone") from None
    except StoreUnavailableError as error:
        refuse_store(error)
    body = dump(preview_body(made, shown, written_in))
    return Response(body, 200, language_headers(written_in), "application/json")


@router.post(
    "/{import_id}/start",
    summary="Start an import of orders",
    response_model=OrderImportBody,
    responses={**ok("started_order_import"), **responses(400, 404, 409, 415)},
)
async def start_order_import(
    import_id: ImportId,
    body: Annotated[StartOrderImportRequest, Body(default_factory=StartOrderImportRequest)],
    ctx: ImportsOrders,
    key: IdempotencyKey,
) -> Response:
    """A worker imports the orders one by one. Read the import for its progress."""
    return await ctx.once(
        key,
        lambda tx: imports.start(tx, ctx.caller, import_id, ctx.system_now, notify_buyers=body.notify_buyers),
        _answer,
    )


@router.get(
    "/{import_id}/rows",
    summary="List the rows of an import",
    response_model=ImportEntryPage,
    responses={**ok("order_import_rows"), **responses(400, 404)},
)
async def list_order_import_rows(
    import_id: ImportId, ctx: ReadsOrders, listing: Annotated[ImportRowListing, Query()]
) -> Response:
    """Return the rows that were refused, with their reasons, and the rows that changed an order. Of an import with
    more than a thousand refused orders, the first are kept."""
    made = await ctx.read(lambda tx: imports.read(tx, ctx.caller, import_id))
    written_in = language.get()

    def body(row: ImportedRow) -> dict[str, Any]:
        return import_row_body(made, row, written_in)

    answer = await page(
        ctx,
        listing,
        _BY_SEQ,
        lambda tx, limit, after: imports.rows(
            tx, ctx.caller, import_id, limit=limit, after=after and after[0], result=listing.result
        ),
        place=lambda row: (row.seq,),
        body=body,
    )
    answer.headers.update(language_headers(written_in))
    return answer


async def _receive(ctx: RequestContext, upload: Upload[ImportOptionsInput]) -> ReceivedFile:
    """Raises ProblemError for a file whose rows cannot be read or kept."""
    state, note = ctx.app_state, upload.note
    name = "".join(letter for letter in upload.name if letter.isprintable())[-_NAME_LENGTH:] or "file"
    try:
        return await imports.receive(
            state.database,
            state.files,
            ctx.caller,
            upload.file,
            ctx.system_now,
            name=name,
            password=note.password or "",
        )
    except TableError as error:
        _refuse(error.fault)
    except BusyError:
        raise ProblemError(503, "files_busy", headers={"Retry-After": "5"}) from None
    except StoreUnavailableError as error:
        refuse_store(error)
    except OSError as error:  # of the temporary files
        refuse_store(as_store_error(error))


def _refuse(fault: TableFault) -> NoReturn:
    """Raises ProblemError."""
    match fault:
        case TableFault.UNREADABLE:
            raise ProblemError(422, "import_file_unreadable", field="file")
        case TableFault.TOO_LARGE:
            raise ProblemError(413, "import_file_too_large", field="file", limit=FILE_BYTES_MAX)
        case TableFault.NOT_SUPPORTED:
            raise ProblemError(415, "import_file_not_supported", field="file")
        case TableFault.PASSWORD_NEEDED:
            raise ProblemError(422, "import_password_needed", field="password")
        case TableFault.PASSWORD_WRONG:
            raise ProblemError(422, "import_password_wrong", field="password")
        case TableFault.UNKNOWN_ENCODING:
            raise ProblemError(422, "import_encoding_unknown", field="file")
        case TableFault.EMPTY:
            raise ProblemError(422, "import_file_empty", field="file")


def _answer(made: OrderImport, status: int = 200) -> Answer:
    headers = {"Location": f"/v1/order-imports/{made.import_id}"} if status == 201 else {}
    return Answer(status=status, body=dump(import_body(made, {})), headers=headers)
