"""Values made and copied the quick way are what `dataclasses` would have made of them."""

import copy
import dataclasses
import pickle
from datetime import date
from typing import Any

import pytest

from app.engine.advance import Progress
from app.engine.assessment import Window
from app.engine.claim import Claim, Deadlines
from app.engine.commands import Approve
from app.engine.copying import quick, replace
from app.engine.decide import Decision
from app.engine.vocabulary import Kind, State
from tests.engine.given import APPROVE, NOW, SELLER, asks, delivered, facts, line, order, walked

CLAIM, _ = walked(facts(order(delivered(line()))), asks(Kind.RETURN))


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (CLAIM, {}),
        (CLAIM, {"version": 7}),
        (CLAIM, {"state": State.APPROVED, "approved_at": NOW, "hold": None}),
        (CLAIM.deadlines, {"refund_due_on": date(2026, 6, 15)}),
        (APPROVE, {"override": "goodwill"}),
        (facts(order(line())), {"refunds_outstanding": 2}),
    ],
)
def test_a_copy_is_the_one_that_the_standard_library_makes(value: Any, changes: dict[str, Any]) -> None:
    ours, theirs = replace(value, **changes), dataclasses.replace(value, **changes)
    assert ours == theirs
    assert type(ours) is type(value)


@pytest.mark.parametrize("value", [replace(CLAIM, version=2), replace(APPROVE), Window(rule="r", citation="c")])
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
    with pytest.raises(TypeError):
        Window(rule="r", citation="c", **changes)


def test_what_is_left_out_takes_its_default_and_what_has_none_is_asked_for() -> None:
    missing: Any = Window
    assert Window(rule="r", citation="c").closes is None
    with pytest.raises(TypeError, match="citation"):
        missing(rule="r")


def test_a_default_that_is_made_is_made_for_each() -> None:
    @quick
    @dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
    class Box:
        kind: str
        things: list[str] = dataclasses.field(default_factory=list)

    first, second = Box(kind="a"), Box(kind="b")
    first.things.append("thing")
    assert (second.kind, second.things, Box(kind="c", things=["own"]).things) == ("b", [], ["own"])


@pytest.mark.parametrize("value", [CLAIM, Deadlines(respond_by=NOW), Approve(by=SELLER)])
def test_it_can_be_stored_and_compared_like_any_dataclass(value: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == value == copy.copy(value)  # noqa: S301
    assert hash(value) == hash(dataclasses.replace(value))
    assert repr(value) == repr(dataclasses.replace(value))


@pytest.mark.parametrize("kind", [Claim, Decision, Progress])
def test_a_quick_class_is_still_a_dataclass(kind: Any) -> None:
    assert [field.name for field in dataclasses.fields(kind)] == list(kind.__slots__)
