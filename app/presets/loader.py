"""Presets: policies of the engine, read from TOML, and the calendars that count their days."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from pydantic import TypeAdapter

from app.engine.model.order import Order
from app.engine.policy.calendar import BusinessCalendar
from app.engine.policy.policy import Policy

_POLICY = TypeAdapter(Policy)
_RELEASE = f"holidays {version('holidays')}"


class UnknownPolicyError(LookupError):
    """No preset has this name or version."""


@cache
def preset_names() -> tuple[str, ...]:
    return tuple(sorted(name for name in _files() if "@" not in name))


@cache
def preset(name: str) -> Policy:
    """The newest version of a preset. Raises UnknownPolicyError."""
    if name not in preset_names():
        raise UnknownPolicyError(name)
    return _POLICY.validate_python(_document(name), extra="forbid")


@cache
def policy_by_key(key: str) -> Policy:
    """The policy that an order pins as `id@version`. An older version has a file of its own. Raises
    UnknownPolicyError."""
    name, _, _ = key.partition("@")
    newest = preset(name)
    if newest.key == key:
        return newest
    if key not in _files():
        raise UnknownPolicyError(key)
    return _POLICY.validate_python(_document(key), extra="forbid")


def calendar_of(policy: Policy, order: Order, first_year: int, last_year: int) -> BusinessCalendar:
    """The calendar for the claims of an order: the policy's, or the order's own if the policy says so."""
    country, zone = policy.country, policy.time_zone
    if policy.follows_order and (order.country, order.time_zone) != (policy.country, None):
        country, zone = order.country, order.time_zone or main_zone(order.country) or policy.time_zone
    return calendar_for(country, zone, first_year, last_year, policy.closing_days)


@cache
def main_zone(country: str) -> str | None:
    """The first time zone of a country in the tz database. None for an unknown country."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[2] for row in rows if row[0] == country), None)


@lru_cache(maxsize=512)
def calendar_for(
    country: str, time_zone: str, first_year: int, last_year: int, closing_days: frozenset[date] = frozenset()
) -> BusinessCalendar:
    """Local days with the public holidays from the first to the last year, and a seller's own closing days.

    An unknown country has no holidays.
    """
    years = range(first_year, last_year + 1)
    is_supported = country in holidays.list_supported_countries()
    public = frozenset[date](holidays.country_holidays(country, years=years)) if is_supported else frozenset[date]()
    return BusinessCalendar(
        zone=ZoneInfo(time_zone),
        holidays=public,
        closing_days=closing_days,
        release=_RELEASE,
    )


@cache
def _files() -> frozenset[str]:
    """`kr.toml` is the newest version. `kr@1.toml` is the first one, for the orders that pin it."""
    endings = (entry.name for entry in _data().iterdir() if entry.name.endswith(".toml"))
    return frozenset(name.removesuffix(".toml") for name in endings)


def _document(name: str) -> Mapping[str, Any]:
    if name not in _files():
        raise UnknownPolicyError(name)
    document = tomllib.loads((_data() / f"{name}.toml").read_text("utf-8"))
    parent = document.pop("extends", None)
    return {**_document(parent), **document} if parent else document


def _data() -> Any:
    return files("app.presets") / "data"
