"""What a draft of rules or of a policy would have made of past claims: each request is decided again by the engine."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from app import json_text
from app.engine import Facts
from app.engine.model.commands import Request
from app.engine.model.rule_set import Rule
from app.engine.policy.index import PolicyIndex, index_policy
from app.engine.policy.policy import Policy
from app.engine.rules.past import NotReplayed, order_before
from app.engine.rules.replay import ReplayedClaim, replay
from app.presets.loader import calendar_of
from app.records.claim import StoredClaim
from app.records.what_if import WhatIfChange, WhatIfMoment, WhatIfPage, WhatIfTotals
from app.service.automatic_rules import buyer_record
from app.service.callers import Caller
from app.service.ids import first_id, new_id
from app.service.policies import load_facts
from app.service.rules_in_force import rules_in_force
from app.store import past_claims
from app.store.database import Tx
from app.turns import in_turns

_REQUEST = TypeAdapter(Request)
_AT_ONCE = 10
_YEARS_BACK, _YEARS_AHEAD = 7, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The drafts: `rules` None are the rules in force, and `policy` None the policy that each order has. `after` is the
    last claim of the page before."""

    rules: tuple[Rule, ...] | None
    policy: Policy | None
    requested_from: datetime
    requested_before: datetime
    limit: int
    after: str | None


async def try_on_past(tx: Tx, caller: Caller, asked: WhatIf) -> WhatIfPage:
    """The totals and the changes of one page of claims, as they are now and under the drafts."""
    merchant_id = caller.merchant_id
    lowest = first_id(asked.requested_from - past_claims.REPORTED_LATE)
    rows = await past_claims.page(
        tx,
        merchant_id,
        after=asked.after or lowest,
        since=asked.requested_from,
        until=asked.requested_before,
        at_most=asked.limit,
    )
    trial = await _trial(tx, merchant_id, asked, rows)
    async for stored in in_turns(rows, at_once=_AT_ONCE):
        await _try_one(tx, trial, stored)
    return WhatIfPage(
        claims=len(rows),
        before=trial.before,
        after=trial.after,
        not_replayed=dict(sorted(trial.left_out.items())),
        changes=tuple(trial.changes),
        last=rows[-1].claim.claim_id if len(rows) == asked.limit else None,
    )


@dataclass(slots=True, kw_only=True)
class _Trial:
    """A page under way."""

    merchant_id: str
    present: tuple[Rule, ...]
    wanted: tuple[Rule, ...]
    policy: Policy | None
    requests: dict[str, tuple[datetime, str]]
    shared: frozenset[str]
    indexes: dict[int, PolicyIndex]
    before: WhatIfTotals
    after: WhatIfTotals
    left_out: Counter[str]
    changes: list[WhatIfChange]


async def _trial(tx: Tx, merchant_id: str, asked: WhatIf, rows: list[StoredClaim]) -> _Trial:
    in_force = await rules_in_force(tx, merchant_id)
    present = in_force.rule_set.rules if in_force else ()
    return _Trial(
        merchant_id=merchant_id,
        present=present,
        wanted=present if asked.rules is None else asked.rules,
        policy=asked.policy,
        requests=await past_claims.requests(tx, merchant_id, [row.claim.claim_id for row in rows]),
        shared=await past_claims.shared_orders(tx, merchant_id, [row.claim.order_id for row in rows]),
        indexes={},
        before=WhatIfTotals(),
        after=WhatIfTotals(),
        left_out=Counter(),
        changes=[],
    )


async def _try_one(tx: Tx, trial: _Trial, stored: StoredClaim) -> None:
    answer = await _moments(tx, trial, stored)
    if isinstance(answer, NotReplayed):
        trial.left_out[answer.value] += 1
        return
    before, after = answer
    currency = stored.order.currency
    trial.before.add(before, currency)
    trial.after.add(after, currency)
    if before != after:
        request = stored.claim.submission.requested_at
        kind = _request_of(trial, stored).kind
        trial.changes.append(
            WhatIfChange(
                claim_id=stored.claim.claim_id,
                kind=kind,
                requested_at=request,
                currency=currency,
                before=before,
                after=after,
            )
        )


async def _moments(tx: Tx, trial: _Trial, stored: StoredClaim) -> tuple[WhatIfMoment, WhatIfMoment] | NotReplayed:
    """The first moment of the claim, as it is now and under the drafts."""
    at, _ = trial.requests[stored.claim.claim_id]
    order = order_before(stored.order, stored.claim, at, other_claims=stored.claim.order_id in trial.shared)
    if isinstance(order, NotReplayed):
        return order
    try:
        request = _request_of(trial, stored)
    except ValidationError:
        return NotReplayed.OLD_FORM
    facts = await load_facts(tx, trial.merchant_id, order, at)
    record = await buyer_record(tx, trial.merchant_id, (*trial.present, *trial.wanted), stored)
    before = replay(request, facts, trial.present, record, new_id)
    after = replay(request, _under(trial, facts), trial.wanted, record, new_id)
    if before is None or after is None:
        return NotReplayed.REFUSED
    return _moment(before), _moment(after)


def _request_of(trial: _Trial, stored: StoredClaim) -> Request:
    """The request as it was decided. Raises ValidationError for a form that nobody writes any more."""
    _, data = trial.requests[stored.claim.claim_id]
    event = json_text.load(data)
    fields = {name: value for name, value in event["command"].items() if name != "command"}
    return _REQUEST.validate_json(json_text.dump({**fields, "by": event["by"]}))


def _under(trial: _Trial, facts: Facts) -> Facts:
    """The facts under the draft of the policy, with its own calendar."""
    if trial.policy is None:
        return facts
    year = facts.now.year
    calendar = calendar_of(trial.policy, facts.order, year - _YEARS_BACK, year + _YEARS_AHEAD)
    index = trial.indexes.get(id(calendar))
    if index is None:  # the index keeps the calendar alive, so that no other calendar takes its id
        index = trial.indexes[id(calendar)] = index_policy(trial.policy, calendar)
    return replace(facts, rules=index)


def _moment(replayed: ReplayedClaim) -> WhatIfMoment:
    return WhatIfMoment(
        outcome=replayed.outcome.value, rule_id=replayed.rule_id, refund=replayed.refund, goods_kept=replayed.kept
    )
