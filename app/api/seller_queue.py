"""The routes of the seller's queue: what needs a person now, and how much of it there is."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field, StrictInt, TypeAdapter

from app.api.context import ReadsClaims
from app.api.examples import ok
from app.api.language import language, language_headers
from app.api.option_changes import option_change_body
from app.api.order_fulfilment import change_body
from app.api.paging import page
from app.api.problem_examples import responses
from app.api.schemas.common import Instant, Name
from app.api.schemas.seller_queue import QueueListing, QueuePage, QueueSummaryBody, SummaryListing
from app.engine import due_at
from app.engine.model.order import Order
from app.json_text import dump
from app.records.seller_queue import QueueSummary
from app.service import seller_queue
from app.service.resources.suggestion import suggestion_body
from app.service.resources.withdrawal import withdrawal_detail
from app.service.seller_queue import QueuedClaim, QueueEntry

router = APIRouter(prefix="/v1/queue", tags=["queue"], responses=responses(401, 403, 413, 422, 429, 503))

_Lightness = Annotated[StrictInt, Field(gt=-(2**63), lt=2**63)]
BY_PLACE = TypeAdapter(tuple[Instant, _Lightness, Name])
"""The cursors: where something stands, its value below zero, and its id."""
_TODAY = timedelta(hours=24)


@router.get("", summary="List what waits", response_model=QueuePage, responses={**ok("queue"), **responses(400)})
async def list_queue(ctx: ReadsClaims, listing: Annotated[QueueListing, Query()]) -> Response:
    """What needs a person of the shop now, the nearest deadline first: claims whose turn is the seller's, changes that
    buyers ask for before the shipping, and withdrawals for which no order was found. Each claim has the facts that an
    answer needs, and one suggested command that the claim accepts."""
    now, where = ctx.now, listing.filter(ctx.now, ctx.caller.staff_id)
    answer = await page(
        ctx,
        listing,
        BY_PLACE,
        lambda tx, limit, after: seller_queue.page(tx, ctx.caller, where, limit=limit, after=after),
        place=lambda entry: entry.place.position,
        body=lambda entry: entry_body(entry, now, language.get()),
    )
    answer.headers.update(language_headers(language.get()))
    return answer


@router.get("/summary", summary="Count what waits", response_model=QueueSummaryBody, responses=ok("queue_summary"))
async def get_queue_summary(ctx: ReadsClaims, listing: Annotated[SummaryListing, Query()]) -> Response:
    """How much waits for the seller. Each number has a list behind it."""
    due_before = listing.due_before or ctx.now + _TODAY
    summary = await ctx.read(lambda tx: seller_queue.summary(tx, ctx.caller, ctx.now, due_before))
    return Response(dump(summary_body(summary, due_before)), media_type="application/json")


def summary_body(summary: QueueSummary, due_before: datetime) -> dict[str, Any]:
    return {**{name: getattr(summary, name) for name in QueueSummary.__slots__}, "to_answer_by": due_before}


def entry_body(entry: QueueEntry, now: datetime, language: str) -> dict[str, Any]:
    """An entry. Its sentences are in the language."""
    place, order, withdrawal = entry.place, entry.order, entry.withdrawal
    due_by = due_at(entry.claim.claim) if entry.claim else None
    return {
        "subject": place.subject,
        "subject_id": place.subject_id,
        "due_by": due_by,
        "seconds_left": None if due_by is None else int((due_by - now).total_seconds()),
        "since_at": _since(entry),
        "order": order and _order_body(order),
        "buyer": {
            "buyer_id": order.buyer_id if order else None,
            "name": withdrawal.declaration.name if withdrawal else entry.buyer_name,
            "claims_lately": entry.claims_lately,
        },
        "claim": entry.claim and order and _claim_body(entry.claim, order, language),
        "address_change": entry.address_change and change_body(entry.address_change),
        "option_change": entry.option_change and option_change_body(entry.option_change),
        "withdrawal": withdrawal and withdrawal_detail(withdrawal),
    }


def _since(entry: QueueEntry) -> datetime:
    turn = entry.claim.claim.turn if entry.claim else None
    return turn.began_at if turn else entry.place.stands_at


def _order_body(order: Order) -> dict[str, Any]:
    first = order.lines[0]
    return {
        "order_id": order.order_id,
        "title": first.title or first.sku,
        "more_lines": len(order.lines) - 1,
        "currency": order.currency,
        "gift": order.gift,
        "wanted_on": order.wanted_on,
    }


def _claim_body(queued: QueuedClaim, order: Order, language: str) -> dict[str, Any]:
    claim, given = queued.claim, queued.suggestion
    return {
        **{name: getattr(claim, name) for name in _OF_CLAIM},
        "requested_at": claim.submission.requested_at,
        "lines": [_line_body(line.line_id, line.quantity, order) for line in claim.lines],
        "note": claim.submission.note,
        "urgent": queued.is_urgent,
        "held": claim.hold and claim.hold.reason,
        "refund": queued.standing.amounts.total,
        "shipping": queued.shipping,
        "checklist": {
            **{name: getattr(queued, name) for name in ("order_state_known", "question_needed")},
            **{name: getattr(queued.work, name) for name in ("seen_at", "seen_by")},
        },
        **{name: getattr(queued.work, name) for name in ("assignee", "tags", "snoozed_until_at")},
        "answered_at": queued.answered_at,
        "refunds_to_pay": [{name: getattr(refund, name) for name in _OF_REFUND} for refund in queued.to_pay],
        "suggestion": given and suggestion_body(given, claim.claim_id, queued.to_pay, language),
    }


_OF_CLAIM = ("claim_id", "kind", "state", "version", "reason", "fault", "escalated_at")
_OF_REFUND = ("refund_id", "amount", "method", "status", "due_on", "due_by")


def _line_body(line_id: str, quantity: int, order: Order) -> dict[str, Any]:
    bought = order.line(line_id)
    title, sku = (bought.title, bought.sku) if bought else (None, None)
    return {"line_id": line_id, "title": title, "sku": sku, "quantity": quantity}
