"""The page of a policy for buyers: what they can cancel or return, until when, who pays, and when refunds are paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from app.engine.policy.policy import Policy
from app.messages.policy_exceptions import about_other_goods
from app.messages.policy_scopes import Words
from app.messages.policy_summary import PolicySummaryLine, summary
from app.messages.policy_topics import topics, words_of
from app.messages.shop_profile import Part, ways_to_reach, who_sells
from app.messages.translations import FALLBACK, LANGUAGES, article, for_readers, word
from app.records.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question with its answers and citations. `about_other_goods` are those of the answers that are about neither
    ordinary goods nor goods made to order."""

    topic: str
    question: str
    answers: tuple[str, ...]
    citations: tuple[str, ...]
    about_other_goods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """`summary` is the short form of `rows`."""

    language: str
    title: str
    policy: str
    summary: tuple[PolicySummaryLine, ...]
    rows: tuple[Row, ...]
    disclaimer: str


def policy_page(policy: Policy, language: str) -> PolicyPage:
    """The page in one of LANGUAGES. For every other language the page is in English, and says so in `language`."""
    written_in = language if language in LANGUAGES else FALLBACK
    words = words_of(written_in)
    others = about_other_goods(policy, words)
    rows = (_row(topic, answers, words, written_in, others) for topic, answers in topics(policy, words, written_in))
    return PolicyPage(
        language=written_in,
        title=words["title"],
        policy=policy.title,
        summary=summary(policy, words, written_in),
        rows=tuple(row for row in rows if row.answers),
        disclaimer=words["disclaimer"],
    )


STYLE = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; color: #1a1a1a; background: #fff;
  font: 1rem/1.6 system-ui, "Apple SD Gothic Neo", "Hiragino Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", sans-serif;
  overflow-wrap: anywhere; word-break: keep-all; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: 0 0 .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid #ccc; padding: .6rem .5rem; text-align: left; vertical-align: top; }
th { width: 11rem; }
thead th + th { width: auto; }
thead th { border-top: 0; }
ul { margin: 0; padding: 0; list-style: none; }
li + li { margin-top: .35rem; }
li:not(:only-child) { list-style: disc; margin-left: 1.1rem; }
li::marker { color: #767676; }
td small { display: block; margin-top: .25rem; }
ul + small { margin-top: .6rem; }
details { margin-top: .35rem; }
summary { cursor: pointer; }
details > ul { margin-top: .35rem; }
small, footer { color: #555; font-size: .85rem; }
dt { font-weight: 600; }
dd { margin: 0; }
:lang(ja) { word-break: auto-phrase; line-break: strict; }
:lang(ja) body { font-family: system-ui, "Hiragino Sans", "Noto Sans CJK JP", sans-serif; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); height: 1px; width: 1px; overflow: hidden; }
  tr, th, td { display: block; border: 0; padding: .15rem 0; width: auto; }
  td[data-label]::before { content: attr(data-label); display: block; color: #555; font-size: .85rem; }
  tr { border-top: 1px solid #ccc; padding: .6rem 0; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  tr { break-inside: avoid; }
  summary { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  a { color: inherit; }
}
"""
"""The only style. The Content-Security-Policy of the public page names its hash."""


def as_html(page: PolicyPage, shop: Shop | None = None, *, withdrawal: str | None = None) -> str:
    """An HTML document without scripts and external resources. With a shop it has the shop's name, and how to reach
    the shop and where to send goods. `withdrawal` is the address of the page on which buyers withdraw."""
    short = words_of(page.language)["short"]
    name = shop.name_in(page.language) if shop else ""
    title = escape(f"{name} {page.title}".strip())
    rows = "".join(_html_row(row, short) for row in page.rows)
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f"{f'<p>{escape(page.policy)}</p>' if page.policy else ''}\n"
        f"{_link_out(withdrawal, short) if withdrawal else ''}"
        f"<h2>{short['heading']}</h2>\n{_short_table(page, short)}"
        f"<h2>{short['details']}</h2>\n<table>\n{rows}</table>\n"
        f"{_contact(shop, page.language, short) if shop else ''}"
        f"<p><small>{escape(page.disclaimer)}</small></p>\n</main>\n</body>\n</html>\n"
    )


def _link_out(address: str, short: Words) -> str:
    """No frame shows the page of a withdrawal, so the link leaves the frame."""
    return f'<p><a href="{escape(address)}" target="_top">{escape(short["withdraw"])}</a></p>\n'


def _short_table(page: PolicyPage, short: Words) -> str:
    heads = "".join(f'<th scope="col">{short[name]}</th>' for name in ("what", "until", "costs"))
    rows = "".join(_short_row(row, short) for row in page.summary)
    return f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _short_row(row: PolicySummaryLine, short: Words) -> str:
    """A narrow screen has no heads, so the cells have labels. The goods without a return are no answer to a label."""
    names = () if row.what == short["exceptions"] else ("until", "costs")
    until, costs = (f' data-label="{escape(short[name])}"' for name in names) if names else ("", "")
    cells = f"<td{until}>{_list(row.until)}</td><td{costs}>{_list(row.costs)}</td>"
    return f'<tr><th scope="row">{escape(row.what)}</th>{cells}</tr>\n'


def _contact(shop: Shop, language: str, short: Words) -> str:
    parts = [*who_sells(shop, language), *ways_to_reach(shop, language)]
    listed = "".join(f"<dt>{word('profile', each['what'], language)}</dt><dd>{_linked(each)}</dd>\n" for each in parts)
    return f"<h2>{short['contact']}</h2>\n<dl>\n{listed}</dl>\n" if parts else ""


def _linked(part: Part) -> str:
    text = escape(part["text"])
    schemes = {"chat": "", "email": "mailto:"}
    return f'<a href="{schemes[part["what"]]}{text}">{text}</a>' if part["what"] in schemes else text


def _list(texts: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def _html_row(row: Row, short: Words) -> str:
    """Answers about goods that most shops do not sell are folded, unless there are no others."""
    usual = tuple(answer for answer in row.answers if answer not in row.about_other_goods)
    answers = _list(usual or row.answers)
    if usual and row.about_other_goods:
        answers += f"<details><summary>{escape(short['other_goods'])}</summary>{_list(row.about_other_goods)}</details>"
    citations = "".join(f"<small>{escape(citation)}</small>" for citation in row.citations)
    question = escape(row.question)
    return f'<tr id="{row.topic}"><th scope="row">{question}</th><td>{answers}{citations}</td></tr>\n'


def _row(
    topic: str, cited: Iterable[tuple[str, str]], words: Words, language: str, others: frozenset[str]
) -> Row:  # fmt: skip
    answers, citations = zip(*cited, strict=True) if cited else ((), ())
    readable = [_readable(for_readers(citation), words, language) for citation in citations if citation]
    return Row(
        topic=topic,
        question=words["questions"][topic],
        answers=tuple(dict.fromkeys(answers)),
        citations=tuple(dict.fromkeys(readable)),
        about_other_goods=tuple(
            answer for answer in dict.fromkeys(answers) if topic == "exceptions" and answer in others
        ),
    )


def _readable(citation: str, words: Words, language: str) -> str:
    """The citation in the language of the page. English pages keep the remarks of a citation."""
    known: Words = words["citations"]
    if language == FALLBACK or citation in known:
        return str(known.get(citation, citation))
    beginning = next((known[begins] for begins in known if citation.startswith(begins)), citation)
    return article(citation, language) or str(beginning)
