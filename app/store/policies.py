"""Policies that merchants have published. Each version is written once."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, insert, select, update

from app.records.policy import StoredPolicy
from app.store import documents
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import merchants, policies

_COLUMNS = tuple(column.name for column in policies.c)
_OF_MERCHANT = policies.c.merchant_id == bindparam("merchant")
_OF_POLICY = and_(_OF_MERCHANT, policies.c.policy_id == bindparam("policy"))
_INSERT = Statement(insert(policies))
_NEXT_VERSION = Statement(
    select((func.coalesce(func.max(policies.c.version), 0) + 1).label("version")).where(_OF_POLICY)
)
_LOAD = Statement(select(policies).where(_OF_POLICY, policies.c.version == bindparam("number")))
_IN_FORCE = Statement(
    select(policies)
    .where(_OF_POLICY, policies.c.effective_from <= bindparam("at"))
    .order_by(policies.c.effective_from.desc(), policies.c.version.desc())
    .limit(1)
)
_FIRST = Statement(select(policies).where(_OF_POLICY).order_by(policies.c.version).limit(1))
_ALL = Statement(select(policies).where(_OF_MERCHANT).order_by(policies.c.policy_id, policies.c.version.desc()))
_DEFAULT = Statement(select(merchants.c.policy).where(merchants.c.merchant_id == bindparam("merchant")))
_MAKE_DEFAULT = Statement(
    update(merchants).where(merchants.c.merchant_id == bindparam("merchant")).values(policy=bindparam("policy"))
)


async def next_version(tx: Tx, merchant_id: str, policy_id: str) -> int:
    (row,) = await tx.fetch(_NEXT_VERSION, {"merchant": merchant_id, "policy": policy_id})
    return int(row.version)


async def add(tx: Tx, policy: StoredPolicy) -> None:
    """Raises IntegrityError when another transaction has published this version meanwhile."""
    values = {name: getattr(policy, name) for name in _COLUMNS}
    terms, document = documents.TERMS.marked(policy.terms), documents.POLICIES.marked(policy.document)
    await tx.fetch(_INSERT, {**values, "terms": terms, "document": document})


async def load(tx: Tx, merchant_id: str, policy_id: str, version: int) -> StoredPolicy | None:
    row = await tx.first(_LOAD, {"merchant": merchant_id, "policy": policy_id, "number": version})
    return None if row is None else _stored(row)


async def in_force(tx: Tx, merchant_id: str, policy_id: str, at: datetime) -> StoredPolicy | None:
    """The version in force at an instant. For an instant before all versions, the first version."""
    key = {"merchant": merchant_id, "policy": policy_id}
    row = await tx.first(_IN_FORCE, {**key, "at": at}) or await tx.first(_FIRST, key)
    return None if row is None else _stored(row)


async def all_of(tx: Tx, merchant_id: str) -> list[StoredPolicy]:
    """Every version of every policy, by id, the newest first."""
    return [_stored(row) for row in await tx.fetch(_ALL, {"merchant": merchant_id})]


def _stored(row: Row) -> StoredPolicy:
    terms, document = documents.TERMS.unmarked(row.terms), documents.POLICIES.unmarked(row.document)
    return StoredPolicy(**{**row._asdict(), "terms": terms, "document": document})


async def default(tx: Tx, merchant_id: str) -> str:
    """The policy of the merchant's orders that name no policy."""
    (row,) = await tx.fetch(_DEFAULT, {"merchant": merchant_id})
    return str(row.policy)


async def make_default(tx: Tx, merchant_id: str, policy_id: str) -> None:
    await tx.fetch(_MAKE_DEFAULT, {"merchant": merchant_id, "policy": policy_id})
