"""How open invitations to the staff end before they are accepted. Each end is in the audit trail."""

from datetime import datetime

from app.records.audit_entry import AuditAction, AuditActor
from app.records.staff import StaffInvitation
from app.service import audit
from app.store import staff_invitations
from app.store.database import Tx


async def end_open(tx: Tx, by: AuditActor, merchant_id: str, email: str, now: datetime) -> list[StaffInvitation]:
    """End the open invitations of an address, and its open link for a new password. Returns what has ended."""
    ended = await staff_invitations.revoke_earlier(tx, merchant_id, email, now)
    for invitation in ended:
        await record_end(tx, by, invitation, now)
    return ended


async def record_end(tx: Tx, by: AuditActor, invitation: StaffInvitation, now: datetime) -> None:
    await audit.record(
        tx,
        merchant_id=invitation.merchant_id,
        by=by,
        action=AuditAction.STAFF_INVITATION_REVOKED,
        subject_id=invitation.invitation_id,
        changes=audit.changes_of({"revoked_at": None}, {"revoked_at": now}),
        now=now,
    )
