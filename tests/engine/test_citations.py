"""Every number and every rule of a preset has a citation."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from app.engine.policy.policy import Policy
from app.presets.documents import preset_names
from app.presets.loader import preset


@pytest.mark.parametrize("name", preset_names())
def test_every_rule_of_a_preset_cites_something(name: str) -> None:
    policy = preset(name)
    assert [path for path, citation in _citations(policy) if not citation.strip()] == []
    assert policy.respond_citation
    assert policy.collect_citation


def _citations(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every citation in a policy, and its place."""
    for field in fields(policy):
        if field.name != "offers":
            value = getattr(policy, field.name)
            for rule in value if isinstance(value, tuple) else (value,):
                if _has_citation(rule):
                    yield field.name, rule.citation


def _has_citation(value: Any) -> bool:
    return is_dataclass(value) and any(field.name == "citation" for field in fields(value))
