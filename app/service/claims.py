"""The use cases of claims: open, quote, decide, read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app import engine
from app.engine import Action, Facts, Quote, Refused, Standing, actions, standing_of
from app.engine.model.assessment import Assessment
from app.engine.model.breakdown import RefundBreakdown
from app.engine.model.claim import Claim
from app.engine.model.commands import Command, ConfirmPayment, Release, Request, Reship
from app.engine.model.edit import Edit
from app.engine.model.order import Order
from app.engine.model.refund import Refund
from app.engine.transitions.edits import facts_without
from app.records.claim import ClaimFilter, StoredClaim
from app.records.claim_event import ClaimEvent
from app.records.sorting import PageQuery, SortedPage
from app.service.automatic_rules import try_rules
from app.service.callers import Caller
from app.service.claim_followups import owe_late_money
from app.service.claim_parcels import follow
from app.service.decisions import carry_out, facts_of
from app.service.errors import NotFoundError, RefusedError, StaleVersionError
from app.service.replacements import arrived_parcel, deliver_replacement, sent_before_arrival
from app.store import claim_lists, claims, events, orders, refunds
from app.store import metadata as kept_metadata
from app.store.database import Tx
from app.turns import in_turns


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim with its assessment, amounts and possible commands at this moment."""

    claim: Claim
    assessment: Assessment
    amounts: RefundBreakdown
    actions: tuple[Action, ...]
    created_at: datetime
    updated_at: datetime
    metadata: Mapping[str, str]


async def request(
    tx: Tx, caller: Caller, order_id: str, command: Request, now: datetime, *, metadata: Mapping[str, str] | None = None
) -> ClaimView:
    """Open a claim. Raises NotFoundError for an unknown order, and RefusedError if the engine refuses the request."""
    if not await orders.touch(tx, caller.merchant_id, order_id, now):
        raise NotFoundError("order", order_id)
    order = await _load_order(tx, caller, order_id)
    opened = await carry_out(tx, caller.merchant_id, order, command, now)
    outcome = await try_rules(tx, caller.merchant_id, opened, now)
    stored = outcome.stored
    if metadata:
        await kept_metadata.replace_of_claim(tx, caller.merchant_id, stored.claim.claim_id, metadata)
        stored = replace(stored, metadata=metadata)
    return _view(stored, outcome.facts, outcome.standing)


async def quote(tx: Tx, caller: Caller, order_id: str, command: Request, now: datetime) -> Quote:
    """The same as `request`, but nothing is stored or counted."""
    facts = await facts_of(tx, caller.merchant_id, await _load_order(tx, caller, order_id), now)
    answer = engine.quote(command, facts)
    if isinstance(answer, Refused):
        raise RefusedError(answer.refusals)
    return answer


async def quote_edit(tx: Tx, caller: Caller, claim_id: str, command: Edit, now: datetime) -> Quote:
    """The same as `act` with an edit, but nothing is stored or counted."""
    stored = await _load(tx, caller, claim_id)
    facts = await facts_of(tx, caller.merchant_id, stored, now)
    answer = engine.quote_edit(stored.claim, command, facts)
    if isinstance(answer, Refused):
        raise RefusedError(answer.refusals)
    return answer


async def read_for_edit(tx: Tx, caller: Caller, claim_id: str, now: datetime) -> tuple[ClaimView, Order]:
    """The claim, and its order as it would be without the claim: the units that the claim holds are free."""
    stored = await _load(tx, caller, claim_id)
    facts = await facts_of(tx, caller.merchant_id, stored, now)
    return view(stored, facts), facts_without(stored.claim, facts).order


