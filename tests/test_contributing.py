import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "contributing.md").read_text("utf-8")
FOLDERS = ("app/", "tests/", "docs/", "migrations/")


def test_every_path_that_the_page_on_contributing_names_exists() -> None:
    paths = {span for span in re.findall(r"`([^`\s]+)`", PAGE) if span.startswith(FOLDERS)}
    assert len(paths) > 40
    missing = sorted(path for path in paths if not (ROOT / path).exists())
    assert not missing
