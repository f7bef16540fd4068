"""Withdrawals from contracts: added once, matched once, and linked to their claims."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, insert, literal, select, tuple_, update

from app import json_text
from app.engine.model.vocabulary import State
from app.records.withdrawal import Channel, Declaration, Withdrawal, WithdrawalLine, WithdrawalStatus
from app.store.database import Tx
from app.store.erased_merchants import erased_merchants
from app.store.merchant_clocks import is_live
from app.store.statements import Listing, Row, Statement
from app.store.tables import buyer_erasures, claims, notices, withdrawal_claims, withdrawals
from app.store.types import JsonTexts

_c = withdrawals.c
_DECLARED = tuple(Declaration.__slots__)
_DECIDED = ("status", "order_id", "repeats", "decided_at", "decided_by", "closing_reason")
_READ = tuple(_c[name] for name in (*_DECLARED, "hash", *_DECIDED, "refusals"))
_KEY = and_(_c.merchant_id == bindparam("merchant"), _c.withdrawal_id == bindparam("withdrawal"))
_INSERT = Statement(insert(withdrawals))
_LOAD = Statement(select(*_READ).where(_KEY))
_LOAD_MANY = Statement(
    select(*_READ).where(
        _c.merchant_id == bindparam("merchant"),
        _c.withdrawal_id.in_(select(JsonTexts(bindparam("withdrawals")).table_valued("value").c.value)),
    )
)
_LOCK = Statement(select(_c.withdrawal_id).where(_KEY).with_for_update())
_TAKE = Statement(
    select(_c.withdrawal_id).where(_KEY, _c.wakes_at <= bindparam("now")).with_for_update(skip_locked=True)
)
_DUE = Statement(
    select(_c.merchant_id, _c.withdrawal_id)
    .where(_c.wakes_at <= bindparam("now"), is_live(withdrawals))
    .order_by(_c.wakes_at)
    .limit(bindparam("at_most"))
)
_POSTPONE = Statement(update(withdrawals).where(_KEY, _c.wakes_at.is_not(None)).values(wakes_at=bindparam("until")))
_DECIDE = Statement(
    update(withdrawals)
    .where(_KEY)
    .values(
        {
            **{name: bindparam(f"new_{name}") for name in (*_DECIDED, "refusals")},
            "wakes_at": None,
        }
    )
)
_OF_ORDER = Statement(
    select(*_READ)
    .where(_c.merchant_id == bindparam("merchant"), _c.order_id == bindparam("order"))
    .order_by(_c.withdrawal_id)
)
_IS_MATCHED = _c.status == literal(WithdrawalStatus.MATCHED.value)
_WAITS = _c.status.in_([literal(status.value) for status in (WithdrawalStatus.RECEIVED, WithdrawalStatus.UNMATCHED)])
_PAGE = Listing(
    select(*_READ)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(_c.withdrawal_id.desc())
    .limit(bindparam("at_most")),
    {
        "matched": _IS_MATCHED,
        "waiting": _WAITS,
        "order": _c.order_id == bindparam("order"),
        "after": _c.withdrawal_id < bindparam("after"),
    },
)
_l = withdrawal_claims.c
_ENDED_BY_BUYER = claims.c.state == literal(State.RETRACTED.value)
_HAS_EFFECT = Statement(
    select(func.count().label("claims"), func.count().filter(_ENDED_BY_BUYER).label("retracted"))
    .select_from(
        withdrawal_claims.join(claims, and_(claims.c.merchant_id == _l.merchant_id, claims.c.claim_id == _l.claim_id))
    )
    .where(_l.merchant_id == bindparam("merchant"), _l.withdrawal_id == bindparam("withdrawal"))
)
_LINK = Statement(insert(withdrawal_claims))
_CLAIMS = Statement(
    select(_l.claim_id)
    .where(_l.merchant_id == bindparam("merchant"), _l.withdrawal_id == bindparam("withdrawal"))
    .order_by(_l.kind)
)

_ROWS_A_PAGE = 1_000
_IS_ERASED = exists(
    select(literal(1)).where(
        buyer_erasures.c.merchant_id == _c.merchant_id,
        buyer_erasures.c.order_id == _c.order_id,
        buyer_erasures.c.contract_erased_at.is_not(None),
    )
).label("is_erased")
_EVERY = Statement(
    select(*_READ, notices.c.data.label("told"), _IS_ERASED)
    .select_from(
        withdrawals.outerjoin(
            notices,
            and_(
                notices.c.merchant_id == _c.merchant_id,
                notices.c.subject == literal("withdrawal"),
                notices.c.subject_id == _c.withdrawal_id,
                notices.c.type == literal("withdrawal.received"),
            ),
        )
    )
    .where(tuple_(_c.merchant_id, _c.withdrawal_id) > tuple_(bindparam("merchant"), bindparam("after")))
    .order_by(_c.merchant_id, _c.withdrawal_id)
    .limit(_ROWS_A_PAGE)
)
_LOST = Statement(
    select(notices.c.merchant_id, notices.c.subject_id)
    .where(
        notices.c.subject == literal("withdrawal"),
        notices.c.type == literal("withdrawal.received"),
        ~exists(select(1).where(_c.merchant_id == notices.c.merchant_id, _c.withdrawal_id == notices.c.subject_id)),
    )
    .order_by(notices.c.subject_id)
)


async def add(tx: Tx, withdrawal: Withdrawal) -> None:
    """A new withdrawal. The worker looks at it at once."""
    declaration = withdrawal.declaration
    values = {name: getattr(declaration, name) for name in _DECLARED}
    decided = {name: getattr(withdrawal, name) for name in _DECIDED}
    await tx.fetch(
        _INSERT,
        {
            **values,
            **decided,
            "lines": json_text.dump(declaration.lines),
            "hash": withdrawal.hash,
            "refusals": "[]",
            "wakes_at": declaration.received_at,
        },
    )


async def load(tx: Tx, merchant_id: str, withdrawal_id: str) -> Withdrawal | None:
    """With its claims."""
    row = await tx.first(_LOAD, _key(merchant_id, withdrawal_id))
    return None if row is None else await _with_claims(tx, _withdrawal(row))


async def load_many(tx: Tx, merchant_id: str, withdrawal_ids: Collection[str]) -> dict[str, Withdrawal]:
    """Withdrawals by their ids, without their claims."""
    rows = await tx.fetch(_LOAD_MANY, {"merchant": merchant_id, "withdrawals": json_text.dump(list(withdrawal_ids))})
    return {row.withdrawal_id: _withdrawal(row) for row in rows}


async def lock(tx: Tx, merchant_id: str, withdrawal_id: str) -> None:
    """Lock a withdrawal for a decision. On SQLite the transaction has locked the whole database already."""
    if not tx.is_sqlite:
        await tx.fetch(_LOCK, _key(merchant_id, withdrawal_id))


async def take(tx: Tx, merchant_id: str, withdrawal_id: str, now: datetime) -> bool:
    """Lock a withdrawal that is due. False if another transaction has the lock, or has looked at it meanwhile."""
    return bool(await tx.fetch(_TAKE, {**_key(merchant_id, withdrawal_id), "now": now}))


async def due(tx: Tx, now: datetime, *, limit: int) -> list[tuple[str, str]]:
    """The live merchants and ids of withdrawals that nobody has looked at, the longest due first."""
    return [(row.merchant_id, row.withdrawal_id) for row in await tx.fetch(_DUE, {"now": now, "at_most": limit})]


async def postpone(tx: Tx, merchant_id: str, withdrawal_id: str, until: datetime) -> None:
    """Unless somebody has looked at it meanwhile."""
    await tx.fetch(_POSTPONE, {**_key(merchant_id, withdrawal_id), "until": until})


async def decide(tx: Tx, withdrawal: Withdrawal) -> None:
    """Write the status and its facts. The caller has locked the withdrawal."""
    changes = {f"new_{name}": getattr(withdrawal, name) for name in _DECIDED}
    key = _key(withdrawal.declaration.merchant_id, withdrawal.withdrawal_id)
    await tx.fetch(_DECIDE, {**key, **changes, "new_refusals": json_text.dump(withdrawal.refusals)})


async def link(tx: Tx, merchant_id: str, withdrawal_id: str, by_kind: Mapping[str, str]) -> None:
    """Link the claims, by their kind. Raises IntegrityError when the withdrawal has a claim of a kind already."""
    key = {"merchant_id": merchant_id, "withdrawal_id": withdrawal_id}
    await tx.run_all(_LINK, [{**key, "kind": kind, "claim_id": claim_id} for kind, claim_id in by_kind.items()])


async def of_order(tx: Tx, merchant_id: str, order_id: str) -> list[Withdrawal]:
    """The withdrawals that are matched with an order, with their claims, oldest first."""
    rows = await tx.fetch(_OF_ORDER, {"merchant": merchant_id, "order": order_id})
    return [await _with_claims(tx, _withdrawal(row)) for row in rows]


async def has_effect(tx: Tx, withdrawal: Withdrawal) -> bool:
    """False if no claim came of the withdrawal, and if the buyer has retracted all of them."""
    (row,) = await tx.fetch(_HAS_EFFECT, _key(withdrawal.declaration.merchant_id, withdrawal.withdrawal_id))
    return bool(row.claims > row.retracted)


async def page(
    tx: Tx, merchant_id: str, *, limit: int, matched: bool | None, order_id: str | None, after: str | None
) -> list[Withdrawal]:
    """The newest withdrawal comes first. `matched` false: those that wait for an order."""
    named: dict[str, Any] = {"order": order_id, "after": after}
    values = {name: value for name, value in named.items() if value is not None}
    status = {True: {"matched"}, False: {"waiting"}, None: set[str]()}[matched]
    statement = _PAGE.narrowed(values.keys() | status)
    rows = await tx.fetch(statement, {"merchant": merchant_id, "at_most": limit, **values})
    return [await _with_claims(tx, _withdrawal(row)) for row in rows]


async def every(tx: Tx) -> AsyncIterator[tuple[Withdrawal, str | None, bool]]:
    """The withdrawals of all merchants that are not erased, without their claims, a page at a time. Beside each is the
    data of the event that told it, None without one, and whether its words were erased."""
    values = {"merchant": "", "after": ""}
    erased = await erased_merchants(tx)
    while rows := await tx.fetch(_EVERY, values):
        for row in rows:
            if row.merchant_id not in erased:
                yield _withdrawal(row), row.told, not row.salt and not row.email and bool(row.is_erased)
        values = {"merchant": rows[-1].merchant_id, "after": rows[-1].withdrawal_id}


async def lost(tx: Tx) -> list[str]:
    """The ids of withdrawals that are gone, although an event told them. Those of erased merchants may go."""
    erased = await erased_merchants(tx)
    return [row.subject_id for row in await tx.fetch(_LOST) if row.merchant_id not in erased]


async def _with_claims(tx: Tx, withdrawal: Withdrawal) -> Withdrawal:
    if withdrawal.status is not WithdrawalStatus.MATCHED:
        return withdrawal
    rows = await tx.fetch(_CLAIMS, _key(withdrawal.declaration.merchant_id, withdrawal.withdrawal_id))
    return replace(withdrawal, claim_ids=tuple(row.claim_id for row in rows))


def _key(merchant_id: str, withdrawal_id: str) -> dict[str, str]:
    return {"merchant": merchant_id, "withdrawal": withdrawal_id}


def _withdrawal(row: Row) -> Withdrawal:
    values = row._asdict()
    lines = tuple(WithdrawalLine(**line) for line in json_text.load(row.lines))
    declared = {**{name: values[name] for name in _DECLARED}, "lines": lines, "channel": Channel(row.channel)}
    decided = {**{name: values[name] for name in _DECIDED}, "status": WithdrawalStatus(row.status)}
    refusals = tuple(json_text.load(row.refusals))
    return Withdrawal(declaration=Declaration(**declared), hash=row.hash, refusals=refusals, **decided)
