"""The data of an event that consumers receive, from events stored by this release and by an earlier one."""

from typing import Any

from app import json_text
from app.api.serializers import claim_body
from app.records.event import UnpublishedEvent
from app.service.events.public import public_data
from app.webhooks.payload import body
from tests.examples.resources import NOW, claim_view, event


def published(data: dict[str, Any]) -> dict[str, Any]:
    unpublished = UnpublishedEvent(
        event_id=event.event_id,
        type=event.type,
        at=event.at,
        data=json_text.dump(data),
        claim_id=event.claim_id,
        seq=event.seq,
        order_id=claim_view.claim.order_id,
        snapshot=None,
        metadata=json_text.dump(claim_view.metadata),
        claim_created_at=NOW,
        subject=None,
        subject_id=None,
    )
    event_data: dict[str, Any] = json_text.load(
        body(type=event.type, at=event.at, mode="live", data=public_data(unpublished, data)).decode()
    )["data"]
    return event_data


def test_the_claim_of_an_event_is_the_claim_of_the_answer_without_its_actions() -> None:
    answer = json_text.load(json_text.dump(claim_body(claim_view)))
    data = published(json_text.load(event.data))
    assert data["claim"] == {name: value for name, value in answer.items() if name != "actions"}
    assert "truncated" not in data
    assert data.keys().isdisjoint({"assessment", "amounts"})


def test_an_event_that_was_stored_without_its_standing_says_what_is_missing() -> None:
    stored = json_text.load(event.data)
    data = published({name: value for name, value in stored.items() if name not in ("assessment", "amounts")})
    assert data["truncated"] == ["claim.assessment", "claim.amounts"]
    assert "links" in data
    assert data["claim"].keys().isdisjoint({"assessment", "amounts"})
    assert data["claim"]["claim_id"] == event.claim_id


def test_truncated_names_what_an_event_lacks_and_what_did_not_fit() -> None:
    stored = json_text.load(event.data)
    data = {name: value for name, value in stored.items() if name not in ("assessment", "amounts")}
    body = published({**data, "effects": ["x" * 20_000]})
    assert body["truncated"] == ["claim.assessment", "claim.amounts", "effects"]
