"""Values made and copied the quick way are what `dataclasses` would have made of them."""

import copy
import dataclasses
import pickle
from datetime import date
from typing import Any

import pytest

from app.engine.model.assessment import Window, new_window
from app.engine.model.claim import Claim, Deadlines, new_claim, with_collect_by
from app.engine.model.commands import Approve
from app.engine.model.fast_values import copier, maker, replace
from app.engine.model.order import OrderLine
from app.engine.model.vocabulary import Kind, State
from tests.engine.commands import APPROVE, SELLER, request
from tests.engine.orders import NOW, delivered_line, facts_of, line, order
from tests.engine.story import given

CLAIM = given(order(delivered_line())).when(request(Kind.RETURN)).claim


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (CLAIM, {}),
        (CLAIM, {"version": 7}),
        (CLAIM, {"state": State.APPROVED, "approved_at": NOW, "hold": None}),
        (CLAIM.deadlines, {"refund_due_on": date(2026, 6, 15)}),
        (APPROVE, {"override": "goodwill"}),
        (facts_of(order(line())), {"refunds_outstanding": 2}),
    ],
)
def test_a_copy_is_the_one_that_the_standard_library_makes(value: Any, changes: dict[str, Any]) -> None:
    ours, theirs = replace(value, **changes), dataclasses.replace(value, **changes)
    assert ours == theirs
    assert type(ours) is type(value)


def test_a_copy_of_named_fields_is_that_copy_too() -> None:
    deadlines = with_collect_by(CLAIM.deadlines, NOW)
    assert deadlines == dataclasses.replace(CLAIM.deadlines, collect_by=NOW)
    assert type(deadlines) is Deadlines
    assert CLAIM.deadlines.collect_by is None


def _contents(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


@pytest.mark.parametrize("value", [CLAIM, CLAIM.deadlines, APPROVE, line(), Window(rule="r", citation="c")])
def test_a_value_is_the_one_that_its_class_makes(value: Any) -> None:
    made = maker(type(value))(**_contents(value))
    assert made == type(value)(**_contents(value)) == value
    assert type(made) is type(value)


MADE = (new_window(rule="r", citation="c"), replace(CLAIM, version=2), with_collect_by(CLAIM.deadlines, None))


@pytest.mark.parametrize("value", MADE)
def test_nothing_can_be_written_to_afterwards(value: Any) -> None:
    name = dataclasses.fields(value)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, name, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(value, name)


def test_a_field_that_is_not_there_is_an_error() -> None:
    changes: dict[str, Any] = {"verison": 2}
    with pytest.raises(AttributeError):
        replace(CLAIM, **changes)
    with pytest.raises(AttributeError, match="Claim has no verison"):
        copier(Claim, "version", "verison")
    with pytest.raises(TypeError):
        new_window(rule="r", citation="c", **changes)


def test_what_is_left_out_takes_its_default_and_what_has_none_is_asked_for() -> None:
    missing: Any = new_window
    assert new_window(rule="r", citation="c").closes_at is None
    with pytest.raises(TypeError, match="citation"):
        missing(rule="r")


@pytest.mark.parametrize("value", [CLAIM, *MADE, Approve(by=SELLER)])
def test_it_can_be_stored_and_compared_like_any_dataclass(value: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == value == copy.copy(value)  # noqa: S301
    assert hash(value) == hash(dataclasses.replace(value))
    assert repr(value) == repr(dataclasses.replace(value))


def test_makers_know_what_their_classes_know() -> None:
    """The defaults of a class are those of its maker."""
    bare = {"claim_id": "c", "order_id": "o", "lines": (), "submission": CLAIM.submission, "reason": CLAIM.reason}
    bare |= {"kind": Kind.RETURN, "state": State.REQUESTED, "fault": CLAIM.fault}
    asked: Any = bare
    assert new_claim(**asked) == Claim(**asked)
    assert maker(OrderLine)(line_id="1", quantity=1, unit_price=1) == OrderLine(line_id="1", quantity=1, unit_price=1)
