"""Which deductions an inspection may make from the refund, and how much each may be."""

from collections.abc import Iterator

from app.engine.amounts.deductions import (
    deduction_rule,
    deduction_rules,
    deductions_of,
    limit_of,
    used_part,
)
from app.engine.amounts.line_values import LineValue, line_values
from app.engine.model.commands import Inspect, InspectedLine
from app.engine.model.refusals import Code, Refusal, refuse
from app.engine.model.vocabulary import Deduction, Kind
from app.engine.policy.money_rules import DeductionRule
from app.engine.policy.periods import CountedPeriod
from app.engine.policy.scopes import has_records
from app.engine.transitions.context import DecisionContext
from app.engine.transitions.guards import local_instant


def deductions_are_covered(context: DecisionContext, _: Inspect) -> Iterator[Refusal]:
    for value in line_values(context.amended, context.facts.order):
        deducted = value.claimed.deducted + used_part(value)
        if deducted > value.amount:
            yield refuse(
                Code.DEDUCTION_ABOVE_VALUE,
                line_id=value.line.line_id,
                deducted=deducted,
                value=value.amount,
                currency=context.facts.order.currency,
                field="lines",
            )


def deductions_are_allowed(context: DecisionContext, command: Inspect) -> Iterator[Refusal]:
    """Each deduction needs a rule of the law or the policy, and what the rule asks for. Without a rule the buyer gets
    back what was paid, as the quote says: used parts that only the buyer has stated are no deduction then. A repair
    pays nothing, so nothing is deducted, and used parts do not matter."""
    counted = {line.line_id for line in command.lines if line.used_parts or _names_used_part(line)}
    pays = context.amended.kind is not Kind.REPAIR
    for value in line_values(context.amended, context.facts.order):
        deductions = deductions_of(value) if pays else value.claimed.deductions
        for reason in dict.fromkeys(deducted.reason for deducted in deductions):
            rule = deduction_rule(context.facts.policy, reason, context.amended, value, context.facts.order)
            if rule is None and (reason is not Deduction.USED_PART or value.line.line_id in counted):
                yield _refused(context, reason, value)
            elif rule is None:
                continue
            else:
                yield from _lacks_evidence(context, rule, value)
                yield from _is_above_its_limit(context, rule, value)
                yield from _comes_too_early(context, rule, value)


def _names_used_part(line: InspectedLine) -> bool:
    return any(deducted.reason is Deduction.USED_PART for deducted in line.deductions)


def _refused(context: DecisionContext, reason: Deduction, value: LineValue) -> Refusal:
    """No rule, no record that a rule asks for, or no goods in a condition that a rule is about."""
    policy, order, line = context.facts.policy, context.facts.order, value.line
    rules = deduction_rules(policy, reason, context.amended, line)
    unshown = next((rule for rule in rules if has_records(rule, line, order)), None)
    if unshown is not None:
        return refuse(
            Code.DEDUCTION_NOT_SHOWN,
            line_id=line.line_id,
            deduction=reason,
            citation=unshown.citation,
            field="lines",
        )
    missing = rules[0].records - line.records - order.records if rules else ()
    others = rules or [rule for rule in policy.deductions if rule.reason is reason]
    return refuse(
        Code.DEDUCTION_NOT_ALLOWED,
        line_id=line.line_id,
        deduction=reason,
        missing_records=tuple(sorted(missing)),
        citation=others[0].citation if others else policy.restocking.citation,
        field="lines",
    )


def _lacks_evidence(context: DecisionContext, rule: DeductionRule, value: LineValue) -> Iterator[Refusal]:
    """Used parts that the buyer has stated need no evidence."""
    stated = context.before.line(value.line.line_id)
    used = value.claimed.used_parts if rule.reason is Deduction.USED_PART else 0
    beyond = stated is not None and used > stated.used_parts
    given = (deducted for deducted in value.claimed.deductions if deducted.reason is rule.reason)
    if rule.needs_evidence and (beyond or not all(deducted.evidence for deducted in given)):
        yield refuse(
            Code.DEDUCTION_NEEDS_EVIDENCE,
            line_id=value.line.line_id,
            deduction=rule.reason,
            citation=rule.citation,
            field="lines",
        )


def _is_above_its_limit(context: DecisionContext, rule: DeductionRule, value: LineValue) -> Iterator[Refusal]:
    limit = limit_of(rule, value)
    deducted = sum(each.amount for each in deductions_of(value) if each.reason is rule.reason)
    if limit is not None and deducted > limit:
        yield refuse(
            Code.DEDUCTION_ABOVE_LIMIT,
            line_id=value.line.line_id,
            deduction=rule.reason,
            deducted=deducted,
            limit=limit,
            currency=context.facts.order.currency,
            citation=rule.citation,
            field="lines",
        )


def _comes_too_early(context: DecisionContext, rule: DeductionRule, value: LineValue) -> Iterator[Refusal]:
    """A buyer who asked within the period gets the whole price, whenever the goods are inspected."""
    if rule.after is None:
        return
    period = CountedPeriod(rule.after, context.facts.calendar)
    start = period.starts_for(context.amended, value.line, context.facts.order)
    ends_at = period.end(start)[1] if start else None
    if ends_at is None or context.amended.submission.requested_at < ends_at:
        yield refuse(
            Code.DEDUCTION_TOO_EARLY,
            line_id=value.line.line_id,
            deduction=rule.reason,
            ends_by=local_instant(ends_at, context) if ends_at else "",
            citation=rule.citation,
            field="lines",
        )
