from itertools import combinations

import pytest

from app.messages.choices import choices


@pytest.mark.parametrize("questions", [0, 1, 5, 9, 10, 14, 16, 17, 20, 26])
def test_any_five_answers_occur_in_each_combination(questions: int) -> None:
    every = list(choices(questions))
    assert every[0] == (True,) * questions
    columns = [sum(answer << row for row, answer in enumerate(column)) for column in zip(*every, strict=True)]
    for five in combinations(columns, min(5, questions)):
        assert each_combination_occurs(five, (1 << len(every)) - 1)


def each_combination_occurs(columns: tuple[int, ...], rows: int) -> bool:
    """The rows are halved at each answer, and no half is empty."""
    if not columns:
        return rows != 0
    first, *rest = columns
    return all(each_combination_occurs(tuple(rest), half) for half in (rows & first, rows & ~first))
