"""The lines that a rule is for, in the words of a policy's page: their natures, and what must be on record."""

from collections.abc import Mapping
from typing import Any

from app.engine.model.vocabulary import Nature, Record
from app.engine.policy.scopes import Scoped

Words = Mapping[str, Any]


def shown(records: frozenset[Record], words: Words) -> str:
    """The records that a rule needs, all of them."""
    return str(words["shown"]).format(records=listed(records, words)) if records else ""


def not_shown(rule: Scoped, words: Words) -> str:
    """The records that take a rule away, all of them together."""
    records = listed(rule.without_records, words)
    return str(words["not_shown"]).format(records=records) if records else ""


def listed(records: frozenset[Record], words: Words) -> str:
    return str(words["and"].join(text for record, text in words["records"].items() if record in records))


def about(natures: frozenset[Nature], words: Words) -> str:
    text = words["or"].join(words["natures"][nature] for nature in sorted(natures))
    return str(words["about"]).format(natures=text) if text else ""
