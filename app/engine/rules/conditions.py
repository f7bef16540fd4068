"""When a condition of a rule holds. Each field has one function, which reads its value from the facts."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from app.engine.amounts.line_values import value_by_line
from app.engine.model.claim import Claim
from app.engine.model.claim_lines import pairs
from app.engine.model.order import Order, OrderLine
from app.engine.model.rule_set import BuyerRecord, OrderStage, Rule, RuleCondition, RuleField
from app.engine.model.values import value
from app.engine.policy.facts import Facts

Read = int | tuple[str, ...] | None
"""A number, one or more words, or None: the facts do not say."""


@value
class Subject:
    """The claim that rules are tried on."""

    claim: Claim
    facts: Facts
    record: BuyerRecord

    @property
    def lines(self) -> list[OrderLine]:
        return [line for _, line in pairs(self.claim, self.facts.order)]


@value
class Held:
    """A condition that holds, with what the facts say."""

    condition: RuleCondition
    read: int | tuple[str, ...]


def held(rule: Rule, subject: Subject) -> tuple[Held, ...] | None:
    """Why the rule fits: every condition with its value. None if a condition does not hold."""
    found: list[Held] = []
    for condition in rule.conditions:
        read = _READERS[condition.field](subject, rule, condition)
        if read is None or not _holds(condition, read):
            return None
        found.append(Held(condition=condition, read=read))
    return tuple(found)


def _holds(condition: RuleCondition, read: int | tuple[str, ...]) -> bool:
    if isinstance(read, int):
        lowest, highest = condition.at_least, condition.at_most
        return (lowest is None or read >= lowest) and (highest is None or read <= highest)
    is_in = not condition.one_of or (bool(read) and condition.one_of.issuperset(read))
    return is_in and condition.none_of.isdisjoint(read)


def _value(subject: Subject, rule: Rule, _: RuleCondition) -> Read:
    order = subject.facts.order
    if rule.currency != order.currency:
        return None
    return sum(value_by_line(subject.claim, order).values())


def _buyer_claims(subject: Subject, _: Rule, condition: RuleCondition) -> Read:
    """None without a buyer: nobody knows the record of a guest."""
    if subject.facts.order.buyer_id is None:
        return None
    at = subject.claim.submission.requested_at
    since = at - timedelta(days=condition.in_days or 0)
    return sum(since <= earlier <= at for earlier in subject.record.requested_at)


def _days_since_payment(subject: Subject, _: Rule, __: RuleCondition) -> Read:
    paid_at = subject.facts.order.paid_at
    return None if paid_at is None else _local_days(subject, paid_at)


def _days_since_delivery(subject: Subject, _: Rule, __: RuleCondition) -> Read:
    """From the last delivery. None while a claimed line is not delivered."""
    delivered = [line.delivered_at for line in subject.lines]
    known = [at for at in delivered if at is not None]
    return _local_days(subject, max(known)) if known and len(known) == len(delivered) else None


def _local_days(subject: Subject, since: datetime) -> int:
    local_day = subject.facts.calendar.local_day
    return (local_day(subject.claim.submission.requested_at) - local_day(since)).days


def _stage(subject: Subject, _: Rule, __: RuleCondition) -> Read:
    return (max((_stage_of(line, subject.facts.order) for line in subject.lines), key=_STAGES.index),)


def _stage_of(line: OrderLine, order: Order) -> OrderStage:
    if line.delivered:
        return OrderStage.DELIVERED
    if line.shipped:
        return OrderStage.SHIPPED
    return OrderStage.CONFIRMED if order.confirmed_at else OrderStage.UNCONFIRMED


_STAGES = list(OrderStage)


def _skus(subject: Subject, _: Rule, __: RuleCondition) -> Read:
    """None if a line has no SKU."""
    skus = [line.sku for line in subject.lines]
    known = tuple(dict.fromkeys(sku for sku in skus if sku is not None))
    return None if None in skus else known


def _natures(subject: Subject, _: Rule, __: RuleCondition) -> Read:
    return tuple(dict.fromkeys(line.nature.value for line in subject.lines))


_READERS: Mapping[RuleField, Callable[[Subject, Rule, RuleCondition], Read]] = {
    RuleField.VALUE: _value,
    RuleField.KIND: lambda subject, _, __: (subject.claim.kind.value,),
    RuleField.REASON: lambda subject, _, __: (subject.claim.reason.value,),
    RuleField.FAULT: lambda subject, _, __: (subject.claim.fault.value,),
    RuleField.SKU: _skus,
    RuleField.NATURE: _natures,
    RuleField.COUNTRY: lambda subject, _, __: (subject.facts.order.country,),
    RuleField.BUYER_CLAIMS: _buyer_claims,
    RuleField.DAYS_SINCE_PAYMENT: _days_since_payment,
    RuleField.DAYS_SINCE_DELIVERY: _days_since_delivery,
    RuleField.STAGE: _stage,
}
