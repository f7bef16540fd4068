"""Invitations: how a person comes to the staff of a merchant, or sets a new password.

The form of a token is `rsi_<merchant>_<secret>`, with 256 random bits. It works once, until the invitation expires.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.messages.staff_letters import INVITED, STAFF_AUDIENCE, invitation_letter
from app.records.audit_entry import AuditAction, AuditActor, AuditActorKind
from app.records.merchant import Mode
from app.records.message import Message, MessageStatus
from app.records.staff import Staff, StaffInvitation
from app.service import audit
from app.service.callers import Caller, digest_of
from app.service.errors import ConflictError, NotFoundError, SignInError
from app.service.ids import new_id
from app.service.invitation_ends import end_open, record_end
from app.service.passwords import Passwords, refuse_weak
from app.service.staff import audited
from app.service.staff_roles import refuse_giving, refuse_limited, role_of
from app.store import api_keys, messages, shops, staff, staff_invitations, staff_sessions
from app.store.database import Database, Tx

LASTS = timedelta(days=7)
MOST_STAFF = 500
_PREFIX = "rsi"


class LinkDelivery(StrEnum):
    """How a link comes to its person: by mail, or by whoever invites them."""

    MAIL = "mail"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Who is invited, and to what. The address is in lower case."""

    email: str
    role: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """An invitation with its token, which is shown only once. Without a token the link goes by mail."""

    invitation: StaffInvitation
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What a person answers to an invitation. `name` is not used for a person who is there already."""

    token: str
    name: str
    password: str


async def invite(
    tx: Tx, caller: Caller, by: AuditActor, invitee: Invitee, delivery: LinkDelivery, now: datetime
) -> NewInvitation:  # fmt: skip
    """Invite somebody who is not there yet. An earlier invitation of the address ends. Raises ConflictError for a
    person who is there, InvalidError for an unknown role, and ForbiddenError for a role with scopes that the caller
    does not have or may not give. The role of the earlier invitation counts too."""
    await api_keys.lock_merchant(tx, caller.merchant_id)
    scopes = (await role_of(tx, caller.merchant_id, invitee.role)).scopes
    refuse_giving(caller, scopes)
    await refuse_limited(tx, caller, scopes)
    if await staff.by_email(tx, caller.merchant_id, invitee.email) is not None:
        raise ConflictError("staff_exists", field="email", email=invitee.email)
    if len(await staff.all_of(tx, caller.merchant_id)) >= MOST_STAFF:
        raise ConflictError("too_many_staff", limit=MOST_STAFF)
    for earlier in await end_open(tx, by, caller.merchant_id, invitee.email, now):
        refuse_giving(caller, (await role_of(tx, caller.merchant_id, earlier.role)).scopes)
    return await _add(tx, _new(caller.merchant_id, invitee, by, now), by, delivery)


async def invite_again(
    tx: Tx, caller: Caller, by: AuditActor, staff_id: str, delivery: LinkDelivery, now: datetime
) -> NewInvitation:  # fmt: skip
    """A link with which a person who is there sets a new password. Raises NotFoundError, ConflictError for a person
    who is disabled, and ForbiddenError for a person with scopes that the caller does not have or may not give."""
    person = await staff.lock(tx, caller.merchant_id, staff_id)
    if person is None:
        raise NotFoundError("staff", staff_id)
    if person.disabled_at is not None:
        raise ConflictError("staff_disabled")
    scopes = (await role_of(tx, caller.merchant_id, person.role)).scopes
    refuse_giving(caller, scopes)
    if staff_id != caller.staff_id:
        await refuse_limited(tx, caller, scopes)
    await end_open(tx, by, caller.merchant_id, person.email, now)
    invitee = Invitee(email=person.email, role=person.role, language=person.language)
    invitation = replace(_new(caller.merchant_id, invitee, by, now), staff_id=staff_id)
    return await _add(tx, invitation, by, delivery)


async def latest(tx: Tx, caller: Caller) -> list[StaffInvitation]:
    """The newest invitation comes first."""
    return await staff_invitations.latest(tx, caller.merchant_id)


async def revoke(tx: Tx, caller: Caller, by: AuditActor, invitation_id: str, now: datetime) -> StaffInvitation:
    """Raises NotFoundError, ConflictError for an invitation that was accepted, and ForbiddenError for an open one to a
    role with scopes that the caller does not have."""
    revoked = await staff_invitations.revoke(tx, caller.merchant_id, invitation_id, now)
    if revoked is None:
        earlier = await staff_invitations.load(tx, caller.merchant_id, invitation_id)
        if earlier is None:
            raise NotFoundError("staff_invitation", invitation_id)
        if earlier.accepted_at is not None:
            raise ConflictError("invitation_accepted")
        return earlier
    if revoked.expires_at > now:  # the role of one that has expired may be gone
        refuse_giving(caller, (await role_of(tx, caller.merchant_id, revoked.role)).scopes)
    await record_end(tx, by, revoked, now)
    return revoked


async def open_one(database: Database, token: str, now: datetime) -> StaffInvitation | None:
    """The invitation of a token. None if it is unknown, used, revoked or expired."""
    merchant_id = merchant_of(token)
    if merchant_id is None:
        return None
    async with database.read() as tx:
        return await staff_invitations.find(tx, merchant_id, digest_of(token), now)


async def accept(
    database: Database, passwords: Passwords, acceptance: Acceptance, ip_address: str | None, now: datetime
) -> Staff:
    """Set the password of the person whom an invitation is for, and use the invitation up. Raises SignInError for an
    invitation that is unknown, used, revoked or expired, and InvalidError for a weak password."""
    invitation = await open_one(database, acceptance.token, now)
    if invitation is None:
        raise SignInError("invalid_invitation")
    refuse_weak(acceptance.password, email=invitation.email, name=acceptance.name)
    hashed = await passwords.hash(acceptance.password)
    return await database.write(lambda tx: _accept(tx, invitation, acceptance.name, hashed, ip_address, now))


def merchant_of(token: str) -> str | None:
    """The merchant in a token. None for another text."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != _PREFIX or len(parts[1]) != 32:
        return None
    try:
        return str(UUID(hex=parts[1]))
    except ValueError:
        return None


