"""The policy and the calendar that judge an order's claims, and the policies that sellers publish."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from app import json_text
from app.engine import Facts
from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.index import PolicyIndex, index_policy
from app.engine.policy.law import Violation, violations
from app.engine.policy.merging import merge_terms
from app.engine.policy.policy import Policy
from app.engine.policy.terms import Terms
from app.presets.loader import UnknownPolicyError, calendar_for, calendar_of, policy_by_key, preset, preset_names
from app.records.policy import StoredPolicy
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.store import documents, policies
from app.store.database import Tx

_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A seller's terms after the comparison with their base: the policy that binds, and the void terms."""

    base: str
    terms: Terms
    policy: Policy
    violations: tuple[Violation, ...]


def pinned_preset(name: str, *, field: str = "policy") -> Policy:
    """The newest version of a preset, or the version `id@version`. Raises InvalidError for the field."""
    try:
        return policy_by_key(name) if "@" in name else preset(name)
    except UnknownPolicyError:
        presets = tuple(preset_names())
        raise InvalidError("unknown_policy", policy=name, presets=presets, field=field) from None


def check(base: str, terms: Terms, now: datetime, *, policy_id: str = "checked", version: int = 1) -> Checked:
    """Compare terms with the preset that they extend, over the years from `now` on.

    Raises InvalidError for an unknown preset.
    """
    law = pinned_preset(base, field="base")
    calendar = calendar_for(law.country, law.time_zone, now.year, now.year + _YEARS_COMPARED)
    forbidden = violations(law, terms, calendar, now.year)
    return Checked(
        base=law.key,
        terms=terms,
        policy=merge_terms(law, terms, forbidden, policy_id=policy_id, version=version),
        violations=forbidden,
    )


_YEARS_COMPARED = 7
"""The engine compares periods from every day of a year. The longest periods end this many years later."""


async def publish(
    tx: Tx,
    caller: Caller,
    policy_id: str,
    checked: Checked,
    now: datetime,
    *,
    effective_at: datetime | None = None,
) -> StoredPolicy:
    """Store the next version of a merchant's policy, in force from `effective_at` or from now on.

    Void terms are stored too and do not bind. Raises InvalidError, and ConflictError for a preset's name.
    """
    if policy_id in preset_names():
        raise ConflictError("policy_is_a_preset", policy=policy_id, field="policy_id")
    if effective_at is not None and effective_at < now:
        raise InvalidError("effective_in_past", field="effective_at")
    version = await policies.next_version(tx, caller.merchant_id, policy_id)
    policy = replace(checked.policy, policy_id=policy_id, version=version)
    published = StoredPolicy(
        merchant_id=caller.merchant_id,
        policy_id=policy_id,
        version=version,
        base=checked.base,
        effective_from=effective_at or now,
        terms=json_text.dump(checked.terms),
        document=json_text.dump(policy),
        violations=json_text.dump(checked.violations),
        created_at=now,
    )
    await policies.add(tx, published)
    return published


async def make_default(tx: Tx, caller: Caller, policy_id: str) -> None:
    """Make a policy the default for orders without a policy. A cached API key has the old default until the key is
    loaded again."""
    await policies.make_default(tx, caller.merchant_id, policy_id)


async def read(tx: Tx, caller: Caller, policy_id: str, version: int) -> StoredPolicy:
    stored = await policies.load(tx, caller.merchant_id, policy_id, version)
    if stored is None:
        raise NotFoundError("policy", f"{policy_id}@{version}")
    return stored


def is_preset(name: str) -> bool:
    return name in preset_names()


async def get(tx: Tx, caller: Caller, key: str) -> Policy:
    """A published version or a preset, by its key. Raises NotFoundError."""
    try:
        return await policy_of(tx, caller.merchant_id, key)
    except InvalidError:
        raise NotFoundError("policy", key) from None


async def list_versions(tx: Tx, caller: Caller) -> list[StoredPolicy]:
    return await policies.all_of(tx, caller.merchant_id)


async def in_force(tx: Tx, caller: Caller, name: str, at: datetime, now: datetime) -> Policy:
    """The policy that judges an order paid at an instant: a version of the merchant's own policy, or a preset.

    The first version also judges earlier orders. Until this version is in force, its base judges these orders.
    """
    if "@" in name or name in preset_names():
        return await policy_of(tx, caller.merchant_id, name)
    stored = await policies.in_force(tx, caller.merchant_id, name, at)
    if stored is None:
        return pinned_preset(name)
    return pinned_preset(stored.base) if stored.effective_from > now else documents.policy(stored.document)


async def policy_of(tx: Tx, merchant_id: str, key: str) -> Policy:
    """The policy that a key such as `house@3` names. Raises InvalidError."""
    name, _, version = key.partition("@")
    if name in preset_names():
        return pinned_preset(key)
    place = ("policy", merchant_id, key)
    policy: Policy | None = tx.memo.get(place)
    if policy is None:
        stored = await policies.load(tx, merchant_id, name, int(version)) if _NUMBER.fullmatch(version) else None
        if stored is None:
            return pinned_preset(key)
        policy = documents.policy(stored.document)
        tx.memo.put(place, policy)
    return policy


async def load_facts(tx: Tx, merchant_id: str, order: Order, now: datetime, *, refunds_outstanding: int = 0) -> Facts:
    """The facts that judge a claim on this order at an instant."""
    policy = await policy_of(tx, merchant_id, order.policy)
    calendar = _calendar_of(policy, order, now)
    place = ("index", id(policy), id(calendar))
    rules: PolicyIndex | None = tx.memo.get(place)
    if rules is None:  # the index keeps both objects alive, so their ids stay unique while the memo has the index
        rules = index_policy(policy, calendar)
        tx.memo.put(place, rules)
    return Facts(order=order, rules=rules, now=now, refunds_outstanding=refunds_outstanding)


_YEARS_BACK, _YEARS_AHEAD = 7, 5
"""The calendar has days of rest for these years before and after now. The longest windows are six years."""


def make_facts(policy: Policy, order: Order, now: datetime) -> Facts:
    """The facts of an order that has no claim yet, without a database."""
    return Facts(order=order, rules=index_policy(policy, _calendar_of(policy, order, now)), now=now)


def _calendar_of(policy: Policy, order: Order, now: datetime) -> BusinessCalendar:
    return calendar_of(policy, order, now.year - _YEARS_BACK, now.year + _YEARS_AHEAD)


def in_its_country(order: Order, policy: Policy) -> Order:
    """An order without a country has the country of its policy."""
    return order if order.country else replace(order, country=policy.country)
