"""A claim and its refunds as the claim's history tells them."""

from collections.abc import Iterator, Mapping
from typing import Any

from app import json_text
from app.engine.model.claim import Claim
from app.engine.model.copies import replace
from app.engine.model.refund import ENDED, Refund
from app.records.claim_event import GENESIS, ClaimEvent, break_after
from app.records.claim_file import HELD
from app.service.verification.ledger import Ledger
from app.store import documents, upcasts
from app.store.documents import CLAIMS
from app.store.refunds import from_row
from app.store.statements import Row

_FACTS_OF_FILE = ("line_id", "media_type", "size", "digest")
_EVENT_FIELDS = tuple(ClaimEvent.__slots__)


class ClaimHistory:
    """The events of a claim are added in order. `problem` is a sentence about the first one that does not fit; what
    comes after it is not read."""

    def __init__(self, ledger: Ledger) -> None:
        self.problem: str | None = None
        self._ledger = ledger
        self._last: ClaimEvent | None = None
        self._claim: dict[str, Any] | None = None
        self._refunds: dict[str, dict[str, Any]] = {}
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, row: Row) -> None:
        if self.problem is not None:
            return
        event = ClaimEvent(**{name: getattr(row, name) for name in _EVENT_FIELDS})
        self.problem = break_after(self._last, event)
        if self.problem is None and not row.is_published:
            self.problem = f"event {event.seq} is neither in the feed nor in the outbox"
        self._last = event
        data = json_text.load(event.data)
        recorded = frozenset(data.get("refund", ()))
        self._ledger.is_partial |= "claim" in data and "rejected_lines" not in data["claim"]
        data = upcasts.event_data_as_today(event.type, data)
        self._ledger.add(data.get("effects", ()))
        self._claim = data.get("claim") or self._claim
        if refund := data.get("refund"):
            self._refunds[refund["refund_id"]] = {name: refund[name] for name in recorded & refund.keys()}
        if file := data.get("file"):
            self._files[file["file_id"]] = file

    def differences(
        self, claim: Row, lines: set[str], refunds: Mapping[str, Row], files: Mapping[str, Row]
    ) -> Iterator[str]:
        """One sentence for each difference between the history and the rows of the claim."""
        length, head = (self._last.seq, self._last.hash) if self._last else (0, GENESIS)
        if self.problem is not None:
            yield self.problem
        elif (length, head) != (claim.events, claim.head):
            self.problem = f"{length} events lead elsewhere than the {claim.events} on record"
            yield self.problem
        elif self._claim is None:
            self.problem = "its history has no event"
            yield self.problem
        else:
            yield from _of_claim(claim, self._claim, lines)
            yield from self._of_refunds(refunds)
            yield from self._of_files(files)

    def _of_refunds(self, refunds: Mapping[str, Row]) -> Iterator[str]:
        for refund_id, told in self._refunds.items():
            row = refunds.get(refund_id)
            if row is None:
                yield f"refund {refund_id} is missing"
                continue
            names = ", ".join(_differing(row, told))
            if names:
                yield f"refund {refund_id} is not what its last event says: {names}"
        for refund_id in refunds.keys() - self._refunds.keys():
            yield f"refund {refund_id} is in no history"

    def _of_files(self, files: Mapping[str, Row]) -> Iterator[str]:
        for file_id, told in self._files.items():
            row = files.get(file_id)
            if row is None:
                yield f"file {file_id} is missing"
                continue
            names = [name for name in _FACTS_OF_FILE if getattr(row, name) != told[name]]
            if (row.status in HELD or told["status"] in HELD) and {row.status, told["status"]} - HELD:
                names.append("status")
            if names:
                yield f"file {file_id} is not what its last event says: {', '.join(names)}"
        for file_id in files.keys() - self._files.keys():
            yield f"file {file_id} is in no history"


def _of_claim(row: Row, told: dict[str, Any], lines: set[str]) -> Iterator[str]:
    """Equal text is equal: this saves the making of two claims. A report of a refund passes the turn and is no step of
    the claim."""
    if json_text.load(CLAIMS.unmarked(row.document)) != told:
        claim = documents.claim(row.document)
        if replace(claim, turn=None) != replace(documents.claim_of_event(told), turn=None):
            yield "the claim is not what its last event says"
            return
    else:
        claim = documents.claim(row.document)
    names = [name for name, value in _columns(claim).items() if getattr(row, name) != value]
    if names:
        yield f"the columns are not what the document says: {', '.join(names)}"
    for line in claim.lines:
        if line.line_id not in lines:
            yield f"the row of line {line.line_id} is missing"


def _columns(claim: Claim) -> dict[str, Any]:
    return {
        "order_id": claim.order_id,
        "kind": claim.kind,
        "state": claim.state,
        "reason": claim.reason,
        "fault": claim.fault,
        "held": claim.hold is not None,
        "requested_at": claim.submission.requested_at,
        "version": claim.version,
        **({"turn": claim.turn and claim.turn.party} if claim.turn or claim.is_final else {}),
    }


def _differing(row: Row, told: dict[str, Any]) -> Iterator[str]:
    """The fields that the event tells otherwise. Interest that still grows is not in the row."""
    refund = from_row(row).refund
    expected = documents.refund_of_event(told, refund)
    for name in Refund.__slots__:
        interest_grows = name == "late_interest" and refund.status not in ENDED
        value = 0 if interest_grows else getattr(expected, name)
        if getattr(refund, name) != value:
            yield name
    if row.paid != refund.paid:
        yield "paid"
