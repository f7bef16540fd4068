"""The rows of the people of a shop: each person with limits and open sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.visit import Arrived
from app.messages.money import money
from app.pages.texts import Writer
from app.records.authority import AuthorityLimit, HolderKind
from app.records.staff import Staff, StaffSession
from app.service import authority, staff, staff_sessions
from app.service.withdrawal_receipts import zone_of_shop


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitText:
    """A limit with its amounts as texts. `command` may be ANY. None where nothing is limited."""

    command: str
    per_decision: str | None
    per_day: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """`limits` hold for the person alone, or else for the role. The newest session is first."""

    person: Staff
    limits: Sequence[LimitText]
    sessions: Sequence[StaffSession]
    is_self: bool

    @property
    def seen_at(self) -> datetime | None:
        """When the person was here last, in one of the open sessions."""
        return max((each.seen_at for each in self.sessions), default=None)


async def person_rows(seen: Arrived) -> tuple[list[PersonRow], Writer]:
    """Everybody, who came first is first, and what writes their days."""
    people = await seen.read(lambda tx: staff.list_staff(tx, seen.caller))
    limits = await seen.read(lambda tx: authority.list_limits(tx, seen.caller))
    sessions = await seen.read(lambda tx: staff_sessions.list_sessions(tx, seen.caller, seen.system_now))
    zone = await seen.read(lambda tx: zone_of_shop(tx, seen.caller.merchant_id, seen.now))
    rows = [
        PersonRow(
            person=person,
            limits=[_text_of(each, seen.language) for each in _limits_of(person, limits)],
            sessions=[each for each in sessions if each.staff_id == person.staff_id],
            is_self=person.staff_id == seen.caller.staff_id,
        )
        for person in people
    ]
    return rows, Writer(language=seen.language, zone=zone, currency="KRW", now=seen.system_now)


def _limits_of(person: Staff, limits: Sequence[AuthorityLimit]) -> list[AuthorityLimit]:
    own = [each for each in limits if (each.holder_kind, each.holder) == (HolderKind.STAFF, person.staff_id)]
    return own or [each for each in limits if (each.holder_kind, each.holder) == (HolderKind.ROLE, person.role)]


def _text_of(limit: AuthorityLimit, language: str) -> LimitText:
    def written(amount: int | None) -> str | None:
        return None if amount is None else money(amount, limit.currency, language)

    return LimitText(command=limit.command, per_decision=written(limit.per_decision), per_day=written(limit.per_day))
