"""The tables of docs/law.md: every rule of every preset, with its articles."""

from collections.abc import Iterator

from app.presets.documents import chain_of, preset_names
from app.presets.law_rules import LawRule, every_rule


def law_tables() -> str:
    """One table for each preset, with the rules that it does not have from the preset that it extends."""
    return "\n".join(_table(name) for name in preset_names())


def _table(name: str) -> str:
    *parents, _ = chain_of(name)
    inherited = set(every_rule(parents[-1])) if parents else set()
    own = [rule for rule in every_rule(name) if rule not in inherited]
    extends = f" Extends `{parents[-1]}`." if parents else ""
    rows = "".join(f"| {' | '.join(_cells(rule))} |\n" for rule in own)
    heading = f"### `{name}`\n\n{len(own)} rules of its own.{extends}\n\n"
    return f"{heading}| rule | rests on | basis |\n|---|---|---|\n{rows}"


def _cells(rule: LawRule) -> Iterator[str]:
    source = rule.source
    yield f"`{rule.code}`"
    yield source.text
    days = [f"from {source.in_force_from}"] if source.in_force_from else []
    days += [f"to {source.in_force_to}"] if source.in_force_to else []
    yield ", ".join([source.basis, *days])
