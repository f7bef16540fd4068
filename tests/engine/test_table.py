"""The laws of the table, checked on the table itself."""

from collections.abc import Iterator
from types import FunctionType

import pytest

from app.engine.model.commands import (
    AcceptOffer,
    AdjustRefund,
    Command,
    DeclineOffer,
    Dispatch,
    LapseOffer,
    MakeOffer,
    Receive,
    Request,
)
from app.engine.model.vocabulary import FINAL, Kind, State
from app.engine.transitions.index import ROWS, commands_from
from app.engine.transitions.table import TABLE, WHILE_HELD
from app.engine.transitions.transition import Transition

LATE = {State.EXPIRED, State.REFUNDED, State.REJECTED}
OF_AN_OFFER = {MakeOffer, AcceptOffer, DeclineOffer, LapseOffer}
STATES = {
    Kind.CANCEL: "requested approved refunded rejected retracted",
    Kind.RETURN: "requested approved collecting received accepted refunded rejected retracted expired",
    Kind.EXCHANGE: ("requested approved collecting received accepted reshipping exchanged rejected retracted expired"),
    Kind.REFUND: "requested approved refunded rejected retracted",
    Kind.REPAIR: (
        "requested approved collecting received accepted repaired reshipping sent_back rejected retracted expired"
    ),
}


@pytest.mark.parametrize("kind", Kind)
def test_a_claim_reaches_the_states_of_its_kind_and_no_other(kind: Kind) -> None:
    assert _reachable(kind) == {State(name) for name in STATES[kind].split()}


def test_every_state_is_reached_by_some_kind() -> None:
    assert set().union(*map(_reachable, Kind)) == set(State)


@pytest.mark.parametrize("kind", Kind)
def test_every_open_state_can_be_left_and_no_final_one_by_a_person_but_expired_and_rejected(kind: Kind) -> None:
    sources = {source for row, source in _ways_of(kind) if row.to not in (None, source)}
    assert sources - {None} - LATE == _reachable(kind) - FINAL
    for state in FINAL - {State.EXPIRED, State.REJECTED}:
        assert set(commands_from(kind, state)) <= {AdjustRefund}
    assert set(commands_from(kind, State.REJECTED)) == OF_AN_OFFER


@pytest.mark.parametrize("kind", [Kind.RETURN, Kind.EXCHANGE])
def test_an_expired_claim_is_left_by_goods_that_come_late_and_by_nothing_else(kind: Kind) -> None:
    assert [each for each in commands_from(kind, State.EXPIRED) if each is not AdjustRefund] == [Dispatch, Receive]


@pytest.mark.parametrize("kind", Kind)
def test_no_row_begins_where_no_claim_ever_stands(kind: Kind) -> None:
    assert {source for _, source in _ways_of(kind)} - {None} <= _reachable(kind)


@pytest.mark.parametrize(
    ("key", "rows"),
    [pytest.param(key, rows, id=f"{key[0]} {key[1] or 'new'} {key[2].__name__}") for key, rows in ROWS.items()],
)
def test_conditions_separate_the_rows_of_one_key_and_the_last_row_takes_the_rest(
    key: object, rows: tuple[Transition, ...]
) -> None:
    conditions = [_condition(row) for row in rows]
    assert conditions[-1] is None
    assert len(set(conditions)) == len(conditions)


def test_every_command_has_a_row_and_only_a_request_begins() -> None:
    assert {row.command.__name__ for row in TABLE} == {verb.__name__ for verb in Command.__subclasses__()}
    assert {row.command for kind in Kind for row, source in _ways_of(kind) if source is None} == {Request}


def test_what_a_held_claim_takes_is_in_the_table() -> None:
    assert {row.command for row in TABLE} >= WHILE_HELD


def _ways_of(kind: Kind) -> Iterator[tuple[Transition, State | None]]:
    return ((row, source) for row in TABLE for of, source in row.where if of is kind)


def _reachable(kind: Kind) -> set[State]:
    reached: set[State] = set()
    fresh = {row.to for row, source in _ways_of(kind) if source is None and row.to}
    while fresh:
        reached |= fresh
        fresh = {row.to for row, source in _ways_of(kind) if row.to and source in reached} - reached
    return reached


def _condition(row: Transition) -> object:
    """Two conditions are the same if they run the same code on the same enclosed values."""
    if row.when is None:
        return None
    assert isinstance(row.when, FunctionType)
    return row.when.__code__, tuple(cell.cell_contents for cell in row.when.__closure__ or ())
