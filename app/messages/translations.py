"""Words for the codes of the engine, and articles of law, in each language."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("ko", "ja", "en")
"""The languages that have all texts: messages, policy pages, refusals and names."""
FALLBACK = "en"
"""The language of a text that the reader's language does not have."""
MESSAGE_LANGUAGES = (*LANGUAGES, "de", "fr")
"""The languages of messages. German and French have built-in templates for buyers only."""
TABLES = (
    *("kind", "reason", "sympathy", "ground", "alternative", "method", "step", "hold_reason", "delay_reason"),
    "profile",
)
"""Each table is also a filter in templates: `{{ ground|ground }}`. `sympathy` has a sentence for each reason of
a claim by the shop's fault, and `profile` a word for each part of the shop's profile."""

_LAWS = ("KR ", "JP ", "TW ", "CN ", "EU ", "DE ", "FR ", "ES ", "IT ", "UK ", "US ", "California ", "ACL ", "BR ")
_OWN_NUMBERS = ("FR ", "ES ", "IT ", "US ", "California ")
"""The laws whose numbers have another shape, such as L221-28 13°. They are written as they are."""
_ARTICLE = re.compile(
    r"(?P<items> no\. \d+(?:, \d{1,2}(?![\d(a-z]))?)"
    r"|(?: ?§ |(?:(?<=,) |(?<=-))\()(?P<alone>\d+[a-z]?)\)?"
    r"|(?<!-) ?(?P<article>\d+[a-z]?)(?:-(?P<branch>\d+))?(?:\((?P<paragraph>\d+[a-z]?)\))?(?P<item>\d+(?:-\d+)?)?"
)
"""Items, as in 312g(2) no. 5, 8. A paragraph alone, as (2) in 10(1), (2). Or an article with its parts."""
_PARTS = ("article", "branch", "paragraph", "item")


def message_languages(language: str) -> tuple[str, ...]:
    """The languages in which a message to a reader of this language may be, best first."""
    return (language,) if language in LANGUAGES else (language, FALLBACK)


@cache
def words(language: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("app.messages") / "words" / f"{language}.toml").read_text("utf-8"))


def word(table: str, code: str, language: str) -> str:
    """The word for a code. A code without a word, such as a payment method of the shop, is its own word."""
    return words(language)[table].get(code, code)


_OPEN_POINT = " (unverified)"


def for_readers(citation: str) -> str:
    """Without the mark of an article that we could not read: it is for those who operate the service."""
    return citation.removesuffix(_OPEN_POINT)


def article(citation: str, language: str) -> str | None:
    """The articles of law in a citation, as the language writes them. None if the citation has no article.

    Remarks, marks and the shop's own terms are not included.
    """
    citation = for_readers(citation)
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
    return _in_own_words(_with_numbers(part, name, names, language), language)


def _in_own_words(citation: str, language: str) -> str:
    """The citation with the words of the language in the place of English ones, such as `no.`."""
    for english, own in words(language)["citation"].items():
        citation = citation.replace(english, own)
    return citation


def _with_numbers(part: str, name: str, names: Mapping[str, str], language: str) -> str:
    """The name of the law and its numbers, as the language writes both. A language without shapes keeps the numbers."""
    if not words(language)["article"] or name.startswith(_OWN_NUMBERS):
        return names[name] + part.removeprefix(name)
    numbered = _ARTICLE.sub(lambda match: _numbered(match, language), part.removeprefix(name))
    return names[name] + numbered.replace(",", words(language)["article"]["comma"])


def _name(part: str, names: Mapping[str, str]) -> str | None:
    return next((name for name in names if part.startswith(name)), None)


def _numbered(match: re.Match[str], language: str) -> str:
    shapes = words(language)["article"]
    if match["items"]:
        return ",".join(shapes["item"].format(number) for number in re.findall(r"\d+", match["items"]))
    if match["alone"]:
        paragraph = shapes["paragraph"].format(match["alone"])
        return paragraph if match[0].startswith(" ") else paragraph.strip()
    return "".join(shapes[name].format(match[name]) for name in _PARTS if match[name])
