"""The changelog from fragments: `python -m tests.changes` shows what the next release has, and with a version and a
date it writes the release into CHANGELOG.md, sets the version, and deletes the fragments."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHANGELOG = ROOT / "CHANGELOG.md"
FRAGMENTS = ROOT / "docs" / "changes" / "unreleased"
VERSION_FILE = ROOT / "app" / "__init__.py"
MIGRATIONS = ROOT / "migrations" / "versions"
HEADINGS = {
    "upgrade": "What callers and operators must change",
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
}
NEXT_RELEASE = "Ships with the next release."
"""The last sentence of a migration's docstring until the release that has it gets its number."""


def fragments(directory: Path = FRAGMENTS) -> list[Path]:
    """One file for each change, named `<subject>.<kind>.md`."""
    return sorted(path for path in directory.glob("*.md") if path.name != "README.md")


def section(directory: Path = FRAGMENTS) -> str:
    """The changes by kind, as CHANGELOG.md has them."""
    return "\n".join(_parts(directory))


def _parts(directory: Path) -> Iterator[str]:
    for kind, heading in HEADINGS.items():
        items = [path.read_text("utf-8") for path in fragments(directory) if _kind(path) == kind]
        if items:
            yield f"### {heading}\n\n" + "".join(_item(text) for text in items)


def _kind(path: Path) -> str:
    return path.name.split(".")[-2]


def _item(text: str) -> str:
    first, *rest = text.strip().splitlines()
    return "".join([f"- {first}\n", *(f"  {line}\n" for line in rest)])


def with_release(changelog: str, version: str, day: str, changes: str) -> str:
    """The changelog with a new release above the last one."""
    first_release = re.search(r"^## \[\d", changelog, re.MULTILINE)
    place = first_release.start() if first_release else len(changelog)
    return f"{changelog[:place]}## [{version}] - {day}\n\n{changes}\n{changelog[place:]}".rstrip() + "\n"


def release(version: str, day: str) -> None:
    CHANGELOG.write_text(with_release(CHANGELOG.read_text("utf-8"), version, day, section()), "utf-8")
    code = VERSION_FILE.read_text("utf-8")
    VERSION_FILE.write_text(re.sub(r'(?<=__version__ = ").+(?=")', version, code), "utf-8")
    for path in fragments():
        path.unlink()
    for path in MIGRATIONS.glob("*.py"):
        path.write_text(path.read_text("utf-8").replace(NEXT_RELEASE, f"Ships with {version}."), "utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m tests.changes", description=__doc__)
    arguments.add_argument("version", nargs="?", help="the release to write, such as 0.3.0")
    arguments.add_argument("day", nargs="?", help="its date, such as 2026-12-24")
    parsed = arguments.parse_args()
    if parsed.version and parsed.day:
        release(parsed.version, parsed.day)
    elif parsed.version:
        arguments.error("a release needs a date")
    else:
        print(section(), end="")


if __name__ == "__main__":
    main()
