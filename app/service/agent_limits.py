"""How much an agent may decide: in one decision, and by one API key on one day.

A constraint of the database keeps the limit of the day, whatever the number of processes. Without a limit for a
currency, an agent decides no money of that currency.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from app.engine.model.commands import Command, ConfirmPayment
from app.engine.model.vocabulary import State
from app.service.callers import Caller
from app.service.claims import ClaimView
from app.service.errors import ConflictError
from app.service.previews import Preview
from app.store import agent_amounts
from app.store.constraints import violated_constraint
from app.store.database import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLimit:
    """In minor units of a currency."""

    per_decision: int = 0
    per_day: int = 0


class BegunByAnotherError(Exception):
    """Another transaction has counted the first decision of the key at the same moment. The work can run again."""


AgentLimits = Mapping[str, AgentLimit]
"""The limits by currency."""
_NO_MONEY = AgentLimit()


def amount_of(command: Command, before: ClaimView, after: ClaimView) -> int:
    """How much a decision gives to the buyer, in minor units: the greatest of what it promises, what becomes owed, what
    it offers, and what the buyer need not pay any more."""
    promised = _promised(after) - _promised(before)
    owed = _owed(after) - _owed(before)
    earlier = {offer.offer_id for offer in before.claim.offers}
    offered = [offer.amount or 0 for offer in after.claim.offers if offer.offer_id not in earlier]
    waived = 0 if isinstance(command, ConfirmPayment) else before.claim.still_owed - after.claim.still_owed
    return max(promised, owed, waived, *offered, 0)


def _promised(view: ClaimView) -> int:
    return 0 if view.claim.state in _PROMISES_NOTHING else view.amounts.total


_PROMISES_NOTHING = frozenset({State.REQUESTED, State.REJECTED, State.RETRACTED, State.EXPIRED})


def _owed(view: ClaimView) -> int:
    return view.claim.amounts.total if view.claim.amounts else 0


async def require(tx: Tx, caller: Caller, limits: AgentLimits, command: Command, preview: Preview) -> int:
    """Raises ConflictError for a decision above the limits. Returns the amount of the decision."""
    amount, currency = amount_of(command, preview.before, preview.after), preview.after.amounts.currency
    if amount == 0:
        return 0
    limit = limits.get(currency, _NO_MONEY)
    if amount > limit.per_decision:
        raise _above_decision(amount, limit.per_decision, currency)
    decided = await agent_amounts.load(tx, caller.merchant_id, caller.key_id, currency, preview.today)
    if decided + amount > limit.per_day:
        raise _above_day(amount, max(limit.per_day - decided, 0), currency)
    return amount


async def count(tx: Tx, caller: Caller, limits: AgentLimits, amount: int, preview: Preview) -> None:
    """Count a decision that `require` has let through. Raises ConflictError if other decisions have used up the
    limit, and BegunByAnotherError."""
    if amount == 0:
        return
    currency = preview.after.amounts.currency
    most = limits.get(currency, _NO_MONEY).per_day
    try:
        await agent_amounts.add(tx, caller.merchant_id, caller.key_id, currency, preview.today, more=amount, most=most)
    except IntegrityError as error:
        if violated_constraint(error) == "ck_agent_amounts_within_limit":
            raise _above_day(amount, 0, currency) from None
        if violated_constraint(error) == "pk_agent_amounts":
            raise BegunByAnotherError from None
        raise


def _above_decision(amount: int, most: int, currency: str) -> ConflictError:
    if most == 0:
        return ConflictError("above_agent_limit", why="no_money", amount=amount, currency=currency)
    return ConflictError("above_agent_limit", why="decision", amount=amount, most=most, currency=currency)


def _above_day(amount: int, left: int, currency: str) -> ConflictError:
    return ConflictError("above_agent_limit", why="day", amount=amount, left=left, currency=currency)
