"""Stored documents of every version are read. A part that cannot be read is an error, and is never dropped."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app import json_text
from app.engine.model.claim import Claim
from app.engine.model.late_interest import DatedRate, LateInterest, MonthlyPenalty, Penalty
from app.engine.policy.policy import Policy
from app.engine.policy.terms import Terms
from app.store import documents, upcasts
from app.store.documents import CLAIMS, POLICIES, TERMS, Versions
from tests.store.documents.fields import fields_of

FOLDER = Path(__file__).with_name("documents")
KINDS: dict[str, tuple[Versions, type[Any]]] = {
    "claim": (CLAIMS, Claim),
    "policy": (POLICIES, Policy),
    "terms": (TERMS, Terms),
}
READ: dict[str, Callable[[str], Claim | Policy]] = {
    "claim": documents.claim,
    "policy": lambda document: documents.policy(POLICIES.unmarked(document)),
}


def golden(name: str) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return stored


def versions(kind: str) -> range:
    return range(1, KINDS[kind][0].newest + 1)


OLD = [(kind, version, name) for kind in KINDS for version in versions(kind) for name in golden(f"{kind}_v{version}")]


def test_there_are_documents_of_every_version_and_of_no_other() -> None:
    stems = {path.stem for path in FOLDER.glob("*_v*.json")} - {"event_v1", "event_v2"}
    assert stems == {f"{kind}_v{version}" for kind in KINDS for version in versions(kind)}


@pytest.mark.parametrize(("kind", "version", "name"), OLD)
def test_a_document_of_any_version_becomes_the_newest(kind: str, version: int, name: str) -> None:
    newest = KINDS[kind][0].newest
    stored, expected = golden(f"{kind}_v{version}")[name], golden(f"{kind}_v{newest}")[name]
    assert stored.get("v", 1) == version
    brought_up = json.loads(KINDS[kind][0].unmarked(json_text.dump(stored)))
    assert {"v": newest, **brought_up} == expected


@pytest.mark.parametrize("kind", READ)
def test_a_document_of_any_version_is_read_and_written_as_the_newest(kind: str) -> None:
    versions_of_kind, _ = KINDS[kind]
    newest = golden(f"{kind}_v{versions_of_kind.newest}")
    for version in versions(kind):
        for name, stored in golden(f"{kind}_v{version}").items():
            value = READ[kind](json_text.dump(stored))
            assert is_dataclass(value)
            assert json.loads(versions_of_kind.marked(json_text.dump(value))) == newest[name]


def _objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every object inside a document. The titles of a policy are words by language."""
    parts = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    if isinstance(value, dict):
        yield path
    for key, part in parts:
        yield from _objects(part, (*path, key))


@pytest.mark.parametrize("kind", READ)
def test_an_unknown_key_is_refused_at_every_depth(kind: str) -> None:
    for stored in golden(f"{kind}_v{KINDS[kind][0].newest}").values():
        paths = list(_objects(stored))
        assert len(paths) > 3
        for path in paths:
            strange = deepcopy(stored)
            inner = strange
            for key in path:
                inner = inner[key]
            inner["seller_pays_the_return"] = True
            with pytest.raises(ValidationError, match="seller_pays_the_return"):
                READ[kind](json_text.dump(strange))


@pytest.mark.parametrize("kind", READ)
def test_a_key_of_version_1_is_refused_in_version_2(kind: str) -> None:
    for stored in golden(f"{kind}_v1").values():
        with pytest.raises(ValidationError):
            READ[kind](json_text.dump({"v": 2, **stored}))


@pytest.mark.parametrize("version", [0, CLAIMS.newest + 1, "2", None])
def test_a_version_that_is_unknown_is_refused(version: Any) -> None:
    (stored, *_) = golden(f"claim_v{CLAIMS.newest}").values()
    with pytest.raises(ValueError, match=f"this code knows 1 to {CLAIMS.newest}"):
        documents.claim(json_text.dump({**stored, "v": version}))


def test_what_is_written_begins_with_its_version() -> None:
    (stored, *_) = golden("claim_v1").values()
    claim = documents.claim(json_text.dump(stored))
    assert documents.of_claim(claim).startswith(f'{{"v":{CLAIMS.newest},"claim_id":')


@pytest.mark.parametrize("kind", KINDS)
def test_a_function_leaves_a_document_of_a_later_version_as_it_is(kind: str) -> None:
    for version in versions(kind):
        for stored in golden(f"{kind}_v{version}").values():
            later = {key: value for key, value in stored.items() if key != "v"}
            for function in getattr(upcasts, kind.upper())[: version - 1]:
                assert function(deepcopy(later)) == later


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_does_not_change_without_a_new_version(kind: str) -> None:
    """When this fails: add a function to `upcasts`, the documents of the new version, and its fields."""
    versions_of_kind, value = KINDS[kind]
    golden_fields = golden(f"{kind}_fields")
    assert golden_fields["v"] == versions_of_kind.newest
    shapes = fields_of(value)
    assert shapes.keys() == golden_fields["fields"].keys()
    for name, shape in golden_fields["fields"].items():
        if isinstance(shape, dict):
            assert shapes[name] == shape, name
        else:
            assert set(shape) <= set(shapes[name]), f"{name} lost a word that documents hold"


# The rule that a refund keeps

LADDER = LateInterest(
    rates=(DatedRate(rate=627), DatedRate(from_on=date(2026, 7, 1), rate=650)),
    penalties=(Penalty(after_days=10, percent=5),),
    monthly=MonthlyPenalty(after_days=90, percent=5, limit=100),
    citation="Code de la consommation L242-4",
)


@pytest.mark.parametrize("rule", [None, LateInterest(citation=""), LADDER], ids=["none", "empty", "ladder"])
def test_the_rule_of_a_refund_is_read_as_it_was_written(rule: LateInterest | None) -> None:
    assert documents.late_interest(documents.of_late_interest(rule)) == rule


def test_a_rule_of_a_refund_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="percent"):
        documents.late_interest('{"citation":"","percent":15}')


# Events that were recorded and not published


@pytest.mark.parametrize("event_type", golden("event_v1"))
def test_an_event_that_0_1_0_recorded_has_the_shape_of_today(event_type: str) -> None:
    stored = golden("event_v1")[event_type]
    data = upcasts.event_data_as_today(event_type, deepcopy(stored))
    newest = golden("event_v2")[upcasts.event_type_v1_to_v2(event_type)]
    assert data == newest
    assert upcasts.event_data_as_today(event_type, deepcopy(newest)) == newest
    if "claim" in data:
        assert json.loads(json_text.dump(documents.claim_of_event(stored["claim"]))) == newest["claim"]


def test_the_event_of_a_claim_that_was_withdrawn_is_published_as_retracted() -> None:
    assert upcasts.event_type_v1_to_v2("claim.withdrawn") == "claim.retracted"
    data = upcasts.event_data_as_today("claim.withdrawn", golden("event_v1")["claim.withdrawn"])
    assert (data["to"], data["command"]["command"], data["claim"]["state"]) == ("retracted", "retract", "retracted")
