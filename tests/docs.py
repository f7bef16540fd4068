"""The parts of README that are drawn from the code: `python -m tests.docs` says whether they are up to date, and
with `--write` it writes them."""

import argparse
import re
import sys
from pathlib import Path

from app.engine.diagram import mermaid
from app.engine.transitions import TABLE

README = Path(__file__).parent.parent / "README.md"
STATES = re.compile(r"(?<=<!-- states:begin -->\n).*?(?=<!-- states:end -->)", re.DOTALL)


def rendered(readme: str) -> str:
    """The README with its diagram drawn anew; it must hold the two markers, once."""
    block = f"```mermaid\n{mermaid(TABLE)}\n```\n"
    drawn, count = STATES.subn(lambda _: block, readme)
    if count != 1:
        raise ValueError("README needs one `states:begin` and one `states:end`")
    return drawn


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.docs", description=__doc__)
    arguments.add_argument("--write", action="store_true", help="write what is out of date")
    present = README.read_text("utf-8")
    drawn = rendered(present)
    if arguments.parse_args().write:
        README.write_text(drawn, "utf-8")
        return 0
    if drawn != present:
        print("README.md is out of date: run `python -m tests.docs --write`", file=sys.stderr)
    return int(drawn != present)


if __name__ == "__main__":
    sys.exit(main())
