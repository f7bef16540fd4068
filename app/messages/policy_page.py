"""A policy as a buyer reads it: what may be cancelled, until when, who pays, when the money comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from app.engine.policy.policy import Policy
from app.messages.policy_topics import Words, topics, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with its answers, and the rules that they rest on."""

    topic: str
    question: str
    answers: tuple[str, ...]
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    language: str
    title: str
    policy: str
    rows: tuple[Row, ...]
    disclaimer: str


def policy_page(policy: Policy, language: str) -> PolicyPage:
    """The page in one of LANGUAGES."""
    words = words_of(language)
    rows = (_row(topic, found, words) for topic, found in topics(policy, words, language))
    return PolicyPage(
        language=language,
        title=words["title"],
        policy=policy.title,
        rows=tuple(row for row in rows if row.answers),
        disclaimer=words["disclaimer"],
    )


def as_html(page: PolicyPage) -> str:
    """A whole document without scripts, styles or anything to load: the storefront dresses it."""
    rows = "".join(_html_row(row) for row in page.rows)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(page.title)}</title></head>\n<body>\n<h1>{escape(page.title)}</h1>\n"
        f"<p>{escape(page.policy)}</p>\n<table>\n{rows}</table>\n<p>{escape(page.disclaimer)}</p>\n</body>\n</html>\n"
    )


def _html_row(row: Row) -> str:
    answers = "".join(f"<li>{escape(answer)}</li>" for answer in row.answers)
    citations = "".join(f"<br><small>{escape(citation)}</small>" for citation in row.citations)
    question = escape(row.question)
    return f'<tr id="{row.topic}"><th scope="row">{question}</th><td><ul>{answers}</ul>{citations}</td></tr>\n'


def _row(topic: str, found: Iterable[tuple[str, str]], words: Words) -> Row:
    answers, citations = zip(*found, strict=True) if found else ((), ())
    named = [words["citations"].get(citation, citation) for citation in citations if citation]
    return Row(
        topic=topic,
        question=words["questions"][topic],
        answers=tuple(dict.fromkeys(answers)),
        citations=tuple(dict.fromkeys(named)),
    )
