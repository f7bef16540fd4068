"""Tries the rules in force on a new claim, once, in the transaction that opens the claim.

What a rule wants is decided as every command. What the law, the policy or a limit of authority refuses is left to a
person. The order may have another policy than those that the rules were checked against when they were published, so
the rule is checked against the policy of the order. The history has each rule that fitted, why, and what came of it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.engine.model.commands import Command
from app.engine.model.rule_set import BuyerRecord, Rule, RuleAction, RuleField, RuleSet
from app.engine.model.vocabulary import State
from app.engine.rules.checks import findings
from app.engine.rules.conditions import Subject
from app.engine.rules.matching import Match, actor_of, command_of, match
from app.records.authority import Authority, HolderKind
from app.records.claim import StoredClaim
from app.records.claim_work import ClaimWork
from app.records.contact import ContactKind
from app.records.rule_set import RuleRun, StoredRuleSet
from app.service.authority import AboveAuthorityError
from app.service.contacts import NewContact, ask
from app.service.decisions import CarriedOut, carry_out
from app.service.errors import RefusedError
from app.service.ids import new_id
from app.service.persistence import record_aside
from app.service.refund_breakers import RefundBreakerOpenError, open_at_once
from app.service.resources.rules import because_bodies
from app.service.rules_in_force import rules_in_force
from app.store import claim_work, rules, staff
from app.store.database import Tx

APPLIED = "claim.rule_applied"
DONE, LEFT = "done", "left_to_a_person"
MOST_COUNTED = 1_000
"""The claims of a buyer that a rule counts."""
_MOST_TAGS = 20


async def try_rules(tx: Tx, merchant_id: str, opened: CarriedOut, now: datetime) -> CarriedOut:
    """The claim after the rules. The caller holds the lock of the claim's order."""
    claim = opened.stored.claim
    stored_rules = await rules_in_force(tx, merchant_id) if claim.state is State.REQUESTED else None
    if stored_rules is None:
        return opened
    rule_set = stored_rules.rule_set
    record = await buyer_record(tx, merchant_id, rule_set.rules, opened.stored)
    subject = Subject(claim=claim, facts=opened.facts, record=record)
    found = match(rule_set.rules, subject)
    if not found.routes and found.decision is None:
        return opened
    decided_by = found.decision.rule.rule_id if found.decision else None
    run = RuleRun(claim_id=claim.claim_id, version=rule_set.version, decided_by=decided_by, ran_at=now)
    await rules.add_run(tx, merchant_id, run)
    outcome = opened
    for route in found.routes:
        why = await _route(tx, merchant_id, claim.claim_id, route.rule)
        outcome = await _tell(tx, merchant_id, outcome, route, rule_set, why, now)
    if found.decision is None:
        return outcome
    outcome, why = await _decide(tx, merchant_id, outcome, found.decision, stored_rules, subject)
    return await _tell(tx, merchant_id, outcome, found.decision, rule_set, why, now)


async def buyer_record(tx: Tx, merchant_id: str, wanted: tuple[Rule, ...], stored: StoredClaim) -> BuyerRecord:
    """The earlier claims of the buyer, as far back as a condition asks for."""
    days = [each.in_days or 0 for rule in wanted for each in rule.conditions if each.field is RuleField.BUYER_CLAIMS]
    if not days or stored.order.buyer_id is None:
        return BuyerRecord()
    since = stored.claim.submission.requested_at - timedelta(days=max(days))
    earlier = await rules.earlier_claims(
        tx, merchant_id, stored.order.buyer_id, besides=stored.claim.claim_id, since=since, at_most=MOST_COUNTED
    )
    return BuyerRecord(requested_at=earlier)


async def _decide(
    tx: Tx, merchant_id: str, outcome: CarriedOut, found: Match, stored_rules: StoredRuleSet, subject: Subject
) -> tuple[CarriedOut, tuple[str, ...] | None]:
    """The claim after the command of the rule, and why the claim is left to a person. None if the rule has decided."""
    rule, rule_set = found.rule, stored_rules.rule_set
    forbidden = findings((rule,), (subject.facts.policy,))
    if forbidden:
        return outcome, tuple(dict.fromkeys(each.code.value for each in forbidden))
    command = command_of(rule, rule_set, subject, new_id)
    if command is None:
        return outcome, (rule.action.value,)
    caller = tx.authority
    tx.authority = await _authority_of(tx, merchant_id, stored_rules)
    try:
        async with tx.savepoint():
            return await _give(tx, merchant_id, outcome, rule, command, subject), None
    except RefusedError as error:
        return outcome, tuple(dict.fromkeys(refusal.code.value for refusal in error.refusals))
    except AboveAuthorityError:
        return outcome, ("above_authority",)
    except RefundBreakerOpenError as stopped:
        await open_at_once(tx, stopped.stop, subject.facts.now)
        return outcome, ("refund_breaker_open",)
    finally:
        tx.authority = caller


async def _give(
    tx: Tx, merchant_id: str, outcome: CarriedOut, rule: Rule, command: Command, subject: Subject
) -> CarriedOut:
    now = subject.facts.now
    if rule.action is not RuleAction.ASK:
        return await carry_out(tx, merchant_id, outcome.stored, command, now)
    question = NewContact(kind=ContactKind.QUESTION, by=command.by, text=rule.text or "")
    stored = await ask(tx, merchant_id, outcome.stored, question, now)
    return replace(outcome, stored=stored)


async def _authority_of(tx: Tx, merchant_id: str, stored: StoredRuleSet) -> Authority:
    """Rules decide with the authority of whoever published them, as it is now."""
    person = await staff.load(tx, merchant_id, stored.holder_id) if stored.holder_kind is HolderKind.STAFF else None
    return Authority(
        kind=stored.holder_kind,
        holder_id=stored.holder_id,
        name=stored.published_by,
        role=person.role if person else None,
    )


async def _route(tx: Tx, merchant_id: str, claim_id: str, rule: Rule) -> tuple[str, ...] | None:
    """Give the claim to the person and the tag. The first route that names a person counts."""
    before = await claim_work.load(tx, merchant_id, claim_id)
    person = await staff.load(tx, merchant_id, rule.assignee) if rule.assignee and before.assignee is None else None
    if rule.assignee and (person is None or person.disabled_at is not None):
        return ("assigned_already",) if before.assignee else ("assignee_gone",)
    tags = sorted({*before.tags, *([rule.tag] if rule.tag else [])})[:_MOST_TAGS]
    after: ClaimWork = replace(before, assignee=person.staff_id if person else before.assignee, tags=tuple(tags))
    if after != before:
        await claim_work.put(tx, merchant_id, claim_id, before, after)
    return None


async def _tell(
    tx: Tx,
    merchant_id: str,
    outcome: CarriedOut,
    found: Match,
    rule_set: RuleSet,
    why: tuple[str, ...] | None,
    now: datetime,
) -> CarriedOut:
    """Add to the history which rule fitted, why, and what came of it."""
    data = applied(found, rule_set, why)
    stored = await record_aside(tx, merchant_id, outcome.stored, APPLIED, data, now)
    return replace(outcome, stored=stored)


def applied(found: Match, rule_set: RuleSet, why: tuple[str, ...] | None) -> dict[str, Any]:
    """The data of the event."""
    rule = found.rule
    return {
        "by": actor_of(rule, rule_set),
        "rule": {
            "rule_id": rule.rule_id,
            "version": rule_set.version,
            "name": rule.name,
            "action": rule.action,
            "because": because_bodies(found.because),
            "outcome": DONE if why is None else LEFT,
            "why": list(why or ()),
        },
    }
