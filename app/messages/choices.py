"""Choices of yes or no for many questions, in which each combination of any five answers occurs.

All combinations of twenty answers are a million. For so many questions the choices are drawn instead, always the same
ones: of 1,024 drawn choices some thirty have any given five answers.
"""

from collections.abc import Iterator
from itertools import product
from random import Random

_FEW = 10
"""So many questions have no more than 1,024 combinations."""


def choices(questions: int) -> Iterator[tuple[bool, ...]]:
    """The first choice is yes to every question."""
    if questions <= _FEW:
        yield from product((True, False), repeat=questions)
        return
    yield (True,) * questions
    drawn = Random(questions)  # noqa: S311 - nothing here is a secret
    for _ in range(2**_FEW - 1):
        bits = drawn.getrandbits(questions)
        yield tuple([bits >> question & 1 == 1 for question in range(questions)])
