"""The result of `make mutants` by file: how many changes of the code a test notices, and the changes that none does.

The command fails if less than 90 % of the checked mutants of a file are noticed.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

RESULTS = Path(__file__).parent.parent / "mutants"
LEAST = Fraction(90, 100)
UNNOTICED = {0, 5, 33}
"""Exit codes of mutmut for a mutant: all tests passed, or no test calls the function."""
STOPPED = 2


@dataclass(frozen=True, slots=True)
class Result:
    """The mutants of one file. `unchecked` counts those that a run has not reached yet."""

    path: str
    noticed: int
    unnoticed: tuple[str, ...]
    unchecked: int

    @property
    def checked(self) -> int:
        return self.noticed + len(self.unnoticed)


def result_of(path: str, exit_codes: Mapping[str, int | None]) -> Result:
    """A mutant that runs into its time limit is noticed, since the suite does not pass with it."""
    checked = {name: code for name, code in exit_codes.items() if code is not None and code != STOPPED}
    unnoticed = tuple(name for name, code in checked.items() if code in UNNOTICED)
    return Result(path, len(checked) - len(unnoticed), unnoticed, len(exit_codes) - len(checked))


def results(directory: Path = RESULTS) -> list[Result]:
    """Every file that has mutants, in the order of the paths."""
    found = []
    for meta in sorted(directory.glob("app/**/*.py.meta")):
        exit_codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        if exit_codes:
            found.append(result_of(str(meta.relative_to(directory)).removesuffix(".meta"), exit_codes))
    return found


def report(found: Iterable[Result]) -> tuple[list[str], bool]:
    """The lines of the report, and whether enough mutants of each file are noticed."""
    checked = [result for result in found if result.checked]
    lines = [f"    {name}" for result in checked for name in result.unnoticed]
    if lines:
        lines = ["No test notices these. `mutmut show NAME` shows one:", *lines, ""]
    lines += [_line(result.path, result.noticed, result.checked, result.unchecked) for result in checked]
    noticed, total = sum(result.noticed for result in checked), sum(result.checked for result in checked)
    lines.append(_line("all checked files", noticed, total, sum(result.unchecked for result in checked)))
    enough = bool(checked) and all(Fraction(result.noticed, result.checked) >= LEAST for result in checked)
    if not enough:
        lines.append(
            f"error: tests must notice {LEAST * 100} % of the mutants of each file; docs/mutants.md says what to do"
        )
    return lines, enough


def _line(name: str, noticed: int, total: int, unchecked: int) -> str:
    percent = f"{100 * noticed / total:5.1f} %" if total else "nothing"
    rest = f", {unchecked} not checked" if unchecked else ""
    return f"{name:<50} {noticed:>4} of {total:>4} {percent}{rest}"


def main() -> int:
    lines, enough = report(results())
    print("\n".join(lines))
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