async def act(
    tx: Tx, caller: Caller, claim_id: str, command: Command, now: datetime, *, if_version: int | None = None
) -> ClaimView:  # fmt: skip
    """Give a command to a claim. Raises NotFoundError, StaleVersionError, RefusedError."""
    await claims.touch_order_of(tx, caller.merchant_id, claim_id, now)
    stored = await _load(tx, caller, claim_id)
    if if_version is not None and if_version != stored.claim.version:
        version = stored.claim.version
        raise StaleVersionError(resource="claim", id=claim_id, version=version, expected=if_version)
    if isinstance(command, Reship):
        return await _reship(tx, caller, stored, command, now)
    outcome = await carry_out(tx, caller.merchant_id, stored, command, now)
    await follow(tx, caller.merchant_id, outcome.stored.claim, outcome.facts.order, command, now)
    if isinstance(command, _ENDS_A_DEBT) and outcome.facts.order.not_captured:
        await owe_late_money(tx, caller.merchant_id, outcome.facts.order, now)
        return await read(tx, caller, claim_id, now)
    return _view(outcome.stored, outcome.facts, outcome.standing)


_ENDS_A_DEBT = (ConfirmPayment, Release)
"""A debt that has ended needs no captured money any more."""


async def _reship(tx: Tx, caller: Caller, stored: StoredClaim, command: Reship, now: datetime) -> ClaimView:
    """A replacement whose arrival was reported before is delivered at once."""
    parcel = await arrived_parcel(tx, caller.merchant_id, stored.claim.order_id, command)
    if parcel is None:
        outcome = await carry_out(tx, caller.merchant_id, stored, command, now)
        return _view(outcome.stored, outcome.facts, outcome.standing)
    outcome = await carry_out(tx, caller.merchant_id, stored, sent_before_arrival(command, parcel), now)
    await deliver_replacement(tx, caller, stored.order, outcome.facts.order, parcel, now)
    return await read(tx, caller, stored.claim.claim_id, now)


async def replace_metadata(
    tx: Tx, caller: Caller, claim_id: str, metadata: Mapping[str, str], now: datetime
) -> ClaimView:  # fmt: skip
    """Raises NotFoundError."""
    await kept_metadata.replace_of_claim(tx, caller.merchant_id, claim_id, metadata)
    return await read(tx, caller, claim_id, now)


async def read(tx: Tx, caller: Caller, claim_id: str, now: datetime) -> ClaimView:
    stored = await _load(tx, caller, claim_id)
    return view(stored, await facts_of(tx, caller.merchant_id, stored, now))


async def page(
    tx: Tx, caller: Caller, query: PageQuery, where: ClaimFilter, now: datetime
) -> SortedPage[ClaimView]:  # fmt: skip
    page = await claim_lists.page(tx, caller.merchant_id, query, where)
    views = [view(stored, await facts_of(tx, caller.merchant_id, stored, now)) async for stored in in_turns(page.rows)]
    return SortedPage(rows=views, total=page.total)


async def history(tx: Tx, caller: Caller, claim_id: str, *, limit: int, after: int) -> list[ClaimEvent]:
    """The claim's events after number `after`, in order."""
    rows = await events.of_claim(tx, caller.merchant_id, claim_id, after=after, limit=limit)
    if not rows:
        await _load(tx, caller, claim_id)
    return rows


async def refunds_of(tx: Tx, caller: Caller, claim_id: str) -> tuple[Refund, ...]:
    return await refunds.of_claim(tx, caller.merchant_id, claim_id)


def view(stored: StoredClaim, facts: Facts) -> ClaimView:
    return _view(stored, facts, standing_of(stored.claim, facts))


def _view(stored: StoredClaim, facts: Facts, standing: Standing) -> ClaimView:
    return ClaimView(
        claim=stored.claim,
        assessment=standing.assessment,
        amounts=standing.amounts,
        actions=actions(stored.claim, facts, standing.assessment),
        created_at=stored.created_at,
        updated_at=stored.updated_at,
        metadata=stored.metadata,
    )


async def _load_order(tx: Tx, caller: Caller, order_id: str) -> Order:
    stored = await orders.load(tx, caller.merchant_id, order_id)
    if stored is None or not caller.reaches(order_id):
        raise NotFoundError("order", order_id)
    return stored.order


async def _load(tx: Tx, caller: Caller, claim_id: str) -> StoredClaim:
    stored = await claims.load(tx, caller.merchant_id, claim_id)
    if stored is None or not caller.reaches(stored.claim.order_id):
        raise NotFoundError("claim", claim_id)
    return stored
