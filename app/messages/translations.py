"""Words for the codes of the engine, and articles of law, in each language."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("ko", "ja", "en")
TABLES = ("kind", "reason", "ground", "alternative", "method", "step", "hold_reason", "delay_reason")
"""Each table is also a filter in templates: `{{ ground|ground }}`."""

_LAWS = ("KR ", "JP ", "EU ", "UK ", "US ", "California ")
_ARTICLE = re.compile(r" ?(\d+)(?:-(\d+))?(?:\((\d+)\))?(\d+)?")
_PARTS = ("article", "branch", "paragraph", "item")


@cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("app.messages") / "words" / f"{language}.toml").read_text("utf-8"))


def word(table: str, code: str, language: str) -> str:
    """The word for a code. A code without a word, such as a payment method of the shop, is its own word."""
    return words(language)[table].get(code, code)


def article(citation: str, language: str) -> str | None:
    """The articles of law in a citation, as the language writes them. None if the citation has no article.

    Remarks and the shop's own terms are not included.
    """
    if not citation.startswith(_LAWS):
        return None
    law = citation.partition(":")[0].partition(" proviso")[0]
    names = words(language)["law"]
    first, *more = law.split("; ")
    laws = (part for part in more if _name(part, names) or part.startswith(_LAWS))
    return "; ".join(_written(part, names, language) for part in (first, *laws))


def _written(part: str, names: Mapping[str, str], language: str) -> str:
    name = _name(part, names)
    if name is None:
        return part
    numbered = _ARTICLE.sub(lambda match: _numbered(match, language), part.removeprefix(name))
    return names[name] + numbered.replace(",", words(language)["article"]["comma"])


def _name(part: str, names: Mapping[str, str]) -> str | None:
    return next((name for name in names if part.startswith(name)), None)


def _numbered(match: re.Match[str], language: str) -> str:
    shapes = words(language)["article"]
    parts = zip(_PARTS, match.groups(), strict=True)
    return "".join(shapes[name].format(number) for name, number in parts if number)
