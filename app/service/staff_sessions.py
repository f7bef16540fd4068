"""Sessions of staff: who calls, with which scopes, and how a session ends.

The form of a token is `rs_<merchant>_<secret>`. The merchant is the one that the session reaches: for a person of a
test merchant, the test merchant. Sessions go by the system clock in every mode.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.records.audit_entry import AuditAction, AuditActor
from app.records.staff import Staff, StaffRole, StaffSession
from app.service import audit, second_factors
from app.service.callers import Caller, digest_of
from app.service.errors import ConflictError, InvalidError, NotFoundError, SignInError
from app.service.invitation_ends import end_open
from app.service.merchant_clocks import clock_of
from app.service.passwords import Passwords, refuse_weak
from app.service.staff_invitations import actor_of
from app.service.staff_roles import BUILT_IN, refuse_giving, role_of
from app.service.staff_sign_in import PREFIX, Visitor, count_attempt, note_failure
from app.store import staff, staff_sessions
from app.store.database import Database, Tx

IDLE = timedelta(hours=1)
"""A session ends when nobody uses it for this long."""
SEEN_STEP = timedelta(minutes=1)
"""When a session was seen last is written at most this often, so that most requests write nothing."""
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """An open session with its person, and what the person may do. A person without a second factor may do nothing
    yet."""

    session: StaffSession
    person: Staff
    caller: Caller


async def recognise(database: Database, token: str, now: datetime) -> OpenSession | None:
    """The session of a token. None if it is unknown, ended, idle for too long, or of a person who is disabled."""
    merchant_id = merchant_of(token)
    if merchant_id is None:
        return None
    async with database.read() as tx:
        found = await staff_sessions.find(tx, merchant_id, digest_of(token), now, seen_after=now - IDLE)
    if found is None:
        return None
    session, person, made = found
    try:
        clock = await clock_of(database, merchant_id)
    except NotFoundError:  # its test data is being deleted
        return None
    if session.seen_at < now - SEEN_STEP:
        await database.write(lambda tx: staff_sessions.see(tx, session, now))
    caller = Caller(
        merchant_id=merchant_id,
        key_id=session.session_id,
        name=person.name,
        scopes=_scopes_of(person, made),
        clock=clock,
        staff_id=person.staff_id,
        role=person.role,
    )
    return OpenSession(session=session, person=person, caller=caller)


def is_session_token(token: str) -> bool:
    return token.startswith(f"{PREFIX}_")


def merchant_of(token: str) -> str | None:
    """The merchant in a token. None for another text."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != PREFIX or len(parts[1]) != 32:
        return None
    try:
        return str(UUID(hex=parts[1]))
    except ValueError:
        return None


async def sign_out(tx: Tx, current: OpenSession, ip_address: str | None, now: datetime) -> StaffSession:
    """End the caller's own session. Raises NotFoundError if it has just ended."""
    return await _end(tx, current.session.merchant_id, current.session.session_id, _by(current, ip_address), now)


async def list_sessions(tx: Tx, caller: Caller, now: datetime, staff_id: str | None = None) -> list[StaffSession]:
    """The open sessions of the merchant or of one person, the newest first."""
    return await staff_sessions.open_ones(tx, caller.merchant_id, now, seen_after=now - IDLE, staff_id=staff_id)


async def end_session(tx: Tx, caller: Caller, by: AuditActor, session_id: str, now: datetime) -> StaffSession:
    """End any session of the merchant. Raises NotFoundError for one that is unknown or has ended, and ForbiddenError
    for a session of somebody with scopes that the caller does not have."""
    session = await staff_sessions.load(tx, caller.merchant_id, session_id)
    person = await staff.load(tx, caller.merchant_id, session.staff_id) if session else None
    if person is not None and person.staff_id != caller.staff_id:
        refuse_giving(caller, (await role_of(tx, caller.merchant_id, person.role)).scopes)
    return await _end(tx, caller.merchant_id, session_id, by, now)


async def end_sessions_of(tx: Tx, caller: Caller, by: AuditActor, staff_id: str, now: datetime) -> None:
    """End the open sessions of a person, but not the caller's own. Raises ForbiddenError as `end_session`."""
    for session in await list_sessions(tx, caller, now, staff_id):
        if session.session_id != caller.key_id:
            await end_session(tx, caller, by, session.session_id, now)


async def forget_ended(database: Database, now: datetime) -> int:
    """Delete a batch of sessions that ended long ago. Returns how many."""
    return await database.write(lambda tx: staff_sessions.purge(tx, now - KEPT))


