"""What `make mutants` reports of its results."""

import json
from pathlib import Path

import pytest

from tests.mutants import Result, report, result_of, results


@pytest.mark.parametrize(
    ("code", "is_noticed"),
    [(1, True), (3, True), (-24, True), (36, True), (-9, True), (0, False), (5, False), (33, False)],
)
def test_a_mutant_is_noticed_unless_all_its_tests_pass_or_no_test_calls_it(code: int, *, is_noticed: bool) -> None:
    result = result_of("app/a.py", {"a": code})
    assert (result.noticed, result.unnoticed) == ((1, ()) if is_noticed else (0, ("a",)))


@pytest.mark.parametrize(("noticed", "enough"), [(90, True), (89, False)])
def test_less_than_nine_of_ten_is_not_enough(noticed: int, *, enough: bool) -> None:
    unnoticed = tuple(f"mutant {number}" for number in range(100 - noticed))
    lines, is_enough = report([Result("app/a.py", noticed, unnoticed, unchecked=0)])
    assert is_enough is enough
    assert all(f"    {name}" in lines for name in unnoticed)
    assert f"{noticed} of  100" in lines[-1 if enough else -2]


def test_one_file_does_not_make_up_for_another() -> None:
    low = Result("app/a.py", 8, ("x", "y"), unchecked=0)
    assert report([low, Result("app/b.py", 500, (), unchecked=0)])[1] is False


def test_nothing_checked_is_not_enough() -> None:
    assert report([Result("app/a.py", 0, (), unchecked=7)])[1] is False


def test_a_file_without_results_is_left_out_and_what_a_run_did_not_reach_is_counted(tmp_path: Path) -> None:
    for name, codes in {"a": {"x": 1, "y": None, "z": 2}, "b": {"x": None}, "c": {}}.items():
        (tmp_path / "app").mkdir(exist_ok=True)
        (tmp_path / "app" / f"{name}.py.meta").write_text(json.dumps({"exit_code_by_key": codes}), "utf-8")
    lines, enough = report(results(tmp_path))
    assert enough
    assert [line.split()[0] for line in lines] == ["app/a.py", "all"]
    assert lines[-1].endswith("1 of    1 100.0 %, 2 not checked")
