"""Claims: asking, quoting, deciding, reading."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from prometheus_client import Counter

from app.engine.advance import Progress, advance
from app.engine.amounts.refund_breakdown import projected_breakdown
from app.engine.decide import Action, Refused, actions, command_name
from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.model.commands import Command, Request
from app.engine.model.refund import Refund
from app.engine.policy.facts import Facts
from app.engine.transitions.context import standing_assessment
from app.service.callers import Caller
from app.service.errors import NotFoundError, RefusedError, StaleVersionError
from app.service.persistence import record, record_new, record_split
from app.service.policies import load_facts
from app.store import claims, events, orders, refunds
from app.store.claims import ClaimFilter, StoredClaim
from app.store.database import Tx
from app.store.events import StoredEvent
from app.telemetry import DECISIONS, REFUSALS


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim with all that the engine has to say of it at this moment."""

    claim: Claim
    assessment: Assessment
    amounts: RefundBreakdown
    actions: tuple[Action, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a request would be worth. `following` are the events that would follow it by themselves."""

    claim: Claim
    assessment: Assessment
    amounts: RefundBreakdown
    following: tuple[str, ...]


async def request(tx: Tx, caller: Caller, order_id: str, command: Request, now: datetime) -> ClaimView:
    """Open a claim. Raises NotFoundError for an unknown order, RefusedError when it cannot be asked."""
    if not await orders.touch(tx, caller.merchant_id, order_id, now):
        raise NotFoundError(f"There is no order {order_id}.")
    facts = await _facts(tx, caller, order_id, now)
    progress = _judged(None, command, facts)
    stored = await record_new(tx, caller.merchant_id, progress, facts.order)
    await record_split(tx, caller.merchant_id, progress.decisions[0].claim, progress)
    return view(stored, progress.facts)


async def quote(tx: Tx, caller: Caller, order_id: str, command: Request, now: datetime) -> Quote:
    """The same as `request`, but nothing is stored."""
    facts = await _facts(tx, caller, order_id, now)
    progress = _judged(None, command, facts)
    claim = progress.claim
    if progress.decisions[1:]:  # to ask is to hold units, which is not worth working out: it changes no amount
        facts = progress.facts
    return Quote(
        claim=claim,
        assessment=standing_assessment(claim, facts),
        amounts=_amounts(claim, facts),
        following=tuple(decision.event.type for decision in progress.decisions[1:]),
    )


async def act(
    tx: Tx, caller: Caller, claim_id: str, command: Command, now: datetime, *, if_version: int | None = None
) -> ClaimView:  # fmt: skip
    """Give a claim a command. Raises NotFoundError, StaleVersionError, RefusedError."""
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await _load(tx, caller, claim_id)
    if if_version is not None and if_version != stored.claim.version:
        raise StaleVersionError(
            f"Claim {claim_id} is at version {stored.claim.version}, not {if_version}: read it again."
        )
    progress = _judged(stored.claim, command, await _facts_of(tx, caller, stored, now))
    return view(await record(tx, caller.merchant_id, stored, progress), progress.facts)


async def read(tx: Tx, caller: Caller, claim_id: str, now: datetime) -> ClaimView:
    stored = await _load(tx, caller, claim_id)
    return view(stored, await _facts_of(tx, caller, stored, now))


async def page(
    tx: Tx, caller: Caller, where: ClaimFilter, now: datetime, *, limit: int, after: str | None
) -> list[ClaimView]:  # fmt: skip
    """Newest first."""
    found = await claims.page(tx, caller.merchant_id, where, limit=limit, after=after)
    return [view(stored, await _facts_of(tx, caller, stored, now)) for stored in found]


async def history(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: int) -> list[StoredEvent]:
    """The claim's events in order, from behind number `after`."""
    found = await events.of_claim(tx, caller.merchant_id, claim_id, after=after, limit=limit)
    if not found:
        await _load(tx, caller, claim_id)
    return found


async def refunds_of(tx: Tx, caller: Caller, claim_id: str) -> tuple[Refund, ...]:
    return await refunds.of_claim(tx, caller.merchant_id, claim_id)


def view(stored: StoredClaim, facts: Facts) -> ClaimView:
    claim = stored.claim
    assessment = standing_assessment(claim, facts)
    return ClaimView(
        claim=claim,
        assessment=assessment,
        amounts=_amounts(claim, facts),
        actions=actions(claim, facts, assessment),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _amounts(claim: Claim, facts: Facts) -> RefundBreakdown:
    """What is owed once that is fixed, and a projection until then."""
    return claim.amounts or projected_breakdown(claim, facts.order, facts.policy)


async def _facts(tx: Tx, caller: Caller, order_id: str, now: datetime) -> Facts:
    stored = await orders.load(tx, caller.merchant_id, order_id)
    if stored is None:
        raise NotFoundError(f"There is no order {order_id}.")
    return await load_facts(tx, caller.merchant_id, stored.order, now)


async def _facts_of(tx: Tx, caller: Caller, stored: StoredClaim, now: datetime) -> Facts:
    outstanding = stored.refunds_outstanding
    return await load_facts(tx, caller.merchant_id, stored.order, now, refunds_outstanding=outstanding)


async def _load(tx: Tx, caller: Caller, claim_id: str) -> StoredClaim:
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None:
        raise NotFoundError(f"There is no claim {claim_id}.")
    return stored


def _judged(claim: Claim | None, command: Command, facts: Facts) -> Progress:
    name = command_name(type(command))
    answer = advance(claim, command, facts)
    kind = command.kind if isinstance(command, Request) else claim.kind if claim else "none"
    if isinstance(answer, Refused):
        _decisions(name, kind, "refused").inc()
        for refusal in answer.refusals:
            REFUSALS.labels(refusal.code).inc()
        raise RefusedError(answer.refusals)
    _decisions(name, kind, "decided").inc()
    return answer


@cache
def _decisions(name: str, kind: str, outcome: str) -> Counter:
    """Looked up once for each of the few combinations that there are."""
    return DECISIONS.labels(name, kind, outcome)
