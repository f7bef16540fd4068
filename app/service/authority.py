"""Limits of authority: how much a person or a key may pay back alone, by decision and by local day.

A limit counts what a command of the seller pays back, as the engine has decided it: the refunds, and the money of the
offers that it makes. The limits of a person or a key take the place of those of the role. Every limit that fits must
hold.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.clock import elapsed
from app.engine import Decision, Progress, command_name
from app.engine.model.claim import Actor
from app.engine.model.commands import Command, MakeOffer, Reject
from app.engine.model.effects import CreateRefund, DeferRefund
from app.engine.model.vocabulary import Role
from app.records.audit_entry import AuditAction, AuditActor
from app.records.authority import ANY, Authority, AuthorityLimit, HolderKind, LimitReach
from app.service import audit
from app.service.callers import Caller
from app.service.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.service.ids import new_id
from app.service.staff_roles import role_of
from app.store import authority, staff
from app.store.database import Tx

MOST_LIMITS = 500
REMEMBERED = 5.0
"""Seconds for which another process may not know of a merchant's first limit."""


class AboveAuthorityError(Exception):
    """A command pays back more than its giver may. Nothing is stored."""

    def __init__(
        self, command: Command, *, claim_id: str, amount: int, limit: AuthorityLimit, reach: LimitReach
    ) -> None:
        super().__init__(command_name(type(command)), amount)
        self.command = command
        self.claim_id = claim_id
        self.amount = amount
        self.currency = limit.currency
        self.reach = reach
        self.allowed = (limit.per_decision if reach is LimitReach.DECISION else limit.per_day) or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLimit:
    """`command` and `claim_kind` may be ANY."""

    holder_kind: HolderKind
    holder: str
    command: str
    claim_kind: str
    currency: str
    per_decision: int | None
    per_day: int | None


async def refuse_above(tx: Tx, merchant_id: str, command: Command, progress: Progress) -> None:
    """Raises AboveAuthorityError for a command of the seller or of a rule above the authority of the transaction."""
    who = tx.authority
    if who is None or not _is_bound(command.by):
        return
    amount = paid_back(command, progress)
    if amount == 0:
        return
    currency, today = progress.facts.order.currency, progress.facts.calendar.local_day(progress.facts.now)
    if not await _are_set(tx, merchant_id):
        return
    for limit in await authority.that_hold(tx, merchant_id, who):
        if not _fits(limit, command, progress, currency):
            continue
        reach = await _passed(tx, limit, who, today, amount)
        if reach is not None:
            claim_id = progress.claim.claim_id
            raise AboveAuthorityError(command, claim_id=claim_id, amount=amount, limit=limit, reach=reach)


def _is_bound(by: Actor) -> bool:
    """Rules act in the name of the system, and with a key of their own."""
    return by.role is Role.SELLER or (by.role is Role.SYSTEM and by.key is not None)


async def foresee(tx: Tx, caller: Caller, command: Command, progress: Progress) -> ForbiddenError | None:
    """What `refuse_above` would lead to for a command of the caller. Nothing is counted."""
    who = caller.authority
    amount = paid_back(command, progress)
    if who is None or not _is_bound(command.by) or amount == 0 or not await _are_set(tx, caller.merchant_id):
        return None
    currency, today = progress.facts.order.currency, progress.facts.calendar.local_day(progress.facts.now)
    for limit in await authority.that_hold(tx, caller.merchant_id, who):
        if not _fits(limit, command, progress, currency):
            continue
        used = await authority.used(tx, limit, _counted_for(limit, who), today) if limit.per_day is not None else 0
        for allowed, sum_ in ((limit.per_decision, amount), (limit.per_day, used + amount)):
            if allowed is not None and sum_ > allowed:
                return ForbiddenError("above_authority", amount=amount, allowed=allowed, currency=currency)
    return None


async def _passed(tx: Tx, limit: AuthorityLimit, who: Authority, today: date, amount: int) -> LimitReach | None:
    """What of the limit an amount is above. Otherwise None, and the amount is counted: each person of a role has a sum,
    and a key has one sum with the keys that replace it."""
    if limit.per_decision is not None and amount > limit.per_decision:
        return LimitReach.DECISION
    is_counted = await authority.count(tx, limit, _counted_for(limit, who), today, amount)
    return None if is_counted else LimitReach.DAY


def _counted_for(limit: AuthorityLimit, who: Authority) -> str:
    return who.holder_id if limit.holder_kind is HolderKind.ROLE else limit.holder


def paid_back(command: Command, progress: Progress) -> int:
    """The money that leaves by a command and by what follows from it, in minor units."""
    return sum(map(owed_by, progress.decisions)) + offered_by(command)


def owed_by(decision: Decision) -> int:
    """What becomes owed by one decision, in minor units."""
    refunds = sum(effect.share.amount for effect in decision.effects if isinstance(effect, CreateRefund))
    deferred = sum(max(effect.amount, 0) for effect in decision.effects if isinstance(effect, DeferRefund))
    return refunds + deferred


async def are_one(tx: Tx, caller: Caller, kind: HolderKind, holder: str) -> bool:
    """Whether a person or a key is the caller: keys that replace each other by rotation are one."""
    who = caller.authority
    if who is None or who.kind is not kind:
        return False
    if who.holder_id == holder:
        return True
    if kind is not HolderKind.API_KEY:
        return False
    own, other = [await authority.replaced_keys(tx, caller.merchant_id, key_id) for key_id in (who.holder_id, holder)]
    return not set(own).isdisjoint(other)


