"""The page of a law: every rule with its article, for a lawyer who ticks the rules off. HTML without scripts."""

from collections.abc import Sequence
from html import escape

from app.presets.citations import Cite, Source
from app.presets.law_rules import LawRule

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #999; padding: .5rem; text-align: left; vertical-align: top; }
th, td { overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1rem; }
.unverified { background: #fff3c4; }
@media (max-width: 40rem) { thead { display: none; } tr, th, td { display: block; } tr { margin-bottom: 1rem; } }
@media print { a { color: inherit; } }
"""


def law_page(title: str, day: str, rules: Sequence[LawRule]) -> str:
    """The document for the rules of one day. `day` is shown as it is."""
    rows = "\n".join(_row(rule) for rule in rules)
    open_points = sum(rule.source.unverified for rule in rules)
    introduction = (
        f"{len(rules)} rules in force on {escape(day)}. {open_points} of them are unverified."
        " This page is our reading of public texts. It is not legal advice."
    )
    columns = "".join(f"<th>{column}</th>" for column in ("Checked", "Rule", "It says", "It rests on"))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        f"<p>{introduction}</p>\n<table>\n<thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
        "</main>\n</body>\n</html>\n"
    )


def _row(rule: LawRule) -> str:
    marked = ' class="unverified"' if rule.source.unverified else ""
    says = "".join(f"<li>{escape(sentence)}</li>" for sentence in rule.says)
    label = f"Checked: {rule.code}"
    return (
        f'<tr id="{escape(rule.code)}"{marked}><td><input type="checkbox" aria-label="{escape(label)}"></td>'
        f'<th scope="row">{escape(rule.code)}</th><td><ul>{says}</ul></td><td>{_rests_on(rule.source)}</td></tr>'
    )


def _rests_on(source: Source) -> str:
    cites = "".join(f"<li>{_link(cite)}</li>" for cite in source.cites)
    practice = f"<li>{escape(source.practice)}</li>" if source.practice else ""
    facts = [source.basis.replace("_", " ")]
    if source.in_force_from:
        facts.append(f"from {source.in_force_from}")
    if source.in_force_to:
        facts.append(f"to {source.in_force_to}")
    if source.unverified:
        facts.append("unverified")
    return f"<ul>{cites}{practice}</ul><small>{escape(', '.join(facts))}</small>"


def _link(cite: Cite) -> str:
    place = escape(f"{cite.law} {cite.article}{cite.paragraph}".strip())
    note = f": {escape(cite.note)}" if cite.note else ""
    language, title = escape(cite.language), escape(cite.title)
    return f'<a href="{escape(cite.url)}" hreflang="{language}" title="{title}">{place}</a>{note}'
