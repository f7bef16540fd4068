"""The rules of the examples: a defect that costs little is paid back without a return."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.engine.model.rule_set import Rule, RuleAction, RuleCondition, RuleField, RuleSet
from app.engine.model.vocabulary import Kind
from app.engine.rules.checks import findings
from app.engine.rules.conditions import Held
from app.engine.rules.matching import Match
from app.presets.loader import preset
from app.records.authority import HolderKind
from app.records.rule_set import RuleDraft, StoredRuleSet
from app.records.what_if import WhatIfChange, WhatIfMoment, WhatIfPage, WhatIfTotals
from app.service.automatic_rules import applied
from app.service.resources.rules import finding_bodies, rule_set_body, rules_body
from app.service.resources.what_if import what_if_body

_NOW = datetime(2026, 6, 10, 1, tzinfo=UTC)
CHEAP_DEFECTS = Rule(
    rule_id="cheap-defects",
    name="3만원 이하 불량은 회수 없이 승인",
    action=RuleAction.APPROVE_KEEP_GOODS,
    currency="KRW",
    conditions=(
        RuleCondition(field=RuleField.VALUE, at_most=30000),
        RuleCondition(field=RuleField.REASON, one_of=frozenset({"defective"})),
    ),
)
_LATE = Rule(rule_id="late-returns", name="자동 거부", action=RuleAction.REJECT)
_PUBLISHED = StoredRuleSet(
    rule_set=RuleSet(version=3, rules=(CHEAP_DEFECTS,)),
    published_at=_NOW,
    published_by="minji",
    holder_kind=HolderKind.STAFF,
    holder_id="0198c1f4-5d6e-7f80-9a1b-2c3d4e5f6001",
)
_DRAFT = RuleDraft(rules=(CHEAP_DEFECTS,), updated_at=_NOW, updated_by="minji")
_READ: Mapping[RuleField, int | tuple[str, ...]] = {RuleField.VALUE: 12000, RuleField.REASON: ("defective",)}
_HELD = tuple(Held(condition=each, read=_READ[each.field]) for each in CHEAP_DEFECTS.conditions)
APPLIED = applied(Match(rule=CHEAP_DEFECTS, because=_HELD), _PUBLISHED.rule_set, None)
_BEFORE = WhatIfMoment(outcome="approvable", rule_id=None, refund=12000, goods_kept=False)
_AFTER = WhatIfMoment(outcome="approved", rule_id="cheap-defects", refund=12000, goods_kept=True)
_TRIED = WhatIfPage(
    claims=3,
    before=WhatIfTotals(outcomes={"approvable": 1, "refusable": 1}, refunds={"KRW": 12000}),
    after=WhatIfTotals(outcomes={"approved": 1, "refusable": 1}, refunds={"KRW": 12000}, goods_kept=1),
    not_replayed={"other_claims": 1},
    changes=(
        WhatIfChange(
            claim_id="0198c1f2-7d1c-7c3e-9a51-5b6f0e1f2a3b",
            kind=Kind.RETURN,
            requested_at=_NOW,
            currency="KRW",
            before=_BEFORE,
            after=_AFTER,
        ),
    ),
    last=None,
)
ANSWERS: Mapping[str, Any] = {
    "rules": rules_body(_DRAFT, (), _PUBLISHED),
    "checked_rules": {"findings": finding_bodies(findings((_LATE,), (preset("storefront_kr"),)))},
    "rule_set": rule_set_body(_PUBLISHED),
    "what_if": what_if_body(_TRIED, None),
    "rule_sets": {"data": [rule_set_body(_PUBLISHED)]},
}
