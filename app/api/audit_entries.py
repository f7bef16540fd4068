"""The route of the audit trail: who changed what about the access to a merchant."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.api.context import ReadsAudit
from app.api.examples import ok
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.audit_entries import AuditEntryPage
from app.api.schemas.common import Instant, Name
from app.records.audit_entry import AuditAction, AuditActorKind, AuditFilter, AuditSubject
from app.service import audit
from app.service.resources.audit_entry import audit_entry_body

router = APIRouter(prefix="/v1", tags=["access"], responses=responses(401, 403, 413, 422, 429, 503))

_BY_CREATION = TypeAdapter(tuple[Instant, Name])
"""The cursors: the instant and the id of an entry."""


class AuditListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action: AuditAction | None = None
    actor_kind: AuditActorKind | None = None
    actor_id: Annotated[Name | None, Field(description="The id of a key or a person.")] = None
    subject: AuditSubject | None = None
    subject_id: Annotated[Name | None, Field(description="The id of the thing that was changed.")] = None
    created_from: Instant | None = None
    created_before: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None

    def filter(self) -> AuditFilter:
        return AuditFilter(**{name: getattr(self, name) for name in AuditFilter.__slots__})


@router.get(
    "/audit-entries",
    summary="List the entries of the audit trail",
    response_model=AuditEntryPage,
    responses={**ok("audit_entries"), **responses(400)},
)
async def list_audit_entries(ctx: ReadsAudit, listing: Annotated[AuditListing, Query()]) -> Response:
    """Return who changed what about the access to your data, the newest entry first. Nobody can edit or delete an
    entry. A key for tests reads the entries of test mode, which are deleted with its data."""
    where = listing.filter()
    return await page(
        ctx,
        listing,
        _BY_CREATION,
        lambda tx, limit, after: audit.page(tx, ctx.caller, where, limit=limit, after=after),
        place=lambda entry: (entry.created_at, entry.entry_id),
        body=audit_entry_body,
    )
