"""Presets: the policies of the engine that laws and marketplaces give on a day, and the calendars of their days."""

import re
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from zoneinfo import ZoneInfo

import holidays

from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.policy import Policy
from app.engine.policy.rules import ContractLimit
from app.presets.documents import NEWEST, UnknownPolicyError, chain_of, changes_of, merged
from app.presets.policies import RequiredMessage, limits_on, policy_on, required_messages_on

_RELEASE = f"holidays {version('holidays')}"


def preset(name: str, on: date = NEWEST, country: str | None = None) -> Policy:
    """A preset with the rules that are in force on a local day, and with the national law of a country if there is
    some. Raises UnknownPolicyError."""
    return _edition(name, *edition_of(name, on, country))


Edition = tuple[tuple[str, ...], date]
"""The files behind a preset, and the day of the last change of the law."""


def edition_of(name: str, on: date, country: str | None = None) -> Edition:
    """What decides which rules a preset has on a day: equal editions have equal rules. Raises UnknownPolicyError."""
    chain = chain_of(name, country)
    return chain, max((day for day in changes_of(chain) if day <= on), default=date.min)


@cache
def _edition(name: str, chain: tuple[str, ...], begins: date) -> Policy:
    """The policy from one change of the law to the next. The named preset gives the id and the version."""
    own = merged(chain_of(name))
    return policy_on({**merged(chain), "policy_id": own["policy_id"], "version": own["version"]}, begins)


def policy_by_key(key: str, on: date = NEWEST, country: str | None = None) -> Policy:
    """The preset that an order pins as `id@version`. Raises UnknownPolicyError.

    A version counts the corrections of our reading of the law. An order of an earlier version is judged by the newest
    reading of the law that was in force on its day.
    """
    name, _, version = key.partition("@")
    newest = preset(name, on, country)
    if not _NUMBER.fullmatch(version) or int(version) > newest.version:
        raise UnknownPolicyError(key)
    return _numbered(newest, int(version))


def contract_limits(name: str, on: date = NEWEST, country: str | None = None) -> tuple[ContractLimit, ...]:
    """What a contract cannot do under a preset, where it departs from default law. Raises UnknownPolicyError."""
    return _limits(*edition_of(name, on, country))


@cache
def required_messages(name: str, on: date = NEWEST) -> tuple[RequiredMessage, ...]:
    """The messages that the law behind a preset wants sent on a local day. Raises UnknownPolicyError."""
    return required_messages_on(merged(chain_of(name)), on)


@cache
def _limits(chain: tuple[str, ...], begins: date) -> tuple[ContractLimit, ...]:
    return limits_on(merged(chain), begins)


@lru_cache(maxsize=256)
def _numbered(policy: Policy, version: int) -> Policy:
    """The same object for the same version, because indexes are kept by identity."""
    return policy if policy.version == version else replace(policy, version=version)


_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def calendar_of(policy: Policy, order: Order, first_year: int, last_year: int) -> BusinessCalendar:
    """The calendar for the claims of an order: the policy's, or the order's own if the policy says so."""
    country, zone = policy.country, policy.time_zone
    if policy.follows_order and (order.country, order.time_zone) != (policy.country, None):
        country, zone = order.country, order.time_zone or main_zone(order.country) or policy.time_zone
    return calendar_for(country, zone, first_year, last_year, policy.closing_days, order.subdivision)


@cache
def main_zone(country: str) -> str | None:
    """The first time zone of a country in the tz database. None for an unknown country."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[2] for row in rows if row[0] == country), None)


@lru_cache(maxsize=512)
def calendar_for(
    country: str,
    time_zone: str,
    first_year: int,
    last_year: int,
    closing_days: frozenset[date] = frozenset(),
    subdivision: str | None = None,
) -> BusinessCalendar:
    """Local days with the public holidays from the first to the last year, and a seller's own closing days.

    An unknown country has no holidays. A known `subdivision` adds the holidays of that state.
    """
    years = range(first_year, last_year + 1)
    subdivisions = holidays.list_supported_countries().get(country)
    public = frozenset[date]()
    if subdivisions is not None:
        state = subdivision if subdivision in subdivisions else None
        public = frozenset[date](holidays.country_holidays(country, subdiv=state, years=years))
    return BusinessCalendar(
        zone=ZoneInfo(time_zone),
        holidays=public,
        closing_days=closing_days,
        release=_RELEASE,
    )
