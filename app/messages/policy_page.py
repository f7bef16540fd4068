"""The page of a policy for buyers: what they can cancel or return, until when, who pays, and when refunds are paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from app.engine.policy.policy import Policy
from app.messages.policy_topics import Words, topics, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with its answers and citations."""

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
    rows = (_row(topic, answers, words) for topic, answers in topics(policy, words, language))
    return PolicyPage(
        language=language,
        title=words["title"],
        policy=policy.title,
        rows=tuple(row for row in rows if row.answers),
        disclaimer=words["disclaimer"],
    )


def as_html(page: PolicyPage) -> str:
    """An HTML document without scripts, styles or external resources. The storefront adds its own styles."""
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


def _row(topic: str, cited: Iterable[tuple[str, str]], words: Words) -> Row:
    answers, citations = zip(*cited, strict=True) if cited else ((), ())
    readable = [words["citations"].get(citation, citation) for citation in citations if citation]
    return Row(
        topic=topic,
        question=words["questions"][topic],
        answers=tuple(dict.fromkeys(answers)),
        citations=tuple(dict.fromkeys(readable)),
    )