async def begin_totp(tx: Tx, current: OpenSession) -> tuple[Staff, str]:
    """A new secret for the person's authenticator. It counts after `confirm_totp`. Raises ConflictError for a person
    who has a second factor."""
    person = await _locked(tx, current)
    if person.has_second_factor:
        raise ConflictError("second_factor_is_set")
    secret = second_factors.new_secret()
    await staff.change(tx, replace(person, totp_secret=secret))
    return person, secret


async def confirm_totp(
    tx: Tx, current: OpenSession, code: str, ip_address: str | None, now: datetime
) -> list[str]:  # fmt: skip
    """The authenticator shows the right code: from now on a sign-in needs one. The person's other sessions end: nobody
    has shown a second factor in them, and they would get the scopes. Returns the recovery codes. Raises ConflictError,
    and InvalidError for a wrong code."""
    person = await _locked(tx, current)
    if person.has_second_factor:
        raise ConflictError("second_factor_is_set")
    if person.totp_secret is None:
        raise ConflictError("second_factor_not_begun")
    if not await second_factors.uses_totp(tx, person, code, now):
        raise InvalidError("code_not_of_authenticator", field="code")
    await staff.change(tx, replace(person, totp_confirmed_at=now))
    codes = await second_factors.give_recovery_codes(tx, person, now)
    await _end_others(tx, current, now)
    await _record(tx, current, ip_address, AuditAction.STAFF_SECOND_FACTOR_SET, {"second_factor": True}, now)
    return codes


async def change_password(
    database: Database,
    passwords: Passwords,
    current: OpenSession,
    old: str,
    new: str,
    ip_address: str | None,
    now: datetime,
) -> None:
    """Set a new password, and end the person's other sessions and open link for a new password. Raises InvalidError for
    a weak password, SignInError for a wrong old one, and TooManyError: each attempt is counted as a sign-in is, before
    the password is compared."""
    visitor = Visitor(host=ip_address, user_agent=None)
    person, merchant_id = current.person, current.person.merchant_id
    await database.write(lambda tx: count_attempt(tx, merchant_id, person.email, visitor, now))
    if not await passwords.fits(old, person.password_hash):
        await note_failure(database, merchant_id, person, visitor, "wrong_password", now)
        raise SignInError("wrong_credentials")
    refuse_weak(new, email=person.email, name=person.name)
    hashed = await passwords.hash(new)

    async def work(tx: Tx) -> None:
        person = await _locked(tx, current)
        if person.password_hash != current.person.password_hash:
            raise SignInError("wrong_credentials")
        await staff.change(tx, replace(person, password_hash=hashed))
        await _end_others(tx, current, now)
        await end_open(tx, _by(current, ip_address), person.merchant_id, person.email, now)
        await _record(tx, current, ip_address, AuditAction.STAFF_PASSWORD_CHANGED, {}, now)

    await database.write(work)


def _scopes_of(person: Staff, made: StaffRole | None) -> frozenset[str]:
    if not person.has_second_factor:
        return frozenset()
    return made.scopes if made else BUILT_IN.get(person.role, frozenset())


async def _locked(tx: Tx, current: OpenSession) -> Staff:
    person = await staff.lock(tx, current.person.merchant_id, current.person.staff_id)
    if person is None or person.disabled_at is not None:
        raise SignInError("invalid_staff_session")
    return person


async def _end_others(tx: Tx, current: OpenSession, now: datetime) -> None:
    session = current.session
    await staff_sessions.end_all(tx, session.merchant_id, session.staff_id, now, but=session.session_id)


async def _end(tx: Tx, merchant_id: str, session_id: str, by: AuditActor, now: datetime) -> StaffSession:
    ended = await staff_sessions.end(tx, merchant_id, session_id, now)
    if ended is None:
        raise NotFoundError("staff_session", session_id)
    await audit.record(
        tx,
        merchant_id=merchant_id,
        by=by,
        action=AuditAction.STAFF_SESSION_ENDED,
        subject_id=session_id,
        changes=audit.changes_of({"ended_at": None}, {"ended_at": now}),
        now=now,
    )
    return ended


async def _record(
    tx: Tx,
    current: OpenSession,
    ip_address: str | None,
    action: AuditAction,
    after: dict[str, object],
    now: datetime,
) -> None:
    await audit.record(
        tx,
        merchant_id=current.person.merchant_id,
        by=_by(current, ip_address),
        action=action,
        subject_id=current.person.staff_id,
        changes=audit.changes_of({}, after),
        now=now,
    )


def _by(current: OpenSession, ip_address: str | None) -> AuditActor:
    return actor_of(current.person, ip_address)
