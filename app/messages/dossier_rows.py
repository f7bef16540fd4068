"""Rows of a case file: a label, a value and a note, each without invisible characters."""

Row = dict[str, str]
Rows = list[Row]


def row(label: str, value: object, note: str | None = None) -> Row:
    return {"label": _plain(alone(label)), "value": _plain(str(value)), "note": _plain(note or "")}


def alone(text: str) -> str:
    """A word as it stands alone, with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def _plain(text: str) -> str:
    """Without characters that turn the direction of the text. Lines stay."""
    return "\n".join("".join(each if each.isprintable() else " " for each in line) for line in text.splitlines())
