"""Presets read from TOML into the engine's policies, and the calendars that they are counted with."""

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

from app.engine.calendar import BusinessCalendar
from app.engine.policy import Policy

_POLICY = TypeAdapter(Policy)
_RELEASE = f"holidays {version('holidays')}"


class UnknownPolicyError(LookupError):
    """No preset of this name, or not in this version."""


@cache
def preset_names() -> tuple[str, ...]:
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in _data().iterdir() if entry.name.endswith(".toml"))
    )


@cache
def preset(name: str) -> Policy:
    """The newest version of a preset. Raises UnknownPolicyError."""
    return _POLICY.validate_python(_document(name))


@cache
def policy_by_key(key: str) -> Policy:
    """The policy that an order pins as `id@version`. Raises UnknownPolicyError."""
    name, _, _ = key.partition("@")
    found = preset(name)
    if found.key != key:
        raise UnknownPolicyError(key)
    return found


@lru_cache(maxsize=512)
def calendar_for(country: str, time_zone: str, first_year: int, last_year: int) -> BusinessCalendar:
    """Local days with the public holidays of these years, both included."""
    years = range(first_year, last_year + 1)
    return BusinessCalendar(
        zone=ZoneInfo(time_zone),
        holidays=frozenset[date](holidays.country_holidays(country, years=years)),
        release=_RELEASE,
    )


def _document(name: str) -> Mapping[str, Any]:
    if name not in preset_names():
        raise UnknownPolicyError(name)
    document = tomllib.loads((_data() / f"{name}.toml").read_text("utf-8"))
    parent = document.pop("extends", None)
    return {**_document(parent), **document} if parent else document


def _data() -> Any:
    return files("app.presets") / "data"
