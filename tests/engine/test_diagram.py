"""README's diagram of the states is drawn from the table."""

import re

import pytest

from app.engine.diagram import mermaid
from app.engine.model.vocabulary import FINAL, State
from app.engine.transitions.table import TABLE
from tests.docs import README, TABLE_FILE, with_states, with_ways

LINES = mermaid(TABLE).splitlines()
WAY = re.compile(r"    (\S+) --> (\S+?)(?:: ([^:;]+))?")


def test_readme_shows_the_table_as_it_is() -> None:
    present = README.read_text("utf-8")
    assert with_states(present) == present, "run `python -m tests.docs --write`"


def test_the_head_of_the_table_lists_every_way() -> None:
    module = TABLE_FILE.read_text("utf-8")
    assert with_ways(module) == module, "run `python -m tests.docs --write`"


@pytest.mark.parametrize("readme", ["# No markers\n", "<!-- states:begin -->\n<!-- states:end -->\n" * 2])
def test_a_readme_without_one_place_for_it_is_refused(readme: str) -> None:
    with pytest.raises(ValueError, match="states:begin"):
        with_states(readme)


def test_a_new_diagram_replaces_the_old_one() -> None:
    around = "before\n<!-- states:begin -->\n{}<!-- states:end -->\nafter\n"
    assert with_states(around.format("old\n")) == around.format(f"```mermaid\n{mermaid(TABLE)}\n```\n")


def test_every_state_is_drawn_and_the_final_ones_end() -> None:
    ways = [way.groups() for line in LINES if (way := WAY.fullmatch(line))]
    assert {name for source, target, _ in ways for name in (source, target)} == {*State, "[*]"}
    assert {source for source, target, _ in ways if target == "[*]"} == FINAL
    assert len(ways) == sum("-->" in line for line in LINES)


@pytest.mark.parametrize(
    "line",
    [
        "    [*] --> requested: request",
        "    requested --> approved: approve, accept_offer",
        "    requested --> rejected: reject / order_shipped (cancel)",
        "    approved --> collecting: dispatch, receive (return, exchange, repair)",
        "    approved --> refunded: settle_refund (cancel, refund)",
        "    accepted --> reshipping: reship (exchange)",
        "    reshipping --> exchanged: confirm_delivery (exchange)",
    ],
)
def test_a_way_names_its_commands_and_its_kinds_where_they_differ(line: str) -> None:
    assert line in LINES


def test_a_command_that_keeps_the_state_is_in_a_note() -> None:
    text = " ".join(mermaid(TABLE).partition("note left of requested")[2].partition("end note")[0].split())
    assert text.endswith(
        "mark_overdue, hold, release, reclassify, make_offer, accept_offer, decline_offer, lapse_offer, edit, receive,"
        " confirm_payment, reship, convert, adjust_refund, order_shipped"
    )
    assert not re.search("[:;]", text)
