import ast
import re
from pathlib import Path

import pytest

from tests.changes import CHANGELOG, HEADINGS, MIGRATIONS, NEXT_RELEASE, fragments, section, with_release

RELEASES = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", CHANGELOG.read_text("utf-8"), re.MULTILINE)


def test_each_fragment_is_named_by_subject_and_kind_and_has_at_most_three_lines() -> None:
    assert not {path.name: fault for path in fragments() if (fault := fault_of(path.name, path.read_text("utf-8")))}


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("mugs.fixed.md", "Mugs are whole.\n", None),
        ("mugs.mended.md", "Mugs are whole.\n", "name"),
        ("Mugs.fixed.md", "Mugs are whole.\n", "name"),
        ("mugs.fixed.md", "", "lines"),
        ("mugs.fixed.md", "Mugs\nare\nwhole\nagain.\n", "lines"),
        ("mugs.fixed.md", f"{'Mugs ' * 24}.\n", "width"),
        ("mugs.fixed.md", "Mugs are whole\n", "end"),
    ],
)
def test_a_fragment_that_does_not_fit_has_a_fault(name: str, text: str, fault: str | None) -> None:
    assert fault_of(name, text) == fault


def fault_of(name: str, text: str) -> str | None:
    lines = text.splitlines()
    if not re.fullmatch(rf"[a-z0-9_]+\.({'|'.join(HEADINGS)})\.md", name):
        return "name"
    if not 1 <= len(lines) <= 3:
        return "lines"
    if max(map(len, lines)) > 120:
        return "width"
    return None if lines[-1].endswith(".") else "end"


def test_fragments_stand_by_kind_below_the_heading_of_their_release(tmp_path: Path) -> None:
    (tmp_path / "mugs.fixed.md").write_text("Mugs are\nwhole.\n")
    (tmp_path / "cups.added.md").write_text("Cups.\n")
    (tmp_path / "README.md").write_text("How.\n")
    changes = section(tmp_path)
    assert changes == "### Added\n\n- Cups.\n\n### Fixed\n\n- Mugs are\n  whole.\n"
    assert with_release("# Changelog\n\n## [0.1.0] - 2026-01-01\n\nOld.\n", "0.2.0", "2026-02-02", changes) == (
        f"# Changelog\n\n## [0.2.0] - 2026-02-02\n\n{changes}\n## [0.1.0] - 2026-01-01\n\nOld.\n"
    )


def test_the_newest_release_stands_first() -> None:
    assert RELEASES
    assert sorted(RELEASES, reverse=True) == RELEASES


def test_each_migration_names_the_release_that_it_ships_with() -> None:
    sentences = {NEXT_RELEASE, *(f"Ships with {version}." for version, _ in RELEASES)}
    nameless = [
        path.name
        for path in sorted(MIGRATIONS.glob("*.py"))
        if (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").splitlines()[-1] not in sentences
    ]
    assert not nameless, f"the last line of the docstring is {NEXT_RELEASE!r} until a release has the migration"