def invitation_url(public_url: str, token: str) -> str | None:
    """The page on which a person accepts. The token is in the query, because the log has paths. None without a public
    address."""
    return f"{public_url}/desk/invitation?token={token}" if public_url else None


async def renew_for_mail(tx: Tx, merchant_id: str, invitation_id: str) -> str | None:
    """A new token for the mail, made when the mail is sent, in place of the earlier token. None if the invitation has
    ended."""
    token = _token(merchant_id)
    renewed = await staff_invitations.renew(tx, merchant_id, invitation_id, digest_of(token))
    return token if renewed else None


def _new(merchant_id: str, invitee: Invitee, by: AuditActor, now: datetime) -> StaffInvitation:
    """An invitation without its token."""
    return StaffInvitation(
        merchant_id=merchant_id,
        invitation_id=new_id(now),
        email=invitee.email,
        role=invitee.role,
        language=invitee.language,
        digest="",
        invited_by=by.name,
        created_at=now,
        expires_at=now + LASTS,
    )


async def _add(tx: Tx, without_token: StaffInvitation, by: AuditActor, delivery: LinkDelivery) -> NewInvitation:
    token, now = _token(without_token.merchant_id), without_token.created_at
    invitation = replace(without_token, digest=digest_of(token))
    await staff_invitations.add(tx, invitation)
    await audit.record(
        tx,
        merchant_id=invitation.merchant_id,
        by=by,
        action=AuditAction.STAFF_INVITATION_CREATED,
        subject_id=invitation.invitation_id,
        changes=audit.changes_of({}, _audited(invitation)),
        now=now,
    )
    if delivery is LinkDelivery.ANSWER:
        return NewInvitation(invitation=invitation, token=token)
    await _queue_mail(tx, invitation, now)
    return NewInvitation(invitation=invitation, token=None)


async def _queue_mail(tx: Tx, invitation: StaffInvitation, now: datetime) -> None:
    """The mail gets its link when it is sent. In test mode no mail goes out."""
    shop = await shops.load(tx, invitation.merchant_id)
    letter = invitation_letter(
        invitation.language,
        shop=shop.name_in(invitation.language),
        invited_by=invitation.invited_by,
        days=LASTS.days,
    )
    is_live = await api_keys.mode(tx, invitation.merchant_id) is Mode.LIVE
    message = Message(
        merchant_id=invitation.merchant_id,
        message_id=new_id(now),
        event_id=invitation.invitation_id,
        event=INVITED,
        audience=STAFF_AUDIENCE,
        language=invitation.language,
        order_id=None,
        subject=letter.subject,
        text=letter.text,
        to_address=invitation.email,
        status=MessageStatus.QUEUED if is_live else MessageStatus.NOT_SENT,
        next_at=now if is_live else None,
        created_at=now,
    )
    await messages.add(tx, [message])


async def _accept(
    tx: Tx, invitation: StaffInvitation, name: str, hashed: str, ip_address: str | None, now: datetime
) -> Staff:
    person = await _person(tx, invitation, name, hashed, now)
    if not await staff_invitations.accept(tx, invitation, person.staff_id, now):
        raise SignInError("invalid_invitation")
    await staff_sessions.end_all(tx, person.merchant_id, person.staff_id, now)
    await audit.record(
        tx,
        merchant_id=person.merchant_id,
        by=actor_of(person, ip_address),
        action=AuditAction.STAFF_INVITATION_ACCEPTED,
        subject_id=invitation.invitation_id,
        changes=audit.changes_of({}, {"staff_id": person.staff_id, **audited(person)}),
        now=now,
    )
    return person


async def _person(tx: Tx, invitation: StaffInvitation, name: str, hashed: str, now: datetime) -> Staff:
    """A new person, or the one who is there with the new password."""
    if invitation.staff_id is None:
        person = Staff(
            merchant_id=invitation.merchant_id,
            staff_id=new_id(now),
            email=invitation.email,
            name=name,
            role=invitation.role,
            language=invitation.language,
            created_at=now,
            password_hash=hashed,
        )
        await staff.add(tx, person)
        return person
    there = await staff.lock(tx, invitation.merchant_id, invitation.staff_id)
    if there is None or there.disabled_at is not None:
        raise SignInError("invalid_invitation")
    person = replace(there, password_hash=hashed)
    await staff.change(tx, person)
    return person


def actor_of(person: Staff, ip_address: str | None) -> AuditActor:
    return AuditActor(kind=AuditActorKind.STAFF, name=person.name, actor_id=person.staff_id, ip_address=ip_address)


def _token(merchant_id: str) -> str:
    return f"{_PREFIX}_{UUID(merchant_id).hex}_{secrets.token_urlsafe(32)}"


def _audited(invitation: StaffInvitation) -> Mapping[str, object]:
    """The address is personal data, and the audit trail is kept as it is: so the trail has the invitation's id."""
    return {"role": invitation.role, "language": invitation.language, "expires_at": invitation.expires_at}
