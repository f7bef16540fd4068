"""The seller's queue of the examples: a return that waits for the seller's answer, and the counts of a day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.api.seller_queue import entry_body, summary_body
from app.engine import suggestion
from app.records.claim_work import ClaimWork
from app.records.seller_queue import OwedRefunds, QueuePlace, QueueSubject, QueueSummary
from app.service.resources.claim_work import claim_work_body
from app.service.seller_queue import QueuedClaim, QueueEntry
from app.service.shipping_states import shipping_of
from tests.examples import resources

_CLAIM, _FACTS = resources.claim_view.claim, resources.claim_facts
_WORK = ClaimWork(seen_at=resources.NOW, seen_by="minji", tags=("사이즈",))
_ENTRY = QueueEntry(
    place=QueuePlace(
        subject=QueueSubject.CLAIM,
        stands_at=_CLAIM.deadlines.respond_by or resources.NOW,
        lightness=-24_000,
        subject_id=_CLAIM.claim_id,
        order_id=_CLAIM.order_id,
    ),
    order=_FACTS.order,
    buyer_name="김민아",
    claims_lately=1,
    claim=QueuedClaim(
        claim=_CLAIM,
        standing=resources.quote.standing,
        shipping=shipping_of(_FACTS.order, [line.line_id for line in _CLAIM.lines]),
        order_state_known=True,
        question_needed=False,
        is_urgent=False,
        answered_at=None,
        to_pay=(),
        work=_WORK,
        suggestion=suggestion(_CLAIM, _FACTS, resources.claim_view.assessment),
    ),
)
_SUMMARY = QueueSummary(
    waiting=17,
    to_answer=12,
    overdue=2,
    answered=3,
    to_inspect=6,
    address_changes=1,
    option_changes=2,
    withdrawals=0,
    refunds_failed=1,
    refunds_to_pay=(OwedRefunds(currency="KRW", count=4, amount=96_000),),
)
ANSWERS: Mapping[str, Any] = {
    "queue": {"data": [entry_body(_ENTRY, resources.NOW, "en")], "next_cursor": None},
    "claim_work": claim_work_body(_WORK),
    "bulk_results": {
        "dry_run": True,
        "accepted": 1,
        "refused": 0,
        "not_found": 0,
        "results": [
            {
                "claim_id": _CLAIM.claim_id,
                "outcome": "accepted",
                "state": "approved",
                "turn": "buyer",
                "refund": 9000,
                **dict.fromkeys(("code", "detail")),
                "refusals": [],
            }
        ],
    },
    "queue_summary": summary_body(_SUMMARY, resources.NOW + timedelta(hours=14)),
}
