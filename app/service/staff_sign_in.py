"""Sign-in of staff: an address, a password and, once it is set up, a second factor.

The answer and the work are the same for an address that nobody has. Attempts are counted and committed before a
password is compared, so that no attempt goes uncounted.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.records.audit_entry import AuditAction, AuditActor, AuditActorKind
from app.records.buyer_lookup import Counted
from app.records.staff import Staff, StaffSession
from app.service import audit, second_factors
from app.service.buyer_lookups import count_in_hour, network_of
from app.service.callers import digest_of
from app.service.errors import NotFoundError, SignInError, TooManyError
from app.service.ids import new_id
from app.service.passwords import Passwords
from app.service.staff_invitations import actor_of
from app.store import api_keys, staff, staff_sessions
from app.store.database import Database, Tx

SESSION_LASTS = timedelta(hours=12)
PREFIX = "rs"
_LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a person shows. `code` is of the authenticator, or a recovery code."""

    merchant_id: str
    email: str
    password: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """From where somebody signs in. None for what is unknown."""

    host: str | None
    user_agent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session with its person and its token, which is shown only once."""

    session: StaffSession
    person: Staff
    token: str


async def sign_in(
    database: Database, passwords: Passwords, credentials: Credentials, visitor: Visitor, now: datetime
) -> NewSession:
    """Open a session. `now` is of the system clock. Raises NotFoundError for an unknown merchant,
    SignInError, and TooManyError after too many attempts.

    Without a second factor the session has no scope: the person sets one up first.
    """
    shown = replace(credentials, email=credentials.email.lower())
    found = await database.write(lambda tx: _begin(tx, shown, visitor, now))
    fits = await passwords.fits(credentials.password, found.password_hash if found else None)
    if found is None or not fits:
        await note_failure(database, shown.merchant_id, found, visitor, "wrong_password", now)
        raise SignInError("wrong_credentials")
    try:
        return await database.write(lambda tx: _open(tx, found, shown.code, visitor, now))
    except SignInError as refused:
        await note_failure(database, shown.merchant_id, found, visitor, refused.code, now)
        raise


async def open_session(tx: Tx, person: Staff, visitor: Visitor, now: datetime) -> NewSession:
    """A session for a person who has shown who they are."""
    token = f"{PREFIX}_{UUID(person.merchant_id).hex}_{secrets.token_urlsafe(32)}"
    session = StaffSession(
        merchant_id=person.merchant_id,
        session_id=new_id(now),
        staff_id=person.staff_id,
        digest=digest_of(token),
        ip_address=visitor.host,
        user_agent=visitor.user_agent and visitor.user_agent[:_LONGEST_AGENT],
        created_at=now,
        seen_at=now,
        ends_at=now + SESSION_LASTS,
    )
    await staff_sessions.add(tx, session)
    await audit.record(
        tx,
        merchant_id=person.merchant_id,
        by=actor_of(person, visitor.host),
        action=AuditAction.STAFF_SESSION_OPENED,
        subject_id=session.session_id,
        changes=audit.changes_of({}, {"second_factor": person.has_second_factor}),
        now=now,
    )
    return NewSession(session=session, person=person, token=token)


async def count_attempt(tx: Tx, merchant_id: str, email: str, visitor: Visitor, now: datetime) -> None:
    """Raises TooManyError above a limit of the hour. An address is limited less where another network asks, so that a
    stranger does not lock a person out."""
    network = network_of(visitor.host) or ""
    for counted, value in (
        (Counted.SIGN_IN, f"{network}\0{email}"),
        (Counted.SIGN_IN_EMAIL, email),
        (Counted.SIGN_IN_NETWORK, network),
    ):
        if seconds := await count_in_hour(tx, merchant_id, counted, value, now):
            raise TooManyError("too_many_sign_ins", retry_after=seconds)


async def _begin(tx: Tx, shown: Credentials, visitor: Visitor, now: datetime) -> Staff | None:
    """Count the attempt. The person who may sign in with this address."""
    if await api_keys.merchant(tx, shown.merchant_id) is None:
        raise NotFoundError("merchant", shown.merchant_id)
    await count_attempt(tx, shown.merchant_id, shown.email, visitor, now)
    person = await staff.by_email(tx, shown.merchant_id, shown.email)
    return person if person is not None and person.disabled_at is None else None


async def _open(tx: Tx, compared: Staff, code: str | None, visitor: Visitor, now: datetime) -> NewSession:
    """Raises SignInError if the person has changed since the password was compared, and for the second factor."""
    person = await staff.lock(tx, compared.merchant_id, compared.staff_id)
    if person is None or person.disabled_at is not None or person.password_hash != compared.password_hash:
        raise SignInError("wrong_credentials")
    if person.has_second_factor and not code:
        raise SignInError("second_factor_required")
    if person.has_second_factor and not await second_factors.is_shown(tx, person, code or "", now):
        raise SignInError("wrong_code")
    return await open_session(tx, person, visitor, now)


async def note_failure(
    database: Database, merchant_id: str, person: Staff | None, visitor: Visitor, reason: str, now: datetime
) -> None:
    """The same for an address that nobody has: a write takes time, too."""

    async def work(tx: Tx) -> None:
        await audit.record(
            tx,
            merchant_id=merchant_id,
            by=AuditActor(kind=AuditActorKind.SYSTEM, name="sign-in", ip_address=visitor.host),
            action=AuditAction.STAFF_SIGN_IN_FAILED,
            subject_id=person.staff_id if person else "unknown",
            changes=audit.changes_of({}, {"reason": reason}),
            now=now,
        )

    await database.write(work)
