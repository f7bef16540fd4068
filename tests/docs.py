"""The parts of the documentation that are drawn from the code: `python -m tests.docs` says whether they are up to
date, and with `--write` it writes them."""

import argparse
import json
import re
import sys
from pathlib import Path

from app.api.schemas.policies import policy_schema
from app.engine.diagram import mermaid
from app.engine.transitions import TABLE

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
POLICY_SCHEMA = ROOT / "docs" / "policy.schema.json"
STATES = re.compile(r"(?<=<!-- states:begin -->\n).*?(?=<!-- states:end -->)", re.DOTALL)


def rendered(readme: str) -> str:
    """The README with its diagram drawn anew; it must hold the two markers, once."""
    block = f"```mermaid\n{mermaid(TABLE)}\n```\n"
    drawn, count = STATES.subn(lambda _: block, readme)
    if count != 1:
        raise ValueError("README needs one `states:begin` and one `states:end`")
    return drawn


def drawn() -> dict[Path, str]:
    """Every file that is drawn from the code, wholly or in part, as it should be."""
    schema = json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"
    return {README: rendered(README.read_text("utf-8")), POLICY_SCHEMA: schema}


def stale() -> list[Path]:
    return [path for path, text in drawn().items() if not path.exists() or path.read_text("utf-8") != text]


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.docs", description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write what is out of date")
    if arguments.parse_args().write:
        for path, text in drawn().items():
            path.write_text(text, "utf-8")
        return 0
    for path in stale():
        print(f"{path.name} is out of date: run `python -m tests.docs --write`", file=sys.stderr)
    return int(bool(stale()))


if __name__ == "__main__":
    sys.exit(main())
