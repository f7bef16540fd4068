"""The route of a storefront's order page: what the buyer may still request."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from app.api.context import ReadsClaims
from app.api.examples import ok
from app.api.language import language, language_headers
from app.api.problem_examples import responses
from app.api.refusals import refusal_body
from app.api.schemas.common import Name
from app.api.schemas.options import OrderOptionsBody
from app.engine import LineOptions, Option, Outcome, Timeout, command_name
from app.engine.model.order import Order
from app.engine.model.vocabulary import OfferStatus, Reason, Role
from app.engine.option_change import units_for_another_option
from app.engine.options import is_possible
from app.json_text import dump
from app.messages.sentences import names
from app.service.options import MOST_LINES, OpenClaim, OrderOptions, read_options
from app.service.resources.claim import still_owed

router = APIRouter(prefix="/v1/orders", tags=["orders"], responses=responses(401, 403, 413, 422, 429, 503))

_OPTIONS = ok("order_options")

OrderId = Annotated[Name, Path(description="Your own id of the order.")]
LineIds = Annotated[
    list[Name], Query(max_length=MOST_LINES, description="Only these lines. The default is every line.")
]
Reasons = Annotated[
    list[Reason],
    Query(
        max_length=len(Reason),
        description="Only these reasons. The default is a typical reason of each side, with all reasons that have the"
        " same outcome.",
    ),
]


@router.get(
    "/{order_id}/options",
    summary="Read the options of an order",
    response_model=OrderOptionsBody,
    responses={**_OPTIONS, **responses(404)},
)
async def get_order_options(
    order_id: OrderId,
    ctx: ReadsClaims,
    line_id: LineIds = [],  # noqa: B006 # FastAPI copies the default
    reason: Reasons = [],  # noqa: B006
) -> Response:
    """For each line and kind of claim: whether the buyer may request it now, until when, what comes back and what it
    costs, or every reason against it. The same code as for a quote runs. Nothing is stored."""
    by = ctx.actor(Role.BUYER, None)
    found = await ctx.read(
        lambda tx: read_options(tx, ctx.caller, order_id, by, ctx.now, line_ids=line_id, reasons=reason)
    )
    return Response(dump(options_body(found)), headers=language_headers(language.get()), media_type="application/json")


def options_body(found: OrderOptions) -> dict[str, Any]:
    return {
        "order_id": found.order.order_id,
        "currency": found.order.currency,
        "policy": found.policy,
        "time_zone": found.time_zone,
        "judged_at": found.judged_at,
        "lines": [_line_body(line, found.order) for line in found.lines],
        "more_line_ids": found.more_line_ids,
        "open_claims": [_open_claim_body(each) for each in found.open_claims],
    }


def _line_body(options: LineOptions, order: Order) -> dict[str, Any]:
    line = options.line
    return {
        "line_id": line.line_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "available": line.untouched,
        "changeable": units_for_another_option(line, order),
        "options": [_option_body(option) for option in options.options],
    }


def _option_body(option: Option) -> dict[str, Any]:
    return {
        "kind": option.kind,
        "possible": any(map(is_possible, option.outcomes)),
        "quantity": option.quantity,
        "refusals": [refusal_body(refusal) for refusal in option.refusals],
        "outcomes": [_outcome_body(outcome) for outcome in option.outcomes],
        "other_reasons": option.other_reasons,
    }


def _outcome_body(outcome: Outcome) -> dict[str, Any]:
    claim, standing = outcome.quote.claim, outcome.quote.standing
    written = names(language.get())["ground"]
    return {
        "reasons": outcome.reasons,
        "kind": claim.kind,
        "fault": claim.fault,
        "grounds": [
            {"ground": finding.ground, "detail": written[finding.ground], "citation": finding.citation}
            for finding in standing.assessment.findings
        ],
        "assessment": standing.assessment,
        "amounts": standing.amounts,
        "still_owed": still_owed(claim, standing.amounts),
        "deadlines": claim.deadlines,
        "following": outcome.quote.following,
    }


def _open_claim_body(opened: OpenClaim) -> dict[str, Any]:
    claim = opened.stored.claim
    return {
        "claim_id": claim.claim_id,
        "kind": claim.kind,
        "state": claim.state,
        "reason": claim.reason,
        "line_ids": [line.line_id for line in claim.lines],
        "requested_at": claim.submission.requested_at,
        "turn": claim.turn and claim.turn.party,
        "turn_ends_by": claim.turn and claim.turn.ends_by,
        "hold": claim.hold,
        "open_offers": [offer for offer in claim.offers if offer.status is OfferStatus.OPEN],
        "deadlines": claim.deadlines,
        "next_timeout": opened.next_timeout and _timeout_body(opened.next_timeout),
    }


def _timeout_body(timeout: Timeout) -> dict[str, Any]:
    return {"deadline": timeout.name, "passes_at": timeout.at, "command": command_name(type(timeout.command))}
