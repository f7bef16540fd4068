"""The use cases of rules: draft, check, publish and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.engine.model.rule_set import Rule, RuleSet
from app.engine.policy.policy import Policy
from app.engine.rules.checks import RuleFinding, findings
from app.records.rule_set import RuleDraft, StoredRuleSet
from app.service.callers import Caller
from app.service.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.service.policies import in_force
from app.service.rules_in_force import forget
from app.store import policies, rules, staff
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """The draft, what the law forbids in it, and the version in force."""

    draft: RuleDraft | None
    findings: tuple[RuleFinding, ...]
    published: StoredRuleSet | None


async def read(tx: Tx, caller: Caller, now: datetime) -> RulesView:
    draft = await rules.draft(tx, caller.merchant_id)
    found = await check(tx, caller, draft.rules, now) if draft else ()
    return RulesView(draft=draft, findings=found, published=await rules.newest(tx, caller.merchant_id))


async def check(tx: Tx, caller: Caller, wanted: Sequence[Rule], now: datetime) -> tuple[RuleFinding, ...]:
    """What the merchant's policies and their laws forbid these rules."""
    return findings(wanted, await _policies_in_use(tx, caller, now))


async def _policies_in_use(tx: Tx, caller: Caller, now: datetime) -> list[Policy]:
    """The policy of new orders, and the newest version of each policy that the merchant has published."""
    default = await policies.default(tx, caller.merchant_id)
    names = dict.fromkeys((default, *(stored.policy_id for stored in await policies.all_of(tx, caller.merchant_id))))
    return [await in_force(tx, caller, name, now, now) for name in names]


async def put_draft(tx: Tx, caller: Caller, wanted: tuple[Rule, ...], now: datetime) -> RulesView:
    """Raises InvalidError for an assignee whom the merchant does not have."""
    for assignee in dict.fromkeys(rule.assignee for rule in wanted if rule.assignee is not None):
        if await staff.load(tx, caller.merchant_id, assignee) is None:
            raise InvalidError("unknown_holder", holder=assignee, field="assignee")
    await rules.put_draft(tx, caller.merchant_id, RuleDraft(rules=wanted, updated_at=now, updated_by=caller.name))
    return await read(tx, caller, now)


async def publish(tx: Tx, caller: Caller, now: datetime) -> StoredRuleSet:
    """The draft is in force from now on, and decides with the authority of the caller. Raises ConflictError without a
    draft and for rules that the law forbids."""
    who = caller.authority
    if who is None:
        raise ForbiddenError("scope_not_held", scope="policies:write")
    draft = await rules.draft(tx, caller.merchant_id)
    if draft is None:
        raise ConflictError("no_rule_draft")
    found = await check(tx, caller, draft.rules, now)
    if found:
        raise ConflictError("rules_forbidden", names=tuple(dict.fromkeys(each.rule_id for each in found)))
    before = await rules.newest(tx, caller.merchant_id)
    published = StoredRuleSet(
        rule_set=RuleSet(version=before.rule_set.version + 1 if before else 1, rules=draft.rules),
        published_at=now,
        published_by=caller.name,
        holder_kind=who.kind,
        holder_id=who.holder_id,
    )
    await rules.add(tx, caller.merchant_id, published)
    forget(tx, caller.merchant_id)
    return published


async def versions(tx: Tx, caller: Caller) -> list[StoredRuleSet]:
    return await rules.versions(tx, caller.merchant_id)


async def version(tx: Tx, caller: Caller, number: int) -> StoredRuleSet:
    """Raises NotFoundError."""
    stored = await rules.version(tx, caller.merchant_id, number)
    if stored is None:
        raise NotFoundError("rule_set", str(number))
    return stored
