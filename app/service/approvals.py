"""Decisions above somebody's authority: they wait for a second person, who grants or refuses them.

A granted command is given as of then: the engine may refuse what has changed. The history names both people.
"""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from app import json_text
from app.engine import command_name
from app.engine.model.claim import Actor
from app.engine.model.commands import Command
from app.engine.transitions.table import TABLE
from app.records.api_key import Scope
from app.records.audit_entry import AuditAction, AuditActor
from app.records.authority import Approval, ApprovalStatus
from app.service import audit, claims
from app.service.authority import AboveAuthorityError, are_one
from app.service.callers import Caller
from app.service.errors import ConflictError, ForbiddenError, NotFoundError
from app.service.ids import new_id
from app.store import approvals
from app.store import claims as stored_claims
from app.store.database import Database, Tx

BETWEEN = " · "
"""Between the two people of a granted command, who asked first."""


async def ask(
    database: Database, caller: Caller, above: AboveAuthorityError, by: AuditActor, now: datetime
) -> ForbiddenError:
    """Store a command that was refused because of authority, and return the error for its giver."""
    approval_id = await database.write(lambda tx: _ask(tx, caller, above, by, now))
    if approval_id is None:  # a request of the seller: there is no claim yet
        return ForbiddenError("above_authority", amount=above.amount, allowed=above.allowed, currency=above.currency)
    return ForbiddenError(
        "above_authority",
        approval_id=approval_id,
        amount=above.amount,
        allowed=above.allowed,
        currency=above.currency,
    )


async def latest(tx: Tx, caller: Caller, *, status: ApprovalStatus | None, claim_id: str | None) -> list[Approval]:
    """The newest comes first."""
    where = {name: value for name, value in (("status", status), ("claim", claim_id)) if value is not None}
    return await approvals.latest(tx, caller.merchant_id, **where)


async def read(tx: Tx, caller: Caller, approval_id: str) -> Approval:
    """Raises NotFoundError."""
    approval = await approvals.load(tx, caller.merchant_id, approval_id)
    if approval is None:
        raise NotFoundError("approval", approval_id)
    return approval


async def grant(
    tx: Tx, caller: Caller, by: AuditActor, approval_id: str, now: datetime, decided_at: datetime
) -> Approval:  # fmt: skip
    """Give the command. `now` is of the merchant. Raises NotFoundError, ConflictError for an approval that is decided
    and for a claim that would now give more than the second person has read, ForbiddenError for whoever asked and for
    too little authority, and RefusedError: then the approval stays open."""
    approval = await _to_decide(tx, caller, approval_id)
    command = command_of(approval)
    if getattr(command, "override", None) is not None and not caller.may(Scope.CLAIMS_OVERRIDE):
        raise ForbiddenError("scope_not_held", scope=Scope.CLAIMS_OVERRIDE)
    by_both = replace_actor(command, _both(command.by, caller))
    earlier = {refund.refund_id for refund in await claims.refunds_of(tx, caller, approval.claim_id)}
    try:
        await claims.act(tx, caller, approval.claim_id, by_both, now)
    except AboveAuthorityError as above:
        raise ForbiddenError(
            "above_own_authority", amount=above.amount, allowed=above.allowed, currency=above.currency
        ) from above
    owed = await claims.refunds_of(tx, caller, approval.claim_id)
    amount = sum(refund.amount for refund in owed if refund.refund_id not in earlier)
    if amount > approval.amount:
        raise ConflictError("approval_outgrown", amount=amount, asked=approval.amount, currency=approval.currency)
    return await _decide(tx, caller, by, approval, ApprovalStatus.GRANTED, None, decided_at)


async def refuse(
    tx: Tx, caller: Caller, by: AuditActor, approval_id: str, note: str | None, decided_at: datetime
) -> Approval:  # fmt: skip
    """The command is not given. Raises NotFoundError, ConflictError and ForbiddenError as `grant`."""
    approval = await _to_decide(tx, caller, approval_id)
    return await _decide(tx, caller, by, approval, ApprovalStatus.REFUSED, note, decided_at)


