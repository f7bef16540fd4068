"""Deductions from the refund of accepted units: the rule that allows each, and the most that it allows."""

from app.engine.amounts.line_values import LineValue
from app.engine.amounts.taxes import part_of_tax
from app.engine.model.breakdown import BreakdownStep, StepCode, step
from app.engine.model.claim import Claim, ClaimLine, DeductedAmount
from app.engine.model.money import portion
from app.engine.model.order import Order, OrderLine
from app.engine.model.vocabulary import Condition, Deduction, Kind
from app.engine.policy.money_rules import DeductionRule
from app.engine.policy.policy import Policy
from app.engine.policy.scopes import has_nature, has_records


def deduction_rule(
    policy: Policy, reason: Deduction, claim: Claim, value: LineValue, order: Order
) -> DeductionRule | None:
    """The rule that allows the deduction from the price of this line. None without a rule."""
    rules = deduction_rules(policy, reason, claim, value.line)
    fitting = (rule for rule in rules if has_records(rule, value.line, order))
    return next((rule for rule in fitting if is_shown(rule, value.claimed, value.line)), None)


def deduction_rules(policy: Policy, reason: Deduction, claim: Claim, line: OrderLine) -> list[DeductionRule]:
    """The rules that allow the deduction if the records and the goods show what they require."""
    return [
        rule
        for rule in policy.deductions
        if rule.reason is reason
        and claim.kind is not Kind.REPAIR
        and claim.fault in rule.faults
        and claim.reason not in rule.except_reasons
        and has_nature(rule, line.nature)
    ]


def is_shown(rule: DeductionRule, claimed: ClaimLine, line: OrderLine) -> bool:
    """Whether the warehouse found a condition that the rule is about. Nothing is found before goods come back, and
    nothing of a service."""
    return not (line.comes_back and claimed.receipts) or claimed.received_in(required_conditions(rule)) > 0


def required_conditions(rule: DeductionRule) -> frozenset[Condition]:
    """Goods that are as sold are paid back in full, whatever the rule says."""
    if rule.conditions:
        return rule.conditions - {Condition.AS_SOLD}
    return _INCOMPLETE if rule.reason is Deduction.MISSING_PARTS else _CHANGED_BY_THE_BUYER


_INCOMPLETE = frozenset({Condition.INCOMPLETE})
_CHANGED_BY_THE_BUYER = frozenset({Condition.OPENED, Condition.USED, Condition.DAMAGED_BY_BUYER, *_INCOMPLETE})


def limit_of(rule: DeductionRule, value: LineValue) -> int | None:
    """The most that the rule allows for the accepted units, in minor units. None without a limit. The consumable part
    costs nothing until the order says its cost."""
    limits = []
    if rule.limit_percent is not None:
        limits.append(value.amount * rule.limit_percent // 100)
    if rule.limit is not None:
        limits.append((value.line.consumable_cost or 0) * value.claimed.payable)
    return min(limits, default=None)


def deduction_steps(claim: Claim, values: tuple[LineValue, ...], order: Order, policy: Policy) -> list[BreakdownStep]:
    """A step for each deduction of the inspection and for used parts, each with the rule that allows it."""
    steps: list[BreakdownStep] = []
    if claim.submission.amount is not None:  # an agreed amount has no deductions
        return steps
    for value in values:
        for deducted in deductions_of(value):
            rule = deduction_rule(policy, deducted.reason, claim, value, order)
            if rule is not None:
                steps.append(_deduction_step(value, deducted, rule))
    return steps


def _deduction_step(value: LineValue, deducted: DeductedAmount, rule: DeductionRule) -> BreakdownStep:
    return step(
        StepCode(deducted.reason.value),
        -deducted.amount,
        tax=-part_of_tax(value.tax, deducted.amount, value.amount),
        line_id=value.line.line_id,
        citation=rule.citation,
    )


def deductions_of(value: LineValue) -> tuple[DeductedAmount, ...]:
    """The used parts, and the deductions of the inspection."""
    if not value.claimed.used_parts:
        return value.claimed.deductions
    used = DeductedAmount(reason=Deduction.USED_PART, amount=used_part(value))
    return (used, *value.claimed.deductions)


def used_part(value: LineValue) -> int:
    """The share of the used parts in the value of the units."""
    return portion(value.amount, value.claimed.payable * value.line.parts, 0, value.claimed.used_parts)
