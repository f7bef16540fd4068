"""The rules of a seller: the draft, the published versions, and the claims on which they were tried."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import and_, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app import json_text
from app.engine.model.rule_set import Rule, RuleSet
from app.records.authority import HolderKind
from app.records.rule_set import RuleDraft, RuleRun, StoredRuleSet
from app.store.database import Tx
from app.store.statements import Row, Statement
from app.store.tables import claims, orders, rule_drafts, rule_runs, rule_sets

_RULES = TypeAdapter(tuple[Rule, ...])
_MOST_VERSIONS = 200

_OF_MERCHANT = rule_sets.c.merchant_id == bindparam("merchant")
_DRAFT = Statement(select(rule_drafts).where(rule_drafts.c.merchant_id == bindparam("merchant")))
_NEWEST = Statement(select(rule_sets).where(_OF_MERCHANT).order_by(rule_sets.c.version.desc()).limit(1))
_VERSIONS = Statement(
    select(rule_sets).where(_OF_MERCHANT).order_by(rule_sets.c.version.desc()).limit(bindparam("at_most"))
)
_VERSION = Statement(select(rule_sets).where(_OF_MERCHANT, rule_sets.c.version == bindparam("number")))
_INSERT = Statement(insert(rule_sets))
_INSERT_RUN = Statement(insert(rule_runs))
_EARLIER = Statement(
    select(claims.c.requested_at)
    .select_from(
        claims.join(orders, and_(orders.c.merchant_id == claims.c.merchant_id, orders.c.order_id == claims.c.order_id))
    )
    .where(
        orders.c.merchant_id == bindparam("merchant"),
        orders.c.buyer_id == bindparam("buyer"),
        claims.c.claim_id != bindparam("claim"),
        claims.c.requested_at >= bindparam("since"),
    )
    .order_by(claims.c.requested_at.desc())
    .limit(bindparam("at_most"))
)


def _putting(insertion: postgresql.Insert | sqlite.Insert) -> Statement:
    new = {name: insertion.excluded[name] for name in ("rules", "updated_at", "updated_by")}
    return Statement(insertion.on_conflict_do_update(index_elements=[rule_drafts.c.merchant_id], set_=new))


_PUT_DRAFT = {
    "postgresql": _putting(postgresql.insert(rule_drafts)),
    "sqlite": _putting(sqlite.insert(rule_drafts)),
}


async def draft(tx: Tx, merchant_id: str) -> RuleDraft | None:
    row = await tx.first(_DRAFT, {"merchant": merchant_id})
    if row is None:
        return None
    return RuleDraft(rules=_rules(row.rules), updated_at=row.updated_at, updated_by=row.updated_by)


async def put_draft(tx: Tx, merchant_id: str, new: RuleDraft) -> None:
    values = {"rules": json_text.dump(new.rules), "updated_at": new.updated_at, "updated_by": new.updated_by}
    await tx.fetch(_PUT_DRAFT["sqlite" if tx.is_sqlite else "postgresql"], {"merchant_id": merchant_id, **values})


async def newest(tx: Tx, merchant_id: str) -> StoredRuleSet | None:
    """The version in force."""
    row = await tx.first(_NEWEST, {"merchant": merchant_id})
    return None if row is None else _stored(row)


async def version(tx: Tx, merchant_id: str, number: int) -> StoredRuleSet | None:
    row = await tx.first(_VERSION, {"merchant": merchant_id, "number": number})
    return None if row is None else _stored(row)


async def versions(tx: Tx, merchant_id: str) -> list[StoredRuleSet]:
    """The newest comes first."""
    return [_stored(row) for row in await tx.fetch(_VERSIONS, {"merchant": merchant_id, "at_most": _MOST_VERSIONS})]


async def add(tx: Tx, merchant_id: str, new: StoredRuleSet) -> None:
    """Raises IntegrityError when another transaction has published this version meanwhile."""
    values = {
        "version": new.rule_set.version,
        "rules": json_text.dump(new.rule_set.rules),
        "published_at": new.published_at,
        "published_by": new.published_by,
        "holder_kind": new.holder_kind.value,
        "holder_id": new.holder_id,
    }
    await tx.fetch(_INSERT, {"merchant_id": merchant_id, **values})


async def add_run(tx: Tx, merchant_id: str, run: RuleRun) -> None:
    """Raises IntegrityError for a claim on which the rules were tried before."""
    await tx.fetch(
        _INSERT_RUN, {"merchant_id": merchant_id, **{name: getattr(run, name) for name in RuleRun.__slots__}}
    )


async def earlier_claims(
    tx: Tx, merchant_id: str, buyer_id: str, *, besides: str, since: datetime, at_most: int
) -> tuple[datetime, ...]:
    """When the buyer requested other claims, the newest first."""
    values = {"merchant": merchant_id, "buyer": buyer_id, "claim": besides, "since": since, "at_most": at_most}
    return tuple(row.requested_at for row in await tx.fetch(_EARLIER, values))


def _stored(row: Row) -> StoredRuleSet:
    return StoredRuleSet(
        rule_set=RuleSet(version=row.version, rules=_rules(row.rules)),
        published_at=row.published_at,
        published_by=row.published_by,
        holder_kind=HolderKind(row.holder_kind),
        holder_id=row.holder_id,
    )


def _rules(text: str) -> tuple[Rule, ...]:
    return _RULES.validate_json(text)
