"""The policy and the calendar that judge an order's claims, and the policies that sellers publish."""

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app import json_text
from app.engine import Facts
from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.compared_days import ComparedDays
from app.engine.policy.departures import Departure, departures
from app.engine.policy.index import PolicyIndex, index_policy
from app.engine.policy.law import Violation, violations
from app.engine.policy.merging import merge_terms
from app.engine.policy.policy import Policy
from app.engine.policy.terms import Terms
from app.presets.documents import UnknownPolicyError, preset_names
from app.presets.loader import calendar_for, calendar_of, contract_limits, edition_of, policy_by_key, preset
from app.records.policy import StoredPolicy
from app.service.callers import Caller
from app.service.errors import ConflictError, InvalidError, NotFoundError
from app.store import documents, policies
from app.store.database import Tx

_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A seller's terms after the comparison with their base: the policy that binds, the void terms, and the terms that
    give less than default law."""

    base: str
    terms: Terms
    policy: Policy
    violations: tuple[Violation, ...]
    departures: tuple[Departure, ...]


def pinned_preset(name: str, *, field: str = "policy") -> Policy:
    """The newest version of a preset, or the version `id@version`. Raises InvalidError for the field."""
    try:
        return policy_by_key(name) if "@" in name else preset(name)
    except UnknownPolicyError:
        raise unknown_policy(name, field=field) from None


def unknown_policy(name: str, *, field: str = "policy") -> InvalidError:
    return InvalidError("unknown_policy", policy=name, presets=tuple(preset_names()), field=field)


def check(base: str, terms: Terms, now: datetime, *, policy_id: str = "checked", version: int = 1) -> Checked:
    """Compare terms with the preset that they extend, over the years from `now` on.

    Raises InvalidError for an unknown preset.
    """
    law = pinned_preset(base, field="base")
    day = now.astimezone(ZoneInfo(law.time_zone)).date()
    return _checked(law.key, terms, day, None, policy_id, version)


def _checked(
    base: str, terms: Terms, day: date, country: str | None, policy_id: str, version: int
) -> Checked:  # fmt: skip
    """Terms, compared with the law of a country on a local day."""
    law = policy_by_key(base, day, country)
    limits = contract_limits(law.policy_id, day, country)
    days = ComparedDays(calendar_for(law.country, law.time_zone, day.year, day.year + _YEARS_COMPARED), day.year)
    forbidden = violations(law, terms, days, limits)
    binding = merge_terms(law, terms, forbidden, policy_id=policy_id, version=version)
    return Checked(
        base=law.key,
        terms=terms,
        policy=binding,
        violations=forbidden,
        departures=departures(law, terms, binding, forbidden, limits, days),
    )


def departures_of(stored: StoredPolicy) -> tuple[Departure, ...]:
    """The departures of a published version from the law of the day on which it was published."""
    law = preset(stored.base.partition("@")[0])
    day = stored.created_at.astimezone(ZoneInfo(law.time_zone)).date()
    terms = documents.terms(stored.terms)
    return _checked(stored.base, terms, day, None, stored.policy_id, stored.version).departures


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
    return await in_force_of(tx, caller.merchant_id, name, at, now)


async def in_force_of(tx: Tx, merchant_id: str, name: str, at: datetime, now: datetime) -> Policy:
    """As `in_force`, for a merchant whose caller is not known."""
    if "@" in name or name in preset_names():
        return await policy_of(tx, merchant_id, name)
    stored = await policies.in_force(tx, merchant_id, name, at)
    if stored is None:
        return pinned_preset(name)
    return pinned_preset(stored.base) if stored.effective_from > now else documents.policy(stored.document)


async def refuse_before_its_time(tx: Tx, merchant_id: str, key: str, now: datetime) -> None:
    """Raises InvalidError for a version of a merchant's own policy that is not in force yet."""
    name, _, version = key.partition("@")
    if not version or name in preset_names():
        return
    if (await _published(tx, merchant_id, name, version)).effective_from > now:
        raise unknown_policy(key)


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


async def load_facts(
    tx: Tx,
    merchant_id: str,
    order: Order,
    now: datetime,
    *,
    refunds_outstanding: int = 0,
    refunds_in_progress: int = 0,
    refunds_waiting: int = 0,
) -> Facts:
    """The facts that judge a claim on this order at an instant."""
    policy = await _policy_that_judges(tx, merchant_id, order, now)
    calendar = _calendar_of(policy, order, now)
    place = ("index", id(policy), id(calendar))
    rules: PolicyIndex | None = tx.memo.get(place)
    if rules is None:  # the index keeps both objects alive, so their ids stay unique while the memo has the index
        rules = index_policy(policy, calendar)
        tx.memo.put(place, rules)
    return Facts(
        order=order,
        rules=rules,
        now=now,
        refunds_outstanding=refunds_outstanding,
        refunds_in_progress=refunds_in_progress,
        refunds_waiting=refunds_waiting,
    )


async def _policy_that_judges(tx: Tx, merchant_id: str, order: Order, now: datetime) -> Policy:
    """The policy that the order pins, by the law of the order's country on the day of its contract, or else of its
    payment. A merchant's terms are compared with that law again."""
    name, _, version = order.policy.partition("@")
    if name in preset_names():
        return policy_by_key(order.policy, _day_of_law(order, preset(name), now), order.country)
    published = await _published(tx, merchant_id, name, version)
    base = published.base.partition("@")[0]
    day = _day_of_law(order, preset(base), now)
    place = ("judging", merchant_id, order.policy, edition_of(base, day, order.country))
    policy: Policy | None = tx.memo.get(place)
    if policy is None:
        terms = documents.terms(published.terms)
        checked = await asyncio.to_thread(
            _checked, published.base, terms, day, order.country, published.policy_id, published.version
        )
        policy = checked.policy
        tx.memo.put(place, policy)
    return policy


def _day_of_law(order: Order, policy: Policy, now: datetime) -> date:
    """The local day whose law judges the order. An order that is not paid is judged by today's."""
    instant = order.contracted_at or order.paid_at or now
    return instant.astimezone(ZoneInfo(order.time_zone or policy.time_zone)).date()


async def _published(tx: Tx, merchant_id: str, name: str, version: str) -> StoredPolicy:
    """A version of a merchant's own policy. Raises InvalidError."""
    place = ("published", merchant_id, name, version)
    stored: StoredPolicy | None = tx.memo.get(place)
    if stored is None:
        stored = await policies.load(tx, merchant_id, name, int(version)) if _NUMBER.fullmatch(version) else None
        if stored is None:
            raise unknown_policy(f"{name}@{version}")
        tx.memo.put(place, stored)
    return stored


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
