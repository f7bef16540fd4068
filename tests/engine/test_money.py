"""Divisions of money: the parts sum to the whole, and each part is as near to its exact share as possible."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.model.money import allocate, exponent, portion

amounts = st.integers(0, 10**12)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)
groups = st.lists(st.integers(0, 5), max_size=12)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (1000, [10_000, 9_000, 8_000], (371, 333, 296)),
        (10, [1, 1, 1], (4, 3, 3)),
        (1000, [100, 100, 100], (334, 333, 333)),
        (2, [1, 1, 1], (1, 1, 0)),
        (7, [0, 1, 0], (0, 7, 0)),
        (0, [3, 4], (0, 0)),
        (5, [0, 0], (0, 0)),
        (5, [], ()),
        (100, [1, 2, 1], (25, 50, 25)),
    ],
)
def test_a_sum_is_shared_by_largest_remainder(total: int, weights: Sequence[int], parts: tuple[int, ...]) -> None:
    assert allocate(total, weights) == parts


@given(total=amounts, weights=weights)
def test_the_parts_are_the_whole(total: int, weights: list[int]) -> None:
    assert sum(allocate(total, weights)) == (total if any(weights) else 0)


@given(total=amounts, weights=weights.filter(any))
def test_every_part_is_its_exact_share_rounded_one_way_or_the_other(total: int, weights: list[int]) -> None:
    for part, weight in zip(allocate(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(total=amounts, weights=weights.filter(any))
def test_a_part_without_weight_gets_nothing(total: int, weights: list[int]) -> None:
    assert all(part == 0 for part, weight in zip(allocate(total, weights), weights, strict=True) if not weight)


@given(total=amounts, groups=groups)
def test_units_given_back_in_any_groups_end_at_the_whole(total: int, groups: list[int]) -> None:
    units = sum(groups)
    gone, paid = 0, 0
    for group in groups:
        paid += portion(total, units, gone, group)
        gone += group
    assert paid == (total if units else 0)


@given(total=amounts, units=st.integers(1, 30), data=st.data())
def test_what_has_been_paid_is_never_half_a_unit_off(total: int, units: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, units))
    assert abs(portion(total, units, 0, count) - Fraction(total * count, units)) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("total", "units", "one_by_one"),
    [
        (167, 2, [84, 83]),
        (10, 3, [3, 4, 3]),
        (1, 3, [0, 1, 0]),
        (300, 3, [100, 100, 100]),
        (0, 2, [0, 0]),
    ],
)
def test_units_one_by_one_are_rounded_half_up(total: int, units: int, one_by_one: list[int]) -> None:
    assert [portion(total, units, earlier, 1) for earlier in range(units)] == one_by_one


@pytest.mark.parametrize(
    ("currency", "digits"), [("KRW", 0), ("JPY", 0), ("EUR", 2), ("USD", 2), ("KWD", 3), ("CLF", 4)]
)
def test_a_currency_has_its_own_minor_unit(currency: str, digits: int) -> None:
    assert exponent(currency) == digits
