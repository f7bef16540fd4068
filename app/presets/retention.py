"""How long the law of a country wants records of a sale kept: `retention.toml`, with an article for each number."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from app.records.privacy import DataGroup, RetentionRule

_ANY = ""


def retention_rule(country: str, group: DataGroup) -> RetentionRule:
    """The rule of a country, or of all countries whose law is not in the file."""
    rules = _rules()
    return rules.get((country, group)) or rules[_ANY, group]


def longest_time(group: DataGroup) -> int:
    """The most years of all countries, for data that belongs to no order, and so to no country."""
    return max(rule.years for rule in _rules().values() if rule.group is group)


@cache
def _rules() -> Mapping[tuple[str, DataGroup], RetentionRule]:
    document = tomllib.loads(files("app.presets").joinpath("retention.toml").read_text("utf-8"))
    return {
        (rule["country"], DataGroup(rule["group"])): RetentionRule(
            group=DataGroup(rule["group"]), years=rule["years"], basis=rule["basis"], citation=rule["citation"]
        )
        for rule in document["rules"]
    }