async def list_limits(tx: Tx, caller: Caller) -> list[AuthorityLimit]:
    return await authority.all_of(tx, caller.merchant_id)


async def put_limit(tx: Tx, caller: Caller, by: AuditActor, new: NewLimit, now: datetime) -> AuthorityLimit:
    """Set a limit, in place of the limit for the same holder, command, kind and currency. Raises NotFoundError and
    InvalidError for a holder that the merchant does not have, ForbiddenError for the caller's own limit, and
    ConflictError above MOST_LIMITS."""
    await _refuse_own(tx, caller, new.holder_kind, new.holder)
    await _refuse_unknown(tx, caller.merchant_id, new)
    wanted = AuthorityLimit(
        merchant_id=caller.merchant_id,
        limit_id=new_id(now),
        holder_kind=new.holder_kind,
        holder=new.holder,
        command=new.command,
        claim_kind=new.claim_kind,
        currency=new.currency,
        per_decision=new.per_decision,
        per_day=new.per_day,
        created_at=now,
        updated_at=now,
    )
    before = await authority.of_scope(tx, wanted)
    if before is None:
        if len(await authority.all_of(tx, caller.merchant_id)) >= MOST_LIMITS:
            raise ConflictError("too_many_limits", limit=MOST_LIMITS)
        after = wanted
        await authority.add(tx, after)
        tx.memo.put((_LIMITED, caller.merchant_id), (elapsed() + REMEMBERED, True))
    else:
        after = replace(before, per_decision=new.per_decision, per_day=new.per_day, updated_at=now)
        await authority.change(tx, after)
    await _record(tx, by, AuditAction.AUTHORITY_LIMIT_SET, before, after, now)
    return after


async def delete_limit(tx: Tx, caller: Caller, by: AuditActor, limit_id: str, now: datetime) -> AuthorityLimit:
    """Raises NotFoundError, and ForbiddenError for the caller's own limit."""
    limit = await authority.load(tx, caller.merchant_id, limit_id)
    if limit is None:
        raise NotFoundError("authority_limit", limit_id)
    await _refuse_own(tx, caller, limit.holder_kind, limit.holder)
    await authority.remove(tx, caller.merchant_id, limit_id)
    await _record(tx, by, AuditAction.AUTHORITY_LIMIT_DELETED, limit, None, now)
    return limit


async def _are_set(tx: Tx, merchant_id: str) -> bool:
    """Whether the merchant has a limit, remembered for REMEMBERED seconds: most merchants have none, and pay for no
    look-up. The limits themselves are read each time."""
    remembered: tuple[float, bool] | None = tx.memo.get((_LIMITED, merchant_id))
    if remembered is None or remembered[0] <= elapsed():
        remembered = (elapsed() + REMEMBERED, await authority.are_set(tx, merchant_id))
        tx.memo.put((_LIMITED, merchant_id), remembered)
    return remembered[1]


_LIMITED = "merchant with limits of authority"


def _fits(limit: AuthorityLimit, command: Command, progress: Progress, currency: str) -> bool:
    return (
        limit.currency == currency
        and limit.command in (ANY, command_name(type(command)))
        and limit.claim_kind in (ANY, progress.claim.kind)
    )


def offered_by(command: Command) -> int:
    """The most that the buyer can take of the offers that a command makes."""
    if isinstance(command, MakeOffer):
        return command.amount or 0
    if isinstance(command, Reject):
        return max((offer.amount or 0 for offer in command.offers), default=0)
    return 0


async def _refuse_own(tx: Tx, caller: Caller, kind: HolderKind, holder: str) -> None:
    """Nobody changes the limit that holds for themselves."""
    is_own_role = kind is HolderKind.ROLE and caller.role == holder
    if is_own_role or await are_one(tx, caller, kind, holder):
        raise ForbiddenError("own_limit")


async def _refuse_unknown(tx: Tx, merchant_id: str, new: NewLimit) -> None:
    if new.holder_kind is HolderKind.ROLE:
        await role_of(tx, merchant_id, new.holder)
        return
    if new.holder_kind is HolderKind.STAFF:
        is_there = await staff.load(tx, merchant_id, new.holder) is not None
    else:
        is_there = await authority.has_key(tx, merchant_id, new.holder)
    if not is_there:
        raise InvalidError("unknown_holder", field="holder", holder=new.holder)


async def _record(
    tx: Tx,
    by: AuditActor,
    action: AuditAction,
    before: AuthorityLimit | None,
    after: AuthorityLimit | None,
    now: datetime,
) -> None:
    limit = after or before
    if limit is None:
        return
    await audit.record(
        tx,
        merchant_id=limit.merchant_id,
        by=by,
        action=action,
        subject_id=limit.limit_id,
        changes=audit.changes_of(_audited(before), _audited(after)),
        now=now,
    )


def _audited(limit: AuthorityLimit | None) -> dict[str, object]:
    names = ("holder_kind", "holder", "command", "claim_kind", "currency", "per_decision", "per_day")
    return {name: getattr(limit, name) for name in names} if limit else {}