def command_of(approval: Approval) -> Command:
    command: Command = _adapter(approval.command).validate_json(approval.document)
    return command


def replace_actor(command: Command, by: Actor) -> Command:
    return replace(command, by=by)


async def _ask(tx: Tx, caller: Caller, above: AboveAuthorityError, by: AuditActor, now: datetime) -> str | None:
    merchant_id, who = caller.merchant_id, caller.authority
    if who is None or await stored_claims.load(tx, merchant_id, above.claim_id) is None:
        return None
    name = command_name(type(above.command))
    wanted = Approval(
        merchant_id=merchant_id,
        approval_id=new_id(now),
        claim_id=above.claim_id,
        command=name,
        document=json_text.dump(above.command),
        amount=above.amount,
        currency=above.currency,
        reach=above.reach,
        allowed=above.allowed,
        asked_kind=who.kind,
        asked_by=who.holder_id,
        asked_name=above.command.by.name,
        asked_at=now,
    )
    earlier = await approvals.lock_open(tx, merchant_id, above.claim_id, name)
    if earlier is None:
        await approvals.add(tx, wanted)
    else:
        if _says(earlier) == _says(wanted):
            wanted = replace(wanted, approval_id=earlier.approval_id)
        await approvals.ask_again(tx, earlier.approval_id, wanted)
    await _record(tx, by, AuditAction.APPROVAL_REQUESTED, wanted, {"command": name, "amount": above.amount}, now)
    return wanted.approval_id


def _says(approval: Approval) -> tuple[object, ...]:
    """What a second person has read. With other words the approval gets another id, so that nobody grants by the id of
    what they have read something else."""
    return approval.document, approval.amount, approval.currency, approval.asked_by


async def _to_decide(tx: Tx, caller: Caller, approval_id: str) -> Approval:
    approval = await approvals.lock(tx, caller.merchant_id, approval_id)
    if approval is None:
        raise NotFoundError("approval", approval_id)
    if approval.status is not ApprovalStatus.OPEN:
        raise ConflictError("approval_decided")
    if caller.authority is None or await are_one(tx, caller, approval.asked_kind, approval.asked_by):
        raise ForbiddenError("second_person_required")
    return approval


async def _decide(
    tx: Tx,
    caller: Caller,
    by: AuditActor,
    approval: Approval,
    status: ApprovalStatus,
    note: str | None,
    now: datetime,
) -> Approval:
    who = caller.authority
    decided = replace(
        approval,
        status=status,
        decided_by=who.holder_id if who else None,
        decided_name=caller.name,
        decided_at=now,
        note=note,
    )
    await approvals.decide(tx, decided)
    granted = status is ApprovalStatus.GRANTED
    action = AuditAction.APPROVAL_GRANTED if granted else AuditAction.APPROVAL_REFUSED
    # The note is free text, which may name a buyer, and the trail is never erased: the approval alone has the note.
    await _record(tx, by, action, decided, {}, now)
    return decided


def _both(asked: Actor, caller: Caller) -> Actor:
    second = caller.acting_as(asked.role, None)
    return replace(
        asked,
        name=f"{asked.name}{BETWEEN}{second.name}",
        key=f"{asked.key}{BETWEEN}{second.key}",
    )


async def _record(
    tx: Tx, by: AuditActor, action: AuditAction, approval: Approval, after: dict[str, object], now: datetime
) -> None:
    await audit.record(
        tx,
        merchant_id=approval.merchant_id,
        by=by,
        action=action,
        subject_id=approval.approval_id,
        changes=audit.changes_of({}, {"claim_id": approval.claim_id, **after}),
        now=now,
    )


@cache
def _adapter(command: str) -> TypeAdapter[Any]:
    types = {command_name(row.command): row.command for row in TABLE}
    return TypeAdapter(types[command])
