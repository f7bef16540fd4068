"""README and the pages of docs/ as tests read them: their paths, tables and marked parts."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = (README, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))


def table_of(page: Path, heading: str) -> list[list[str]]:
    """The cells of the first table whose first column has this heading, without code marks."""
    lines = page.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip().strip("`") for cell in line.strip("|").split(" | ")])
    return rows


def rows_between(page: Path, name: str) -> list[str]:
    """The rows of a table between `<!-- name:begin -->` and `<!-- name:end -->`."""
    block = re.search(rf"<!-- {name}:begin -->\n(.*?)<!-- {name}:end -->", page.read_text(), re.DOTALL)
    assert block, f"{page.name} has no {name}"
    return block[1].splitlines()[2:]


def sample(page: Path, name: str) -> str:
    """The program of a page behind `<!-- sample: name -->`."""
    match = re.search(
        rf"<!-- sample: {re.escape(name)} -->\n```\w+\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL
    )
    assert match, f"{page.name} has no sample {name}"
    return match[1]
