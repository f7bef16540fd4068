"""The text of a citation, and where to read the article."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cite:
    """One article of a law. `language` is the law's own (BCP 47), and `url` is where to read it."""

    law: str
    title: str
    language: str
    url: str
    article: str
    paragraph: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a rule rests on, and the days on which it is in force, both inclusive. None: no limit."""

    basis: str
    cites: tuple[Cite, ...] = ()
    practice: str = ""
    in_force_from: date | None = None
    in_force_to: date | None = None
    unverified: bool = False

    @property
    def text(self) -> str:
        """Such as `KR E-Commerce Act 17(1)1, 18(2); KR Civil Act 157: the first day does not count`."""
        parts = [*_by_law(self.cites), *([self.practice] if self.practice else [])]
        return "; ".join(parts) + (f" ({UNVERIFIED})" if self.unverified else "")


def source_of(rule: Mapping[str, Any], laws: Mapping[str, Any]) -> Source:
    """The source of a rule as TOML writes it. Raises KeyError for a law that no file describes."""
    cites = tuple(_cite(cite, laws) for cite in rule.get("cites", ()))
    return Source(
        basis=rule.get("basis", "statute" if cites else "practice"),
        cites=cites,
        practice=rule.get("practice", ""),
        in_force_from=rule.get("in_force_from"),
        in_force_to=rule.get("in_force_to"),
        unverified=rule.get("unverified", False),
    )


def _cite(cite: Mapping[str, str], laws: Mapping[str, Any]) -> Cite:
    law = laws[cite["law"]]
    return Cite(
        law=law["short"],
        title=law["title"],
        language=law["language"],
        url=law["url"],
        article=cite.get("article", ""),
        paragraph=cite.get("paragraph", ""),
        note=cite.get("note", ""),
    )


def _by_law(cites: Iterable[Cite]) -> list[str]:
    """One part for each run of articles of the same law. A note ends a run."""
    parts: list[str] = []
    open_law = None
    for cite in cites:
        place = cite.article + (cite.paragraph if cite.paragraph.startswith("(") else f" {cite.paragraph}".rstrip())
        if cite.law == open_law:
            parts[-1] += f", {place}"
        else:
            parts.append(f"{cite.law} {place}".strip())
        open_law = cite.law
        if cite.note:
            parts[-1] += f": {cite.note}"
            open_law = None
    return parts
