"""The bodies of the audit trail."""

from pydantic import BaseModel, Field

from app.service.resources.audit_entry import AuditEntryBody


class AuditEntryPage(BaseModel):
    """A page of the audit trail."""

    data: list[AuditEntryBody] = Field(description="The newest entry comes first.")
    next_cursor: str | None = Field(description="Null on the last page.")
