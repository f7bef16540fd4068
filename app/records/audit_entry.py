"""Entries of the audit trail: who changed what about the access to a merchant, and from where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class AuditActorKind(StrEnum):
    """`api_key`: a key over the API. `staff`: a person of the merchant. `operator`: whoever runs the service, on its
    command line. `system`: the service itself."""

    API_KEY = "api_key"
    STAFF = "staff"
    OPERATOR = "operator"
    SYSTEM = "system"


class AuditSubject(StrEnum):
    """What kind of thing was changed."""

    API_KEY = "api_key"


class AuditAction(StrEnum):
    """The subject, and a verb in the past tense."""

    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"

    @property
    def subject(self) -> AuditSubject:
        return AuditSubject(self.partition(".")[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditActor:
    """Who changes something. `actor_id` is the id of the key or the person. `ip_address` is None for an actor that does
    not come over the network."""

    kind: AuditActorKind
    name: str
    actor_id: str | None = None
    ip_address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChange:
    """One field, before and after. None is a field without a value."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """`created_at` is of the system clock, for a test merchant too. No value in `changes` is a secret."""

    merchant_id: str
    entry_id: str
    created_at: datetime
    action: AuditAction
    actor: AuditActor
    subject_id: str
    changes: Mapping[str, AuditChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Conditions for a list of entries. None is no condition."""

    action: AuditAction | None = None
    actor_kind: AuditActorKind | None = None
    actor_id: str | None = None
    subject: AuditSubject | None = None
    subject_id: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
