"""Entries of the audit trail: who changed what about the access to a merchant, or the data of buyers, and from
where."""

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
    STAFF = "staff"
    STAFF_ROLE = "staff_role"
    STAFF_INVITATION = "staff_invitation"
    STAFF_SESSION = "staff_session"
    AUTHORITY_LIMIT = "authority_limit"
    APPROVAL = "approval"
    BUYER = "buyer"
    LEGAL_HOLD = "legal_hold"
    REFUND_BREAKER = "refund_breaker"


class AuditAction(StrEnum):
    """The subject, and a verb in the past tense."""

    API_KEY_CREATED = "api_key.created"
    API_KEY_LIMITED = "api_key.limited"
    API_KEY_ROTATED = "api_key.rotated"
    API_KEY_REVOKED = "api_key.revoked"
    STAFF_CHANGED = "staff.changed"
    STAFF_PASSWORD_CHANGED = "staff.password_changed"  # noqa: S105 # not a password
    STAFF_SECOND_FACTOR_SET = "staff.second_factor_set"
    STAFF_SECOND_FACTOR_REMOVED = "staff.second_factor_removed"
    STAFF_SIGN_IN_FAILED = "staff.sign_in_failed"
    STAFF_ROLE_CREATED = "staff_role.created"
    STAFF_ROLE_CHANGED = "staff_role.changed"
    STAFF_ROLE_DELETED = "staff_role.deleted"
    STAFF_INVITATION_CREATED = "staff_invitation.created"
    STAFF_INVITATION_ACCEPTED = "staff_invitation.accepted"
    STAFF_INVITATION_REVOKED = "staff_invitation.revoked"
    STAFF_SESSION_OPENED = "staff_session.opened"
    STAFF_SESSION_ENDED = "staff_session.ended"
    AUTHORITY_LIMIT_SET = "authority_limit.set"
    AUTHORITY_LIMIT_DELETED = "authority_limit.deleted"
    APPROVAL_REQUESTED = "approval.requested"
    APPROVAL_GRANTED = "approval.granted"
    APPROVAL_REFUSED = "approval.refused"
    BUYER_EXPORTED = "buyer.exported"
    BUYER_ERASED = "buyer.erased"
    LEGAL_HOLD_SET = "legal_hold.set"
    LEGAL_HOLD_LIFTED = "legal_hold.lifted"
    REFUND_BREAKER_SET = "refund_breaker.set"
    REFUND_BREAKER_RESET = "refund_breaker.reset"

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
