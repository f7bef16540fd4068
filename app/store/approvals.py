"""Decisions that wait for a second person."""

from sqlalchemy import and_, bindparam, insert, select, update

from app.records.authority import Approval, ApprovalStatus, HolderKind, LimitReach
from app.store.database import Tx
from app.store.statements import Listing, Row, Statement
from app.store.tables import approvals

LISTED = 200
"""How many approvals a list has at most."""

_c = approvals.c
_FIELDS = tuple(column.name for column in _c)
_IS_ONE = and_(_c.merchant_id == bindparam("merchant"), _c.approval_id == bindparam("approval"))
_LIST = Listing(
    select(approvals)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(_c.asked_at.desc(), _c.approval_id.desc())
    .limit(LISTED),
    {"status": _c.status == bindparam("status"), "claim": _c.claim_id == bindparam("claim")},
)
_LOAD = Statement(select(approvals).where(_IS_ONE))
_LOCK = Statement(select(approvals).where(_IS_ONE).with_for_update())
_LOCK_OPEN = Statement(
    select(approvals)
    .where(
        _c.merchant_id == bindparam("merchant"),
        _c.claim_id == bindparam("claim"),
        _c.command == bindparam("given"),
        _c.status == "open",
    )
    .with_for_update()
)
_INSERT = Statement(insert(approvals))
_ASKED = (
    *("approval_id", "document", "amount", "currency", "reach", "allowed"),
    *("asked_kind", "asked_by", "asked_name", "asked_at"),
)
_ASK_AGAIN = Statement(update(approvals).where(_IS_ONE).values({name: bindparam(f"new_{name}") for name in _ASKED}))
_DECIDED = ("status", "decided_by", "decided_name", "decided_at", "note")
_DECIDE = Statement(update(approvals).where(_IS_ONE).values({name: bindparam(f"new_{name}") for name in _DECIDED}))


async def add(tx: Tx, approval: Approval) -> None:
    """Raises IntegrityError when another transaction asks for the same command meanwhile."""
    await tx.fetch(_INSERT, {name: getattr(approval, name) for name in _FIELDS})


async def lock_open(tx: Tx, merchant_id: str, claim_id: str, command: str) -> Approval | None:
    """The open approval of a command to a claim, locked."""
    row = await tx.first(_LOCK_OPEN, {"merchant": merchant_id, "claim": claim_id, "given": command})
    return None if row is None else _approval(row)


async def ask_again(tx: Tx, earlier_id: str, approval: Approval) -> None:
    """What is asked for now takes the place of what was asked for before."""
    await _change(tx, _ASK_AGAIN, earlier_id, approval, _ASKED)


async def decide(tx: Tx, approval: Approval) -> None:
    await _change(tx, _DECIDE, approval.approval_id, approval, _DECIDED)


async def load(tx: Tx, merchant_id: str, approval_id: str) -> Approval | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "approval": approval_id})
    return None if row is None else _approval(row)


async def lock(tx: Tx, merchant_id: str, approval_id: str) -> Approval | None:
    row = await tx.first(_LOCK, {"merchant": merchant_id, "approval": approval_id})
    return None if row is None else _approval(row)


async def latest(tx: Tx, merchant_id: str, **where: str) -> list[Approval]:
    """The newest comes first, at most LISTED: of one `claim`, of one `status`."""
    rows = await tx.fetch(_LIST.narrowed(where), {"merchant": merchant_id, **where})
    return [_approval(row) for row in rows]


async def _change(tx: Tx, statement: Statement, stored_id: str, approval: Approval, names: tuple[str, ...]) -> None:
    key = {"merchant": approval.merchant_id, "approval": stored_id}
    await tx.fetch(statement, {**key, **{f"new_{name}": getattr(approval, name) for name in names}})


def _approval(row: Row) -> Approval:
    values = {name: getattr(row, name) for name in _FIELDS}
    words = {"status": ApprovalStatus, "asked_kind": HolderKind, "reach": LimitReach}
    return Approval(**{**values, **{name: word(values[name]) for name, word in words.items()}})
