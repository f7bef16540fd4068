"""The words for what the engine calls by codes, and the articles of law that a ground rests on."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("ko", "ja", "en")
TABLES = ("kind", "reason", "ground", "alternative", "method", "step", "hold_reason", "delay_reason")
"""Each is a filter of templates as well: `{{ ground|ground }}`."""

_LAWS = ("KR ", "JP ", "EU ", "UK ", "US ", "California ")
_ARTICLE = re.compile(r" ?(\d+)(?:-(\d+))?(?:\((\d+)\))?(\d+)?")
_PARTS = ("article", "branch", "paragraph", "item")


@cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("app.messages") / "words" / f"{language}.toml").read_text("utf-8"))


def word(table: str, code: str, language: str) -> str:
    """What a code is called; one that no table knows, such as a payment method of the shop's own, by itself."""
    return words(language)[table].get(code, code)


def article(citation: str, language: str) -> str | None:
    """The articles of law in a citation, as they are written in the language; None when there are none.

    What a shop rests on itself, and what explains an article, is left out.
    """
    if not citation.startswith(_LAWS):
        return None
    law = citation.partition(":")[0].partition(" proviso")[0]
    names = words(language)["law"]
    first, *more = law.split("; ")
    known = (part for part in more if _name(part, names) or part.startswith(_LAWS))
    return "; ".join(_written(part, names, language) for part in (first, *known))


def _written(part: str, names: Mapping[str, str], language: str) -> str:
    name = _name(part, names)
    if name is None:
        return part
    numbered = _ARTICLE.sub(lambda found: _numbered(found, language), part.removeprefix(name))
    return names[name] + numbered.replace(",", words(language)["article"]["comma"])


def _name(part: str, names: Mapping[str, str]) -> str | None:
    return next((name for name in names if part.startswith(name)), None)


def _numbered(found: re.Match[str], language: str) -> str:
    shapes = words(language)["article"]
    parts = zip(_PARTS, found.groups(), strict=True)
    return "".join(shapes[name].format(number) for name, number in parts if number)
