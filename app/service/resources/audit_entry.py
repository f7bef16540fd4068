"""The public shape of an entry of the audit trail."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.records.audit_entry import AuditAction, AuditActorKind, AuditEntry, AuditSubject

AuditValue = str | int | bool | list[str] | None
"""The value of a field in an entry."""


class AuditActorBody(BaseModel):
    """A key, a person, or whoever runs the service, at the time of a change."""

    model_config = ConfigDict(title="AuditActor")

    kind: AuditActorKind = Field(
        description="`api_key`: a key. `staff`: a person of the merchant. `operator`: whoever runs the service, on its"
        " command line. `system`: the service itself."
    )
    actor_id: str | None = Field(description="The id of the key or the person. Null for an operator and the system.")
    name: str = Field(description="The name of the actor at that time.")
    ip_address: str | None = Field(description="Where the request came from. Null without a request.")


class AuditChangeBody(BaseModel):
    """One field of the subject. Null is a field without a value."""

    before: AuditValue = Field(description="The value before the change.")
    after: AuditValue = Field(description="The value after the change.")


class AuditEntryBody(BaseModel):
    """One change of the access to your data, which nobody can edit or delete."""

    entry_id: str = Field(description="The id of the entry.")
    created_at: datetime = Field(description="When, by the system clock, in test mode too.")
    action: AuditAction = Field(description="What happened.")
    actor: AuditActorBody = Field(description="Who made the change.")
    subject: AuditSubject = Field(description="The kind of the thing that was changed.")
    subject_id: str = Field(description="The id of the thing that was changed.")
    changes: dict[str, AuditChangeBody] = Field(description="The fields that are different now. No secret is in them.")


def audit_entry_body(entry: AuditEntry) -> dict[str, Any]:
    actor = entry.actor
    return {
        "entry_id": entry.entry_id,
        "created_at": entry.created_at,
        "action": entry.action,
        "actor": {
            "kind": actor.kind,
            "actor_id": actor.actor_id,
            "name": actor.name,
            "ip_address": actor.ip_address,
        },
        "subject": entry.action.subject,
        "subject_id": entry.subject_id,
        "changes": entry.changes,
    }
