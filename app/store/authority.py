"""Limits of authority, and the sum of each day under a limit."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, insert, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.records.authority import Authority, AuthorityLimit, HolderKind
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import api_keys, authority_limits, authority_uses, merchants

_c = authority_limits.c
_FIELDS = tuple(column.name for column in _c)
_IS_ONE = and_(_c.merchant_id == bindparam("merchant"), _c.limit_id == bindparam("named"))
_SCOPE = ("holder_kind", "holder", "command", "claim_kind", "currency")
_ALL = Statement(
    select(authority_limits)
    .where(_c.merchant_id == bindparam("merchant"))
    .order_by(*(_c[name] for name in _SCOPE))
)  # fmt: skip
_LOAD = Statement(select(authority_limits).where(_IS_ONE))
_OF_SCOPE = Statement(
    select(authority_limits)
    .where(_c.merchant_id == bindparam("merchant"), *(_c[name] == bindparam(f"of_{name}") for name in _SCOPE))
    .with_for_update()
)
_ARE_SET = Statement(select(exists(select(1).where(_c.merchant_id == bindparam("merchant"))).label("are_set")))
_OWNER = select(merchants.c.merchant_id).where(merchants.c.test_merchant_id == bindparam("merchant"))
_REACHES = or_(api_keys.c.merchant_id == bindparam("merchant"), api_keys.c.merchant_id.in_(_OWNER))
_HAS_KEY = Statement(
    select(exists(select(1).where(api_keys.c.key_id == bindparam("named"), _REACHES)).label("has_key"))
)
_chain = (
    select(api_keys.c.merchant_id, api_keys.c.key_id, api_keys.c.rotated_from, literal_column("0").label("steps"))
    .where(api_keys.c.key_id == bindparam("named"), _REACHES)
    .cte("chain", recursive=True)
)
_chain = _chain.union_all(
    select(
        api_keys.c.merchant_id,
        api_keys.c.key_id,
        api_keys.c.rotated_from,
        (_chain.c.steps + literal_column("1")).label("steps"),
    ).where(api_keys.c.merchant_id == _chain.c.merchant_id, api_keys.c.key_id == _chain.c.rotated_from)
)
_REPLACED = Statement(select(_chain.c.key_id).order_by(_chain.c.steps))
_INSERT = Statement(insert(authority_limits))
_CHANGE = Statement(
    update(authority_limits)
    .where(_IS_ONE)
    .values(
        per_decision=bindparam("new_decision", type_=_c.per_decision.type),
        per_day=bindparam("new_day", type_=_c.per_day.type),
        updated_at=bindparam("at"),
    )
)
_DELETE = Statement(delete(authority_limits).where(_IS_ONE))

_used = authority_uses.c
_DELETE_USES = Statement(
    delete(authority_uses).where(_used.merchant_id == bindparam("merchant"), _used.limit_id == bindparam("named"))
)
_FORGET = Statement(
    delete(authority_uses).where(
        _used.merchant_id == bindparam("merchant"),
        _used.limit_id == bindparam("named"),
        _used.holder_id == bindparam("whom"),
        _used.day_on < bindparam("today"),
    )
)


_USED = Statement(
    select(_used.amount).where(
        _used.merchant_id == bindparam("merchant"),
        _used.limit_id == bindparam("named"),
        _used.holder_id == bindparam("whom"),
        _used.day_on == bindparam("today"),
    )
)


def _counting(dialect: Any) -> Statement:
    """Add to the sum of a day, if the sum then keeps its limit. Transactions that run at once wait for each other."""
    row = dialect.insert(authority_uses)
    total = _used.amount + row.excluded.amount
    return Statement(
        row.on_conflict_do_update(
            index_elements=list(authority_uses.primary_key.columns),
            set_={"amount": total, "allowed": row.excluded.allowed},
            where=total <= row.excluded.allowed,
        ).returning(_used.amount)
    )


_COUNT = {"postgresql": _counting(postgresql), "sqlite": _counting(sqlite)}


async def are_set(tx: Tx, merchant_id: str) -> bool:
    """Whether the merchant has a limit."""
    row = await tx.first(_ARE_SET, {"merchant": merchant_id})
    return row is not None and bool(row.are_set)


async def has_key(tx: Tx, merchant_id: str, key_id: str) -> bool:
    """Whether a key reaches the merchant: a key of its own, or for the test side one of the live merchant."""
    row = await tx.first(_HAS_KEY, {"merchant": merchant_id, "named": key_id})
    return row is not None and bool(row.has_key)


async def all_of(tx: Tx, merchant_id: str) -> list[AuthorityLimit]:
    return [_limit(row) for row in await tx.fetch(_ALL, {"merchant": merchant_id})]


async def load(tx: Tx, merchant_id: str, limit_id: str) -> AuthorityLimit | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "named": limit_id})
    return None if row is None else _limit(row)


async def of_scope(tx: Tx, limit: AuthorityLimit) -> AuthorityLimit | None:
    """The limit that is for the same holder, command, kind and currency, locked."""
    scope = {f"of_{name}": getattr(limit, name) for name in _SCOPE}
    row = await tx.first(_OF_SCOPE, {"merchant": limit.merchant_id, **scope})
    return None if row is None else _limit(row)


async def add(tx: Tx, limit: AuthorityLimit) -> None:
    """Raises IntegrityError when another transaction adds the same limit meanwhile."""
    await tx.fetch(_INSERT, {name: getattr(limit, name) for name in _FIELDS})


async def change(tx: Tx, limit: AuthorityLimit) -> None:
    key = {"merchant": limit.merchant_id, "named": limit.limit_id, "at": limit.updated_at}
    await tx.fetch(_CHANGE, {**key, "new_decision": limit.per_decision, "new_day": limit.per_day})


async def remove(tx: Tx, merchant_id: str, limit_id: str) -> None:
    """Delete a limit and its sums."""
    for statement in (_DELETE_USES, _DELETE):
        await tx.fetch(statement, {"merchant": merchant_id, "named": limit_id})


async def count(tx: Tx, limit: AuthorityLimit, holder_id: str, day: date, amount: int) -> bool:
    """Add an amount to the sum of the day. False if the sum would be above the limit: then nothing is added. Days
    before are forgotten."""
    if limit.per_day is None:
        return True
    if amount > limit.per_day:
        return False
    key = {"merchant_id": limit.merchant_id, "limit_id": limit.limit_id, "holder_id": holder_id, "day_on": day}
    counted = await tx.fetch(
        _COUNT["sqlite" if tx.is_sqlite else "postgresql"], {**key, "amount": amount, "allowed": limit.per_day}
    )
    before = {"merchant": limit.merchant_id, "named": limit.limit_id, "whom": holder_id, "today": day}
    await tx.fetch(_FORGET, before)
    return bool(counted)


async def used(tx: Tx, limit: AuthorityLimit, holder_id: str, day: date) -> int:
    """The sum of the day so far."""
    key = {"merchant": limit.merchant_id, "named": limit.limit_id, "whom": holder_id, "today": day}
    row = await tx.first(_USED, key)
    return 0 if row is None else int(row.amount)


async def that_hold(tx: Tx, merchant_id: str, who: Authority) -> list[AuthorityLimit]:
    """The limits of a person, or else those of the person's role. A key has its own, and those of the keys that it
    replaces."""
    limits = await all_of(tx, merchant_id)
    if who.kind is HolderKind.API_KEY:
        return await _of_key(tx, merchant_id, who.holder_id, limits)
    own = for_holder(limits, who.kind, who.holder_id)
    return own or (for_holder(limits, HolderKind.ROLE, who.role) if who.role else [])


async def _of_key(
    tx: Tx, merchant_id: str, key_id: str, limits: Sequence[AuthorityLimit]
) -> list[AuthorityLimit]:  # fmt: skip
    """For the same command, kind and currency, the limit of the latest key holds."""
    if not any(limit.holder_kind is HolderKind.API_KEY for limit in limits):
        return []
    held: dict[tuple[str, str, str], AuthorityLimit] = {}
    for holder in await replaced_keys(tx, merchant_id, key_id):
        for limit in for_holder(limits, HolderKind.API_KEY, holder):
            held.setdefault((limit.command, limit.claim_kind, limit.currency), limit)
    return list(held.values())


async def replaced_keys(tx: Tx, merchant_id: str, key_id: str) -> list[str]:
    """A key, the key that it replaces by rotation, and so on. Empty for a key that the merchant does not have."""
    return [row.key_id for row in await tx.fetch(_REPLACED, {"merchant": merchant_id, "named": key_id})]


def for_holder(limits: Sequence[AuthorityLimit], kind: HolderKind, holder: str) -> list[AuthorityLimit]:
    return [limit for limit in limits if (limit.holder_kind, limit.holder) == (kind, holder)]


def _limit(row: Row) -> AuthorityLimit:
    values = {name: getattr(row, name) for name in _FIELDS}
    return AuthorityLimit(**{**values, "holder_kind": HolderKind(row.holder_kind)})
