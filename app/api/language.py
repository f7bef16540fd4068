"""The language of the sentences in an answer: of our languages, the one that `Accept-Language` prefers."""

from collections.abc import Iterator
from contextvars import ContextVar
from functools import lru_cache

DEFAULT = "en"
LANGUAGES = ("en", "ko", "ja")

language: ContextVar[str] = ContextVar("language", default=DEFAULT)
"""The language of the present request. Problems and refusals use this language."""


def language_headers(written_in: str) -> dict[str, str]:
    """For an answer that has sentences."""
    return {"Content-Language": written_in, "Vary": "Accept-Language"}


@lru_cache(maxsize=256)
def preferred(accept_language: str, languages: tuple[str, ...] = LANGUAGES, default: str = DEFAULT) -> str:
    """RFC 9110, 12.5.4: the highest `q` wins, then the first. `ko-KR` is `ko`. `*` is any language without a tag."""
    wishes = sorted(_wishes(accept_language), key=lambda wish: -wish[1])
    tags = {tag for tag, _ in wishes}
    for tag, q in wishes:
        candidates = [each for each in languages if each not in tags] if tag == "*" else [tag]
        if q > 0 and candidates and candidates[0] in languages:
            return candidates[0]
    return default


def _wishes(accept_language: str) -> Iterator[tuple[str, float]]:
    for item in accept_language[:500].split(","):
        tag, _, parameter = item.strip().lower().partition(";")
        try:
            q = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        yield tag.strip().partition("-")[0], q
