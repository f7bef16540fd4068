"""The routes of evidence: the audit trail, and the root hash of each day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.api.context import ReadsAudit
from app.api.examples import ok
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.audit_entries import AuditEntryPage
from app.api.schemas.common import Day, Instant, Name
from app.api.schemas.root_hashes import RootHashPage
from app.records.audit_entry import AuditAction, AuditActorKind, AuditFilter, AuditSubject
from app.service import audit, root_hashes
from app.service.resources.audit_entry import audit_entry_body
from app.service.resources.root_hash import root_hash_body

router = APIRouter(prefix="/v1", tags=["access"], responses=responses(401, 403, 413, 422, 429, 503))

_BY_CREATION = TypeAdapter(tuple[Instant, Name])
"""The cursors: the instant and the id of an entry."""
_BY_DAY: TypeAdapter[tuple[date]] = TypeAdapter(tuple[Day])
"""The cursors: the day of a root hash."""


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


class RootHashListing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=1000)] = 20
    cursor: str | None = None


@router.get(
    "/root-hashes",
    summary="List the root hashes of your days",
    response_model=RootHashPage,
    responses={**ok("root_hashes"), **responses(400)},
)
async def list_root_hashes(ctx: ReadsAudit, listing: Annotated[RootHashListing, Query()]) -> Response:
    """One hash for each day, over all histories and the audit trail, the newest day first. Publish `text` where you
    cannot change it: `recourse verify --against` then shows that nothing before it was changed."""
    return await page(
        ctx,
        listing,
        _BY_DAY,
        lambda tx, limit, after: root_hashes.page(tx, ctx.caller, limit=limit, after=after),
        place=lambda root: (root.day_on,),
        body=root_hash_body,
    )
